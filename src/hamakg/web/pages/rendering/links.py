"""Decides what becomes a link: the data may name any IRI, and a browser would run, open or call some of them."""

import re

_LINKABLE = re.compile(r"(?:https?://|mailto:)[^\x00-\x20\x7f]+", re.ASCII | re.IGNORECASE)


def find_address(text: str) -> str | None:
    """Returns an IRI that a page may link to as it is, None for any other text; ``query.js`` has the same rule.

    Only http, https and mailto are linked. ``javascript:`` runs in the page, ``data:`` and ``file:`` open what the site
    does not have, other schemes start programs. Control characters are refused because browsers leave some of them out
    of an address before they read its scheme (https://url.spec.whatwg.org/#concept-basic-url-parser).
    """
    return text if _LINKABLE.fullmatch(text) else None
