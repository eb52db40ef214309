"""The command line: one command a stage; each reads its arguments, makes one call and prints.

Exit status: 0 done, 1 the work failed (of validate and diff: something was found), 2 wrong use, 130 stopped by Ctrl-C.
Errors are one line on standard error.
Commands import what they need when they run: the language model's library alone takes a second to load.
"""

import hashlib
import json
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from datetime import date
from functools import partial
from getpass import getuser
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click
from pyoxigraph import QueryBoolean, QueryResultsFormat, QuerySolutions, Store, serialize

from hamakg import __version__
from hamakg.errors import HamakgError, UsageError
from hamakg.explain import Parser
from hamakg.model import ArticleFacts
from hamakg.publish import (
    FORMATS,
    PARTS,
    TABLES,
    File,
    attribution,
    credits,
    csv_metadata,
    description,
    dump,
    event_rows,
    figures,
    name_of,
    select,
    sources,
)
from hamakg.rdf.iris import BASE, PREFIXES, Iris
from hamakg.settings import API, CONTACT, STORE, WIKIDATA_API
from hamakg.sparql import query_files
from hamakg.sparql.ask import Result, ask, faults
from hamakg.store import VersionedStore, replace_graph

if TYPE_CHECKING:
    from hamakg.link import Offer

_TABLE = "table"
_SOLUTIONS = {
    "json": QueryResultsFormat.JSON,
    "csv": QueryResultsFormat.CSV,
    "tsv": QueryResultsFormat.TSV,
    "xml": QueryResultsFormat.XML,
}
_LINKS = ("sssom", "quickstatements")
_UNREAD_SHOWN = 20
_MEGABYTE = 1024 * 1024


@dataclass(slots=True)
class _Run:
    """What holds for whatever command runs."""

    verbose: bool = False


def main(args: Sequence[str] | None = None) -> None:
    """Runs one command (of the process's arguments) and ends with its exit status."""
    run = _Run()
    try:
        sys.exit(cli.main(args, prog_name="hamakg", obj=run, standalone_mode=False))
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        sys.exit(error.exit_code)
    except click.UsageError as error:
        where = error.ctx.command_path if error.ctx else "hamakg"
        _complain(UsageError(f"{error.format_message()} ({where} --help)"), False)
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    except HamakgError as error:
        _complain(error, run.verbose)
        sys.exit(_status(error))
    except Exception as error:  # a fault of ours is one line too, unless more was asked for
        fault = HamakgError(f"internal error, {error!r}; please report it (hamakg -v shows where)")
        fault.__cause__ = error
        _complain(fault, run.verbose)
        sys.exit(1)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="hamakg")
@click.option(
    "-v", "--verbose", is_flag=True, help="Say more: every piece not understood, where an internal error was."
)
@click.pass_obj
def cli(run: _Run, verbose: bool) -> None:
    """Reads articles about battles, makes a knowledge graph of them, and answers questions.

    \b
    Start with:
      hamakg build seeds                      # articles to graph, in ./store
      hamakg query                            # the questions that come with it
      hamakg query denied-claims              # the answer to one
      hamakg serve                            # a SPARQL endpoint and pages on http://127.0.0.1:7878
    """
    run.verbose = verbose


def _store_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """``--store``, which the command gets as a Store; nothing is opened yet."""
    return click.option(
        "--store",
        type=click.Path(path_type=Path),
        default=STORE,
        show_default=True,
        envvar="HAMAKG_STORE",
        show_envvar=True,
        metavar="DIR",
        callback=lambda _context, _option, path: VersionedStore(path),
        help="The folder of the graph.",
    )(command)


def _model_option(what: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """``--model``; what a model is to the command is said in its help."""
    return click.option("--model", metavar="NAME", help=f"{what}  [default: the one that comes along]")


def _report_option(what: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """``--report``; what is written to the file is said in its help."""
    file = click.Path(path_type=Path, dir_okay=False)
    return click.option("--report", "report_path", type=file, metavar="FILE", help=what)


@cli.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH...")
@_store_option
@_model_option("An installed spaCy model of English.")
@click.option("--base", default=BASE, show_default=True, metavar="IRI", help="What the IRIs of the data begin with.")
@_report_option("Write what was understood and what not, article by article, to this file as JSON.")
@click.pass_obj
def build(
    run: _Run, paths: tuple[Path, ...], store: VersionedStore, model: str | None, base: str, report_path: Path | None
) -> int:
    """Read articles (files, or folders of them) and write what they say to the store.

    A file is read by what it is: the seeds' form (.txt), wikitext (.wiki, .wikitext) or a MediaWiki export or dump
    (.xml, .xml.bz2, .xml.gz), of which the pages with an infobox of a military conflict are taken.

    Run again, it replaces what changed and leaves the rest as it is. A document that cannot be read is named, and costs
    the others nothing; the exit status is then 1 (2 for a path that is not there).

    \b
    Examples:
      hamakg build seeds
      hamakg build battles/ one-more.wiki --store /data/battles
      hamakg build enwiki-pages-articles.xml.bz2 --report report.json
      hamakg build seeds --model en_core_web_trf --base https://example.org/battles/
    """
    from hamakg.build import build, facts_of
    from hamakg.cli import terminal
    from hamakg.extract.narrative import DEFAULT_MODEL, load_pipeline
    from hamakg.report import report_file

    iris, nlp = Iris.from_base(base), load_pipeline(model or DEFAULT_MODEL)
    with report_file(report_path) as written:
        reading = terminal.Reading()

        def taken(facts: ArticleFacts, outcome: str) -> None:
            reading.article(facts.article.title)
            if written is not None:
                written.add(facts, outcome)

        report = build(paths, store, lambda article: facts_of(article, nlp), iris, reading.documents, taken)
        if written is not None:
            written.end(((page.title, page.why) for page in report.skipped), map(str, report.failures))
    for failure in report.failures:
        _complain(failure, run.verbose)
    terminal.show_report(report, len(report.unread) if run.verbose else _UNREAD_SHOWN)
    return max((_status(failure) for failure in report.failures), default=0)


@cli.command()
@click.argument("names", nargs=-1, required=True, metavar="TITLE|URL...")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default="articles",
    show_default=True,
    metavar="DIR",
    help="The folder to keep the articles in.",
)
@click.option(
    "--api",
    default=API,
    show_default=True,
    metavar="URL",
    help="The MediaWiki API to ask.",
)
@click.option(
    "--contact",
    default=CONTACT,
    show_default=True,
    envvar="HAMAKG_CONTACT",
    show_envvar=True,
    metavar="TEXT",
    help="Who asks, for the User-Agent: a mail address or a page of yours.",
)
@click.pass_obj
def fetch(run: _Run, names: tuple[str, ...], out: Path, api: str, contact: str) -> int:
    """Get current articles from Wikipedia, each as a MediaWiki export with its revision.

    An article whose current revision is in the folder already is not loaded again. A title without a page is named, and
    costs the others nothing; the exit status is then 1. The only command that opens a connection.

    \b
    Examples:
      hamakg fetch 'Battle of Keren' https://en.wikipedia.org/wiki/Siege_of_Tobruk --out battles
      hamakg build battles
    """
    from hamakg.read.fetch import Client, Missing

    missing = 0
    for found in Client(api, contact).fetch(names, out):
        if isinstance(found, Missing):
            missing += 1
            _complain(HamakgError(f"{found.title}: {found.why}; check the spelling"), run.verbose)
        else:
            click.echo(f"{found.outcome}: {found.title}, revision {found.revision}, {found.path}")
    return int(missing > 0)


@cli.command()
@_store_option
@click.option(
    "--authority",
    "authorities",
    multiple=True,
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Items to match by name: TSV or SQLite with id, label, aliases, type, coordinates, country.",
)
@click.option("--wikidata", is_flag=True, help="Ask Wikidata for the items of the pages that the articles link to.")
@click.option("--api", default=WIKIDATA_API, show_default=True, metavar="URL", help="The API that --wikidata asks.")
@click.option("--endpoint", metavar="URL", help="A reconciliation service (API 0.2) to ask for candidates.")
@click.option(
    "--decisions",
    type=click.Path(path_type=Path, dir_okay=False),
    envvar="HAMAKG_DECISIONS",
    show_envvar=True,
    metavar="FILE",
    help="What was decided before, as SSSOM.  [default: what comes along for the seed articles]",
)
@click.option("--review", is_flag=True, help="Decide on the candidates, one after another, and keep it in --decisions.")
@click.option(
    "--reviewer", metavar="NAME", help="Who decides, with --review.  [default: the name you are logged in by]"
)
@click.option("--dry-run", is_flag=True, help="Show what would be linked, and write nothing.")
@click.option(
    "--cache",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Where answers of services are kept.  [default: hamakg/answers.sqlite in the user's cache folder]",
)
@click.option(
    "--contact",
    default=CONTACT,
    show_default=True,
    envvar="HAMAKG_CONTACT",
    show_envvar=True,
    metavar="TEXT",
    help="Who asks, for the User-Agent: a mail address or a page of yours.",
)
@click.pass_obj
def link(
    run: _Run,
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
    from hamakg.build import link
    from hamakg.cli import terminal
    from hamakg.link import SHIPPED, decisions_so_far, read_decisions

    told: list[str] = []
    if review and decisions is None:
        raise UsageError("--review keeps what you decide in a file; name it with --decisions")
    if review and dry_run:
        raise UsageError("--dry-run writes nothing, and --review writes down what you decide; leave one out")
    if review and decisions:
        _require_decisions(decisions, store)
    read = partial(decisions_so_far if review and decisions else read_decisions, decisions or SHIPPED)
    sources = _sources_of_links(authorities, api if wikidata else None, endpoint, cache, contact, told.append)
    found = link(store, read, sources, dry_run) if sources or not review else None
    if found:
        terminal.show_links(found.tallies, [*dict.fromkeys(told), *found.notes])
    if review and decisions:
        _review(store, decisions, reviewer or getuser())


def _require_decisions(path: Path, store: VersionedStore) -> None:
    """Raises HamakgError now where a decision could not be kept later."""
    from hamakg.link import change_decisions

    change_decisions(path, Iris.from_store(store.snapshot()), lambda known: known)


def _review(store: VersionedStore, decisions: Path, reviewer: str) -> None:
    """A person goes through the candidates of the file and of the store; each decision is kept at once, in both."""
    from hamakg.build import change_links
    from hamakg.cli import terminal
    from hamakg.link import change_decisions, decisions_so_far, stored
    from hamakg.link.review import Review, candidates

    snapshot = store.snapshot()
    iris = Iris.from_store(snapshot)
    keeps = [partial(change_decisions, decisions, iris), partial(change_links, store)]
    known = (*decisions_so_far(decisions), *stored(snapshot, iris))
    proposed = candidates({link.ends: link for link in known}.values(), snapshot, iris)
    terminal.review(proposed, partial(decisions_so_far, decisions), Review(reviewer, keeps), date.today().isoformat())


def _sources_of_links(
    authorities: Sequence[Path],
    api: str | None,
    endpoint: str | None,
    cache: Path | None,
    contact: str,
    told: Callable[[str], None],
) -> "list[Offer]":
    """What is asked for items; services are asked only when a thing is looked up."""
    from hamakg.link.authority import read_authority

    known = [read_authority(path) for path in authorities]
    for path, authority in zip(authorities, known, strict=True):
        if authority.passed_over:
            told(f"{path}: {authority.passed_over} rows without an id of Wikidata or a name are left out")
    sources: list[Offer] = [authority.offer for authority in known]
    if api or endpoint is not None:
        from hamakg.cli import terminal
        from hamakg.client import Client
        from hamakg.link import reconcile, wikidata
        from hamakg.link.batches import Log
        from hamakg.link.cache import Cache

        log = Log(Cache(cache or Path(click.get_app_dir("hamakg")) / "answers.sqlite"), told, terminal.asking)
        if api:
            sources.append(wikidata.offer(Client(api, contact), log))
        if endpoint is not None:
            sources.append(reconcile.offer(Client(endpoint, contact, expected="a reconciliation service"), log))
    return sources


@cli.command()
@_store_option
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on; 0.0.0.0 for all.")
@click.option(
    "--port", default=7878, show_default=True, type=click.IntRange(0, 65535), help="The port; 0 for a free one."
)
@click.option(
    "--token",
    envvar="HAMAKG_TOKEN",
    show_envvar=True,
    metavar="TOKEN",
    help="Who says it may write: updates, graphs at /store, decisions at /review. Without one nobody may.",
)
@click.option(
    "--decisions",
    type=click.Path(path_type=Path, dir_okay=False),
    envvar="HAMAKG_DECISIONS",
    show_envvar=True,
    metavar="FILE",
    help="Where what is decided on links at /review is kept, as SSSOM; a new file begins with what comes along.",
)
@click.option(
    "--timeout", default=30.0, show_default=True, type=click.FloatRange(0.1), metavar="SECONDS", help="For one query."
)
@click.option(
    "--max-rows",
    default=1_000_000,
    show_default=True,
    type=click.IntRange(1),
    help="Of one answer; the rest on asking.",
)
@click.option("--max-megabytes", default=256, show_default=True, type=click.IntRange(1), help="Of one answer.")
@click.option("--memory", default=1024, show_default=True, type=click.IntRange(64), help="Megabytes for one query.")
@click.option("--processes", default=32, show_default=True, type=click.IntRange(1), help="Queries at once.")
@click.option("--cache", default=32, show_default=True, type=click.IntRange(0), help="Megabytes of answers kept.")
@click.option(
    "--allow-service", "services", multiple=True, metavar="IRI", help="An endpoint that queries may call by SERVICE."
)
@click.option("--allow-load", "load", is_flag=True, help="Let updates fetch documents by LOAD.")
def serve(
    store: VersionedStore,
    host: str,
    port: int,
    token: str | None,
    decisions: Path | None,
    timeout: float,
    max_rows: int,
    max_megabytes: int,
    memory: int,
    processes: int,
    cache: int,
    services: tuple[str, ...],
    load: bool,
) -> None:
    """Serve the graph: SPARQL at /sparql, the Graph Store Protocol at /store, matching of other people's lists
    (OpenRefine) at /reconcile, the review of links at /review, and pages to look around.

    Runs till Ctrl-C or SIGTERM, which let what is being answered end. What is built into the store meanwhile is served
    without a restart. A query that runs out of its time, rows, bytes or memory is stopped and told so.

    \b
    Examples:
      hamakg serve
      hamakg serve --store /data/battles --host 0.0.0.0 --port 80 --timeout 10
      HAMAKG_TOKEN=secret hamakg serve --allow-service https://query.wikidata.org/sparql
      HAMAKG_TOKEN=secret hamakg serve --decisions links.sssom.tsv
      curl -H 'Accept: text/csv' --data-urlencode query@question.rq http://127.0.0.1:7878/sparql
      curl -X PUT -H 'Authorization: Bearer secret' -H 'Content-Type: text/turtle' \\
        --data-binary @places.ttl 'http://127.0.0.1:7878/store?graph=https://example.org/places'
    """
    from hamakg.engine.pool import Limits
    from hamakg.web.server import serve
    from hamakg.web.service import Settings

    if token is not None and not (token.isascii() and token.isprintable() and token.strip()):
        raise UsageError("the token has to be of letters, digits and signs of ASCII: it travels in a header")
    if decisions and token is None:
        raise UsageError("--decisions keeps what is decided at /review by whoever has the token; give one with --token")
    if decisions:
        _require_decisions(decisions, store)
    settings = Settings(
        token=token,
        decisions=decisions,
        services=frozenset(services),
        load=load,
        max_rows=max_rows,
        max_bytes=max_megabytes * _MEGABYTE,
        kept_bytes=cache * _MEGABYTE,
        limits=Limits(timeout=timeout, processes=processes, megabytes=memory, kept=min(2, processes)),
    )
    with suppress(KeyboardInterrupt):  # the usual way to end it
        serve(store, host, port, settings)


@cli.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@_store_option
def backup(folder: Path, store: VersionedStore) -> None:
    """Keep a copy of the graph as it is, in a new folder; whoever builds or serves meanwhile goes on.

    The copy is a store too. On the same disk it takes milliseconds and hardly any room: it shares the files.

    \b
    Examples:
      hamakg backup /backups/2026-11-25
      hamakg serve --store /backups/2026-11-25
    """
    name = store.backup(folder)
    click.echo(f"generation {name} of {store.path} is in {folder}")


@cli.command()
@click.argument("source", type=click.Path(path_type=Path, exists=True), metavar="DIR|FILE")
@_store_option
def restore(source: Path, store: VersionedStore) -> None:
    """Make a backup, or a dump in N-Quads, the graph: in place of what is there; whoever serves shows it from then on.

    Of a dump that an export wrote, what follows from the articles is made anew.

    \b
    Examples:
      hamakg restore /backups/2026-11-25
      hamakg restore battles.nq --store another
    """
    if source.is_dir():
        copied = VersionedStore(source).snapshot()
        store.restore(lambda folder: copied.backup(folder))
    else:
        from hamakg.build import restore

        restore(source, store)
    click.echo(f"generation {store.generation()} of {store.path} is {source}")


@cli.command()
@click.argument("question", required=False, metavar="[NAME|FILE|-]")
@_store_option
@click.option("--param", "-p", "params", multiple=True, metavar="NAME=VALUE", help="A value for one of its parameters.")
@click.option(
    "--format",
    "fmt",
    type=click.Choice((_TABLE, *_SOLUTIONS, *FORMATS)),
    default=_TABLE,
    show_default=True,
    help="What to print.",
)
def query(question: str | None, store: VersionedStore, params: tuple[str, ...], fmt: str) -> None:
    """Ask the graph: a question by its name, a file with a SPARQL query, or standard input (-).

    Without a question it lists those that come with hamakg. A query without FROM asks all graphs together. SERVICE is
    refused: hamakg connects to nobody.

    \b
    Examples:
      hamakg query
      hamakg query events-at-place --param place=Suran
      hamakg query my-question.rq --format csv
      echo 'SELECT DISTINCT ?class { ?thing a ?class }' | hamakg query -
    """
    from hamakg.cli import terminal

    if question is None:
        terminal.show_questions(query_files.examples())
        return
    title, text = _asked(question, dict(_parameter(param) for param in params))
    snapshot = store.snapshot()
    with faults(text):
        answer = ask(snapshot, text)
        if fmt == _TABLE:
            terminal.show_answer(answer, title, Iris.from_store(snapshot))
        else:
            _write(answer, fmt, sys.stdout.buffer)


@cli.command()
@_store_option
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
    snapshot = store.snapshot()
    iris = Iris.from_store(snapshot)
    if fmt in _LINKS:
        _write_links(fmt, snapshot, output, iris)
        return
    with _with_same_as(snapshot, iris) if same_as else nullcontext(snapshot) as whole:
        chosen = select(whole, iris, (*parts, *(["links"] if same_as else [])), graphs)
        if same_as and not parts and not graphs:
            chosen = sorted({*chosen, *select(whole, iris)})
        with _output(output) as out:
            if fmt in TABLES:
                TABLES[fmt](event_rows(whole, chosen, iris), out, iris)
            else:
                dump(whole, fmt, out, chosen, iris)
        if output is not None:
            _describe(output, fmt, whole, chosen, name_of(parts, graphs, iris), iris)


def _write_links(fmt: str, store: Store, output: Path | None, iris: Iris) -> None:
    from hamakg.cli import terminal
    from hamakg.link import sssom, stored
    from hamakg.link.quickstatements import facts

    lines = (f"{fact.line}\n" for fact in terminal.confirmed(facts(store, iris)))
    text = sssom(stored(store, iris), iris) if fmt == "sssom" else "".join(lines)
    with _output(output) as out:
        out.write(text.encode())


@contextmanager
def _with_same_as(store: Store, iris: Iris) -> Iterator[Store]:
    """The store with a graph more, ``links/same-as``: on a copy made of hard links, which goes when the block ends."""
    from hamakg.graph import same_as_quads
    from hamakg.link import stored

    with tempfile.TemporaryDirectory() as folder:
        store.backup(Path(folder) / "copy")
        copy = Store(Path(folder) / "copy")
        replace_graph(copy, iris.graph("links/same-as"), same_as_quads(stored(store, iris), iris))
        yield copy


def _describe(path: Path, fmt: str, store: Store, graphs: Sequence[str], selected: str, iris: Iris) -> None:
    """Writes what stands beside a dump."""
    articles = sources(store, graphs, iris)
    beside = {
        ".ATTRIBUTION.txt": attribution(articles, path.name, credits(store, graphs, iris, fmt in TABLES)).encode()
    }
    if fmt == "csv":
        beside["-metadata.json"] = csv_metadata(path.name, articles, iris)
    if fmt in FORMATS:
        with path.open("rb") as dumped:
            file = File(path.name, fmt, path.stat().st_size, hashlib.file_digest(dumped, "sha256").hexdigest())
        beside[".void.ttl"] = description(figures(store, graphs, iris), articles, file, selected, iris)
    for suffix, data in beside.items():
        with _output(path.with_name(path.name + suffix)) as out:
            out.write(data)


@cli.command()
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@click.option(
    "--format", "fmt", type=click.Choice((_TABLE, "json")), default=_TABLE, show_default=True, help="What to print."
)
def diff(old: Path, new: Path, fmt: str) -> int:
    """Show what differs between two dumps, or stores: which facts came, went, or have other values.

    A dump is read by its suffix (.nq, .trig, .ttl, .nt, .jsonld, .rdf); of a store counts what an export writes. The
    order of statements does not matter. Where one of the two has no graphs (.ttl, .nt, .rdf), neither counts by graph.
    Both are held in memory.

    The exit status is as diff has it: 0 nothing differs, 1 something does, 2 one of them cannot be read.

    \b
    Examples:
      hamakg diff last-month.nq battles.nq
      hamakg diff last-month.nq store
      hamakg diff old.nq new.nq --format json | jq '.changes[] | select(.change == "removed")'
    """
    from hamakg.cli import terminal
    from hamakg.publish.diff import as_json, compare

    difference = compare(old, new)
    if fmt == _TABLE:
        terminal.show_difference(difference)
    else:
        click.echo(json.dumps(as_json(difference), indent=1, ensure_ascii=False))
    return int(bool(difference.changes))


@cli.command()
@click.argument("resource", metavar="IRI|ID")
@_store_option
@click.option("--parse", is_flag=True, help="Show how the language model parsed each event's sentence.")
@_model_option("The spaCy model that the graph was built with.")
def explain(resource: str, store: VersionedStore, parse: bool, model: str | None) -> None:
    """Show why the graph says what it says of a resource: the sentences behind it, and who claims or denies it.

    The resource is named by its IRI or by the part of it below resource/, as the answers of queries show it. An event's
    hama:extractedBy names the rule that read it; with --parse its sentence is shown as the rule saw it, a word a line:
    its tag, its dependency on which other word, and * before the word that tells the event.

    \b
    Examples:
      hamakg explain place/suran
      hamakg explain place/suran --parse
      hamakg explain https://w3id.org/hamakg/resource/place/suran
    """
    from hamakg.cli import terminal
    from hamakg.explain import explain

    snapshot = store.snapshot()
    parser = _parser(model) if parse or model else None
    terminal.show_explanations(explain(snapshot, resource, Iris.from_store(snapshot), parser))


@cli.command()
@_store_option
def info(store: VersionedStore) -> None:
    """Show what is in the store: the articles, and how much each of them says.

    \b
    Example:
      hamakg info --store /data/battles
    """
    from hamakg.cli import terminal
    from hamakg.inventory import inventory

    snapshot = store.snapshot()
    terminal.show_inventory(store.path, store.generation(), inventory(snapshot, Iris.from_store(snapshot)))


@cli.command()
@click.argument("article", metavar="TITLE")
@_store_option
def remove(article: str, store: VersionedStore) -> None:
    """Take an article out of the store, and with it all that only it says.

    \b
    Example:
      hamakg remove 'Hama offensive (September 2017)'
    """
    from hamakg.build import remove

    remove(article, store)


@cli.command()
@_store_option
@_report_option("Write a SHACL validation report to this file, as Turtle.")
def validate(store: VersionedStore, report_path: Path | None) -> int:
    """Hold the graph against its shapes (SHACL) and checks, and list what it finds.

    Violations must not be, and the exit status is 1 if there are any. Warnings are for a person to look at, for the
    article itself may be at fault; what is for information says where sources disagree.

    \b
    Examples:
      hamakg validate --store /data/battles
      hamakg validate --report faults.ttl
    """
    from hamakg.cli import terminal
    from hamakg.validate import report, validate

    snapshot = store.snapshot()
    faults = validate(snapshot)
    if report_path is not None:
        with _output(report_path) as out:
            out.write(report(faults).serialize(format="turtle", encoding="utf-8"))
    terminal.show_faults(faults, Iris.from_store(snapshot))
    return int(any(fault.violates for fault in faults))


@cli.command()
@click.argument("gold", required=False, type=click.Path(path_type=Path), metavar="[GOLD_DIR]")
@click.option(
    "--article",
    "articles",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="An annotated article, in place of all.",
)
@click.option("--errors", default=0, type=click.IntRange(0), metavar="N", help="Show the first N differences too.")
@click.option("--json", "as_data", is_flag=True, help="Print the figures as JSON.")
@click.option("--record", "keep", is_flag=True, help="Write the figures down: the tests hold later ones against them.")
@_model_option("An installed spaCy model of English.")
def evaluate(
    gold: Path | None, articles: tuple[Path, ...], errors: int, as_data: bool, keep: bool, model: str | None
) -> None:
    """Measure how well articles are read, against the events that people annotated in them.

    GOLD_DIR holds NAME.json, NAME.sents.txt and the article NAME.txt; by default it is tests/gold of hamakg's source,
    whose articles lie in seeds. An event is found if its sentence tells one of its type; a fact is an event or what
    stands in one of its slots.

    \b
    Examples:
      hamakg evaluate
      hamakg evaluate annotated/ --article annotated/battle_of_aba.txt --errors 20
      hamakg evaluate --json | jq .facts.f1
    """
    from hamakg.build import facts_of
    from hamakg.cli import terminal
    from hamakg.evaluation import scores
    from hamakg.evaluation.gold import project_gold, read_gold, record, recorded
    from hamakg.extract.narrative import DEFAULT_MODEL, load_pipeline

    own, seeds = (gold, None) if gold else project_gold()
    documents = articles or ((seeds,) if seeds else ())
    annotated, nlp = list(read_gold(own, documents)), load_pipeline(model or DEFAULT_MODEL)
    comparisons = [scores.compare(facts_of(facts.article, nlp), facts) for facts in annotated]
    if as_data:
        click.echo(json.dumps(scores.as_json(comparisons, errors), indent=1, ensure_ascii=False))
    else:
        terminal.show_evaluation(comparisons, errors, recorded(own))
    if keep:
        record(own, comparisons)


def _parser(model: str | None) -> Parser:
    """Parses a paragraph as ``build`` does."""
    from hamakg.extract.narrative.pipeline import DEFAULT_MODEL, load_pipeline, plain

    nlp = load_pipeline(model or DEFAULT_MODEL)
    return lambda paragraph: nlp(plain(paragraph))


def _asked(question: str, values: dict[str, str]) -> tuple[str, str]:
    """Title and text of a query: of a sample, of a file, of what comes on standard input."""
    if question != "-" and not Path(question).is_file():
        sample = query_files.find(question)
        return sample.title, query_files.bind(sample, values)
    if values:
        raise UsageError(f"--param is for the questions that come with hamakg; write the value into {question}")
    return "Answer", _text(question)


def _text(source: str) -> str:
    try:
        data = sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes()
        return data.decode()
    except (OSError, UnicodeDecodeError) as error:
        raise HamakgError(f"the query {source} cannot be read: {error}") from error


def _parameter(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise UsageError(f"--param {text}: write it as name=value")
    return name, value


def _write(answer: Result, fmt: str, out: BinaryIO) -> None:
    """Writes the answer in a format of data. Raises UsageError for one that cannot carry it."""
    table = isinstance(answer, QuerySolutions | QueryBoolean)
    if fmt not in (_SOLUTIONS if table else FORMATS):
        raise UsageError(f"the answer cannot be written as {fmt}; choose {', '.join(_SOLUTIONS if table else FORMATS)}")
    if isinstance(answer, QuerySolutions | QueryBoolean):
        answer.serialize(out, format=_SOLUTIONS[fmt])
    else:
        serialize(sorted(set(answer), key=str), out, format=FORMATS[fmt], prefixes=PREFIXES)


@contextmanager
def _output(path: Path | None) -> Iterator[BinaryIO]:
    """Standard output, or a file that is there only when all of it is."""
    if path is None:
        yield sys.stdout.buffer
        return
    part = path.with_name(path.name + ".part")
    try:
        with part.open("wb") as out:
            yield out
        part.replace(path)
    except OSError as error:
        raise HamakgError(f"{path} cannot be written: {error.strerror}") from error
    finally:
        part.unlink(missing_ok=True)


def _status(error: HamakgError) -> int:
    return 2 if isinstance(error, UsageError) else 1


def _complain(error: Exception, verbose: bool) -> None:
    if verbose:
        traceback.print_exception(error)
    click.echo(f"hamakg: {error}", err=True)
