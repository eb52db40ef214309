"""The README says what the code does: its lists, its answers, its commands, its files."""

import re

import pytest

from conftest import PROJECT
from hamakg.store import VersionedStore
from readme import README, parts, rewritten

TEXT = README.read_text("utf-8")


def test_the_generated_parts_are_what_the_code_says_today(seeds_store: VersionedStore) -> None:
    """If this fails: make docs."""
    assert rewritten(TEXT, seeds_store.path) == TEXT


def test_every_generated_part_has_its_place(seeds_store: VersionedStore) -> None:
    assert re.findall(r"<!-- ([\w-]+): generated -->", TEXT) == list(parts(seeds_store.path))


@pytest.mark.parametrize("target", sorted(set(re.findall(r"^make (\w+)|`make (\w+)", TEXT, re.MULTILINE))), ids="".join)
def test_every_make_target_that_the_readme_names_is_there(target: tuple[str, str]) -> None:
    assert re.search(rf"^{''.join(target)}:", (PROJECT / "Makefile").read_text(), re.MULTILINE)


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\((?!https?:|#)([^)]+)\)", TEXT))))
def test_every_file_that_the_readme_links_to_is_there(link: str) -> None:
    assert (PROJECT / link).exists()


def test_ci_calls_nothing_that_the_readme_does_not_name() -> None:
    calls = re.findall(r"^make .+$", (PROJECT / ".ci" / "run").read_text(), re.MULTILINE)
    assert calls and all(f"`{call}`" in TEXT for call in calls)


def test_the_layout_that_the_readme_draws_is_that_of_the_package() -> None:
    """Every part of the package is named in the section on the architecture, and no other."""
    section = TEXT.partition("## Architecture")[2].partition("\n## ")[0]
    drawn = set(re.findall(r"`(\w+)(?:\.py|/)`", section))
    package = PROJECT / "src" / "hamakg"
    there = {p.stem for p in package.glob("*.py")} | {p.parent.name for p in package.glob("*/__init__.py")}
    assert drawn == there - {"__init__"}
