"""``hamakg link``: links a store's entities to Wikidata."""

from datetime import date
from functools import partial
from getpass import getuser
from pathlib import Path

import click

from hamakg.cli.options import FILE, contact_option, decisions_option, store_option
from hamakg.errors import UsageError
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
    help="Items to match by name: TSV or SQLite with id, label, aliases, type, coordinates, country.",
)
@click.option("--wikidata", is_flag=True, help="Ask Wikidata for the items of the pages that the articles link to.")
@click.option("--api", default=WIKIDATA_API, show_default=True, metavar="URL", help="The API that --wikidata asks.")
@click.option("--endpoint", metavar="URL", help="A reconciliation service (API 0.2) to ask for candidates.")
@decisions_option("What was decided before, as SSSOM.  [default: what comes along for the seed articles]")
@click.option("--review", is_flag=True, help="Decide on the candidates, one after another, and keep it in --decisions.")
@click.option(
    "--reviewer", metavar="NAME", help="Who decides, with --review.  [default: the name you are logged in by]"
)
@click.option("--dry-run", is_flag=True, help="Show what would be linked, and write nothing.")
@click.option(
    "--cache",
    type=FILE,
    metavar="FILE",
    help="Where answers of services are kept.  [default: hamakg/answers.sqlite in the user's cache folder]",
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
    """Link places, persons, groups, states and wars to Wikidata, and put coordinates to places.

    What was decided stands. Of the rest a link is accepted only where name, class, place (or side) and the distance to
    the next item agree (skos:exactMatch); else it is proposed (skos:closeMatch) for a person to decide on. It opens a
    connection only with --wikidata or --endpoint; a service that fails costs a line at the end, not the run, and what
    it answered is kept.

    The same articles, decisions and answers give the same links. hamakg export --format sssom writes them as a file for
    --decisions; a build keeps those that the store has.

    \b
    Examples:
      hamakg link --authority syria.tsv --dry-run
      hamakg link --wikidata --contact me@example.org
      hamakg link --endpoint https://wikidata.reconci.link/en/api --decisions mine.sssom.tsv
      hamakg link --review --decisions mine.sssom.tsv
    """
    from hamakg.build import link, start_review
    from hamakg.cli.terminal.links import show_links
    from hamakg.cli.terminal.progress import asking
    from hamakg.cli.terminal.review import review_candidates
    from hamakg.link import SHIPPED_DECISIONS, read_decisions, read_decisions_or_shipped
    from hamakg.link.decisions import require_writable
    from hamakg.link.sources.open import open_sources
    from hamakg.rdf.iris import Iris

    if review and decisions is None:
        raise UsageError("--review keeps what you decide in a file; name it with --decisions")
    if review and dry_run:
        raise UsageError("--dry-run writes nothing, and --review writes down what you decide; leave one out")
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
        progress=asking,
    )
    if sources or not review:
        read = partial(read_decisions_or_shipped if review else read_decisions, decisions or SHIPPED_DECISIONS)
        linking = link(store, read, sources, dry_run)
        show_links(linking.tallies, [*dict.fromkeys(notes), *linking.notes])
    if review and decisions:
        review_candidates(*start_review(store, decisions, reviewer or getuser()), date.today().isoformat())
