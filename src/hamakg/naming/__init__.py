"""Names: how articles spell them, and what kinds of places, states and pages they name."""
