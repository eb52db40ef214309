"""``/reconcile`` follows the Reconciliation Service API 0.2: its answers are valid by the API's own JSON schemas, and
malformed requests are refused with a message.
"""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from hamakg.graph import build_link_quads
from hamakg.link.items import WIKIDATA
from hamakg.model import EntityLink, LinkStatus
from hamakg.rdf.iris import Iris
from hamakg.store import VersionedStore, replace_graph
from support.complete_facts import FACTS
from web.client import Client, serving
from web.conftest import Write

SCHEMAS = Path(__file__).with_name("reconciliation")
ABA = {
    "id": "place/aba",
    "name": "Aba",
    "description": "village; in 1 article, 3 statements",
    "type": [{"id": "Place", "name": "place"}],
}
REDS = {
    "id": "actor/reds",
    "name": "Reds",
    "description": "armed group; in 1 article, 8 statements",
    "type": [{"id": "ArmedGroup", "name": "armed group"}],
}


@cache
def validator(name: str) -> Draft202012Validator:
    schemas = [json.loads(path.read_text()) for path in SCHEMAS.glob("*.json")]
    known = Registry().with_resources(
        (schema["$id"], Resource.from_contents(schema, default_specification=DRAFT202012)) for schema in schemas
    )
    return Draft202012Validator(json.loads((SCHEMAS / f"{name}.json").read_text()), registry=known)


def valid(name: str, value: Any) -> Any:
    """The value, which the API's schema of this name accepts."""
    assert [error.message for error in validator(name).iter_errors(value)] == []
    return value


@pytest.fixture(scope="module")
def client(write: Write, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """A server over the made-up article; one of its places is linked to a Wikidata item."""
    store = write(tmp_path_factory.mktemp("reconciliation") / "store")
    with store.open_draft() as draft:
        link = EntityLink("place/aba", WIKIDATA + "Q77", LinkStatus.ACCEPTED, "Aba", "Aba")
        replace_graph(draft, Iris().graph("links"), build_link_quads([link], Iris()))
    with serving(store.path) as client:
        yield client


def ask(client: Client, **queries: Any) -> Any:
    """The candidates of each query."""
    valid("reconciliation-query-batch", queries)
    form = f"queries={quote(json.dumps(queries))}"
    answer = client.post("/reconcile", data=form, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 200, answer.text
    answers = valid("reconciliation-result-batch", answer.json)
    return {key: result["result"] for key, result in answers.items()}


def extend(client: Client, ids: list[str], *properties: dict[str, Any]) -> Any:
    asked = valid("data-extension-query", {"ids": ids, "properties": [*properties]})
    answer = client.get("/reconcile", query_string={"extend": json.dumps(asked)})
    assert answer.status_code == 200, answer.text
    return valid("data-extension-response", answer.json)


# ---------------------------------------------------------------- the service


def test_the_manifest_describes_the_server(client: Client) -> None:
    manifest = valid("manifest", client.get("/reconcile").json)
    here = f"{client.base}/reconcile"
    assert (manifest["versions"], manifest["identifierSpace"], manifest["schemaSpace"], manifest["batchSize"]) == (
        ["0.2"],
        "https://w3id.org/hamakg/resource/",
        "https://w3id.org/hamakg/ontology#",
        100,
    )
    assert manifest["view"] == {"url": f"{client.base}/resource/{{{{id}}}}"}
    assert [type_["id"] for type_ in manifest["defaultTypes"]] == ["Place", "Actor", "MilitaryConflict"]
    named = [manifest["view"]["url"], manifest["preview"]["url"]]
    for url in (template.replace("{{id}}", quote("place/aba", safe="")) for template in named):
        assert client.get(url, headers={"Accept": "text/html"}).status_code == 200, url
    suggest = {what: f"{where['service_url']}{where['service_path']}" for what, where in manifest["suggest"].items()}
    assert suggest == {what: f"{here}/suggest/{what}" for what in ("entity", "type", "property")}


def test_pages_of_any_origin_may_call_the_service(client: Client) -> None:
    for address in ("/reconcile", "/reconcile/suggest/entity?prefix=a", "/reconcile/preview?id=place/aba"):
        assert client.get(address).headers["Access-Control-Allow-Origin"] == "*"
    assert client.options("/reconcile").headers["Access-Control-Allow-Methods"]


# ---------------------------------------------------------------- queries


def test_a_batch_is_answered_query_by_query(client: Client) -> None:
    answers = ask(
        client,
        q0={"query": "Aba", "type": "Place", "limit": 1},
        q1={"query": "Red Front"},
        q2={"query": "Aba", "type": ["State", "War"]},
    )
    name, type_ = {"id": "name", "value": 100.0}, {"id": "type", "value": 100.0}
    assert answers == {
        "q0": [{**ABA, "score": 100.0, "features": [name, type_], "match": True}],
        "q1": [{**REDS, "score": 100.0, "features": [name], "match": True}],
        "q2": [],
    }


def test_get_and_post_give_the_same_answer(client: Client) -> None:
    queries = json.dumps({"q0": {"query": "Aba"}})
    answer = client.get("/reconcile", query_string={"queries": queries})
    assert answer.json["q0"]["result"] == ask(client, q0={"query": "Aba"})["q0"]


@pytest.mark.parametrize(
    "value", ["village", ["hill", "village"], {"id": "village", "name": "Village"}, [7, "village"]]
)
def test_a_property_value_may_have_any_form_of_the_api(client: Client, value: Any) -> None:
    (first, *_) = ask(client, q0={"query": "Aba", "properties": [{"pid": "placeKind", "v": value}]})["q0"]
    assert (first["id"], first["match"]) == ("place/aba", True)
    assert first["features"][1] == {"id": "property:placeKind", "value": 100.0}


def test_an_id_or_a_wikidata_item_finds_its_entity(client: Client) -> None:
    answers = ask(client, q0={"query": "place/aba"}, q1={"query": "Q77"}, q2={"query": "Q1"})
    assert [[one["id"] for one in answers[key]] for key in ("q0", "q1", "q2")] == [["place/aba"], ["place/aba"], []]


MALFORMED = {
    "queries=": "The parameter 'queries' is not valid JSON: ",
    "queries=[]": "The parameter 'queries' is not a JSON object.",
    'queries={"q0":7}': "The query 'q0' is not a JSON object.",
    'queries={"q0":{}}': "The query 'q0' needs a string 'query' or a list of 'properties'.",
    'queries={"q0":{"query":["a"]}}': "The query 'q0' needs a string 'query' or a list of 'properties'.",
    'queries={"q0":{"query":"a","type":[7]}}': "The 'type' of the query 'q0' must be a string or a list of strings.",
    'queries={"q0":{"query":"a","type_strict":"no"}}': "The 'type_strict' of the query 'q0' must be any, all or",
    'queries={"q0":{"query":"a","limit":0}}': "The 'limit' of the query 'q0' must be a positive number.",
    'queries={"q0":{"query":"a","properties":[{"v":1}]}}': "The 'properties' of the query 'q0' must be a list of",
    'extend={"properties":[]}': "The 'ids' of 'extend' must be a list of strings.",
    'extend={"ids":[],"properties":["a"]}': "The 'properties' of 'extend' must be a list of objects with an 'id'.",
    'extend={"ids":[],"properties":[{"id":"no"}]}': "There is no property 'no'; /reconcile/suggest/property lists",
    'extend={"ids":[],"properties":[{"id":"within","settings":{"limit":"x"}}]}': "The setting 'limit' is 'x'; it must",
    'extend={"ids":[],"properties":[{"id":"within","settings":{"limit":NaN}}]}': "The parameter 'extend' is not valid",
    'extend={"ids":["\\ud800"],"properties":[]}': "The parameter 'extend' is not valid JSON: ",
    'queries={"\\ud800":{"query":"a"}}': "The parameter 'queries' is not valid JSON: ",
    'queries={"q0":{"query":"' + "b" * 201 + '"}}': "The string 'query' of the query 'q0' is longer than 200 char",
    'queries={"q0":{"properties":[' + ",".join(['{"pid":"p","v":1}'] * 21) + "]}}": "The query 'q0' has more than 20",
}


@pytest.mark.parametrize(("form", "why"), MALFORMED.items())
def test_a_malformed_request_is_refused_with_a_message(client: Client, form: str, why: str) -> None:
    name, _, value = form.partition("=")
    data = f"{name}={quote(value)}"
    answer = client.post("/reconcile", data=data, content_type="application/x-www-form-urlencoded")
    assert (answer.status_code, answer.text[: len(why)]) == (400, why)


@pytest.mark.parametrize(
    "settings", [None, {}, {"limit": None}, {"limit": ""}, {"limit": "0"}, {"limit": 0}, {"limit": "5"}, {"limit": 5.0}]
)
def test_a_setting_may_be_empty_or_a_string(client: Client, settings: Any) -> None:
    """OpenRefine sends the content of a form field."""
    asked = {"ids": ["place/aba"], "properties": [{"id": "within", "settings": settings}]}
    answer = client.get("/reconcile", query_string={"extend": json.dumps(asked)})
    assert answer.json["rows"] == {"place/aba": {"within": [{"id": "place/shire", "name": "Shire"}]}}


def test_null_counts_as_absent(client: Client) -> None:
    null = {"query": "Aba", "type": None, "limit": None, "type_strict": None, "properties": None}
    answers = client.get(
        "/reconcile", query_string={"queries": json.dumps({"q0": null, "q1": {"query": "Aba", "limit": 1.0}})}
    )
    assert [one["id"] for one in answers.json["q0"]["result"]] == [
        one["id"] for one in ask(client, q0={"query": "Aba"})["q0"]
    ]
    assert [one["id"] for one in answers.json["q1"]["result"]] == ["place/aba"]


def test_a_request_has_a_deadline(store: VersionedStore) -> None:
    """A request that takes longer than a query may is answered with 503, and the server goes on serving others."""
    slow = json.dumps({f"q{n}": {"properties": [{"pid": "sentence", "v": "x"}] * 20} for n in range(100)})
    with serving(store.path, "--timeout", "0.1") as client:
        form = "application/x-www-form-urlencoded"
        answer = client.post("/reconcile", data=f"queries={quote(slow)}", content_type=form)
        assert (answer.status_code, answer.text) == (
            503,
            "The request takes longer than this server allows; send fewer queries at once.\n",
        )
        assert client.get("/").status_code == 200


def test_an_empty_post_and_too_large_a_batch_are_refused(client: Client) -> None:
    assert client.post("/reconcile").status_code == client.get("/reconcile?query=Aba").status_code == 400
    assert client.get("/reconcile", headers={"Host": 'a"<b'}).status_code == 400
    many = json.dumps({f"q{n}": {"query": "Aba"} for n in range(101)})
    form = "application/x-www-form-urlencoded"
    answer = client.post("/reconcile", data=f"queries={quote(many)}", content_type=form)
    assert (answer.status_code, answer.text) == (413, "Send at most 100 queries at once; this request has 101.\n")


# ---------------------------------------------------------------- suggestions, values, previews


def test_suggestions_complete_a_prefix(client: Client) -> None:
    def suggest(what: str, prefix: str, **more: str) -> list[str]:
        answer = client.get(f"/reconcile/suggest/{what}", query_string={"prefix": prefix, **more}).json
        schema = {"entity": "entities", "type": "types", "property": "properties"}[what]
        return [one["id"] for one in valid(f"suggest-{schema}-response", answer)["result"]]

    assert suggest("entity", "ab") == ["place/aba", "conflict/battle-of-aba"]
    assert suggest("entity", "ab", cursor="1") == suggest("entity", "ab", type="Battle") == ["conflict/battle-of-aba"]
    assert suggest("entity", "zzz") == []
    assert suggest("type", "arm") == ["ArmedForce", "ArmedGroup"]
    assert suggest("property", "wiki") == ["wikidata", "page"]
    assert client.get("/reconcile/suggest/entity").status_code == 400
    assert (
        client.get("/reconcile/suggest/entity", query_string={"prefix": "a", "cursor": "9" * 5000}).status_code == 400
    )
    wrong = client.get("/reconcile/suggest/entity", query_string={"prefix": "a", "cursor": "-1"})
    assert (wrong.status_code, wrong.text) == (
        400,
        "The parameter 'cursor' is '-1'; it must be a whole number, 0 or more.\n",
    )


def test_properties_are_proposed_for_a_type(client: Client) -> None:
    answers = client.get("/reconcile/properties", query_string={"type": "ArmedGroup", "limit": "2"}).json
    assert (answers["type"], answers["limit"], [p["id"] for p in answers["properties"]]) == (
        "ArmedGroup",
        2,
        ["altLabel", "wikidata"],
    )
    places = client.get("/reconcile/properties", query_string={"type": "Place"}).json["properties"]
    assert "coordinates" in {p["id"] for p in places} and "startDate" not in {p["id"] for p in places}


def test_values_of_matched_entities_are_fetched(client: Client) -> None:
    answers = extend(
        client,
        ["place/aba", "conflict/battle-of-aba", "nothing"],
        {"id": "wikidata"},
        {"id": "within"},
        {"id": "startDate"},
        {"id": "article", "settings": {"limit": "1"}},
    )
    assert answers["meta"] == [
        {"id": "wikidata", "name": "Wikidata item"},
        {"id": "within", "name": "within"},
        {"id": "startDate", "name": "began on"},
        {"id": "article", "name": "article"},
    ]
    title = [{"str": FACTS.article.title}]
    assert answers["rows"] == {
        "place/aba": {
            "wikidata": [{"str": "Q77"}],
            "within": [{"id": "place/shire", "name": "Shire"}],
            "startDate": [],
            "article": title,
        },
        "conflict/battle-of-aba": {
            "wikidata": [],
            "within": [],
            "startDate": [{"str": "2017-05-01"}],
            "article": title,
        },
        "nothing": {"wikidata": [], "within": [], "startDate": [], "article": []},
    }


def test_a_preview_may_be_shown_in_other_pages_and_runs_no_script(client: Client) -> None:
    answer = client.get("/reconcile/preview", query_string={"id": "place/aba"})
    assert answer.mimetype == "text/html" and "<dd>Q77</dd>" in answer.text and "village; in 1 article" in answer.text
    policy = answer.headers["Content-Security-Policy"]
    assert "frame-ancestors *" in policy and "default-src 'none'" in policy and "script" not in policy
    gone = client.get("/reconcile/preview", query_string={"id": "place/no"})
    assert (gone.status_code, gone.text) == (404, "The graph has no party, place or conflict 'place/no'.\n")


def test_a_new_generation_of_the_store_is_matched_at_once(write: Write, tmp_path: Path) -> None:
    store = write(tmp_path / "store")
    with serving(store.path) as client:
        assert ask(client, q0={"query": "Q78"})["q0"] == []
        with store.open_draft() as draft:
            link = EntityLink("place/shire", WIKIDATA + "Q78", LinkStatus.ACCEPTED, "Shire", "Shire")
            replace_graph(draft, Iris().graph("links"), build_link_quads([link], Iris()))
        assert [one["id"] for one in ask(client, q0={"query": "Q78"})["q0"]] == ["place/shire"]
