"""``hamakg restore``: replaces a store's graph by a backup or a dump."""

from pathlib import Path

import click

from hamakg.cli.options import store_option
from hamakg.store import VersionedStore


@click.command()
@click.argument("source", type=click.Path(path_type=Path, exists=True), metavar="DIR|FILE")
@store_option
def restore(source: Path, store: VersionedStore) -> None:
    """Replace the graph by a backup, or by a dump in N-Quads. A running server shows the new graph at once.

    Of a dump, what follows from the articles is derived again; an export leaves it out by default.

    \b
    Examples:
      hamakg restore /backups/2026-11-25
      hamakg restore battles.nq --store another
    """
    if source.is_dir():
        snapshot = VersionedStore(source).snapshot()
        store.restore(snapshot.backup)
    else:
        from hamakg.build import restore

        restore(source, store)
    click.echo(f"generation {store.generation()} of {store.path} is {source}")
