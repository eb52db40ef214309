"""What a paragraph is made of: its sentences, their grammar, and the numbers in them."""
