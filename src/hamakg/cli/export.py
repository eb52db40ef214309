"""``hamakg export``: writes a store's data to a file or to standard output."""

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
    help="The output format.",
)
@click.option(
    "--only",
    "parts",
    multiple=True,
    type=click.Choice(tuple(PARTS)),
    help="Only this part of the graphs; core, the default, is articles and entities.",
)
@click.option(
    "--graph", "graphs", multiple=True, metavar="NAME", help="Only this graph: ontology, entities, article/SLUG, …"
)
@click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write to this file, not to standard output.",
)
@click.option(
    "--same-as", is_flag=True, help="Add owl:sameAs for accepted links; a reasoner will merge what they link."
)
def export(
    store: VersionedStore, fmt: str, parts: tuple[str, ...], graphs: tuple[str, ...], output: Path | None, same_as: bool
) -> None:
    """Write what the articles say, and the names of all resources. The same store gives the same bytes.

    csv, parquet and geojson are tables of events, one a row, for R, pandas and maps; parquet needs
    pip install 'hamakg[tables]'. sssom is the table of accepted, proposed and rejected links, as hamakg link
    --decisions reads it. quickstatements asks about each fact on a conflict whose links were reviewed, and writes the
    facts that you confirm.

    -o FILE also writes FILE.ATTRIBUTION.txt, with the credits that CC BY-SA asks for when you pass the data on. Beside
    a dump it writes FILE.void.ttl, a description for programs and catalogues (VoID, DCAT), and beside a CSV file
    FILE-metadata.json, a description of its columns (CSVW).

    \b
    Examples:
      hamakg export -o battles.nq
      hamakg export --only core --only links --format turtle -o battles.ttl
      hamakg export --graph ontology --graph entities --format trig
      hamakg export --format turtle | less
      hamakg export --format csv -o events.csv
      hamakg export --format sssom -o mine.sssom.tsv
    """
    from hamakg.cli.terminal.exported_files import show_exported_file
    from hamakg.cli.terminal.review import confirm_statements
    from hamakg.export import export, export_links, export_quickstatements

    if fmt == "sssom":
        file = export_links(store.snapshot(), output)
    elif fmt == "quickstatements":
        file = export_quickstatements(store.snapshot(), output, confirm_statements)
    else:
        file = export(store.snapshot(), fmt, output, parts, graphs, same_as=same_as)
    if file:
        show_exported_file(file)
