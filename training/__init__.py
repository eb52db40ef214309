"""Trains the narrative's model on annotated articles. Not in the wheel; needs torch (``make train``)."""
