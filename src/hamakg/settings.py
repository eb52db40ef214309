"""The defaults of options: where the store is, which services are asked, and on whose behalf."""

from pathlib import Path

STORE = Path("store")

DOCUMENT_SECONDS = 8.0
"""The processor time for reading an article of up to 25,000 characters, of which it usually takes 1.5."""

DOCUMENT_MEGABYTES = 2048
"""The memory for reading one article; the longest of Wikipedia take 400."""

API = "https://en.wikipedia.org/w/api.php"
"""The MediaWiki API that articles are fetched from."""

WIKIDATA_API = "https://www.wikidata.org/w/api.php"
"""The API that gives the Wikidata items of pages."""

CONTACT = "https://w3id.org/hamakg"
"""The contact in the User-Agent header, for users who do not give their own."""
