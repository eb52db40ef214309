"""What the pages ask the graph: the queries of ``queries/pages``."""

from functools import cache
from typing import cast

from pyoxigraph import QuerySolutions, Store

from hamakg import resources
from hamakg.ask import ask


@cache
def page_query(name: str) -> str:
    """The text of one of them."""
    return (resources.folder("queries") / "pages" / f"{name}.rq").read_text("utf-8")


def ask_page(snapshot: Store, name: str) -> QuerySolutions:
    """The rows of one of them."""
    return cast(QuerySolutions, ask(snapshot, page_query(name)))
