"""``hamakg query``: answers a question."""

import sys
from pathlib import Path
from typing import BinaryIO

import click
from pyoxigraph import QueryBoolean, QueryResultsFormat, QuerySolutions, serialize

from hamakg.cli.options import TABLE, store_option
from hamakg.errors import HamakgError, UsageError
from hamakg.publish import FORMATS
from hamakg.rdf.iris import PREFIXES, Iris
from hamakg.sparql import query_files
from hamakg.sparql.ask import Result, ask, explain_errors
from hamakg.sparql.query_files import SampleQuestion
from hamakg.store import VersionedStore

_SOLUTIONS = {
    "json": QueryResultsFormat.JSON,
    "csv": QueryResultsFormat.CSV,
    "tsv": QueryResultsFormat.TSV,
    "xml": QueryResultsFormat.XML,
}


@click.command()
@click.argument("question", required=False, metavar="[NAME|FILE|-]")
@store_option
@click.option(
    "--param", "-p", "params", multiple=True, metavar="NAME=VALUE", help="A value for a parameter of the question."
)
@click.option(
    "--min-confidence",
    type=click.FloatRange(0, 1),
    metavar="P",
    help="Leave out events of less confidence, from 0 to 1; by default none are.",
)
@click.option(
    "--format",
    "fmt",
    type=click.Choice((TABLE, *_SOLUTIONS, *FORMATS)),
    default=TABLE,
    show_default=True,
    help="The output format.",
)
def query(
    question: str | None, store: VersionedStore, params: tuple[str, ...], min_confidence: float | None, fmt: str
) -> None:
    """Answer a sample question by its name, or a SPARQL query in a file or on standard input (-).

    Without an argument it lists the sample questions. A query without FROM reads the union of all graphs. SERVICE is
    refused, so that a query never opens a connection. hamakg evaluate --by-confidence helps to choose a confidence.

    \b
    Examples:
      hamakg query
      hamakg query events-at-place --param place=Suran
      hamakg query timeline --min-confidence 0.7
      hamakg query my-question.rq --format csv
      echo 'SELECT DISTINCT ?class { ?thing a ?class }' | hamakg query -
    """
    from hamakg.cli.terminal.answer import show_answer, show_questions
    from hamakg.engine.sandbox import forbid_connections

    if question is None:
        show_questions(query_files.read_questions())
        return
    values = dict(_parse_parameter(param) for param in params)
    title, text = _read_query(question, values, min_confidence)
    snapshot = store.snapshot()
    forbid_connections()
    with explain_errors(text):
        answer = ask(snapshot, text)
        if fmt == TABLE:
            show_answer(answer, title, Iris.from_store(snapshot))
        else:
            _write_data(answer, fmt, sys.stdout.buffer)


def _read_query(question: str, values: dict[str, str], min_confidence: float | None) -> tuple[str, str]:
    """The title and the text of a query: a sample query, a file, or standard input (``-``)."""
    if question != "-" and not Path(question).is_file():
        if Path(question).suffix:
            raise UsageError(f"{question}: no such file; check the spelling")
        sample = query_files.find_question(question)
        return sample.title, query_files.bind(sample, values | _bar_events(sample, min_confidence))
    if values or min_confidence is not None:
        option = "--param" if values else "--min-confidence"
        raise UsageError(f"{option} is for the questions that come with hamakg; write the value into {question}")
    try:
        data = sys.stdin.buffer.read() if question == "-" else Path(question).read_bytes()
        return "Answer", data.decode()
    except (OSError, UnicodeDecodeError) as error:
        raise HamakgError(f"the query {question} cannot be read: {error}") from error


def _bar_events(sample: SampleQuestion, min_confidence: float | None) -> dict[str, str]:
    """The value of the parameter for the least confidence. Raises UsageError for a question that is not of events."""
    if min_confidence is None:
        return {}
    if all(parameter.name != query_files.MIN_CONFIDENCE for parameter in sample.parameters):
        raise UsageError(f"{sample.name} is not about events; leave out --min-confidence")
    return {query_files.MIN_CONFIDENCE: str(min_confidence)}


def _parse_parameter(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise UsageError(f"--param {text}: write it as name=value")
    return name, value


def _write_data(answer: Result, fmt: str, out: BinaryIO) -> None:
    """Write the answer in a data format. Raises UsageError for a format that cannot hold it."""
    is_table = isinstance(answer, QuerySolutions | QueryBoolean)
    if fmt not in (_SOLUTIONS if is_table else FORMATS):
        formats = ", ".join(_SOLUTIONS if is_table else FORMATS)
        raise UsageError(f"the answer cannot be written as {fmt}; choose {formats}")
    if isinstance(answer, QuerySolutions | QueryBoolean):
        answer.serialize(out, format=_SOLUTIONS[fmt])
    else:
        serialize(sorted(set(answer), key=str), out, format=FORMATS[fmt], prefixes=PREFIXES)
