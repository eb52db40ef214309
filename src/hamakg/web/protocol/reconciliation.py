"""``/reconcile``: matches lists of names with the graph, by the Reconciliation Service API 0.2.

The specification is https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/.

OpenRefine and other clients call it. This module writes the API's answers, ``reconciliation_input`` reads its requests,
and ``link.catalogue`` finds and scores the candidates.
"""

import time
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from itertools import islice
from threading import Lock
from typing import Any

from flask import Blueprint, Response, abort, jsonify, render_template, request
from pyoxigraph import Store

from hamakg.engine.request_error import RequestError
from hamakg.link import read_links, read_things
from hamakg.link.catalogue import Catalogue, CatalogueQuery, ScoredThing
from hamakg.link.catalogue.properties import Property, PropertyReader, PropertyValue, properties
from hamakg.link.catalogue.taxonomy import ThingType, thing_types
from hamakg.link.things import Thing
from hamakg.model import Ref
from hamakg.rdf.iris import HAMA, Iris
from hamakg.store import VersionedStore
from hamakg.web.protocol.reconciliation_input import (
    MAX_CHARACTERS,
    MAX_QUERIES,
    Extension,
    read_extension,
    read_number,
    read_prefix,
    read_queries,
    select_page,
)

_API_VERSION = "0.2"
_DEFAULT_TYPES = ("Place", "Actor", "MilitaryConflict")
_SUGGESTED_KINDS = ("entity", "type", "property")
_LIMIT_SETTING = {
    "name": "limit",
    "label": "Limit",
    "type": "number",
    "default": 0,
    "help_text": "The largest number of values for one entity (0: all values)",
}
_PREVIEW_SIZE = {"width": 420, "height": 240}
_PREVIEW_VALUES = 3  # of one property
# Other sites may show the preview in a frame; everything else stays forbidden.
_PREVIEW_POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *"

_SCORE_DIGITS = 4


def build_reconciliation(store: VersionedStore, iris: Iris, seconds: float) -> Blueprint:
    """Builds the service over a store; a request that takes longer than ``seconds`` is answered with 503."""
    service = ReconciliationService(store, iris, seconds)
    blueprint = Blueprint("reconciliation", __name__, url_prefix="/reconcile")
    blueprint.add_url_rule("", view_func=service.reconcile, methods=["GET", "POST"])
    blueprint.add_url_rule("/suggest/entity", view_func=service.suggest_entities)
    blueprint.add_url_rule("/suggest/type", view_func=service.suggest_types)
    blueprint.add_url_rule("/suggest/property", view_func=service.suggest_properties)
    blueprint.add_url_rule("/properties", view_func=service.propose_properties)
    blueprint.add_url_rule("/preview", view_func=service.preview)
    return blueprint


class ReconciliationService:
    """Answers the requests of the API, each over the newest generation of a store."""

    def __init__(self, store: VersionedStore, iris: Iris, seconds: float) -> None:
        self._store, self._iris, self._seconds = store, iris, seconds
        self._catalogues = _CatalogueCache(iris)

    def reconcile(self) -> Response:
        """Answers a batch of queries or a request for values; without either, sends the manifest."""
        parameters = request.form if request.method == "POST" else request.args
        snapshot, deadline = self._store.snapshot(), self._make_deadline()
        reader = PropertyReader(snapshot, self._iris)
        if "queries" in parameters:
            queries = read_queries(parameters["queries"])
            return jsonify(_answer_queries(queries, self._catalogues.get(snapshot, deadline), reader, deadline))
        if "extend" in parameters:
            extension = read_extension(parameters["extend"])
            return jsonify(_answer_extension(extension, self._catalogues.get(snapshot, deadline), reader, deadline))
        if request.method == "POST" or "query" in parameters:
            abort(400, "Send 'queries' or 'extend' as JSON; a GET without parameters returns the service manifest.")
        return jsonify(_write_manifest(self._iris))

    def suggest_entities(self) -> Response:
        """Suggests parties, places and conflicts with a name that begins with ``prefix``."""
        catalogue = self._catalogues.get(self._store.snapshot(), self._make_deadline())
        found = catalogue.suggest(read_prefix(), request.args.getlist("type"))
        return jsonify({"result": [_write_entity(thing) for thing in select_page(found)]})

    def suggest_types(self) -> Response:
        """Suggests types with a name that begins with ``prefix``."""
        matching = [_write_type(type_) for type_ in thing_types().values() if _matches_prefix(type_.id, type_.name)]
        return jsonify({"result": select_page(matching)})

    def suggest_properties(self) -> Response:
        """Suggests properties with a name that begins with ``prefix``."""
        matching = [_write_property(prop) for prop in properties().values() if _matches_prefix(prop.id, prop.name)]
        return jsonify({"result": select_page(matching)})

    def propose_properties(self) -> Response:
        """Lists the properties that entities of ``type`` may have."""
        type_ = request.args.get("type", "")
        proposed = [prop for prop in properties().values() if not type_ or prop.applies_to(type_)]
        limit = read_number("limit", len(proposed))
        return jsonify({"type": type_, "limit": limit, "properties": [_write_property(p) for p in proposed[:limit]]})

    def preview(self) -> Response:
        """Shows an entity as a small page for a frame."""
        id_, snapshot = request.args.get("id", ""), self._store.snapshot()
        found = self._catalogues.get(snapshot, self._make_deadline()).find_by_id(id_)
        if not found:
            abort(404, f"The graph has no party, place or conflict {id_[:MAX_CHARACTERS]!r}.")
        page = _render_preview(found[0], PropertyReader(snapshot, self._iris))
        return Response(page, headers={"Content-Security-Policy": _PREVIEW_POLICY})

    def _make_deadline(self) -> float:
        return time.monotonic() + self._seconds


class _CatalogueCache:
    """Keeps the catalogue of the latest generation, because building one reads every name in the graph."""

    def __init__(self, iris: Iris) -> None:
        self._iris, self._building = iris, Lock()
        self._last: tuple[Store, Catalogue] | None = None

    def get(self, snapshot: Store, deadline: float) -> Catalogue:
        """Returns the catalogue of a snapshot. The first request builds it; others wait, but not after the deadline.

        Raises RequestError ``busy``.
        """
        if not self._building.acquire(timeout=max(0, deadline - time.monotonic())):
            raise RequestError("busy", "The names in the graph are still being read; try again in a moment.")
        try:
            if self._last is None or self._last[0] is not snapshot:
                named, links = read_things(snapshot, self._iris), read_links(snapshot, self._iris)
                self._last = snapshot, Catalogue(named, links, self._iris.resource(""))
            return self._last[1]
        finally:
            self._building.release()


def describe(thing: Thing) -> str:
    """Describes a thing so that people can tell it from others of its name.

    Names its kind, the years of a conflict, and how many articles and statements speak of it.
    """
    known = thing_types()
    kinds = ", ".join(thing.place_kinds) or ", ".join(known[class_].name for class_ in thing.classes if class_ in known)
    years = f" of {', '.join(thing.start_years)}" if thing.start_years else ""
    articles = f"{len(thing.articles)} article{'' if len(thing.articles) == 1 else 's'}"
    return (
        f"{kinds}{years}; in {articles}, {thing.statement_count} statement{'' if thing.statement_count == 1 else 's'}"
    )


# ---------------------------------------------------------------- queries and values


def _answer_queries(
    queries: Mapping[str, CatalogueQuery], catalogue: Catalogue, reader: PropertyReader, deadline: float
) -> dict[str, Any]:
    results = {}
    for key, query in queries.items():
        _require_time(deadline)
        results[key] = {"result": [_write_candidate(candidate) for candidate in catalogue.find(query, reader)]}
    return results


def _answer_extension(
    extension: Extension, catalogue: Catalogue, reader: PropertyReader, deadline: float
) -> dict[str, Any]:
    refs = {id_: found[0].ref for id_ in extension.ids if (found := catalogue.find_by_id(id_))}
    values: dict[str, Mapping[Ref, Sequence[PropertyValue]]] = {}
    for prop in extension.limits:
        _require_time(deadline)
        values[prop] = reader.read_values(refs.values(), prop)

    def write_cells(id_: str, prop: str, limit: int) -> list[dict[str, Any]]:
        return [_write_value(value) for value in islice(values[prop].get(refs.get(id_, ""), ()), limit or None)]

    rows = {
        id_: {prop: write_cells(id_, prop, limit) for prop, limit in extension.limits.items()} for id_ in extension.ids
    }
    return {"meta": [{"id": prop, "name": properties()[prop].name} for prop in extension.limits], "rows": rows}


def _require_time(deadline: float) -> None:
    if time.monotonic() > deadline:
        abort(503, "The request takes longer than this server allows; send fewer queries at once.")


def _matches_prefix(*names: str) -> bool:
    """Whether one of the names, or a word in one, begins with the prefix in the request."""
    prefix = read_prefix().casefold()
    return any(name.casefold().startswith(prefix) or f" {prefix}" in name.casefold() for name in names)


# ---------------------------------------------------------------- the objects of the API


def _write_manifest(iris: Iris) -> dict[str, Any]:
    """The service manifest.

    https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/#service-manifest
    """
    if not request.host:
        abort(400, "The Host header is missing or invalid; the manifest's addresses are built from it.")
    root = request.root_url.rstrip("/")
    here = f"{root}/reconcile"
    return {
        "versions": [_API_VERSION],
        "name": f"hamakg: parties, places and conflicts ({request.host})",
        "identifierSpace": iris.resource(""),
        "schemaSpace": HAMA,
        "documentation": f"{root}/ontology",
        "serviceVersion": version("hamakg"),
        "defaultTypes": [_write_type(thing_types()[id_]) for id_ in _DEFAULT_TYPES],
        "view": {"url": f"{root}/resource/{{{{id}}}}"},
        "preview": {"url": f"{here}/preview?id={{{{id}}}}", **_PREVIEW_SIZE},
        "suggest": {kind: {"service_url": here, "service_path": f"/suggest/{kind}"} for kind in _SUGGESTED_KINDS},
        "extend": {
            "propose_properties": {"service_url": here, "service_path": "/properties"},
            "property_settings": [_LIMIT_SETTING],
        },
        "batchSize": MAX_QUERIES,
    }


def _write_candidate(candidate: ScoredThing) -> dict[str, Any]:
    """Scores run from 0 to 100, like those of other services."""
    features = [{"id": id_, "value": round(100 * value, _SCORE_DIGITS)} for id_, value in candidate.features.items()]
    return {
        "id": candidate.thing.ref,
        "name": candidate.thing.label,
        "description": describe(candidate.thing),
        "type": _write_types_of(candidate.thing),
        "score": round(100 * candidate.score, _SCORE_DIGITS),
        "features": features,
        "match": candidate.is_match,
    }


def _write_entity(thing: Thing) -> dict[str, Any]:
    return {"id": thing.ref, "name": thing.label, "description": describe(thing), "notable": _write_types_of(thing)}


def _write_types_of(thing: Thing) -> list[dict[str, str]]:
    known = thing_types()
    return [{"id": class_, "name": known[class_].name} for class_ in thing.classes if class_ in known]


def _write_type(type_: ThingType) -> dict[str, Any]:
    parent = thing_types().get(type_.broader or "")
    broader = {"broader": [{"id": parent.id, "name": parent.name}]} if parent else {}
    return {"id": type_.id, "name": type_.name, "description": type_.description, **broader}


def _write_property(prop: Property) -> dict[str, str]:
    return {"id": prop.id, "name": prop.name, "description": prop.description}


def _write_value(value: PropertyValue) -> dict[str, Any]:
    """A day is written as a string: the API's dates are points in time, and the graph does not know the hour."""
    return {"id": value.ref, "name": value.text} if value.ref else {"str": value.text}


def _render_preview(thing: Thing, reader: PropertyReader) -> str:
    values = [
        (prop.name, reader.read_values([thing.ref], prop.id).get(thing.ref, ())) for prop in properties().values()
    ]
    return render_template(
        "preview.html",
        thing=thing,
        description=describe(thing),
        properties=[(name, list(islice(all_, _PREVIEW_VALUES)), len(all_)) for name, all_ in values if all_],
    )
