"""The query page before any script runs: its settings, what it may load, and the form that replaces the editor."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from conftest import PROJECT
from hamakg.rdf.iris import HAMA, PREFIXES, Iris
from hamakg.sparql import query_files
from hamakg.store import VersionedStore
from web.client import Client, pages


@pytest.fixture(params=["with", "without"])
def page(request: pytest.FixtureRequest, store: VersionedStore, tmp_path: Path) -> str:
    """The page with the editor installed, and without."""
    app = pages(store)
    app.static_folder = str(tmp_path)
    if request.param == "with":
        (tmp_path / "vendor").mkdir()
        (tmp_path / "vendor" / "yasgui.min.js").touch()
    response = app.test_client().get("/query", query_string={"query": "ASK { <x>"})
    assert response.status_code == 200
    return response.text


def settings(page: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="settings">(.*?)</script>', page, re.DOTALL)
    told: dict[str, Any] = json.loads(found[1]) if found else {}
    return told


def test_the_query_can_be_sent_without_scripts(page: str) -> None:
    """The form has the query of the address; without the editor, the page says how to get it."""
    assert 'action="/sparql"' in page and "ASK { &lt;x&gt;</textarea>" in page
    assert ("install hamakg again" in page) == ("<noscript>" not in page) == (not settings(page))


def test_the_samples_lead_to_their_answers_without_scripts(page: str) -> None:
    linked = re.findall(r'<a href="/queries/([\w-]+)" data-sample="\1">', page)
    assert linked == [query.name for query in query_files.read_questions()]


@pytest.mark.parametrize("page", ["with"], indirect=True)
def test_the_editor_gets_the_settings_for_this_data(page: str) -> None:
    """The endpoint, the prefixes, the samples, and the terms of the ontology; a value comes with its properties."""
    found = settings(page)
    assert (found["endpoint"], found["prefixes"]) == ("/sparql", PREFIXES)
    assert found["resources"] == {"iri": Iris().resource(""), "page": "/resource/"}
    assert {name: sample["text"] for name, sample in found["samples"].items()} == {
        query.name: query.text for query in query_files.read_questions()
    }
    terms = {(term["iri"].removeprefix(HAMA), term["kind"]): term for term in found["terms"]}
    assert {("AirStrike", "class"), ("agent", "property"), (PREFIXES["prov"] + "wasDerivedFrom", "property")} <= set(
        terms
    )
    assert terms["Disputed", "value"]["of"] == [HAMA + "standing"]


def test_the_page_runs_only_scripts_of_this_server(client: Client) -> None:
    """No inline script, and one inline style by its digest; other pages run no scripts at all."""
    policies = {
        path: dict(
            part.strip().split(" ", 1) for part in client.get(path).headers["Content-Security-Policy"].split(";")
        )
        for path in ("/query", "/")
    }
    assert "script-src" not in policies["/"] and policies["/"]["default-src"] == "'none'"
    assert policies["/query"]["default-src"] == "'none'"
    assert policies["/query"]["script-src"] == policies["/query"]["connect-src"] == "'self'"
    assert re.fullmatch(r"'self' 'sha256-[\w+/]{43}='", policies["/query"]["style-src"])


def test_each_package_is_fixed_by_its_digest() -> None:
    lock = json.loads((PROJECT / "web" / "package-lock.json").read_text("utf-8"))
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert {name for name, entry in packages.items() if not entry.get("integrity", "").startswith("sha512-")} == set()
    assert "node_modules/@zazuko/yasgui" in packages
