"""The words of a query: which other services it calls, which keywords, prefixes and graphs it names.

A stranger's ``SERVICE`` would make the server connect wherever the stranger likes, so it is searched for in every way
in which the text could be read. Tokens alone do not tell if ``<`` begins an IRI or compares: who takes ``<'x>`` for an
IRI in ``FILTER(?a<'x>') SERVICE … FILTER(?b = '')`` finds the word in a string, and the engine runs it. Nor do
keywords need space around them: Oxigraph takes ``service:x{}`` for ``SERVICE :x {}``.

Terminals: https://www.w3.org/TR/sparql11-query/#sparqlGrammar
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

_LETTER = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f\u2c00-\u2fef"
    "\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_MARK = "0-9_\u00b7\u0300-\u036f\u203f-\u2040"
_TOKEN = re.compile(
    rf"""
      (?P<comment> \#[^\n\r]* )
    | (?P<string>  '''(?:'{{0,2}}(?:[^'\\]|\\.))*'''  |  \"\"\"(?:"{{0,2}}(?:[^"\\]|\\.))*\"\"\"
                 | '(?:[^'\\\n\r]|\\.)*'  |  "(?:[^"\\\n\r]|\\.)*" )
    | (?P<iri>     <(?:[^\x00-\x20<>"{{}}|^`\\] | \\u[0-9A-Fa-f]{{4}} | \\U[0-9A-Fa-f]{{8}})*> )
    | (?P<name>    (?:_ | [{_LETTER}][{_LETTER}{_MARK}.-]*)? : (?:[{_LETTER}{_MARK}.:-] | %[0-9A-Fa-f]{{2}}
                 | \\[_~.\-!$&'()*+,;=/?\#@%])* )
    | (?P<variable>[?$][{_LETTER}{_MARK}]+ )
    | (?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)* )
    | (?P<word>    [{_LETTER}{_MARK}.-]+ )
    | (?P<other>   (?!//)[^'"\\] )
    """,
    re.VERBOSE | re.DOTALL,
)
FORMS = ("select", "construct", "describe", "ask")
_ENDPOINT = re.compile(r"\s*(?:silent\s*)?<([^\x00-\x20<>\"{}|^`\\]*)>", re.IGNORECASE)
_SERVICE_IN_NAME = re.compile(r"service.*:|\.service", re.IGNORECASE | re.DOTALL)


class DatasetClauses(NamedTuple):
    """The graphs of FROM and of FROM NAMED as the query writes them, and its prologue, which says what they mean."""

    default: list[str]
    named: list[str]
    prologue: str


def services_called(query: str) -> list[str | None]:
    """The endpoints of the query's SERVICE clauses in every reading, None for one that is no IRI written out.

    Errs on the safe side: None as well for a prefix whose name contains "service", for the word in an IRI without
    ``//`` (``<urn:service:x>`` could compare with a name), and where no reading comes to the end.
    """
    if "service" not in query.casefold():
        return []
    end, called = 0, list[str | None]()
    for token in _tokens_of_every_reading(query):
        if _may_be_service(token):
            endpoint = _ENDPOINT.match(query, token.end()) if word_of(token) == "service" else None
            called.append(endpoint[1] if endpoint else None)
        end = max(end, token.end())
    return called if end == len(query) else [*called, None]


def bare_words(query: str) -> frozenset[str]:
    """The keywords, numbers and names of functions in the query, in lower case."""
    return frozenset(word for token in _TOKEN.finditer(query) if (word := word_of(token)))


def dataset_clauses(query: str) -> DatasetClauses:
    """The clauses of https://www.w3.org/TR/sparql11-query/#specifyingDataset, none for most queries."""
    tokens = in_order(query)

    def graphs(keyword: str) -> list[str]:
        return [
            name[0] for word, name in pairwise(tokens) if word_of(word) == keyword and (name["iri"] or name["name"])
        ]

    form = next((token.start() for token in tokens if word_of(token) in FORMS), 0)
    return DatasetClauses(default=graphs("from"), named=graphs("named"), prologue=query[:form])


def undeclared_prefixes(query: str) -> list[str]:
    """The prefixes ("ex:") that names use and no PREFIX declares, sorted."""
    tokens = in_order(query)
    declared, used = {"_:"}, set[str]()
    for before, token in pairwise([None, *tokens]):
        if token and token["name"]:
            declaring = before is not None and before[0].lower() == "prefix"
            (declared if declaring else used).add(token["name"].partition(":")[0] + ":")
    return sorted(used - declared)


def in_order(query: str) -> list[re.Match[str]]:
    """The tokens of the likeliest reading, without space and comments."""
    return [token for token in _TOKEN.finditer(query) if not token[0].isspace() and not token["comment"]]


def word_of(token: re.Match[str]) -> str:
    """The keyword in lower case, "" for any other token."""
    return (token["word"] or "").lower()


def _tokens_of_every_reading(query: str) -> Iterator[re.Match[str]]:
    """Each token that stands somewhere in some reading.

    A reading ends where no token of SPARQL can follow, such as at ``//``: so ``<http://…`` is soon an IRI only.
    """
    pending, seen = [0], {0}
    while pending:
        token = _TOKEN.match(query, pending.pop())
        if token is None:
            continue
        yield token
        ends = {token.end()} | ({token.start() + 1} if token["iri"] else set())
        pending.extend(ends - seen)
        seen |= ends


def _may_be_service(token: re.Match[str]) -> bool:
    if token["name"]:
        return _SERVICE_IN_NAME.search(token["name"]) is not None
    return token["word"] is not None and "service" in token["word"].casefold()
