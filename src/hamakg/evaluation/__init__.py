"""How well articles are read, against annotated ones."""
