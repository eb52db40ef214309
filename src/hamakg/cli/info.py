"""``hamakg info``: lists the articles in a store."""

import click

from hamakg.cli.options import store_option
from hamakg.rdf.iris import Iris
from hamakg.store import VersionedStore


@click.command()
@store_option
def info(store: VersionedStore) -> None:
    """List the articles in the store, with how many events, reports and claims each of them gives.

    \b
    Example:
      hamakg info --store /data/battles
    """
    from hamakg.cli.terminal.articles import show_articles
    from hamakg.inventory import list_articles

    snapshot = store.snapshot()
    show_articles(store.path, store.generation(), list_articles(snapshot, Iris.from_store(snapshot)))
