"""The fenced blocks of the documentation: README.md, CONTRIBUTING.md, SECURITY.md and all pages in docs/.

A block that cannot run in a test has a comment in the line above it that says why: ``<!-- not run: needs root -->``.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).parents[2]
PAGES = (
    *(PROJECT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md")),
    *sorted((PROJECT / "docs").glob("*.md")),
)

_BLOCK = re.compile(
    r"(?:^<!-- not run: (?P<reason>[^\n]+) -->\n)?^```(?P<language>\w*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: its page, the line of its first character, its language, and why it is not run (or None)."""

    page: Path
    line: int
    language: str
    text: str
    reason: str | None

    def __str__(self) -> str:
        return f"{self.page.name}:{self.line}"


def find_blocks(page: Path) -> Iterator[Block]:
    """All fenced blocks of a page, in their order."""
    text = page.read_text("utf-8")
    for match in _BLOCK.finditer(text):
        line = text.count("\n", 0, match.start("text")) + 1
        yield Block(page, line, match["language"], match["text"], match["reason"])


def replace_blocks(page: Path, texts: dict[int, str]) -> str:
    """The text of the page with these texts in place of the blocks that begin in these lines."""
    text = page.read_text("utf-8")

    def new(match: re.Match[str]) -> str:
        line = text.count("\n", 0, match.start("text")) + 1
        whole, begin = match[0], match.start("text") - match.start()
        return whole[:begin] + texts.get(line, match["text"]) + "```"

    return _BLOCK.sub(new, text)
