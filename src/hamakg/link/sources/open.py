"""Open the sources that the user names: authority files, Wikidata, a reconciliation service."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from hamakg.client import ServiceClient
from hamakg.link.sources import reconciliation, wikidata
from hamakg.link.sources.answer_cache import AnswerCache
from hamakg.link.sources.ask import ItemSource
from hamakg.link.sources.authority import read_authority
from hamakg.link.sources.batches import Batch, Lookup


def open_sources(
    authorities: Iterable[Path],
    wikidata_api: str | None,
    endpoint: str | None,
    contact: str,
    cache: Path,
    note: Callable[[str], None],
    progress: Callable[[Sequence[Batch]], Iterable[Batch]] = iter,
) -> list[ItemSource]:
    """Read the authority files, and connect the services that have an address; these are asked only when linking runs.

    ``note`` gets a line about whatever a source cannot use. Raises HamakgError for a file that cannot be read,
    UsageError for an address that is not one.
    """
    sources: list[ItemSource] = []
    for path in authorities:
        authority = read_authority(path)
        if authority.skipped:
            note(f"{path}: {authority.skipped} rows were skipped, as they have no Wikidata id or no name")
        sources.append(authority.as_source(str(path)))
    lookup = Lookup(AnswerCache(cache), note, progress)
    if wikidata_api:
        sources.append(wikidata.build_source(ServiceClient(wikidata_api, contact), lookup))
    if endpoint is not None:
        service = ServiceClient(endpoint, contact, expected="a reconciliation service")
        sources.append(reconciliation.build_source(service, lookup))
    return sources
