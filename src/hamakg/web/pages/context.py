"""What every page is given."""

from dataclasses import dataclass

from hamakg.rdf.iris import Iris
from hamakg.store import VersionedStore
from hamakg.web.pages.rendering.results import QueryRunner


@dataclass(frozen=True, slots=True)
class PageContext:
    """The store that the pages show, the IRIs of this installation, and how to run a query that a visitor sends.

    The pages' own queries run on ``store.snapshot()``; a visitor's queries run under the limits of the service.
    """

    store: VersionedStore
    iris: Iris
    run_query: QueryRunner
