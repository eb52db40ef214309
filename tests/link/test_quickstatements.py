"""Statements for Wikidata need links that a person has reviewed, and each is confirmed before it is written."""

from dataclasses import replace
from pathlib import Path

import pytest

from conftest import Run
from hamakg.build import change_links
from hamakg.link.items import WIKIDATA
from hamakg.model import EntityLink, LinkStatus
from hamakg.store import VersionedStore

OFFENSIVE = EntityLink(
    "conflict/hama-offensive-march-april-2017",
    WIKIDATA + "Q9000000001",
    LinkStatus.ACCEPTED,
    "Hama offensive (March–April 2017)",
    reviewer="A. Reader",
)
PAGE = "https://en.wikipedia.org/wiki/Hama_offensive_(March%E2%80%93April_2017)"


@pytest.fixture
def store(seeds_store: VersionedStore, tmp_path: Path) -> VersionedStore:
    seeds_store.backup(tmp_path / "copy")
    return VersionedStore(tmp_path / "copy")


def export_statements(hamakg: Run, store: VersionedStore, answers: str) -> tuple[str, str]:
    """Answers the questions of an export; returns the commands that are written, and the questions."""
    done = hamakg("export", "--store", store.path, "--format", "quickstatements", stdin=answers.encode())
    assert done.returncode == 0
    return done.stdout.decode(), done.stderr.decode()


def test_a_confirmed_statement_is_written_with_its_article(hamakg: Run, store: VersionedStore) -> None:
    change_links(store, lambda links: [*links, OFFENSIVE])
    written, asked = export_statements(hamakg, store, "y\n" * 20)
    facts = [tuple(line.split("\t")) for line in written.splitlines()]
    assert {fact[0] for fact in facts} == {"Q9000000001"}
    assert {fact[3:] for fact in facts} == {("S854", f'"{PAGE}"')}
    assert {fact[1:3] for fact in facts} >= {
        ("P580", "+2017-03-21T00:00:00Z/11"),
        ("P582", "+2017-04-28T00:00:00Z/11"),
        ("P361", "Q178810"),
    }
    assert {fact[1] for fact in facts} <= {"P361", "P276", "P710", "P580", "P582"}
    assert asked.count("write it?") == len(facts)
    assert f"Hama offensive (March–April 2017) began on 2017-03-21 ({PAGE}): write it?" in asked
    assert export_statements(hamakg, store, "n\n" * 20)[0] == export_statements(hamakg, store, "")[0] == ""


def test_only_statements_with_reviewed_links_are_asked_about(hamakg: Run, store: VersionedStore) -> None:
    assert export_statements(hamakg, store, "y\n" * 20) == ("", "")
    change_links(store, lambda links: [*links, replace(OFFENSIVE, reviewer=None)])
    assert export_statements(hamakg, store, "y\n" * 20) == ("", "")
