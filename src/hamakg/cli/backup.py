"""``hamakg backup``: keeps a copy of a store."""

from pathlib import Path

import click

from hamakg.cli.options import store_option
from hamakg.store import VersionedStore


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@store_option
def backup(folder: Path, store: VersionedStore) -> None:
    """Keep a copy of the graph as it is, in a new folder; whoever builds or serves meanwhile goes on.

    The copy is a store too. On the same disk it takes milliseconds and hardly any room: it shares the files.

    \b
    Examples:
      hamakg backup /backups/2026-11-25
      hamakg serve --store /backups/2026-11-25
    """
    name = store.backup(folder)
    click.echo(f"generation {name} of {store.path} is in {folder}")
