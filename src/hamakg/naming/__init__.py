"""Names: their spellings, and the words for places, states and people in them."""
