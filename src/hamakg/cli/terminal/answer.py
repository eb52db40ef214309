"""Prints the list of sample questions, and answers to queries."""

from collections.abc import Iterable

from pyoxigraph import Literal, NamedNode, QueryBoolean, QuerySolutions

from hamakg.cli.terminal.table import print_line, show_table
from hamakg.explain import Term
from hamakg.rdf.iris import Iris
from hamakg.sparql.ask import Result
from hamakg.sparql.query_files import SampleQuestion

_NUMBERS = frozenset({"integer", "decimal", "double", "nonNegativeInteger"})


def show_questions(questions: Iterable[SampleQuestion]) -> None:
    """Print the sample questions with their parameters."""
    rows = ((q.name, q.title, ", ".join(f"{p.name}={p.default}" for p in q.parameters)) for q in questions)
    show_table("Questions: hamakg query NAME", ("Name", "Question", "Parameters"), rows)


def show_answer(answer: Result, title: str, iris: Iris) -> None:
    """Print the answer to a query, with a row for each solution or triple. IRIs are shortened."""
    if isinstance(answer, QueryBoolean):
        print_line("yes" if answer else "no")
        return
    triple = ["subject", "predicate", "object"]
    variables = [v.value for v in answer.variables] if isinstance(answer, QuerySolutions) else triple
    rows = [list(row) for row in answer]
    numeric = [name for i, name in enumerate(variables) if all(_is_number(row[i]) for row in rows)]
    show_table(title, variables, ([format_cell(term, iris) for term in row] for row in rows), numeric)


def format_cell(term: Term | None, iris: Iris) -> str:
    """The text of a cell: an IRI shortened, a literal without its type, nothing for an unbound variable."""
    if isinstance(term, NamedNode):
        return iris.shorten(term.value)
    return term.value if isinstance(term, Literal) else str(term or "")


def _is_number(term: Term | None) -> bool:
    return term is None or (isinstance(term, Literal) and term.datatype.value.partition("#")[2] in _NUMBERS)
