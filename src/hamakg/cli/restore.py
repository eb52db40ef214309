"""``hamakg restore``: puts a backup or a dump in place of a store's graph."""

from pathlib import Path

import click

from hamakg.cli.options import store_option
from hamakg.store import VersionedStore


@click.command()
@click.argument("source", type=click.Path(path_type=Path, exists=True), metavar="DIR|FILE")
@store_option
def restore(source: Path, store: VersionedStore) -> None:
    """Make a backup, or a dump in N-Quads, the graph: in place of what is there; whoever serves shows it from then on.

    Of a dump that an export wrote, what follows from the articles is made anew.

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
