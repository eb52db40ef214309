"""The pages: the data set and its figures, the sample questions, every resource and graph, the ontology."""

from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby, islice
from typing import cast
from urllib.parse import quote

from flask import Blueprint, Response, abort, render_template, request
from flask.typing import ResponseReturnValue
from pyoxigraph import NamedNode, QueryBoolean, QuerySolution, QuerySolutions, RdfFormat, Store

from hamakg.data_files import data_folder
from hamakg.engine.jobs import RequestError
from hamakg.errors import UsageError
from hamakg.rdf.iris import HAMA, Iris
from hamakg.sparql import query_files
from hamakg.sparql.ask import Dataset
from hamakg.sparql.query_files import query_text
from hamakg.sparql.select import select
from hamakg.store import VersionedStore
from hamakg.web.pages import editor
from hamakg.web.pages.answer import Result, Run, answer
from hamakg.web.pages.display import RDF_TYPE, Show, Shown, shower
from hamakg.web.pages.facts import facts
from hamakg.web.pages.resource import described, resource_page
from hamakg.web.protocol.formats import GRAPHS, HTML, SOLUTIONS, Format, negotiate, write
from hamakg.web.protocol.operation import QueryOperation, read_operation
from hamakg.web.protocol.problems import STATUSES

ROWS_SHOWN = 500

_RELATIONS = {
    "broader": "kind of",
    "narrower": "its kinds",
    "values": "its values",
    "domain": "said of",
    "range": "with values of",
    "inverse": "the other way round",
    "under": "in other vocabularies under",
    "exact": "the same as",
    "close": "close to",
    "broad": "narrower than",
    "narrow": "wider than",
    "related": "overlapping with",
}
_MAPPINGS = ("alignments", "crosswalk")


@dataclass(frozen=True, slots=True)
class Table:
    """A result as rows of shown terms; ``cut`` when there are more than ``ROWS_SHOWN``."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Shown, ...], ...]
    cut: bool


@dataclass(frozen=True, slots=True)
class TermEntry:
    """A term of the ontology; ``relations`` are words such as "kind of" with the terms they lead to."""

    id: str
    kind: str
    label: str
    comment: str
    example: str
    relations: tuple[tuple[str, tuple[Shown, ...]], ...]


def blueprint(store: VersionedStore, iris: Iris, run: Run) -> Blueprint:
    """The pages over a store; queries that come from outside are answered by ``run``."""
    site = Blueprint("pages", __name__)

    @site.get("/")
    def home() -> ResponseReturnValue:
        return render_template("home.html", examples=query_files.read_examples(), **_overview(store.snapshot(), iris))

    @site.get("/queries/<name>")
    def question(name: str) -> ResponseReturnValue:
        return _question(store.snapshot(), iris, name, run)

    @site.get("/query")
    def query() -> ResponseReturnValue:
        return _query(iris)

    @site.get("/resource/<path:path>")
    def resource(path: str) -> ResponseReturnValue:
        return _resource(store.snapshot(), iris, path)

    @site.get("/graph")
    def graphs() -> ResponseReturnValue:
        snapshot = store.snapshot()
        return render_template("graphs.html", graphs=_table(select(snapshot, "pages/graphs"), shower(snapshot, iris)))

    @site.get("/graph/<path:path>")
    def graph(path: str) -> ResponseReturnValue:
        return _graph(store.snapshot(), iris, path)

    @site.get("/ontology")
    def ontology() -> ResponseReturnValue:
        return _ontology(iris)

    @site.get("/ontology/alignments")
    def alignments() -> ResponseReturnValue:
        return _mapping("alignments")

    @site.get("/crosswalk")
    @site.get("/crosswalk/<any(acled, ucdp):scheme>")
    def crosswalk(scheme: str | None = None) -> ResponseReturnValue:
        return _mapping("crosswalk")

    @site.get("/sparql")
    def sparql() -> ResponseReturnValue:
        """For browsers; what programs ask is not asked here."""
        if not request.query_string:
            return render_template("sparql.html", query=query_text("pages/first"), examples=query_files.read_examples())
        return _sparql(store.snapshot(), iris, run)

    return site


def _query(iris: Iris) -> Response:
    """The page with the editor, or with a form where the editor was not built in or scripts do not run."""
    page = render_template(
        "query.html",
        installed=editor.installed(),
        settings=editor.settings(iris),
        query=request.args.get("query") or query_text("pages/first"),
    )
    return Response(page, headers={"Content-Security-Policy": editor.POLICY})


# ---------------------------------------------------------------- the data set and its questions


@lru_cache(maxsize=2)
def _overview(snapshot: Store, iris: Iris) -> dict[str, object]:
    """The home page's figures, counted once for each generation."""
    show = shower(snapshot, iris)
    figures = _table(select(snapshot, "pages/figures"), show)
    return {
        "figures": dict(zip(figures.columns, figures.rows[0], strict=True)),
        "events": _table(select(snapshot, "pages/events"), show),
        "articles": _table(select(snapshot, "pages/articles"), show),
    }


def _sparql(snapshot: Store, iris: Iris, run: Run) -> Response:
    """A query and its result."""
    try:
        operation = read_operation("GET", request.query_string)
    except RequestError as fault:
        abort(STATUSES[fault.kind], fault.message)
    query, dataset = cast(QueryOperation, operation).text, cast(QueryOperation, operation).dataset

    def page(result: Result) -> str:
        return render_template("sparql.html", query=query, **_shown_result(result, shower(snapshot, iris)))

    return answer(lambda: run(query, dataset, request.base_url), page)


def _question(snapshot: Store, iris: Iris, name: str, run: Run) -> Response:
    """A sample question's page, or its answer in another format."""
    known = {query.name: query for query in query_files.read_examples()}
    if name not in known:
        abort(404, f"There is no question {name!r}; the home page lists those there are.")
    query = known[name]
    values = {parameter.name: parameter.default for parameter in query.parameters}
    given = {key: request.args[key] for key in values if key in request.args}
    try:
        text = query_files.bind(query, given)
    except UsageError as error:
        abort(400, f"{error}.")

    def page(result: Result) -> str:
        shown = _shown_result(result, shower(snapshot, iris))
        return render_template("question.html", question=query, values=values | given, given=given, query=text, **shown)

    return answer(lambda: run(text, Dataset(), request.base_url), page, html_first=True)


def _shown_result(result: Result, show: Show) -> dict[str, object]:
    """What a template needs of a result: a table, or yes or no, or Turtle."""
    if isinstance(result, QuerySolutions):
        return {"table": _table(result, show), "formats": SOLUTIONS}
    if isinstance(result, QueryBoolean):
        return {"truth": bool(result), "formats": SOLUTIONS}
    return {"turtle": write(islice(result, ROWS_SHOWN), GRAPHS[0]).decode(), "formats": GRAPHS}


def _table(solutions: QuerySolutions, show: Show) -> Table:
    columns = tuple(variable.value for variable in solutions.variables)
    rows = [tuple(show(solution[column]) for column in columns) for solution in islice(solutions, ROWS_SHOWN + 1)]
    return Table(columns, tuple(rows[:ROWS_SHOWN]), len(rows) > ROWS_SHOWN)


# ---------------------------------------------------------------- resources and graphs


def _resource(snapshot: Store, iris: Iris, path: str) -> Response:
    """What the data says of a resource, both ways; 404 if nothing."""
    node = _node(iris.resource(path))
    form, media_type = negotiate((HTML, *GRAPHS))
    if form is HTML:
        page = resource_page(snapshot, iris, node)
        if page:
            return _written(page, form, media_type)
    elif found := described(snapshot, node):
        return _written(write(found, form), form, media_type)
    abort(404, f"The data says nothing of {node.value}.")


def _graph(snapshot: Store, iris: Iris, path: str) -> Response:
    """A named graph: its triples, or the list of what it describes."""
    node = _node(iris.graph(path))
    triples = [quad.triple for quad in snapshot.quads_for_pattern(None, None, None, node)]
    if not triples:
        abort(404, f"There is no graph {node.value}; /graph lists those there are.")
    form, media_type = negotiate((HTML, *GRAPHS))
    if form is not HTML:
        return _written(write(sorted(triples, key=str), form), form, media_type)
    show = shower(snapshot, iris)
    types = ((triple.object, triple.subject) for triple in triples if triple.predicate == RDF_TYPE)
    page = render_template(
        "graph.html", iri=node.value, path=path, size=len(triples), described=facts(types, show), formats=GRAPHS
    )
    return _written(page, form, media_type)


def _ontology(iris: Iris) -> Response:
    """The ontology's file, or its terms as a page."""
    form, media_type = negotiate((HTML, *GRAPHS))
    if form is not HTML:
        return _written(_file("conflict", form), form, media_type)
    ontology = Store()
    for name in ("conflict", *_MAPPINGS):
        ontology.load(_file(name, GRAPHS[0]), RdfFormat.TURTLE)
    terms = [_entry(solution, shower(ontology, iris)) for solution in select(ontology, "pages/terms")]
    kinds = [(kind, list(group)) for kind, group in groupby(terms, key=lambda entry: entry.kind)]
    page = render_template("ontology.html", kinds=kinds, namespace=HAMA, formats=GRAPHS)
    return _written(page, form, media_type)


def _mapping(name: str) -> Response:
    """One of the files that set the ontology beside other vocabularies."""
    form, media_type = negotiate(GRAPHS)
    return _written(_file(name, form), form, media_type)


def _file(name: str, form: Format) -> bytes:
    """A file of the folder ``ontology``: as Turtle letter for letter, else its triples."""
    source = (data_folder("ontology") / f"{name}.ttl").read_bytes()
    if form.writer is RdfFormat.TURTLE:
        return source
    graph = Store()
    graph.load(source, RdfFormat.TURTLE)
    return write(sorted((quad.triple for quad in graph), key=str), form)


def _entry(solution: QuerySolution, show: Show) -> TermEntry:
    """One row of ``terms.rq``; terms that are related are in one string, apart by spaces."""
    text = {column: show(solution[column]).text for column in ("kind", "label", "comment", "example")}
    relations = ((word, sorted(show(solution[column]).text.split())) for column, word in _RELATIONS.items())
    related = tuple((word, tuple(show(NamedNode(iri)) for iri in iris)) for word, iris in relations if iris)
    return TermEntry(cast(NamedNode, solution["term"]).value.removeprefix(HAMA), **text, relations=related)


def _written(body: str | bytes, form: Format, media_type: str) -> Response:
    """A representation, with its own address (https://www.rfc-editor.org/rfc/rfc9110#section-8.7)."""
    headers = {"Vary": "Accept", "Content-Location": f"{quote(request.path)}?format={form.name}"}
    return Response(body, mimetype=media_type, headers=headers)


def _node(iri: str) -> NamedNode:
    try:
        return NamedNode(iri)
    except ValueError:
        abort(404, "No IRI is spelled so.")
