"""The parts of the documentation that are made from the code: ``make docs`` writes them anew, a test compares them.

A part stands between ``<!-- NAME: generated -->`` and ``<!-- NAME: end -->``. What commands print is generated too:
see :mod:`docs.session`.
"""

import re
import subprocess
import tomllib
from collections.abc import Callable, Iterable, Iterator
from functools import partial

import click
from rdflib import OWL, RDF, RDFS, Graph, URIRef
from rdflib.term import Node

from docs.blocks import PROJECT
from hamakg.cli import cli
from hamakg.evaluation.gold import find_project_gold
from hamakg.evaluation.recorded import read_recorded_scores
from hamakg.sparql import query_files

_PART = re.compile(r"(<!-- (?P<name>[\w-]+): generated -->\n).*?(<!-- (?P=name): end -->)", re.DOTALL)
_WIDTH = 100
_HAMA = "https://w3id.org/hamakg/ontology#"


def list_commands() -> str:
    """The help of every command, as the terminal shows it, each under a heading."""
    group = click.Context(cli, info_name="hamakg", **{**cli.context_settings, "terminal_width": _WIDTH})
    sections = [_format_help(cli, group)]
    for name, command in cli.commands.items():
        sections.append(
            f"## hamakg {name}\n\n" + _format_help(command, click.Context(command, parent=group, info_name=name))
        )
    return "\n".join(sections)


def list_questions() -> str:
    """A table of the sample questions."""
    rows = [
        (
            f"`{query.name}`",
            f"**{query.title}.** {query.description}",
            ", ".join(f"`{p.name}={p.default}` ({p.description})" for p in query.parameters),
        )
        for query in query_files.read_questions()
    ]
    return _format_table(("name", "question", "parameters"), rows)


def list_slot_scores() -> str:
    """A table of how well each slot of the events is read in the seed articles, as it was last recorded."""
    figures = read_recorded_scores(find_project_gold()[0])
    rows = figures["slots"] | {"**facts: all of these**": figures["facts"]["all"]}
    return _format_table(
        ("slot", "annotated", "precision", "recall", "F1"),
        (
            (name, f"{f['annotated']}", f"{f['precision']:.2f}", f"{f['recall']:.2f}", f"{f['f1']:.2f}")
            for name, f in rows.items()
        ),
    )


def list_classes() -> str:
    """A table of the ontology's classes, in its order."""
    ontology = _read_ontology()
    rows = (
        (
            _shorten(ontology, [term]),
            _shorten(ontology, ontology.objects(term, RDFS.subClassOf)),
            _find_comment(ontology, term),
        )
        for term in _find_terms(ontology, OWL.Class)
    )
    return _format_table(("class", "kind of", "what it is"), rows)


def list_properties() -> str:
    """A table of the ontology's properties, in its order; inverses are left out."""
    ontology = _read_ontology()
    rows = (
        (
            _shorten(ontology, [term]),
            _shorten(ontology, ontology.objects(term, RDFS.domain)),
            _shorten(ontology, ontology.objects(term, RDFS.range)),
            _find_comment(ontology, term),
        )
        for kind in (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
        for term in _find_terms(ontology, kind)
        if not ontology.value(term, OWL.inverseOf)
    )
    return _format_table(("property", "of", "value", "what it says"), rows)


def list_targets() -> str:
    """What ``make`` can do, as ``make help`` lists it."""
    listed = subprocess.run(["make", "help"], cwd=PROJECT, capture_output=True, check=True, text=True).stdout
    rows = (re.fullmatch(r"(make \S+) +(.*)", line) for line in listed.splitlines())
    return _format_table(("target", "what it does"), ((f"`{row[1]}`", row[2]) for row in rows if row))


def draw_layers(container: str = "hamakg") -> str:
    """The layers of a package as its import contract has them, from the top."""
    contracts = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    lines = next(contract["layers"] for contract in contracts if contract.get("containers") == [container])
    return "```text\n" + "".join(f"{line}\n" for line in lines) + "```\n"


PARTS: dict[str, Callable[[], str]] = {
    "commands": list_commands,
    "questions": list_questions,
    "slots": list_slot_scores,
    "classes": list_classes,
    "properties": list_properties,
    "targets": list_targets,
    "layers": draw_layers,
    "narrative": partial(draw_layers, "hamakg.extract.narrative"),
}


def find_part_names(text: str) -> list[str]:
    """The names of the generated parts in this text."""
    return [match["name"] for match in _PART.finditer(text)]


def replace_parts(text: str) -> str:
    """The text with each generated part as it should be. Raises KeyError for a part that nothing makes."""
    return _PART.sub(lambda part: f"{part[1]}\n{PARTS[part['name']]()}\n{part[3]}", text)


def _format_help(command: click.Command, context: click.Context) -> str:
    return f"```text\n{command.get_help(context)}\n```\n"


def _format_table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    cells = [head, ("---",) * len(head), *rows]
    return "".join(f"| {' | '.join(cell.replace('|', '&#124;') for cell in row)} |\n" for row in cells)


def _read_ontology() -> Graph:
    return Graph().parse(PROJECT / "ontology" / "conflict.ttl")


def _find_terms(ontology: Graph, kind: URIRef) -> Iterator[URIRef]:
    """The ontology's own terms of a kind, in the order of the file."""
    text = (PROJECT / "ontology" / "conflict.ttl").read_text("utf-8")
    for name in re.findall(r"^hama:(\w+) a ", text, re.MULTILINE):
        term = URIRef(_HAMA + name)
        if (term, RDF.type, kind) in ontology:
            yield term


def _shorten(ontology: Graph, terms: Iterable[Node]) -> str:
    return ", ".join(f"`{ontology.namespace_manager.qname(str(term))}`" for term in terms)


def _find_comment(ontology: Graph, term: URIRef) -> str:
    return str(ontology.value(term, RDFS.comment))
