"""What a query of ``queries/rules`` finds in the store."""

from collections.abc import Iterator, Mapping

from pyoxigraph import QuerySolutions, Store

from hamakg.data_files import data_folder
from hamakg.sparql.ask import ask


def rule(name: str) -> str:
    """The text of ``queries/rules/NAME.rq``."""
    return (data_folder("queries") / "rules" / f"{name}.rq").read_text("utf-8")


def rows(store: Store, name: str) -> Iterator[Mapping[str, str]]:
    """The solutions of ``queries/rules/NAME.rq``, lexical forms and IRIs by the variables that have a value."""
    found = ask(store, rule(name))
    assert isinstance(found, QuerySolutions), f"{name} is no SELECT query"
    variables = [variable.value for variable in found.variables]
    for row in found:
        yield {variable: term.value for variable, term in zip(variables, row, strict=True) if term is not None}
