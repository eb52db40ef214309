"""``hamakg backup``: copies a store."""

from pathlib import Path

import click

from hamakg.cli.options import store_option
from hamakg.store import VersionedStore


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@store_option
def backup(folder: Path, store: VersionedStore) -> None:
    """Copy the graph as it is to a new folder, while others build or serve.

    The copy is a store too. On the same disk it takes milliseconds and hardly any space, because it shares the files.

    \b
    Examples:
      hamakg backup /backups/2026-11-25
      hamakg serve --store /backups/2026-11-25
    """
    name = store.backup(folder)
    click.echo(f"generation {name} of {store.path} is in {folder}")
