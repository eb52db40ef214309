"""Statements as the pages list them: the values by their property, and of a long list the beginning."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice

from flask import url_for

from hamakg.sparql.query_files import query_text
from hamakg.web.pages.display import Show, Shown, Term, in_order

VALUES_SHOWN = 25


@dataclass(frozen=True, slots=True)
class Facts:
    """The values of one property, the first ``VALUES_SHOWN``; how many there are, and where all are asked for."""

    property: Shown
    values: tuple[Shown, ...]
    count: int
    rest: str | None


def facts(pairs: Iterable[tuple[Term, Term]], show: Show, rest: Callable[[Term], str] | None = None) -> list[Facts]:
    """The values by what they are values of, a property or a class, each in the order of the words shown."""
    grouped: dict[Term, dict[Term, None]] = {}
    for key, value in pairs:
        grouped.setdefault(key, {})[value] = None
    return in_words(fact(key, values, len(values), show, rest) for key, values in grouped.items())


def fact(key: Term, values: Iterable[Term], count: int, show: Show, rest: Callable[[Term], str] | None = None) -> Facts:
    """One property with the first of its ``count`` values; ``rest`` gives the page that asks for all."""
    shown = in_order(islice(values, VALUES_SHOWN), show)
    return Facts(show(key), tuple(shown), count, rest(key) if rest and count > VALUES_SHOWN else None)


def in_words(listed: Iterable[Facts]) -> list[Facts]:
    """In the order of the properties' words."""
    return sorted(listed, key=lambda fact: fact.property.text)


def query_page(name: str, **values: str) -> str:
    """The address of the query page with one of the files of ``queries/`` on it."""
    return url_for("pages.query", query=query_text(name, **values))
