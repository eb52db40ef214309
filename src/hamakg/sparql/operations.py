"""What the operations of an update would change, as far as its words tell.

Grammar: https://www.w3.org/TR/sparql11-query/#rUpdate
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from hamakg.sparql.tokens import in_order, word_of

Token = re.Match[str]


class Written(NamedTuple):
    """The graphs that an update may change: the named ones as it writes them, None for any; the default graph or not.

    ``prologue`` is the text that says what the names mean.
    """

    named: tuple[str, ...] | None
    default: bool
    prologue: str


class _Block(NamedTuple):
    """What stands between two outermost braces, and the tokens before them since the last."""

    before: Sequence[Token]
    inside: Sequence[Token]
    end: int

    @property
    def words(self) -> list[str]:
        return [word_of(token) for token in self.before]

    @property
    def is_template(self) -> bool:
        """Whether its triples are inserted or deleted; both pattern and template in DELETE WHERE."""
        return self.words[-1:] in (["insert"], ["delete"], ["data"]) or self.words[-2:] == ["delete", "where"]


def graphs_written(update: str) -> Written:
    """Errs on the safe side: names some graphs that are only read, and the default graph where WITH names another."""
    blocks = list(_blocks(in_order(update)))
    inner = [graph for block in blocks if block.is_template for graph in _blocks(block.inside)]
    outside = [token for block in blocks for token in block.before]
    graphs = [block.before[-1] for block in inner if block.words[-2:-1] == ["graph"]]
    beside = [token for block in inner for token in _beside_graph(block) if token[0] != "."]
    words = {word for word, before in pairwise([*map(word_of, reversed(outside)), ""]) if before != "using"}
    anything = not words.isdisjoint({"all", "named"}) or any(graph["variable"] for graph in graphs)
    named = dict.fromkeys(token[0] for token in (*outside, *graphs) if token["iri"] or token["name"])
    default = bool(beside) or not words.isdisjoint({"all", "default", "load"})
    return Written(None if anything else tuple(named), default, _prologue(update, outside))


def clears_all(update: str) -> bool:
    """Whether it clears all named graphs, and drops none."""
    words = [word for block in _blocks(in_order(update)) for word in block.words]
    return "clear" in words and not {"all", "named"}.isdisjoint(words) and "drop" not in words


def with_using(update: str, clauses: str) -> str:
    """The update with these USING clauses in each of its operations that has a pattern.

    Raises ValueError if one has USING or WITH of its own, which the protocol forbids beside a data set of the request's
    (https://www.w3.org/TR/sparql11-protocol/#update-operation).
    """
    written, end = "", 0
    for block in _blocks(in_order(update)):
        if not {"using", "with"}.isdisjoint(block.words):
            raise ValueError("the update has USING or WITH, and the request names a data set too; keep one of the two")
        if block.words[-1:] == ["where"]:
            where = block.before[-1]
            pattern = update[where.end() : block.end] if block.is_template else ""
            written += f"{update[end : where.start()]}{pattern} {clauses} "
            end = where.start()
    return written + update[end:]


def _blocks(tokens: Iterable[Token]) -> Iterator[_Block]:
    """One for each outermost pair of braces, and one for what follows the last."""
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


def _beside_graph(block: _Block) -> Sequence[Token]:
    """The tokens before a block that are not its ``GRAPH name``."""
    return block.before[:-2] if block.words[-2:-1] == ["graph"] else [*block.before, *block.inside]


def _prologue(update: str, outside: Sequence[Token]) -> str:
    """Its PREFIX and BASE declarations, which may stand before any operation."""
    declared = []
    for first, second, third in zip(outside, outside[1:], [*outside[2:], None], strict=False):
        if word_of(first) == "prefix" and third is not None:
            declared.append(update[first.start() : third.end()])
        elif word_of(first) == "base":
            declared.append(update[first.start() : second.end()])
    return "\n".join(declared)
