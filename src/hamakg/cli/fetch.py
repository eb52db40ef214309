"""``hamakg fetch``: gets articles from Wikipedia."""

from pathlib import Path

import click

from hamakg.cli.errors import print_error
from hamakg.cli.options import GlobalOptions, contact_option
from hamakg.cli.terminal.control_characters import show_control_characters
from hamakg.errors import HamakgError
from hamakg.settings import API


@click.command()
@click.argument("names", nargs=-1, required=True, metavar="TITLE|URL...")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default="articles",
    show_default=True,
    metavar="DIR",
    help="The folder for the articles.",
)
@click.option(
    "--api",
    default=API,
    show_default=True,
    metavar="URL",
    help="The MediaWiki API to ask.",
)
@contact_option
@click.pass_obj
def fetch(options: GlobalOptions, names: tuple[str, ...], out: Path, api: str, contact: str) -> int:
    """Get current articles from Wikipedia, each as a MediaWiki export with its revision.

    An article whose current revision is in the folder already is not fetched again. A title without a page is reported;
    the others are fetched all the same, and the exit status is 1.

    \b
    Examples:
      hamakg fetch 'Battle of Keren' https://en.wikipedia.org/wiki/Siege_of_Tobruk --out battles
      hamakg build battles
    """
    from hamakg.read.fetch import ArticleFetcher, MissingPage

    missing = 0
    for article in ArticleFetcher(api, contact).fetch(names, out):
        if isinstance(article, MissingPage):
            missing += 1
            print_error(HamakgError(f"{article.title}: {article.reason}; check the spelling"), options.verbose)
        else:
            written = f"{article.outcome}: {article.title}, revision {article.revision}, {article.path}"
            click.echo(show_control_characters(written))
    return int(missing > 0)
