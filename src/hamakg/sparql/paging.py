"""A limit on the rows of a query, written into the query, and the query for the rows after them.

https://www.w3.org/TR/sparql11-query/#sparqlSolMod
"""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from hamakg.sparql.tokens import FORMS, in_order, word_of

# What most queries end with.
_LIMITED = re.compile(r"\blimit\s+(\d{1,18})\s*(?:offset\s+\d+\s*)?\Z", re.IGNORECASE)


class SplitQuery(NamedTuple):
    """``text`` gives the first rows and ``rest`` those after them: where ``rest`` gives none, ``text`` gives all."""

    text: str
    rest: str


def split_query(query: str, rows: int) -> SplitQuery | None:
    """The query in two parts, the first of so many rows; None if it gives no more than these, or no rows at all."""
    if "#" not in query and (own := _LIMITED.search(query)) and int(own[1]) <= rows:
        return None
    outer = list(_outermost(in_order(query)))
    words = [word_of(token) for token in outer]
    if next((word for word in words if word in FORMS), None) != "select":
        return None
    clauses = {word: number for word, number in pairwise(outer) if word_of(word) in ("limit", "offset")}
    number = {word_of(word): int(token[0]) for word, token in clauses.items() if token[0].isdecimal()}
    if number.get("limit", rows + 1) <= rows:
        return None
    end = next((token.start() for token in outer if word_of(token) == "values"), len(query))
    bare = _without(query[:end], [(word.start(), token.end()) for word, token in clauses.items()])
    skip, left = number.get("offset", 0), f" LIMIT {number['limit'] - rows}" if "limit" in number else ""
    return SplitQuery(
        f"{bare}\nOFFSET {skip} LIMIT {rows}\n{query[end:]}", f"{bare}\nOFFSET {skip + rows}{left}\n{query[end:]}"
    )


def _outermost(tokens: Iterable[re.Match[str]]) -> Iterator[re.Match[str]]:
    """The tokens outside all braces."""
    depth = 0
    for token in tokens:
        depth += token[0] == "{"
        if not depth:
            yield token
        depth -= token[0] == "}"


def _without(text: str, spans: Iterable[tuple[int, int]]) -> str:
    for begin, end in sorted(spans, reverse=True):
        text = text[:begin] + text[end:]
    return text.rstrip()
