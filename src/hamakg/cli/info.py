"""``hamakg info``: shows what is in a store."""

import click

from hamakg.cli.options import store_option
from hamakg.rdf.iris import Iris
from hamakg.store import VersionedStore


@click.command()
@store_option
def info(store: VersionedStore) -> None:
    """Show what is in the store: the articles, and how much each of them says.

    \b
    Example:
      hamakg info --store /data/battles
    """
    from hamakg.cli.terminal.inventory import show_articles
    from hamakg.inventory import list_articles

    snapshot = store.snapshot()
    show_articles(store.path, store.generation(), list_articles(snapshot, Iris.from_store(snapshot)))
