"""What the documentation names is there: files, targets, headings, calls of CI, the layout of the package."""

import re
import tomllib
from pathlib import Path

import pytest

from docs.blocks import PAGES, PROJECT
from hamakg.evaluation.gold import find_project_gold
from hamakg.evaluation.recorded import read_recorded_scores

README = (PROJECT / "README.md").read_text("utf-8")
ALL = "\n".join(page.read_text("utf-8") for page in PAGES)
_LINK = re.compile(r"\]\((?!https?:|mailto:)([^)\s]*)\)")


def test_the_readme_is_short() -> None:
    """A reader who wants more goes on in docs/."""
    assert len(README.splitlines()) <= 150


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_to_a_file_and_a_heading(page: Path) -> None:
    """As GitHub makes anchors of headings."""
    broken = []
    for link in _LINK.findall(page.read_text("utf-8")):
        path, _, anchor = link.partition("#")
        file = page.parent / path if path else page
        if not file.exists() or (anchor and anchor not in _anchors(file)):
            broken.append(link)
    assert not broken


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_that_a_page_names_is_in_the_repository(page: Path) -> None:
    """Paths in code font, from the project's root or the package; NAME stands for a file that a reader will add."""
    text = page.read_text("utf-8")
    package = PROJECT / "src" / "hamakg"
    roots = (PROJECT, package, package / "extract" / "narrative")
    folders = ("benchmarks", "docs", "ontology", "queries", "seeds", "src", "tests")
    named = re.findall(r"`([\w-]+/[\w./-]*\.(?:py|md|rq|ttl|toml|tsv|jsonl|txt|json|lock))`", text)
    named += re.findall(rf"`((?:{'|'.join(folders)})/[\w./-]+)`", text)
    missing = {path for path in named if not any((root / path).exists() for root in roots)}
    assert {path for path in missing if "NAME" not in path} == set()


@pytest.mark.parametrize("target", sorted(set(re.findall(r"(?:^|`)make ([\w-]+)", ALL, re.MULTILINE))))
def test_every_make_target_that_is_named_is_there(target: str) -> None:
    assert re.search(rf"^{target}:", (PROJECT / "Makefile").read_text(), re.MULTILINE)


def test_ci_calls_nothing_that_the_documentation_does_not_name() -> None:
    calls = re.findall(r"^make .+$", (PROJECT / ".ci" / "run").read_text(), re.MULTILINE)
    assert calls and [call for call in calls if f"`{call}`" not in ALL] == []


def test_the_readme_gives_the_figures_that_were_recorded() -> None:
    """Of the seed articles; the others were measured on articles that are not in the repository."""
    figures = read_recorded_scores(find_project_gold()[0])["facts"]["all"]
    row = next(line for line in README.splitlines() if line.startswith("| the two seed articles"))
    assert [f"{figures[name]:.2f}" for name in ("precision", "recall", "f1")] == re.findall(r"0\.\d\d", row)


def test_the_layout_that_is_drawn_is_that_of_the_package() -> None:
    """Every part of the package is named in the section on the rooms, and no other."""
    text = (PROJECT / "docs" / "architecture.md").read_text("utf-8")
    section = text.partition("## The rooms")[2].partition("\n## ")[0]
    drawn = set(re.findall(r"^\| `(\w+)(?:\.py|/)`", section, re.MULTILINE))
    package = PROJECT / "src" / "hamakg"
    there = {p.stem for p in package.glob("*.py")} | {p.parent.name for p in package.glob("*/__init__.py")}
    assert drawn == there - {"__init__"}


def test_the_rooms_of_the_narrative_are_those_that_are_drawn() -> None:
    text = (PROJECT / "docs" / "architecture.md").read_text("utf-8")
    section = text.partition("## The way of a sentence")[2].partition("\n## ")[0]
    narrative = PROJECT / "src" / "hamakg" / "extract" / "narrative"
    rooms = {path.parent.name for path in narrative.glob("*/__init__.py")}
    assert set(re.findall(r"^\| `(\w+)/`", section, re.MULTILINE)) == rooms


def test_the_changelog_and_the_citation_have_the_version_of_the_package() -> None:
    version = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    assert f" {version}." in (PROJECT / "CHANGELOG.md").read_text("utf-8")
    assert f"\nversion: {version}\n" in (PROJECT / "CITATION.cff").read_text("utf-8")


def _anchors(file: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", file.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}
