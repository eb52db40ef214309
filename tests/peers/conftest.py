"""A real browser for the tests of pages: the system's Chromium, driven by Playwright (https://playwright.dev/python/).

A test fails if a page logs an error to the console, raises one, or requests anything from another host.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Dialog, Page, sync_playwright

from hamakg.store import VersionedStore

WIDE, NARROW = 1280, 400

Open = Callable[..., Page]


@contextmanager
def serving(path: Path) -> Iterator[str]:
    command: list[str | Path] = [Path(sys.executable).with_name("hamakg"), "serve", "--store", path, "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=dict(os.environ)) as server:
        try:
            assert server.stdout is not None
            yield server.stdout.readline().split()[2].rstrip("/")
        finally:
            server.terminate()


@pytest.fixture(scope="module")
def address(seeds_store: VersionedStore) -> Iterator[str]:
    with serving(seeds_store.path) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert chromium, "no Chromium; install one, on Debian: apt install chromium"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        yield running
        running.close()


@pytest.fixture
def visit(browser: Browser) -> Iterator[Open]:
    """Opens an address in a browser without history; at the end, no page may have gone wrong."""
    wrong: list[str] = []
    contexts = []

    def dismiss(dialog: Dialog) -> None:
        wrong.append(f"dialog {dialog.message}")
        dialog.dismiss()

    def visit(address: str, width: int = WIDE, dark: bool = False) -> Page:
        scheme: Literal["dark", "light"] = "dark" if dark else "light"
        context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("dialog", dismiss)
        page.on("request", lambda request: wrong.append(request.url) if is_foreign(request.url, address) else None)
        page.goto(address)
        return page

    yield visit
    for context in contexts:
        context.close()
    assert wrong == []


def is_foreign(url: str, address: str) -> bool:
    return not url.startswith(("/".join(address.split("/")[:3]), "data:", "blob:"))
