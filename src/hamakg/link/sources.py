"""The sources of links that the user names: authority files, Wikidata, a reconciliation service."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from hamakg.client import ServiceClient
from hamakg.link import reconcile, wikidata
from hamakg.link.authority import read_authority
from hamakg.link.batches import Batch, Log
from hamakg.link.cache import Cache
from hamakg.link.linking import Offer


def open_sources(
    authorities: Iterable[Path],
    wikidata_api: str | None,
    endpoint: str | None,
    contact: str,
    cache: Path,
    note: Callable[[str], None],
    progress: Callable[[Sequence[Batch]], Iterable[Batch]] = iter,
) -> list[Offer]:
    """Read the authority files, and connect the services that have an address; these are asked only when linking runs.

    ``note`` gets a line on each thing that a source could not use. Raises HamakgError for a file that cannot be read,
    UsageError for an address that is not one.
    """
    sources: list[Offer] = []
    for path in authorities:
        authority = read_authority(path)
        if authority.passed_over:
            note(f"{path}: {authority.passed_over} rows without an id of Wikidata or a name are left out")
        sources.append(authority.offer)
    log = Log(Cache(cache), note, progress)
    if wikidata_api:
        sources.append(wikidata.offer(ServiceClient(wikidata_api, contact), log))
    if endpoint is not None:
        sources.append(reconcile.offer(ServiceClient(endpoint, contact, expected="a reconciliation service"), log))
    return sources
