"""What the pages ask the graph: the queries of ``queries/pages``."""

from functools import cache
from typing import cast

from pyoxigraph import NamedNode, QuerySolutions, Store

from hamakg.data_files import data_folder
from hamakg.sparql.ask import ask


@cache
def page_query(name: str) -> str:
    """The text of one of them."""
    return (data_folder("queries") / "pages" / f"{name}.rq").read_text("utf-8")


def query_about(name: str, **nodes: NamedNode) -> str:
    """Its text, with each node in the empty ``VALUES`` clause of the variable of its name."""
    text = page_query(name)
    for variable, node in nodes.items():
        text = text.replace(f"VALUES ?{variable} {{ }}", f"VALUES ?{variable} {{ {node} }}")
    return text


def ask_page(snapshot: Store, name: str, **nodes: NamedNode) -> QuerySolutions:
    """The rows of one of them."""
    return cast(QuerySolutions, ask(snapshot, query_about(name, **nodes)))
