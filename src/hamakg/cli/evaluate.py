"""``hamakg evaluate``: measures how well articles are read."""

import json
import sys
from pathlib import Path
from typing import TextIO

import click

from hamakg.cli.errors import exit_status, print_error
from hamakg.cli.options import GlobalOptions, memory_option, model_option, timeout_option
from hamakg.errors import HamakgError


@click.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path), metavar="[DIR]")
@click.option(
    "--article",
    "articles",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="An annotated article; without this option all are read.",
)
@click.option("--by-confidence", is_flag=True, help="Print how good the events are from each bar of confidence on.")
@click.option("--errors", default=0, type=click.IntRange(0), metavar="N", help="Show the first N errors too.")
@click.option(
    "--json",
    "json_file",
    type=click.File("w", encoding="utf-8", lazy=False),
    metavar="FILE",
    help="Write all figures to this file outside DIR, as JSON; with - to standard output, in place of the tables.",
)
@click.option("--record", is_flag=True, help="Record the figures in DIR; tests compare later ones with them.")
@model_option("An installed English spaCy model.")
@timeout_option
@memory_option
@click.pass_obj
def evaluate(
    options: GlobalOptions,
    folder: Path | None,
    articles: tuple[Path, ...],
    by_confidence: bool,
    errors: int,
    json_file: TextIO | None,
    record: bool,
    model: str | None,
    timeout: float,
    memory: int,
) -> int:
    """Measure how well articles are read, against the events annotated in them.

    DIR has NAME.json and NAME.sents.txt for each article, and the document NAME.txt, NAME.wiki or NAME.xml (one page)
    beside them or in DIR/docs; by default it is tests/gold in hamakg's source, whose articles are in seeds. Documents
    are read as by build. What the files hold is written in tests/gold/GUIDELINES.md. The annotations there were made by
    language models that read by these guidelines; no human expert has checked them.

    An event counts as found if an event of its type is extracted from its sentence; a fact is an event or a value in
    one of its slots. An event found is right, incomplete (a slot is empty that the annotation fills), wrong (a slot
    says what the annotation does not) or spurious, by its agents, places, dates, factuality and standing; wrong and
    spurious events mislead. An article belongs to the period since 2000 if most of its annotated dates do.

    An annotation or a document that cannot be read, or lacks the other, is reported, the others are measured all the
    same, and the exit status is 1 (2 for a folder without annotations).

    \b
    Examples:
      hamakg evaluate
      hamakg evaluate annotated/ --by-confidence --json figures.json
      hamakg evaluate annotated/ --article annotated/battle_of_aba.txt --errors 20
      hamakg evaluate --json - | jq .facts.f1
    """
    from hamakg.build import Limits
    from hamakg.cli.terminal.scores import show_bars, show_evaluation
    from hamakg.evaluation import gold
    from hamakg.evaluation.bars import score_bars
    from hamakg.evaluation.figures import to_json_values
    from hamakg.evaluation.recorded import read_recorded_scores, record_scores
    from hamakg.extract.article import extract_facts
    from hamakg.extract.narrative import DEFAULT_MODEL, load_pipeline, load_trained
    from hamakg.limited import LimitedProcess
    from hamakg.model import Article, ArticleFacts
    from hamakg.read import parse_page

    place, seeds = (folder, None) if folder else gold.find_project_gold()
    documents = articles or ((seeds,) if seeds else ())
    failures: list[HamakgError] = []
    limits, nlp = Limits(timeout, memory), load_pipeline(model or DEFAULT_MODEL)
    trained = load_trained()

    def extract(article: Article) -> ArticleFacts:
        return extract_facts(article, nlp, trained)

    with LimitedProcess(parse_page, extract, megabytes=limits.megabytes) as process:
        annotated = gold.read_gold(
            place,
            documents,
            failures.append,
            parse=lambda page: process.call(parse_page, page, limits.for_parsing(page)),
        )
        evaluated = list(
            gold.evaluate(
                annotated,
                lambda article: process.call(extract, article, limits.for_extraction(article)),
                failures.append,
            )
        )
    for failure in failures:
        print_error(failure, options.verbose)
    comparisons = [article.compare() for article in evaluated]
    bars = score_bars(evaluated) if by_confidence or json_file else ()
    if json_file is not None:
        figures = to_json_values(evaluated, comparisons, bars, map(str, failures), errors)
        click.echo(json.dumps(figures, indent=1, ensure_ascii=False), json_file)
    if evaluated and (json_file is None or json_file.name != sys.stdout.name):
        show_evaluation(evaluated, comparisons, errors, read_recorded_scores(place))
        if by_confidence:
            show_bars(bars)
    if evaluated and record:
        record_scores(place, comparisons)
    return max((exit_status(failure) for failure in failures), default=0)
