"""Splits a query into tokens and finds what hamakg has to know before it runs: services, keywords, prefixes, graphs.

SERVICE and LOAD would let others make this server connect wherever they like. So they are searched for in every way in
which the text can be split into tokens, which is ambiguous: ``<`` may begin an IRI or be a comparison. If ``<'x>`` in
``FILTER(?a<'x>') SERVICE … FILTER(?b = '')`` is taken for an IRI, the word SERVICE lies within a string, but the engine
takes ``<`` for a comparison and runs the SERVICE. Keywords need no space around them either: Oxigraph reads
``service:x{}`` as ``SERVICE :x {}``, and ``LOADSILENTex:a`` as ``LOAD SILENT ex:a``.

No library does this: a parser, such as rdflib's or Oxigraph's own, returns one reading, and not always the engine's.

Terminals: https://www.w3.org/TR/sparql11-query/#sparqlGrammar
"""

import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import NamedTuple

_LETTER = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f\u2c00-\u2fef"
    "\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_MARK = "0-9_\u00b7\u0300-\u036f\u203f-\u2040"
_OPAQUE = r"""
      (?P<comment> \#[^\n\r]* )
    | (?P<string>  '''(?:'{0,2}(?:[^'\\]|\\.))*'''  |  \"\"\"(?:"{0,2}(?:[^"\\]|\\.))*\"\"\"
                 | '(?:[^'\\\n\r]|\\.)*'  |  "(?:[^"\\\n\r]|\\.)*" )
    | (?P<iri>     <(?:[^\x00-\x20<>"{}|^`\\] | \\u[0-9A-Fa-f]{4} | \\U[0-9A-Fa-f]{8})*> )
    """
_TOKEN = re.compile(
    rf"""
    {_OPAQUE}
    | (?P<name>    (?:_ | [{_LETTER}][{_LETTER}{_MARK}.-]*)? : (?:[{_LETTER}{_MARK}.:-] | %[0-9A-Fa-f]{{2}}
                 | \\[_~.\-!$&'()*+,;=/?\#@%])* )
    | (?P<variable>[?$][{_LETTER}{_MARK}]+ )
    | (?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)* )
    | (?P<word>    [{_LETTER}{_MARK}.-]+ )
    | (?P<other>   (?!//)[^'"\\] )
    """,
    re.VERBOSE | re.DOTALL,
)
_BRACE = re.compile(rf"(?=[\#'\"<{{}}\\]) (?: {_OPAQUE} | (?P<brace> [{{}}] ) | \\. )", re.VERBOSE | re.DOTALL)
"""A brace, or what may contain one that does not count."""

FORMS = ("select", "construct", "describe", "ask")
"""The keywords that begin the four forms of queries."""

_ENDPOINT = re.compile(r"\s*(?:silent\s*)?<([^\x00-\x20<>\"{}|^`\\]*)>", re.IGNORECASE)
_SERVICE_IN_NAME = re.compile(r"service.*:|\.service", re.IGNORECASE | re.DOTALL)


class DatasetClauses(NamedTuple):
    """The graphs of FROM and of FROM NAMED as the query writes them, and its prologue, which declares prefixes."""

    default: list[str]
    named: list[str]
    prologue: str


def find_service_endpoints(query: str) -> list[str | None]:
    """Finds the endpoints of the query's SERVICE clauses in every reading; None stands for one that is not a full IRI.

    Errs on the safe side. The result also has None if a prefix contains "service", if the word is in an IRI without
    ``//`` (``<urn:service:x>`` could be a comparison with a name), and if no reading covers the whole text.
    """
    endpoints = list[str | None]()
    for token in _find_in_every_reading(query, "service", _may_be_service):
        endpoint = _ENDPOINT.match(query, token.end()) if token and keyword_of(token) == "service" else None
        endpoints.append(endpoint[1] if endpoint else None)
    return endpoints


def may_load(update: str) -> bool:
    """Whether the update loads a document in any reading.

    Errs on the safe side: also for a prefix that begins with "load", and if no reading covers the whole text.
    """
    return any(True for _ in _find_in_every_reading(update, "load", _may_be_load))


def find_words(query: str) -> frozenset[str]:
    """Finds the keywords, numbers and function names of the query, in lower case."""
    return frozenset(word for token in _TOKEN.finditer(query) if (word := keyword_of(token)))


def find_dataset_clauses(query: str) -> DatasetClauses:
    """Finds the FROM clauses (https://www.w3.org/TR/sparql11-query/#specifyingDataset); most queries have none."""
    tokens = tokenize_outside_braces(query)

    def graphs(keyword: str) -> list[str]:
        return [
            name[0] for word, name in pairwise(tokens) if keyword_of(word) == keyword and (name["iri"] or name["name"])
        ]

    form = next((token.start() for token in tokens if keyword_of(token) in FORMS), 0)
    return DatasetClauses(default=graphs("from"), named=graphs("named"), prologue=query[:form])


def find_undeclared_prefixes(query: str) -> list[str]:
    """Finds the prefixes ("ex:") that are used but not declared by PREFIX, sorted."""
    tokens = tokenize(query)
    declared, used = {"_:"}, set[str]()
    for before, token in pairwise([None, *tokens]):
        if token and token["name"]:
            declaring = before is not None and before[0].lower() == "prefix"
            (declared if declaring else used).add(token["name"].partition(":")[0] + ":")
    return sorted(used - declared)


def tokenize(query: str) -> list[re.Match[str]]:
    """Splits the query into tokens by its likeliest reading, leaving out white space and comments."""
    return [token for token in _TOKEN.finditer(query) if not token[0].isspace() and not token["comment"]]


def tokenize_outside_braces(query: str) -> list[re.Match[str]]:
    """Splits what is outside of braces into tokens, as :func:`tokenize` does, but without looking at the rest."""
    tokens, depth, begin = list[re.Match[str]](), 0, 0
    for brace in _BRACE.finditer(query):
        if brace["brace"]:
            if not depth:
                tokens += _TOKEN.finditer(query, begin, brace.start())
            depth += 1 if brace["brace"] == "{" else -1
            begin = brace.end()
    if not depth:
        tokens += _TOKEN.finditer(query, begin)
    return [token for token in tokens if not token[0].isspace() and not token["comment"]]


def keyword_of(token: re.Match[str]) -> str:
    """The keyword in lower case; "" for any other token."""
    return (token["word"] or "").lower()


def _find_in_every_reading(
    text: str, word: str, may_be: Callable[[re.Match[str]], bool]
) -> Iterator[re.Match[str] | None]:
    """Yields the tokens of any reading that may be the keyword ``word``, and None if no reading covers the whole text.

    A text that does not contain the word is not read at all.
    """
    if word not in text.casefold():
        return
    end = 0
    for token in _tokens_of_every_reading(text):
        if may_be(token):
            yield token
        end = max(end, token.end())
    if end < len(text):
        yield None


def _tokens_of_every_reading(query: str) -> Iterator[re.Match[str]]:
    """Yields each token that occurs in any reading of the query.

    A reading ends where no token of SPARQL can follow, for example at ``//``; so ``<http://…`` is only read as an IRI.
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


def _may_be_load(token: re.Match[str]) -> bool:
    return (token["word"] or token["name"] or "").casefold().startswith("load")


def _may_be_service(token: re.Match[str]) -> bool:
    if token["name"]:
        return _SERVICE_IN_NAME.search(token["name"]) is not None
    return token["word"] is not None and "service" in token["word"].casefold()
