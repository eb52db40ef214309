"""``hamakg link``: links a store's entities to Wikidata."""

from datetime import date
from functools import partial
from getpass import getuser
from pathlib import Path

import click

from hamakg.cli.options import FILE, contact_option, decisions_option, store_option
from hamakg.errors import UsageError
from hamakg.rdf.iris import Iris
from hamakg.settings import WIKIDATA_API
from hamakg.store import VersionedStore


@click.command()
@store_option
@click.option(
    "--authority",
    "authorities",
    multiple=True,
    type=FILE,
    metavar="FILE",
    help="Wikidata items to match by name: TSV or SQLite with id, label, aliases, type, coordinates, country.",
)
@click.option("--wikidata", is_flag=True, help="Ask Wikidata for the items of the pages that the articles link to.")
@click.option("--api", default=WIKIDATA_API, show_default=True, metavar="URL", help="The API for --wikidata.")
@click.option("--endpoint", metavar="URL", help="A reconciliation service (API 0.2) to ask for candidates.")
@decisions_option("Earlier decisions, as SSSOM.  [default: those that come with hamakg, for the seed articles]")
@click.option(
    "--review", is_flag=True, help="Review the proposed links one by one; decisions go to the file of --decisions."
)
@click.option("--reviewer", metavar="NAME", help="Your name, for --review.  [default: your login name]")
@click.option("--dry-run", is_flag=True, help="Show the links that would be written, and write nothing.")
@click.option(
    "--cache",
    type=FILE,
    metavar="FILE",
    help="A cache of the services' answers.  [default: answers.sqlite in hamakg's application folder]",
)
@contact_option
def link(
    store: VersionedStore,
    authorities: tuple[Path, ...],
    wikidata: bool,
    api: str,
    endpoint: str | None,
    decisions: Path | None,
    review: bool,
    reviewer: str | None,
    dry_run: bool,
    cache: Path | None,
    contact: str,
) -> None:
    """Link places, persons, groups, states and wars to Wikidata, and add coordinates to places.

    Earlier decisions are final. Otherwise a link is accepted (skos:exactMatch) only if name, class and place (or side)
    agree and no other item comes close; else it is proposed (skos:closeMatch) for a person to review.

    The command connects to a service only with --wikidata or --endpoint. If a service fails, the command notes it, goes
    on, and keeps the answers that it got for the next run.

    The same articles, decisions and answers give the same links. hamakg export --format sssom writes them to a file for
    --decisions; a build keeps the links in the store.

    \b
    Examples:
      hamakg link --authority syria.tsv --dry-run
      hamakg link --wikidata --contact me@example.org
      hamakg link --endpoint https://wikidata.reconci.link/en/api --decisions mine.sssom.tsv
      hamakg link --review --decisions mine.sssom.tsv
    """
    from hamakg.build import link, prepare_review, preview_links
    from hamakg.cli.terminal.links import show_preview, show_tallies
    from hamakg.cli.terminal.progress import track_batches
    from hamakg.cli.terminal.review import review_proposals
    from hamakg.link import SHIPPED_DECISIONS, read_decisions, read_decisions_or_shipped
    from hamakg.link.decisions import require_writable
    from hamakg.link.sources.open import open_sources

    if review and decisions is None:
        raise UsageError("--review writes your decisions to a file; name it with --decisions")
    if review and dry_run:
        raise UsageError("--dry-run writes nothing, but --review writes your decisions; leave one of them out")
    if review and decisions:
        require_writable(decisions, Iris.from_store(store.snapshot()))
    notes: list[str] = []
    sources = open_sources(
        authorities=authorities,
        wikidata_api=api if wikidata else None,
        endpoint=endpoint,
        contact=contact,
        cache=cache or Path(click.get_app_dir("hamakg")) / "answers.sqlite",
        note=notes.append,
        progress=track_batches,
    )
    if sources or not review:
        read = partial(read_decisions_or_shipped if review else read_decisions, decisions or SHIPPED_DECISIONS)
        if dry_run:
            preview = preview_links(store, read, sources)
            show_preview(preview)
            result = preview.result
        else:
            result = link(store, read, sources)
        show_tallies(result.tallies, [*dict.fromkeys(notes), *result.notes])
    if review and decisions:
        review_proposals(*prepare_review(store, decisions, reviewer or getuser()), date.today().isoformat())
