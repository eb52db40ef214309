"""Reads from the text of an update which graphs it may change, and adds USING clauses to it.

The engine reports neither. Grammar: https://www.w3.org/TR/sparql11-query/#rUpdate
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from hamakg.sparql.tokens import keyword_of, tokenize

Token = re.Match[str]


class ChangedGraphs(NamedTuple):
    """The graphs that an update may change.

    ``named`` are the named graphs as the update writes them, None if it may change any; ``default`` says whether it may
    change the default graph; ``prologue`` has the declarations that the names need.
    """

    named: tuple[str, ...] | None
    default: bool
    prologue: str


class _Block(NamedTuple):
    """The tokens within a pair of outermost braces, and those between it and the pair before; where it ends."""

    before: Sequence[Token]
    inside: Sequence[Token]
    end: int

    @property
    def keywords(self) -> list[str]:
        """Those before the braces; "" for any other token."""
        return [keyword_of(token) for token in self.before]

    @property
    def is_template(self) -> bool:
        """Whether its triples are inserted or deleted. The block of DELETE WHERE is both template and pattern."""
        return self.keywords[-1:] in (["insert"], ["delete"], ["data"]) or self.keywords[-2:] == ["delete", "where"]

    @property
    def is_graph(self) -> bool:
        """Whether it is ``GRAPH name { … }``."""
        return self.keywords[-2:-1] == ["graph"]


def find_changed_graphs(update: str) -> ChangedGraphs:
    """Finds the graphs that an update may change.

    Errs on the safe side: also names some graphs that are only read, and the default graph if WITH names another.
    """
    blocks = list(_split_blocks(tokenize(update)))
    inner = [block for template in blocks if template.is_template for block in _split_blocks(template.inside)]
    outside = [token for block in blocks for token in block.before]
    graphs = [block.before[-1] for block in inner if block.is_graph]
    names = [token[0] for token in (*outside, *graphs) if token["iri"] or token["name"]]
    # of the words outside of braces, not those of USING NAMED: it names graphs to read
    keywords = {word for before, word in pairwise(["", *map(keyword_of, outside)]) if before != "using"}
    any_named = not keywords.isdisjoint({"all", "named"}) or any(graph["variable"] for graph in graphs)
    in_default = any(token[0] != "." for block in inner for token in _outside_graph(block))
    return ChangedGraphs(
        named=None if any_named else tuple(dict.fromkeys(names)),
        default=in_default or not keywords.isdisjoint({"all", "default", "load"}),
        prologue=_read_prologue(update, outside),
    )


def clears_all_graphs(update: str) -> bool:
    """Whether it clears all named graphs, and drops none."""
    keywords = [keyword for block in _split_blocks(tokenize(update)) for keyword in block.keywords]
    return "clear" in keywords and not {"all", "named"}.isdisjoint(keywords) and "drop" not in keywords


def add_using(update: str, clauses: str) -> str:
    """Returns the update with these USING clauses in each operation that has a pattern.

    Raises ValueError if an operation has USING or WITH of its own, which the protocol forbids if the request names a
    data set too (https://www.w3.org/TR/sparql11-protocol/#update-operation).
    """
    written, end = "", 0
    for block in _split_blocks(tokenize(update)):
        if not {"using", "with"}.isdisjoint(block.keywords):
            raise ValueError("the update has USING or WITH, and the request names a data set too; keep one of the two")
        if block.keywords[-1:] == ["where"]:
            where = block.before[-1]
            # DELETE WHERE allows no USING: its block is written twice, as template and as pattern
            template = update[where.end() : block.end] if block.is_template else ""
            written += f"{update[end : where.start()]}{template} {clauses} "
            end = where.start()
    return written + update[end:]


def _split_blocks(tokens: Iterable[Token]) -> Iterator[_Block]:
    """Yields a block for each pair of outermost braces, and one for the tokens after the last."""
    depth, before, inside = 0, list[Token](), list[Token]()
    for token in tokens:
        depth -= token[0] == "}"
        if token[0] == "}" and not depth:
            yield _Block(before, inside, token.end())
            before, inside = [], []
        elif depth:
            inside.append(token)
        elif token[0] != "{":
            before.append(token)
        depth += token[0] == "{"
    yield _Block(before, inside, 0)


def _outside_graph(block: _Block) -> Sequence[Token]:
    """The tokens of a template that belong to no GRAPH clause."""
    return block.before[:-2] if block.is_graph else [*block.before, *block.inside]


def _read_prologue(update: str, outside: Sequence[Token]) -> str:
    """The PREFIX and BASE declarations, which may precede any operation."""
    declarations = []
    for first, second, third in zip(outside, outside[1:], [*outside[2:], None], strict=False):
        if keyword_of(first) == "prefix" and third is not None:
            declarations.append(update[first.start() : third.end()])
        elif keyword_of(first) == "base":
            declarations.append(update[first.start() : second.end()])
    return "\n".join(declarations)
