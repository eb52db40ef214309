"""Templates of updates: quads with variables, of which each solution of a pattern makes quads.

The engine reads them: with an IRI in the place of each variable, a template is INSERT DATA, which has no variables
(https://www.w3.org/TR/sparql11-query/#rQuadPattern). So prefixes, lists, ``[…]`` and annotations are its work.
"""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import pyoxigraph as ox

from hamakg.sparql.tokens import tokenize
from hamakg.store import UNION

_VARIABLE = "urn:hamakg:variable:"

_Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | ox.DefaultGraph


class Template(NamedTuple):
    """Quads with an IRI, :data:`_VARIABLE` and a number, in the place of each of the ``variables``, such as "s"."""

    quads: Sequence[ox.Quad]
    variables: Sequence[str]

    def fill(self, solution: ox.QuerySolution) -> Iterator[ox.Quad]:
        """Yields the quads for a solution with the values of the variables, with blank nodes of its own.

        Leaves out quads with an unbound variable, or with a term in a place where RDF does not allow it.
        """
        blank_nodes = dict[ox.BlankNode, ox.BlankNode]()
        for quad in self.quads:
            try:
                filled = ox.Quad(*(self._fill_term(term, solution, blank_nodes) for term in quad))
            except TypeError:
                continue
            if isinstance(filled.graph_name, ox.NamedNode):
                yield filled

    def _fill_term(
        self, term: _Term, solution: ox.QuerySolution, blank_nodes: dict[ox.BlankNode, ox.BlankNode]
    ) -> Any:  # None for an unbound variable; any term, though not each is allowed in each place
        if isinstance(term, ox.NamedNode) and term.value.startswith(_VARIABLE):
            return solution[self.variables[int(term.value.removeprefix(_VARIABLE))]]
        if isinstance(term, ox.BlankNode):
            return blank_nodes.setdefault(term, ox.BlankNode())
        if isinstance(term, ox.Triple):
            return ox.Triple(*(self._fill_term(part, solution, blank_nodes) for part in term))
        return term


def read_data(quads: str, prologue: str, base: str | None, default_graph: ox.NamedNode) -> list[ox.Quad]:
    """Reads the quads of INSERT DATA or DELETE DATA; those outside of GRAPH become quads of ``default_graph``."""
    data = ox.Store()
    data.update(f"{prologue} INSERT DATA {{ {quads}\n }}", base_iri=base)
    return [
        ox.Quad(quad.subject, quad.predicate, quad.object, default_graph) if quad.graph_name == UNION else quad
        for quad in data
    ]


def read_template(quads: str, prologue: str, base: str | None, default_graph: ox.NamedNode) -> Template:
    """Reads the text of a template; its quads outside of GRAPH become quads of ``default_graph``."""
    variables, written, end = dict[str, int](), "", 0
    for token in tokenize(quads):
        if token["variable"]:
            number = variables.setdefault(token[0][1:], len(variables))
            written += f"{quads[end : token.start()]}<{_VARIABLE}{number}>"
            end = token.end()
    return Template(read_data(written + quads[end:], prologue, base, default_graph), list(variables))
