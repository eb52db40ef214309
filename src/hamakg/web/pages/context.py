"""What every page is given."""

from collections.abc import Callable
from dataclasses import dataclass

from pyoxigraph import Store

from hamakg.rdf.iris import Iris
from hamakg.web.pages.rendering.results import QueryRunner

REVIEW = "review"
"""The name of the blueprint of ``/review``."""


@dataclass(frozen=True, slots=True)
class PageContext:
    """The IRIs of this installation, the generation that the pages show, and how to run a query that a visitor sends.

    ``snapshot`` returns the generation for the current request.
    """

    iris: Iris
    snapshot: Callable[[], Store]
    run_query: QueryRunner
