"""``hamakg build``: reads articles into a store."""

from pathlib import Path

import click

from hamakg.cli.errors import Run, exit_status, print_error
from hamakg.cli.options import model_option, report_option, store_option
from hamakg.model import ArticleFacts
from hamakg.rdf.iris import BASE, Iris
from hamakg.store import VersionedStore

_UNREAD_SHOWN = 20


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH...")
@store_option
@model_option("An installed spaCy model of English.")
@click.option("--base", default=BASE, show_default=True, metavar="IRI", help="What the IRIs of the data begin with.")
@report_option("Write what was understood and what not, article by article, to this file as JSON.")
@click.pass_obj
def build(
    run: Run, paths: tuple[Path, ...], store: VersionedStore, model: str | None, base: str, report_path: Path | None
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
    from hamakg.build import build
    from hamakg.cli.terminal.progress import Reading
    from hamakg.cli.terminal.report import show_report
    from hamakg.extract.article import extract_facts
    from hamakg.extract.narrative import DEFAULT_MODEL, load_pipeline
    from hamakg.report import open_report

    iris, nlp = Iris.from_base(base), load_pipeline(model or DEFAULT_MODEL)
    with open_report(report_path) as written:
        reading = Reading()

        def taken(facts: ArticleFacts, outcome: str) -> None:
            reading.article(facts.article.title)
            if written is not None:
                written.add(facts, outcome)

        report = build(
            paths,
            store,
            lambda article: extract_facts(article, nlp),
            iris,
            progress=reading.documents,
            on_article=taken,
        )
        if written is not None:
            written.finish(((page.title, page.reason) for page in report.skipped), map(str, report.failures))
    for failure in report.failures:
        print_error(failure, run.verbose)
    show_report(report, len(report.unread) if run.verbose else _UNREAD_SHOWN)
    return max((exit_status(failure) for failure in report.failures), default=0)
