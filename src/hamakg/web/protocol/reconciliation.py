"""``/reconcile``: matching other people's lists with the graph, by the Reconciliation Service API 0.2
(https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/).

What is asked and answered in the API's own words stands here; what is meant by it, in ``link.catalogue``.
"""

import json
import re
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from itertools import islice
from threading import BoundedSemaphore, Lock
from typing import Any

from flask import Blueprint, Response, abort, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from pyoxigraph import Store

from hamakg.link import stored, things
from hamakg.link.catalogue import ALL, ANY, SHOULD, Candidate, Catalogue, Given, Wanted
from hamakg.link.properties import Property, Statements, Value, properties
from hamakg.link.taxonomy import Type, types
from hamakg.link.things import Thing
from hamakg.model import Ref
from hamakg.rdf.iris import HAMA, Iris
from hamakg.store import VersionedStore

BATCH = 100
"""Queries in one request, at most."""

MAX_IDS = 500
"""Things whose values are fetched by one request, at most."""

MAX_PROPERTIES = 20
"""Properties of one query, or of one request for values, at most."""

LONGEST = 200
"""Letters of a name or a value, at most: no name is longer, and to compare long texts takes long."""

_VERSION = "0.2"
_LIMIT, _MOST = 10, 100  # candidates of a query
_SUGGESTED_OF = ("entity", "type", "property")
_SUGGESTED = 20
_PREVIEWED = 3  # values of a property
_AT_ONCE = 4  # of the threads that answer pages
_PATIENCE = 1.0  # seconds
_DEFAULT_TYPES = ("Place", "Actor", "MilitaryConflict")
_DIGITS = 4
_COUNT = re.compile(r"[0-9]{1,9}(\.0+)?")
_LIMIT_SETTING = {
    "name": "limit",
    "label": "Limit",
    "type": "number",
    "default": 0,
    "help_text": "Values of a thing at most (0: all)",
}
_PREVIEW = {"width": 420, "height": 240}
# The preview is shown in other people's pages; all else stays forbidden.
_PREVIEW_POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *"


def blueprint(store: VersionedStore, iris: Iris, seconds: float) -> Blueprint:
    """The service over a store; a request has an answer within so many seconds."""
    site = Blueprint("reconciliation", __name__, url_prefix="/reconcile")
    known, at_once = _Known(iris), BoundedSemaphore(_AT_ONCE)

    @contextmanager
    def taking_turns() -> Iterator[float]:
        """Leaves threads for the other pages; the time at which the request has to have an answer."""
        if not at_once.acquire(timeout=_PATIENCE):
            abort(503, "Too many lists are matched at once; try again in a moment.")
        try:
            yield time.monotonic() + seconds
        finally:
            at_once.release()

    @site.route("", methods=["GET", "POST"])
    def reconcile() -> ResponseReturnValue:
        asked = request.form if request.method == "POST" else request.args
        if "queries" in asked:
            batch, snapshot = _batch(asked["queries"]), store.snapshot()
            with taking_turns() as end:
                return jsonify(_results(batch, known.of(snapshot), Statements(snapshot, iris), end))
        if "extend" in asked:
            extension, snapshot = _extension(asked["extend"]), store.snapshot()
            with taking_turns() as end:
                return jsonify(_extended(extension, known.of(snapshot), Statements(snapshot, iris), end))
        if request.method == "POST" or "query" in asked:
            abort(400, "Send 'queries' or 'extend', JSON; without either this address tells what the service can do.")
        return jsonify(_manifest(iris))

    @site.get("/suggest/entity")
    def suggest_entity() -> ResponseReturnValue:
        found = known.of(store.snapshot()).beginning(_prefix(), request.args.getlist("type"))
        return jsonify({"result": [_entity(thing) for thing in _page(found)]})

    @site.get("/suggest/type")
    def suggest_type() -> ResponseReturnValue:
        return jsonify({"result": _page([_type(t) for t in types().values() if _begins(t.id, t.name)])})

    @site.get("/suggest/property")
    def suggest_property() -> ResponseReturnValue:
        return jsonify({"result": _page([_property(p) for p in properties().values() if _begins(p.id, p.name)])})

    @site.get("/properties")
    def propose() -> ResponseReturnValue:
        asked = request.args.get("type", "")
        found = [p for p in properties().values() if not asked or p.belongs_to(asked)]
        limit = _number("limit", len(found))
        return jsonify({"type": asked, "limit": limit, "properties": [_property(p) for p in found[:limit]]})

    @site.get("/preview")
    def preview() -> ResponseReturnValue:
        snapshot = store.snapshot()
        found = known.of(snapshot).of_id(request.args.get("id", ""))
        if not found:
            abort(404, f"The graph has no party, place or conflict {request.args.get('id', '')[:LONGEST]!r}.")
        thing = found[0]
        graph = Statements(snapshot, iris)
        told = [(p.name, graph.values([thing.ref], p.id).get(thing.ref, ())) for p in properties().values()]
        shown = [(name, list(islice(values, _PREVIEWED)), len(values)) for name, values in told if values]
        page = render_template("preview.html", thing=thing, said=describe(thing), told=shown)
        return Response(page, headers={"Content-Security-Policy": _PREVIEW_POLICY})

    return site


class _Known:
    """The catalogue of the generation that was asked for last: to make one takes as long as reading all names."""

    def __init__(self, iris: Iris) -> None:
        self._iris, self._making = iris, Lock()
        self._last: tuple[Store, Catalogue] | None = None

    def of(self, snapshot: Store) -> Catalogue:
        """The catalogue of a snapshot."""
        with self._making:
            if self._last is None or self._last[0] is not snapshot:
                named, links = things(snapshot, self._iris), stored(snapshot, self._iris)
                self._last = snapshot, Catalogue(named, links, self._iris.resource(""))
            return self._last[1]


def describe(thing: Thing) -> str:
    """What tells a thing from its namesakes: what it is, where it lies, in how many articles it is told of."""
    known = types()
    kinds = ", ".join(thing.kinds) or ", ".join(known[class_].name for class_ in thing.classes if class_ in known)
    years = f" of {', '.join(thing.years)}" if thing.years else ""
    articles = f"{len(thing.articles)} article{'' if len(thing.articles) == 1 else 's'}"
    return f"{kinds}{years}; in {articles}, {thing.statements} statement{'' if thing.statements == 1 else 's'}"


# ---------------------------------------------------------------- the service


def _manifest(iris: Iris) -> dict[str, Any]:
    """https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/#service-manifest"""
    if not request.host:
        abort(400, "The header Host names no host; the addresses of the service begin with it.")
    root = request.root_url.rstrip("/")
    here = f"{root}/reconcile"
    suggested = {
        what: {"service_url": here, "service_path": f"/suggest/{what}"} for what in ("entity", "type", "property")
    }
    return {
        "versions": [_VERSION],
        "name": f"hamakg: parties, places and conflicts ({request.host})",
        "identifierSpace": iris.resource(""),
        "schemaSpace": HAMA,
        "documentation": f"{root}/ontology",
        "serviceVersion": version("hamakg"),
        "defaultTypes": [_type(types()[id_]) for id_ in _DEFAULT_TYPES],
        "view": {"url": f"{root}/resource/{{{{id}}}}"},
        "preview": {"url": f"{here}/preview?id={{{{id}}}}", **_PREVIEW},
        "suggest": suggested,
        "extend": {
            "propose_properties": {"service_url": here, "service_path": "/properties"},
            "property_settings": [_LIMIT_SETTING],
        },
        "batchSize": BATCH,
    }


def _entity(thing: Thing) -> dict[str, Any]:
    return {"id": thing.ref, "name": thing.label, "description": describe(thing), "notable": _types_of(thing)}


def _types_of(thing: Thing) -> list[dict[str, str]]:
    known = types()
    return [{"id": class_, "name": known[class_].name} for class_ in thing.classes if class_ in known]


def _type(type_: Type) -> dict[str, Any]:
    above = types().get(type_.broader or "")
    broader = {"broader": [{"id": above.id, "name": above.name}]} if above else {}
    return {"id": type_.id, "name": type_.name, "description": type_.description, **broader}


def _property(prop: Property) -> dict[str, str]:
    return {"id": prop.id, "name": prop.name, "description": prop.description}


# ---------------------------------------------------------------- queries


def _batch(text: str) -> Mapping[str, Wanted]:
    """The queries by their keys. Aborts where they are none."""
    batch = _json_object("queries", text)
    if len(batch) > BATCH:
        abort(413, f"Send at most {BATCH} queries at once; these are {len(batch)}.")
    return {key: _wanted(key, query) for key, query in batch.items()}


def _wanted(key: str, query: object) -> Wanted:
    """What is null is not given."""
    if not isinstance(query, dict):
        abort(400, f"The query {key!r} is no JSON object.")
    name, given = query.get("query") or "", query.get("properties") or []
    if not isinstance(name, str) or not (name or given):
        abort(400, f"The query {key!r} has neither a text 'query' nor 'properties'.")
    if len(name) > LONGEST:
        abort(400, f"The text of the query {key!r} is longer than {LONGEST} letters.")
    types_, strictness = query.get("type") or [], query.get("type_strict") or ANY
    named = [types_] if isinstance(types_, str) else types_
    if not isinstance(named, list) or not all(isinstance(one, str) for one in named):
        abort(400, f"The types of the query {key!r} are no texts.")
    if strictness not in (ANY, ALL, SHOULD):
        abort(400, f"The 'type_strict' of the query {key!r} is none of any, all, should.")
    limit = _LIMIT if query.get("limit") is None else query["limit"]
    if not isinstance(limit, int | float) or isinstance(limit, bool) or limit < 1:
        abort(400, f"The 'limit' of the query {key!r} is no positive number.")
    return Wanted(name, tuple(named), strictness, _constraints(key, given), int(min(limit, _MOST)))


def _constraints(key: str, given: object) -> tuple[tuple[str, tuple[Given, ...]], ...]:
    if not isinstance(given, list) or not all(isinstance(p, dict) and isinstance(p.get("pid"), str) for p in given):
        abort(400, f"The 'properties' of the query {key!r} are no list of objects with 'pid' and 'v'.")
    if len(given) > MAX_PROPERTIES:
        abort(400, f"The query {key!r} has more than {MAX_PROPERTIES} properties.")
    return tuple((p["pid"], tuple(_given(p.get("v")))) for p in given)


def _given(value: object) -> Iterable[Given]:
    """The values that a property is to have; of an entity its id."""
    for one in (value if isinstance(value, list) else [value])[:MAX_PROPERTIES]:
        text = one.get("id") if isinstance(one, dict) else one
        if isinstance(text, str | int | float):
            yield text[:LONGEST] if isinstance(text, str) else text


def _results(batch: Mapping[str, Wanted], catalogue: Catalogue, graph: Statements, end: float) -> dict[str, Any]:
    told = {}
    for key, wanted in batch.items():
        _require_time(end)
        told[key] = {"result": [_candidate(one) for one in catalogue.find(wanted, graph)]}
    return told


def _require_time(end: float) -> None:
    if time.monotonic() > end:
        abort(503, "The request takes longer than a query may; ask for less at once.")


def _candidate(candidate: Candidate) -> dict[str, Any]:
    """Scores go from 0 to 100, as those of other services do."""
    features = [{"id": id_, "value": round(100 * value, _DIGITS)} for id_, value in candidate.features.items()]
    return {
        "id": candidate.thing.ref,
        "name": candidate.thing.label,
        "description": describe(candidate.thing),
        "type": _types_of(candidate.thing),
        "score": round(100 * candidate.score, _DIGITS),
        "features": features,
        "match": candidate.match,
    }


# ---------------------------------------------------------------- data extension


@dataclass(frozen=True, slots=True)
class _Extension:
    """What values are wanted: of which things, by their ids, and how many of each property at most (0: all)."""

    ids: Sequence[str]
    limits: Mapping[str, int]


def _extension(text: str) -> _Extension:
    """Aborts where it is no such query."""
    asked = _json_object("extend", text)
    ids, props = asked.get("ids"), asked.get("properties")
    if not isinstance(ids, list) or not all(isinstance(id_, str) for id_ in ids):
        abort(400, "The 'ids' of 'extend' are no list of texts.")
    if not isinstance(props, list) or not all(isinstance(p, dict) and isinstance(p.get("id"), str) for p in props):
        abort(400, "The 'properties' of 'extend' are no list of objects with 'id'.")
    if len(ids) > MAX_IDS or len(props) > MAX_PROPERTIES:
        abort(
            413, f"Send at most {MAX_IDS} ids and {MAX_PROPERTIES} properties; these are {len(ids)} and {len(props)}."
        )
    if unknown := [p["id"] for p in props if p["id"] not in properties()]:
        abort(400, f"There is no property {unknown[0]!r}; /reconcile/suggest/property lists those there are.")
    return _Extension(ids, {p["id"]: _most(p.get("settings")) for p in props})


def _most(settings: object) -> int:
    """The limit of a property's settings; OpenRefine writes numbers of a form as texts."""
    return _count("setting 'limit'", str(settings.get("limit") or 0) if isinstance(settings, dict) else "0")


def _extended(asked: _Extension, catalogue: Catalogue, graph: Statements, end: float) -> dict[str, Any]:
    refs = {id_: meant[0].ref for id_ in asked.ids if (meant := catalogue.of_id(id_))}
    found: dict[str, Mapping[Ref, Sequence[Value]]] = {}
    for prop in asked.limits:
        _require_time(end)
        found[prop] = graph.values(refs.values(), prop)

    def cells(id_: str, prop: str, limit: int) -> list[dict[str, Any]]:
        return [_cell(value) for value in islice(found[prop].get(refs.get(id_, ""), ()), limit or None)]

    rows = {id_: {prop: cells(id_, prop, limit) for prop, limit in asked.limits.items()} for id_ in asked.ids}
    return {"meta": [{"id": prop, "name": properties()[prop].name} for prop in asked.limits], "rows": rows}


def _cell(value: Value) -> dict[str, Any]:
    """A day is a text: the API's dates are moments, and which one is meant nobody says."""
    return {"id": value.ref, "name": value.text} if value.ref else {"str": value.text}


# ---------------------------------------------------------------- parameters


def _json_object(name: str, text: str) -> dict[str, Any]:
    try:
        value = json.loads(text, parse_constant=_refused)
        json.dumps(value, ensure_ascii=False).encode()  # JSON can name what is no character
    except (ValueError, RecursionError) as error:
        abort(400, f"The parameter '{name}' is no JSON: {error}.")
    if not isinstance(value, dict):
        abort(400, f"The parameter '{name}' is no JSON object.")
    return value


def _refused(constant: str) -> None:
    raise ValueError(f"{constant} is no number (https://www.rfc-editor.org/rfc/rfc8259#section-6)")


def _prefix() -> str:
    if "prefix" not in request.args:
        abort(400, "Say in 'prefix' what the names are to begin with.")
    return request.args["prefix"][:LONGEST]


def _begins(*names: str) -> bool:
    """Whether one of the names, or a word in it, begins with the prefix that is asked for."""
    asked = _prefix().casefold()
    return any(name.casefold().startswith(asked) or f" {asked}" in name.casefold() for name in names)


def _page(found: Sequence[Any]) -> list[Any]:
    start = _number("cursor", 0)
    return list(found[start : start + min(_number("limit", _SUGGESTED), _MOST)])


def _number(name: str, default: int) -> int:
    value = request.args.get(name, "")
    return _count(f"parameter '{name}'", value) if value else default


def _count(what: str, text: str) -> int:
    if not _COUNT.fullmatch(text):
        abort(400, f"The {what} is {text[:LONGEST]!r}; it has to be a number.")
    return int(text.partition(".")[0])
