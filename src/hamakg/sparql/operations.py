"""Splits the text of an update into its prologue and its operations, and each operation into its parts.

The engine runs updates, but does not say what they change. Grammar: https://www.w3.org/TR/sparql11-query/#rUpdate
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from hamakg.sparql.tokens import keyword_of, tokenize

Token = re.Match[str]

_FORMS = re.compile(
    r"""
    (?P<data> (?:insert|delete) [ ] data ) [ ] \{\}
  | (?P<delete_where> delete [ ] where ) [ ] \{\}
  | (?P<modify> (?P<with> with [ ] NAME [ ] )? (?P<delete> delete [ ] \{\} [ ] )? (?P<insert> insert [ ] \{\} [ ] )?
                (?P<using> (?:using [ ] (?:named [ ] )? NAME [ ] )* ) where [ ] \{\} )
  | (?P<load> load ) [ ] (?P<silently_load> silent [ ] )? NAME (?P<into> [ ] into [ ] graph [ ] NAME )?
  | (?P<empty> clear | drop ) [ ] (?:silent [ ] )? (?P<emptied> graph [ ] NAME | default | named | all )
  | (?P<create> create ) [ ] (?:silent [ ] )? graph [ ] NAME
  | (?P<transfer> add | move | copy ) [ ] (?:silent [ ] )? (?P<source> default | (?:graph [ ] )? NAME )
                [ ] to [ ] (?P<target> default | (?:graph [ ] )? NAME )
    """,
    re.VERBOSE,
)
"""The forms of operations, as :func:`_read_operation` describes them."""

_DECLARATIONS = {"prefix": 3, "base": 2, "version": 2}
"""The tokens of each declaration of a prologue."""


class DataOperation(NamedTuple):
    """INSERT DATA or DELETE DATA; ``quads`` is the text between the braces."""

    deletes: bool
    quads: str


class PatternOperation(NamedTuple):
    """DELETE and INSERT with a pattern, DELETE WHERE.

    ``graph`` is the name after WITH, "" if there is none; ``deleted`` and ``inserted`` the texts of the templates;
    ``dataset`` are the USING clauses, written as FROM clauses; ``pattern`` is a group, with its braces.
    """

    graph: str
    deleted: str
    inserted: str
    dataset: str
    pattern: str


class LoadOperation(NamedTuple):
    """LOAD; ``text`` is the operation without INTO, ``target`` the graph's name, "" for the default graph."""

    text: str
    target: str


class ClearOperation(NamedTuple):
    """CLEAR and DROP; ``target`` is the graph's name, or "default", "named" or "all"."""

    drops: bool
    silent: bool
    target: str


class CreateOperation(NamedTuple):
    """CREATE."""

    silent: bool
    target: str


class TransferOperation(NamedTuple):
    """ADD, MOVE and COPY, the ``verb``; ``source`` and ``target`` are names of graphs or "default"."""

    verb: str
    silent: bool
    source: str
    target: str


Operation = DataOperation | PatternOperation | LoadOperation | ClearOperation | CreateOperation | TransferOperation


class _Part(NamedTuple):
    """A token outside of braces, or a pair of outermost braces with what is between them."""

    word: str
    text: str


def split_prologue(update: str) -> tuple[str, str]:
    """Splits an update into its declarations of prefixes, base and version, and its operations.

    The engine knows no declarations between operations.
    """
    tokens = tokenize(update)
    begin = 0
    while begin < len(tokens) and (count := _DECLARATIONS.get(keyword_of(tokens[begin]))):
        begin += count
    end = tokens[begin].start() if begin < len(tokens) else len(update)
    return update[:end], update[end:]


def split_operations(operations: str) -> Iterator[Operation]:
    """Yields the operations of a well-formed update without prologue, in their order.

    Raises ValueError for an operation that has none of the forms, for instance because a space is missing that the
    engine does not need.
    """
    return (_read_operation(parts) for parts in _split_parts(operations) if parts)


def _split_parts(operations: str) -> Iterator[list[_Part]]:
    """Yields the parts of each operation."""
    depth, begin, parts = 0, 0, list[_Part]()
    for token in tokenize(operations):
        if token[0] == "{":
            depth += 1
            begin = token.start() if depth == 1 else begin
        elif token[0] == "}":
            depth -= 1
            if not depth:
                parts.append(_Part("{}", operations[begin : token.end()]))
        elif depth:
            continue
        elif token[0] == ";":
            yield parts
            parts = []
        else:
            parts.append(_Part(keyword_of(token) or ("NAME" if token["iri"] or token["name"] else ""), token[0]))
    yield parts


def _read_operation(parts: Sequence[_Part]) -> Operation:
    form = _FORMS.fullmatch(" ".join(part.word for part in parts))
    if form is None:
        text = " ".join(part.text for part in parts if part.word != "{}")
        raise ValueError(f"the operation {text!r} cannot be read; write spaces between its words and names")
    names = [part.text for part in parts if part.word == "NAME"]
    blocks = [part.text for part in parts if part.word == "{}"]
    silent = any(part.word == "silent" for part in parts)
    if form["data"]:
        return DataOperation(form["data"].startswith("delete"), blocks[0][1:-1])
    if form["delete_where"]:
        return PatternOperation("", blocks[0][1:-1], "", "", blocks[0])
    if form["modify"]:
        graph = names.pop(0) if form["with"] else ""
        deleted = blocks.pop(0)[1:-1] if form["delete"] else ""
        inserted = blocks.pop(0)[1:-1] if form["insert"] else ""
        clauses = zip(re.findall("using (named )?", form["using"]), names, strict=True)
        dataset = " ".join(f"FROM {named}{name}" for named, name in clauses)
        return PatternOperation(graph, deleted, inserted, dataset, blocks[0])
    if form["load"]:
        target = names[1] if form["into"] else ""
        return LoadOperation(f"LOAD {'SILENT' if silent else ''} {names[0]}", target)
    if form["empty"]:
        return ClearOperation(form["empty"] == "drop", silent, names[0] if names else form["emptied"])
    if form["create"]:
        return CreateOperation(silent, names[0])
    source = names.pop(0) if form["source"] != "default" else "default"
    return TransferOperation(form["transfer"], silent, source, names[0] if names else "default")
