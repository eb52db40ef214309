"""From a store to a file: a dump, a table of events, or the links, with what explains it beside it."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import pyoxigraph as ox

from hamakg.graph import build_same_as_quads
from hamakg.link import format_sssom, read_links
from hamakg.link.quickstatements import QuickStatement, read_quickstatements
from hamakg.publish import TABLES, name_selection, read_events, select_graphs, write_dump
from hamakg.publish.files import open_output, write_companions
from hamakg.rdf.iris import Iris
from hamakg.store import copy_with_graph


def export(
    snapshot: ox.Store, fmt: str, path: Path | None, parts: Sequence[str], graphs: Sequence[str], *, same_as: bool
) -> None:
    """Write the chosen parts and graphs to the file, or to standard output, in a format of FORMATS or TABLES.

    ``same_as`` adds the links, and states accepted ones as ``owl:sameAs``. Raises UsageError for a part or graph that
    the store does not have, HamakgError when the file cannot be written.
    """
    iris = Iris.from_store(snapshot)
    with _add_same_as(snapshot, iris) if same_as else nullcontext(snapshot) as store:
        chosen = select_graphs(store, iris, (*parts, *(["links"] if same_as else [])), graphs)
        if same_as and not parts and not graphs:
            chosen = sorted({*chosen, *select_graphs(store, iris)})
        with open_output(path) as out:
            if fmt in TABLES:
                TABLES[fmt](read_events(store, chosen, iris), out, iris)
            else:
                write_dump(store, fmt, out, chosen, iris)
        if path is not None:
            write_companions(path, fmt, store, chosen, selected=name_selection(parts, graphs, iris), iris=iris)


def export_links(snapshot: ox.Store, path: Path | None) -> None:
    """Write all links of the store as SSSOM, as ``hamakg link --decisions`` reads them."""
    iris = Iris.from_store(snapshot)
    _write_text(format_sssom(read_links(snapshot, iris), iris), path)


def export_quickstatements(
    snapshot: ox.Store, path: Path | None, confirm: Callable[[Iterable[QuickStatement]], Iterable[QuickStatement]]
) -> None:
    """Write statements about conflicts with reviewed links as QuickStatements: those that ``confirm`` lets through."""
    statements = read_quickstatements(snapshot, Iris.from_store(snapshot))
    _write_text("".join(f"{statement.command}\n" for statement in confirm(statements)), path)


def _write_text(text: str, path: Path | None) -> None:
    with open_output(path) as out:
        out.write(text.encode())


def _add_same_as(snapshot: ox.Store, iris: Iris) -> AbstractContextManager[ox.Store]:
    quads = build_same_as_quads(read_links(snapshot, iris), iris)
    return copy_with_graph(snapshot, iris.graph("links/same-as"), quads)
