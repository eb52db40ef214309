"""What the documentation shows is what happens: blocks run, generated parts are up to date. If not: ``make docs``."""

from collections.abc import Callable
from pathlib import Path

import pytest

from docs.blocks import PAGES, Block, find_blocks
from docs.parts import PARTS, find_part_names, replace_parts

BLOCKS = [block for page in PAGES for block in find_blocks(page)]
REASONS = {
    "needs a connection",
    "needs root",
    "needs pandas",
    "needs rclone",
    "needs the shared corpus",
    "needs articles of your own",
    "needs a model that is not installed",
    "takes minutes",
    "waits for a person",
    "is part of a file",
}


@pytest.mark.parametrize("block", [block for block in BLOCKS if not block.reason], ids=str)
def test_a_block_runs_and_prints_what_the_page_shows(block: Block, run: Callable[[Block], str]) -> None:
    assert run(block) == block.text


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_block_of_a_page_is_overlooked(page: Path) -> None:
    """A fence that is indented, or has an attribute, would not be found."""
    fences = [line for line in page.read_text("utf-8").splitlines() if line.lstrip(" >").startswith(("```", "~~~"))]
    assert len(fences) == 2 * len(list(find_blocks(page)))


def test_what_is_not_run_has_one_of_the_known_reasons() -> None:
    assert {block.reason for block in BLOCKS if block.reason} <= REASONS


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_generated_parts_of_a_page_are_what_the_code_says_today(page: Path) -> None:
    text = page.read_text("utf-8")
    assert replace_parts(text) == text


def test_every_generated_part_has_one_place() -> None:
    names = [name for page in PAGES for name in find_part_names(page.read_text("utf-8"))]
    assert sorted(names) == sorted(PARTS)
