"""``hamakg remove``: takes an article out of a store."""

import click

from hamakg.cli.options import store_option
from hamakg.store import VersionedStore


@click.command()
@click.argument("article", metavar="TITLE")
@store_option
def remove(article: str, store: VersionedStore) -> None:
    """Take an article out of the store, and with it all that only it says.

    \b
    Example:
      hamakg remove 'Hama offensive (September 2017)'
    """
    from hamakg.build import remove

    remove(article, store)
