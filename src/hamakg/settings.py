"""What one installation chooses: its base IRI, and where its store lies when nothing is said."""

from pathlib import Path

STORE = Path("store")

API = "https://en.wikipedia.org/w/api.php"
"""The MediaWiki API that is asked for articles."""

WIKIDATA_API = "https://www.wikidata.org/w/api.php"
"""The API that is asked for the items of pages."""

CONTACT = "https://w3id.org/hamakg"
"""Who asks, where nobody says it."""
