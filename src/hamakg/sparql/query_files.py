"""Reads the files of ``queries/`` and puts values in the place of their parameters.

A parameter is a variable that the query binds in one line to its default, ``VALUES ?place { "Maardis"@en }``: the file
is plain SPARQL, and another value takes the default's place as a term of the same kind. ``VALUES ?place { }`` is a
parameter without a default; its value is an IRI.

The sample questions (``queries/examples``) have a head of comments too, which describes them to users: lines
``# title:``, ``# description:``, ``# keywords: a, b`` and, for each parameter,
``# parameter: place = "Maardis" | the place's name``.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from pyoxigraph import Literal, NamedNode

from hamakg.data_files import data_folder
from hamakg.errors import HamakgError, UsageError

MIN_CONFIDENCE = "minConfidence"
"""The parameter of every question about events: those of less confidence are left out; from 0 to 1."""

_HEAD = re.compile(r"# (title|description|keywords|parameter): (.+)")
_PARAMETER = re.compile(r"(\w+) = (\S.*?) \| (\S.*)")
_TERM = r'"(?:[^"\\]|\\.)*"(?:@[A-Za-z-]+|\^\^\w+:\w+)?|<[^<>\s]*>|-?\d+(?:\.\d+)?'
_VALUES = re.compile(rf"VALUES \?(\w+) {{ (?:({_TERM}) )?}}")
_ANY_IRI = "<>"
_DATE = re.compile(r"-?\d{4,}-\d\d-\d\d")


@dataclass(frozen=True, slots=True)
class Parameter:
    """What a question can be asked about; ``default`` is a name, date, number or IRI, without quotes or brackets."""

    name: str
    description: str
    default: str


@dataclass(frozen=True, slots=True)
class SampleQuestion:
    """A sample question; ``text`` is the whole file, which is SPARQL with the default values in place."""

    name: str
    title: str
    description: str
    keywords: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    text: str


def read_questions() -> tuple[SampleQuestion, ...]:
    """Reads all sample questions, sorted by name."""
    folder = data_folder("queries") / "examples"
    return tuple(read_question(path) for path in sorted(folder.glob("*.rq")))


def find_question(name: str) -> SampleQuestion:
    """Reads the sample question of this name. Raises UsageError, which suggests similar names, if there is none."""
    known = {query.name: query for query in read_questions()}
    if name not in known:
        near = get_close_matches(name, known, n=3, cutoff=0.4) or sorted(known)
        raise UsageError(f"no query {name!r}; there is {', '.join(near)}")
    return known[name]


def bind(query: SampleQuestion, values: Mapping[str, str]) -> str:
    """Returns the query's text with these values for its parameters, each escaped as a term of its default's kind.

    Raises UsageError for a parameter that the query does not have, and for a value that is not a term of that kind.
    """
    if unknown := values.keys() - {parameter.name for parameter in query.parameters}:
        has = ", ".join(parameter.name for parameter in query.parameters) or "none"
        raise UsageError(f"{query.name} has no parameter {', '.join(sorted(unknown))}; its parameters: {has}")
    return _bind(query.text, values)


def query_text(name: str, **values: str) -> str:
    """Returns the text of ``queries/NAME.rq``, with these values for its parameters.

    Raises UsageError for a value that is not a term of its parameter's kind, KeyError for an unknown parameter.
    """
    text = _read_text(name)
    if unknown := values.keys() - {parameter for parameter, _ in _VALUES.findall(text)}:
        raise KeyError(f"queries/{name}.rq has no parameter {', '.join(sorted(unknown))}")
    return _bind(text, values)


@cache
def _read_text(name: str) -> str:
    return (data_folder("queries") / f"{name}.rq").read_text("utf-8")


def _bind(text: str, values: Mapping[str, str]) -> str:
    def value(match: re.Match[str]) -> str:
        name, default = match[1], match[2] or _ANY_IRI
        return f"VALUES ?{name} {{ {_write_term(name, values[name], default)} }}" if name in values else match[0]

    return _VALUES.sub(value, text)


def read_question(path: Path) -> SampleQuestion:
    """Reads a sample question. Raises HamakgError if its head is incomplete or contradicts the text."""
    text = path.read_text("utf-8")
    head: dict[str, list[str]] = {"title": [], "description": [], "keywords": [], "parameter": []}
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        if match := _HEAD.fullmatch(line):
            head[match[1]].append(match[2])
    if wrong := [key for key in ("title", "description", "keywords") if len(head[key]) != 1]:
        raise HamakgError(f"{path}: its head must have one line '# {wrong[0]}: …'")
    return SampleQuestion(
        name=path.stem,
        title=head["title"][0],
        description=head["description"][0],
        keywords=tuple(word.strip() for word in head["keywords"][0].split(",")),
        parameters=tuple(_read_parameters(head["parameter"], text, path)),
        text=text,
    )


def _read_parameters(lines: Iterable[str], text: str, path: Path) -> Iterable[Parameter]:
    bound = {name: _read_value(term) for name, term in _VALUES.findall(text)}
    for line in lines:
        match = _PARAMETER.fullmatch(line)
        if match is None or bound.get(match[1]) != _read_value(match[2]):
            raise HamakgError(
                f"{path}: the query has no 'VALUES ?name {{ default }}' that agrees with the parameter {line!r}"
            )
        yield Parameter(match[1], match[3], _read_value(match[2]))


def _read_value(term: str) -> str:
    """The value of a term: without quotes or brackets, language and datatype."""
    if term.startswith("<"):
        return term[1:-1]
    return re.sub(r"\\(.)", r"\1", term[1 : term.rindex('"')]) if term.startswith('"') else term


def _write_term(name: str, value: str, default: str) -> str:
    """The value as a SPARQL term of the default's kind: IRI, number, date, text in a language, plain text."""
    try:
        if default.startswith("<"):
            return str(NamedNode(value))
        if not default.startswith('"'):
            return _write_number(name, value, is_decimal="." in default)
        suffix = default[default.rindex('"') + 1 :]
        if suffix.startswith("@"):
            return str(Literal(value, language=suffix[1:]))
        if suffix == "^^xsd:date" and not _DATE.fullmatch(value):
            raise ValueError(value)
        return f"{Literal(value)}{suffix}"  # the query declares the prefix of a datatype, since its default uses it
    except ValueError as error:
        raise UsageError(f"parameter {name}: {value!r} is not the same kind of value as {default}") from error


def _write_number(name: str, value: str, is_decimal: bool) -> str:
    """The value as an xsd:integer or xsd:decimal. Raises ValueError for other text, UsageError out of its range."""
    if not is_decimal:
        return str(int(value))
    try:
        number = Decimal(value)
    except InvalidOperation as error:
        raise ValueError(value) from error
    if not number.is_finite():
        raise ValueError(value)
    if name == MIN_CONFIDENCE and not 0 <= number <= 1:
        raise UsageError(f"parameter {name}: {value} is not between 0 and 1")
    text = format(number, "f")
    return text if "." in text else f"{text}.0"
