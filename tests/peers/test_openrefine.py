"""OpenRefine, as a user's machine has it, matches a table with the graph and fetches values for what was matched."""

import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from hamakg.store import VersionedStore
from peers.running import free_port, once_it_answers
from web.client import process

pytestmark = pytest.mark.peers

OPENREFINE = shutil.which("openrefine")
ALL_ROWS = json.dumps({"facets": [], "mode": "row-based"})
SPACES = {
    "identifierSpace": "https://w3id.org/hamakg/resource/",
    "schemaSpace": "https://w3id.org/hamakg/ontology#",
}
TABLE = """name,kind
Hama,city
Halfaia,
Syrian Arab Army,
Nowhere at all,
"""


class OpenRefine:
    """A running OpenRefine with one project, spoken to as its own pages do (https://openrefine.org/docs)."""

    def __init__(self, base: str) -> None:
        self._base, self._session = base, requests.Session()
        location = self._post(
            "create-project-from-upload",
            {"project-name": "t", "format": "text/line-based/*sv", "options": json.dumps({"separator": ","})},
            files={"project-file": ("table.csv", TABLE, "text/csv")},
        ).headers["Location"]
        self._project = location.partition("project=")[2]

    def do(self, command: str, **form: str) -> None:
        """Starts a long-running command, and waits for its end."""
        told = self._post(command, {"engine": ALL_ROWS, **form}).json()
        assert told["code"] in ("ok", "pending"), told
        for _ in range(120):
            if not self._get("get-processes")["processes"]:
                return
            time.sleep(0.5)
        raise TimeoutError(command)

    def recons(self) -> dict[str, Any]:
        """What each name was matched with."""
        rows = self._post("get-rows", {"engine": ALL_ROWS, "start": "0", "limit": "10"}).json()
        pool = rows["pool"]["recons"]
        return {row["cells"][0]["v"]: pool[str(row["cells"][0]["r"])] for row in rows["rows"]}

    def table(self) -> list[list[str]]:
        text = self._post("export-rows/table.tsv", {"engine": ALL_ROWS, "format": "tsv"}).text
        return [line.split("\t") for line in text.splitlines()]

    def _get(self, command: str) -> Any:
        return self._session.get(f"{self._base}/command/core/{command}", params=self._named(), timeout=60).json()

    def _post(self, command: str, form: dict[str, str], files: Any = None) -> requests.Response:
        token = self._session.get(f"{self._base}/command/core/get-csrf-token", timeout=60).json()["token"]
        return self._session.post(
            f"{self._base}/command/core/{command}",
            params={**self._named(), "csrf_token": token},
            data=form,
            files=files,
            allow_redirects=False,
            timeout=60,
        )

    def _named(self) -> dict[str, str]:
        return {"project": self._project} if hasattr(self, "_project") else {}


@pytest.fixture
def openrefine(tmp_path: Path) -> Iterator[OpenRefine]:
    if OPENREFINE is None:
        pytest.skip("OpenRefine is not installed")
    port = free_port()
    command = [OPENREFINE, "-i", "127.0.0.1", "-p", str(port), "-d", str(tmp_path), "-x", "refine.headless=true"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True) as run:
        try:
            base = f"http://127.0.0.1:{port}"
            once_it_answers(f"{base}/command/core/get-version")
            yield OpenRefine(base)
        finally:
            subprocess.run(["pkill", "-s", str(run.pid)], check=False)  # its script starts another process


def test_a_table_is_matched_and_gets_values(openrefine: OpenRefine, seeds_store: VersionedStore) -> None:
    with process(seeds_store.path) as (_, address):
        service = f"{address}/reconcile"
        kind = {"column": "kind", "propertyName": "kind of place", "propertyID": "placeKind"}
        config: dict[str, Any] = {
            "mode": "standard-service",
            "service": service,
            **SPACES,
            "type": None,
            "autoMatch": True,
        }
        config |= {"batchSize": 10, "columnDetails": [kind], "limit": 0}
        openrefine.do("reconcile", columnName="name", config=json.dumps(config))
        recons = openrefine.recons()
        assert {name: (recon["j"], recon.get("m", {}).get("id")) for name, recon in recons.items()} == {
            "Hama": ("matched", "place/hama"),
            "Halfaia": ("none", None),
            "Syrian Arab Army": ("matched", "actor/syrian-army"),
            "Nowhere at all": ("none", None),
        }
        assert [one["id"] for one in recons["Halfaia"]["c"]] == ["place/halfaya"]
        wanted = [{"id": id_, "name": id_} for id_ in ("coordinates", "wikidata", "subUnitOf")]
        openrefine.do(
            "extend-data",
            baseColumnName="name",
            endpoint=service,
            **SPACES,
            columnInsertIndex="1",
            extension=json.dumps({"properties": wanted}),
        )
        assert openrefine.table() == [
            ["name", "coordinates", "Wikidata item", "under", "kind"],
            ["Hama", "35.13179,36.75783", "Q173545", "", "city"],
            ["Halfaia", "", "", "", ""],
            ["Syrian Army", "", "Q3068744", "Syrian Armed Forces", ""],
            ["Nowhere at all", "", "", "", ""],
        ]
