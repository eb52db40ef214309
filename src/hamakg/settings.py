"""The defaults of options: where the store is, which services are asked, and on whose behalf."""

from pathlib import Path

STORE = Path("store")

API = "https://en.wikipedia.org/w/api.php"
"""The MediaWiki API that articles are fetched from."""

WIKIDATA_API = "https://www.wikidata.org/w/api.php"
"""The API that gives the Wikidata items of pages."""

CONTACT = "https://w3id.org/hamakg"
"""The contact in the User-Agent header, for users who do not give their own."""
