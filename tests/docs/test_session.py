"""The harness itself: what is wrong in a page is found."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from docs.blocks import Block, find_blocks, replace_blocks
from docs.session import Session
from hamakg.store import VersionedStore

needs_systemd = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")


@pytest.fixture(scope="module")
def session(seeds_store: VersionedStore, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    with closing(Session(tmp_path_factory.mktemp("page"), seeds_store.path)) as session:
        yield session


def block(language: str, text: str) -> Block:
    return Block(Path("page.md"), 1, language, text, None)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("sh", "hamakg query no-such-question\necho done\n"),
        ("sh", "make no-such-target\n"),
        ("sh", "echo $NO_SUCH_VARIABLE\n"),
        ("console", "$ hamakg query no-such-question\n"),
        ("console", "$ true    # exit status 1\n"),
        ("sparql", "SELECT * { ?s <https://example.org/nothing> ?o }\n"),
        ("sparql", "SELECT * { ?s ?p }\n"),
        ("python", "raise SystemExit(1)\n"),
        ("toml", "a = \n"),
        ("turtle", "<a> <b>\n"),
        pytest.param("ini", "[Service]\nNoSuchOption=true\nExecStart=/bin/none serve\n", marks=needs_systemd),
    ],
)
def test_a_block_that_fails_is_found(session: Session, language: str, text: str) -> None:
    with pytest.raises((AssertionError, SyntaxError, ValueError)):
        session.run(block(language, text))


def test_what_is_printed_takes_the_place_of_what_the_page_shows(session: Session) -> None:
    shown = block("console", "$ echo one \\\n    two\nthree\n$ cat <<END\n> four\n> END\n$ false    # exit status 1\n")
    assert session.run(shown) == (
        "$ echo one \\\n    two\none two\n$ cat <<END\n> four\n> END\nfour\n$ false    # exit status 1\n"
    )


def test_a_page_is_followed_from_its_top(session: Session) -> None:
    """Files and exported variables stay; a server is asked at the port that readers would have."""
    session.run(block("sh", "export WORD=kept\necho 'ASK {}' > ask.rq\nhamakg serve\n"))
    command = "$ echo $WORD; curl -s http://127.0.0.1:7878/sparql --data-urlencode query@ask.rq\n"
    assert session.run(block("console", command)) == command + 'kept\n{"head":{},"boolean":true}\n'


def test_blocks_are_found_with_their_lines_and_reasons(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# A\n\n```sh\ntrue\n```\n\n<!-- not run: needs root -->\n```console\n$ reboot\n```\n")
    first, second = find_blocks(page)
    assert (first, second) == (
        Block(page, 4, "sh", "true\n", None),
        Block(page, 9, "console", "$ reboot\n", "needs root"),
    )
    assert replace_blocks(page, {4: "false\n"}) == page.read_text().replace("true", "false")
