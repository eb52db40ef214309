"""``hamakg evaluate``: measures how well articles are read."""

import json
from pathlib import Path

import click

from hamakg.cli.options import model_option


@click.command()
@click.argument("gold", required=False, type=click.Path(path_type=Path), metavar="[GOLD_DIR]")
@click.option(
    "--article",
    "articles",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="An annotated article; without this option all are read.",
)
@click.option("--errors", default=0, type=click.IntRange(0), metavar="N", help="Show the first N errors too.")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
@click.option("--record", is_flag=True, help="Record the figures; tests compare later ones with them.")
@model_option("An installed English spaCy model.")
def evaluate(
    gold: Path | None, articles: tuple[Path, ...], errors: int, as_json: bool, record: bool, model: str | None
) -> None:
    """Measure how well articles are read, against the events annotated in them.

    GOLD_DIR has NAME.json, NAME.sents.txt and the article NAME.txt; by default it is tests/gold in hamakg's source,
    whose articles are in seeds. An event counts as found if an event of its type is extracted from its sentence; a fact
    is an event or a value in one of its slots. The annotations in tests/gold were made by language models that read by
    the written guidelines; no human expert has checked them.

    \b
    Examples:
      hamakg evaluate
      hamakg evaluate annotated/ --article annotated/battle_of_aba.txt --errors 20
      hamakg evaluate --json | jq .facts.f1
    """
    from hamakg.cli.terminal.scores import show_evaluation
    from hamakg.evaluation import scores
    from hamakg.evaluation.gold import find_project_gold, read_gold, read_recorded_scores, record_scores
    from hamakg.extract.article import extract_facts
    from hamakg.extract.narrative import DEFAULT_MODEL, load_pipeline

    folder, seeds = (gold, None) if gold else find_project_gold()
    documents = articles or ((seeds,) if seeds else ())
    annotated, nlp = list(read_gold(folder, documents)), load_pipeline(model or DEFAULT_MODEL)
    comparisons = [scores.compare(extract_facts(facts.article, nlp), facts) for facts in annotated]
    if as_json:
        click.echo(json.dumps(scores.to_json_values(comparisons, errors), indent=1, ensure_ascii=False))
    else:
        show_evaluation(comparisons, errors, read_recorded_scores(folder))
    if record:
        record_scores(folder, comparisons)
