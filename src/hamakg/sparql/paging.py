"""Limits the rows of a query by rewriting its LIMIT and OFFSET (https://www.w3.org/TR/sparql11-query/#sparqlSolMod).

The engine has no limit of its own. Rewriting the text leaves everything else as its author wrote it; a library that
parses and serializes queries would not.
"""

import re
from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

from hamakg.sparql.tokens import FORMS, keyword_of, tokenize_outside_braces

# A limit at the end of the text, in lower case, as many queries have it: no need to look further
_FINAL_LIMIT = re.compile(r"limit\s+(\d{1,18})\s*(?:offset\s+\d+\s*)?\Z")


_MAX_NUMBER = 2**64 - 1
"""The largest number that the engine can read. No answer has as many rows, so a larger one means the same."""


class SplitQuery(NamedTuple):
    """A query for the first rows and one for the rows after them; if ``rest`` has no rows, ``first`` has all."""

    first: str
    rest: str


def split_query(query: str, rows: int) -> SplitQuery | None:
    """Splits a query after its first ``rows`` rows; None if its own limit is no higher, or it is not a SELECT query."""
    if "#" not in query and (final := _FINAL_LIMIT.search(query.lower())) and int(final[1]) <= rows:
        return None
    tokens = tokenize_outside_braces(query)
    form = next((keyword for token in tokens if (keyword := keyword_of(token)) in FORMS), None)
    if form != "select":
        return None
    clauses = [(word, number) for word, number in pairwise(tokens) if keyword_of(word) in ("limit", "offset")]
    numbers = {keyword_of(word): _read_number(number[0]) for word, number in clauses if number[0].isdecimal()}
    limit, offset = numbers.get("limit"), numbers.get("offset", 0)
    if limit is not None and limit <= rows:
        return None
    end = next((token.start() for token in tokens if keyword_of(token) == "values"), len(query))
    unlimited, values = (
        _remove_spans(query[:end], [(word.start(), number.end()) for word, number in clauses]),
        query[end:],
    )
    remaining = "" if limit is None else f" LIMIT {limit - rows}"
    return SplitQuery(
        first=f"{unlimited}\nOFFSET {offset} LIMIT {rows}\n{values}",
        rest=f"{unlimited}\nOFFSET {offset + rows}{remaining}\n{values}",
    )


def _read_number(digits: str) -> int:
    significant = digits.lstrip("0")
    return min(int(significant or 0), _MAX_NUMBER) if len(significant) <= len(str(_MAX_NUMBER)) else _MAX_NUMBER


def _remove_spans(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text without these spans, and without white space at its end."""
    for begin, end in sorted(spans, reverse=True):
        text = text[:begin] + text[end:]
    return text.rstrip()
