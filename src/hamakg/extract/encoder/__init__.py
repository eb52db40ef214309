"""Prepares the text of an article for the trained encoder: words, their pieces, and windows of sentences."""
