"""Extracts facts from an article: from its infobox, its narrative, and its notes and links."""
