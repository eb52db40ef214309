"""What a query of ``queries/rules`` finds in the store."""

from collections.abc import Iterator, Mapping

from pyoxigraph import QuerySolutions, Store

from hamakg.ask import ask
from hamakg.resources import folder


def rows(store: Store, rule: str) -> Iterator[Mapping[str, str]]:
    """The solutions of ``queries/rules/RULE.rq``, lexical forms and IRIs by the variables that have a value."""
    found = ask(store, (folder("queries") / "rules" / f"{rule}.rq").read_text("utf-8"))
    assert isinstance(found, QuerySolutions), f"{rule} is no SELECT query"
    names = [variable.value for variable in found.variables]
    for row in found:
        yield {name: term.value for name, term in zip(names, row, strict=True) if term is not None}
