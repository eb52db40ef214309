"""``hamakg remove``: removes an article from a store."""

import click

from hamakg.cli.options import store_option
from hamakg.store import VersionedStore


@click.command()
@click.argument("article", metavar="TITLE")
@store_option
def remove(article: str, store: VersionedStore) -> None:
    """Remove an article from the store, and everything that only this article says.

    \b
    Example:
      hamakg remove 'Hama offensive (September 2017)'
    """
    from hamakg.build import remove

    remove(article, store)
