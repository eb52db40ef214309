"""Writes a store to a file: a dump, a table of events, or the links, with the files that explain it."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from itertools import count
from pathlib import Path

import pyoxigraph as ox

from hamakg.graph import build_same_as_quads
from hamakg.link import format_sssom, read_links
from hamakg.link.quickstatements import QuickStatement, read_quickstatements
from hamakg.publish import TABLES, name_selection, read_events, select_graphs, write_dump
from hamakg.publish.files import ExportedFile, open_output, write_companions
from hamakg.rdf.iris import Iris
from hamakg.store import copy_with_graph


def export(
    snapshot: ox.Store, fmt: str, path: Path | None, parts: Sequence[str], graphs: Sequence[str], *, same_as: bool
) -> ExportedFile | None:
    """Write the chosen parts and graphs to the file, or to standard output, in a format of FORMATS or TABLES.

    ``same_as`` adds the links, and states accepted ones as ``owl:sameAs``. Returns what was written to a file. Raises
    UsageError for a part or graph that the store does not have, HamakgError when the file cannot be written.
    """
    iris = Iris.from_store(snapshot)
    with _add_same_as(snapshot, iris) if same_as else nullcontext(snapshot) as store:
        chosen = select_graphs(store, iris, (*parts, *(["links"] if same_as else [])), graphs)
        if same_as and not parts and not graphs:
            chosen = sorted({*chosen, *select_graphs(store, iris)})
        with open_output(path) as out:
            if fmt in TABLES:
                numbers = count()
                events = (event for event, _ in zip(read_events(store, chosen, iris), numbers, strict=False))
                TABLES[fmt](events, out, iris)
                written, unit = next(numbers), "events"
            else:
                written, unit = write_dump(store, fmt, out, chosen, iris), "statements"
        if path is None:
            return None
        selected = name_selection(parts, graphs, iris)
        companions = write_companions(path, fmt, store, chosen, selected=selected, iris=iris)
        return ExportedFile(path, written, unit, companions)


def export_links(snapshot: ox.Store, path: Path | None) -> ExportedFile | None:
    """Write all links of the store as SSSOM, as ``hamakg link --decisions`` reads them."""
    iris = Iris.from_store(snapshot)
    links = list(read_links(snapshot, iris))
    return _write_text(format_sssom(links, iris), path, len(links), "links")


def export_quickstatements(
    snapshot: ox.Store, path: Path | None, confirm: Callable[[Iterable[QuickStatement]], Iterable[QuickStatement]]
) -> ExportedFile | None:
    """Write statements about conflicts with reviewed links as QuickStatements: those that ``confirm`` lets through."""
    confirmed = list(confirm(read_quickstatements(snapshot, Iris.from_store(snapshot))))
    text = "".join(f"{statement.command}\n" for statement in confirmed)
    return _write_text(text, path, len(confirmed), "statements")


def _write_text(text: str, path: Path | None, items: int, unit: str) -> ExportedFile | None:
    with open_output(path) as out:
        out.write(text.encode())
    return ExportedFile(path, items, unit) if path else None


def _add_same_as(snapshot: ox.Store, iris: Iris) -> AbstractContextManager[ox.Store]:
    quads = build_same_as_quads(read_links(snapshot, iris), iris)
    return copy_with_graph(snapshot, iris.graph("links/same-as"), quads)
