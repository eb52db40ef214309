"""Each page of the documentation, followed once; its blocks see what the blocks above them did."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from docs.blocks import Block, find_blocks
from docs.session import Session
from hamakg.store import VersionedStore

Run = Callable[[Block], str]


@pytest.fixture(scope="session")
def run(seeds_store: VersionedStore, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """Runs a block, after those above it in its page that have not run yet; gives its text as it should be."""
    sessions: dict[Path, Session] = {}
    texts: dict[Block, str] = {}
    with ExitStack() as stack:

        def run(block: Block) -> str:
            if block.page not in sessions:
                folder = tmp_path_factory.mktemp(block.page.stem)
                sessions[block.page] = stack.enter_context(closing(Session(folder, seeds_store.path)))
            for above in find_blocks(block.page):
                if above not in texts and not above.reason:
                    texts[above] = sessions[block.page].run(above)
                if above == block:
                    break
            return texts[block]

        yield run
