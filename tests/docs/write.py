"""``make docs``: writes the generated parts of the documentation anew, and what the commands in them print.

PYTHONPATH=tests python -m docs.write [PAGE...]
"""

import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

from docs.blocks import PAGES, PROJECT, find_blocks, replace_blocks
from docs.parts import replace_parts
from docs.session import Session


def main() -> None:
    """Builds the graph of the seed articles in a temporary folder and follows each page over it."""
    pages = [Path(name).resolve() for name in sys.argv[1:]] or PAGES
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder, "store")
        hamakg = str(Path(sys.executable).with_name("hamakg"))
        subprocess.run([hamakg, "build", str(PROJECT / "seeds"), "--store", str(store)], check=True, stdout=sys.stderr)
        for page in pages:
            page.write_text(replace_parts(page.read_text("utf-8")), "utf-8")
            clone = Path(folder, page.stem)
            clone.mkdir()
            with closing(Session(clone, store)) as session:
                texts = {block.line: session.run(block) for block in find_blocks(page) if not block.reason}
            page.write_text(replace_blocks(page, texts), "utf-8")


if __name__ == "__main__":
    main()
