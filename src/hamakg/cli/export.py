"""``hamakg export``: writes a store's data to a file."""

from pathlib import Path

import click

from hamakg.cli.options import store_option
from hamakg.publish import FORMATS, PARTS, TABLES
from hamakg.store import VersionedStore

_LINKS = ("sssom", "quickstatements")


@click.command()
@store_option
@click.option(
    "--format",
    "fmt",
    type=click.Choice((*FORMATS, *TABLES, *_LINKS)),
    default="nquads",
    show_default=True,
    help="The format.",
)
@click.option(
    "--only",
    "parts",
    multiple=True,
    type=click.Choice(tuple(PARTS)),
    help="A part of the graphs: core (articles and entities; the default), what was inferred, links, what was derived.",
)
@click.option(
    "--graph", "graphs", multiple=True, metavar="NAME", help="A single graph: ontology, entities, article/SLUG, …"
)
@click.option(
    "--output", "-o", type=click.Path(path_type=Path), metavar="FILE", help="A file in place of standard output."
)
@click.option(
    "--same-as", is_flag=True, help="State accepted links as owl:sameAs too; a reasoner will merge what they link."
)
def export(
    store: VersionedStore, fmt: str, parts: tuple[str, ...], graphs: tuple[str, ...], output: Path | None, same_as: bool
) -> None:
    """Write the data: what the articles say, and the names of all resources. The same store gives the same bytes.

    csv, parquet and geojson are tables of events, a row each, for R, pandas and maps; parquet needs
    pip install 'hamakg[tables]'. sssom is the table of links, accepted, proposed and rejected, as hamakg link
    --decisions reads it. quickstatements asks about each fact on a conflict whose links were reviewed, and writes those
    that you confirm.

    Beside a FILE others are written: FILE.ATTRIBUTION.txt names the articles, their licence and what was changed, as
    CC BY-SA asks of whoever passes the data on, and who gives coordinates; FILE.void.ttl describes a dump for programs
    and catalogues (VoID, DCAT), FILE-metadata.json the columns of a CSV file (CSVW).

    \b
    Examples:
      hamakg export -o battles.nq
      hamakg export --only core --only links --format turtle -o battles.ttl
      hamakg export --graph ontology --graph entities --format trig
      hamakg export --format turtle | less
      hamakg export --format csv -o events.csv
      hamakg export --format sssom -o mine.sssom.tsv
    """
    from hamakg.cli.terminal.review import confirm_statements
    from hamakg.export import export, export_links, export_quickstatements

    if fmt == "sssom":
        export_links(store.snapshot(), output)
    elif fmt == "quickstatements":
        export_quickstatements(store.snapshot(), output, confirm_statements)
    else:
        export(store.snapshot(), fmt, output, parts, graphs, same_as=same_as)
