"""``hamakg build``: reads articles into a store."""

from pathlib import Path

import click

from hamakg.cli.errors import exit_status, print_error
from hamakg.cli.options import (
    GlobalOptions,
    memory_option,
    model_option,
    report_option,
    store_option,
    timeout_option,
)
from hamakg.errors import HamakgError
from hamakg.model import ArticleFacts
from hamakg.rdf.iris import BASE, Iris
from hamakg.store import VersionedStore

_MOST_LINES = 100  # a damaged dump can have thousands of failures


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH...")
@store_option
@model_option("An installed English spaCy model.")
@click.option("--base", default=BASE, show_default=True, metavar="IRI", help="The beginning of all IRIs of the data.")
@report_option("Write to this file, as JSON, what was understood and what was not, for each article.")
@timeout_option
@memory_option
@click.pass_obj
def build(
    options: GlobalOptions,
    paths: tuple[Path, ...],
    store: VersionedStore,
    model: str | None,
    base: str,
    report_path: Path | None,
    timeout: float,
    memory: int,
) -> int:
    """Read articles (files, or folders of them) and write what they say to the store.

    A file may be plain text in the form of the seeds (.txt), wikitext (.wiki, .wikitext), or a MediaWiki export or dump
    (.xml, .xml.bz2, .xml.gz). Of a dump the pages with an infobox of a military conflict are read.

    A later build replaces articles that changed and leaves the others as they are. A file that cannot be read, or takes
    more time or memory than it may, is reported, the others are read all the same, and the exit status is 1 (2 for a
    path that does not exist).

    \b
    Examples:
      hamakg build seeds
      hamakg build battles/ one-more.wiki --store /data/battles
      hamakg build enwiki-pages-articles.xml.bz2 --report report.json
      hamakg build seeds --model en_core_web_trf --base https://example.org/battles/
    """
    from hamakg.build import Limits, Observer, build
    from hamakg.cli.terminal.build_report import show_build_report
    from hamakg.cli.terminal.progress import ArticleProgress
    from hamakg.extract.article import extract_facts
    from hamakg.extract.narrative import DEFAULT_MODEL, load_pipeline, load_trained
    from hamakg.read import SkippedPage
    from hamakg.report import open_report

    iris, nlp = Iris.from_base(base), load_pipeline(model or DEFAULT_MODEL)
    trained = load_trained()
    with open_report(report_path) as report_file:
        progress = ArticleProgress()

        def on_article(facts: ArticleFacts, outcome: str) -> None:
            progress.count_article(facts.article.title)
            if report_file is not None:
                report_file.add(facts, outcome)

        def on_skip(page: SkippedPage) -> None:
            if report_file is not None:
                report_file.add_skipped(page.title, page.reason)

        report = build(
            paths,
            store,
            lambda article: extract_facts(article, nlp, trained),
            iris,
            limits=Limits(timeout, memory),
            observer=Observer(progress.track_documents, on_article, on_skip),
        )
        if report_file is not None:
            report_file.finish(map(str, report.failures))
    for failure in report.failures[:_MOST_LINES]:
        print_error(failure, options.verbose)
    if (more := len(report.failures) - _MOST_LINES) > 0:
        print_error(HamakgError(f"{more:,} more failures; --report FILE lists them"), verbose=False)
    show_build_report(report, report_path)
    return max((exit_status(failure) for failure in report.failures), default=0)
