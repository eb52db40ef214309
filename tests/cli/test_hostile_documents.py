"""Documents made to hang, flood or kill a build: each gives a line, and the articles beside it are built.

All are given to the real command, beside two good articles. A document may take ten seconds of processor time. That is
measured, and not the time on a clock, since the machine may be busy with other tests.
"""

import bz2
import gzip
import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from conftest import Run

COMMAND = Path(sys.executable).with_name("hamakg")
GOOD = {"first.txt": "Battle of Aba", "zz last.txt": "Battle of Bebe"}
COUNTS = "Articles: {} new, 0 changed, 0 unchanged, 0 skipped, {} failed"
SECONDS = 10
START = 4
"""The processor time of a build of the two good articles; loading the language model takes most of it."""

WIKITEXT = (
    "{{Infobox military conflict\n| conflict = %s\n| casualties1 = %s\n}}\nOn 2 May 2017, the rebels captured Zed. %s"
)
PLAIN = "= Battle of %s =\nInfobox\n- Conflict: Battle of Zed\n%s\n\nOn 2 May 2017, the rebels captured Zed.\n\n%s"
EXPORT = b'<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/">'
PAGE = b"<page><title>Battle of %s</title><ns>0</ns><revision><id>7</id><text>%s</text></revision></page>"
UNREADABLE = "check that it is a file you may read"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder to build, with two good articles: one before and one after the others."""
    folder = tmp_path / "articles"
    folder.mkdir()
    for name, title in GOOD.items():
        text = f"= {title} =\n\nOn 2 May 2017, the rebels captured {title.split()[-1]}.\n"
        (folder / name).write_text(text, "utf-8")
    return folder


@contextmanager
def processor_time(seconds: float) -> Iterator[None]:
    """Check that the processes that end in the block take no more processor time than this, together."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    yield
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    assert used <= seconds, f"{used:.1f} s of processor time"


def build(hamakg: Run, folder: Path, failed: int, new: int = 2) -> list[str]:
    """Build the folder; check exit status, counts and time; return the lines on standard error, without "hamakg"."""
    with processor_time(START + SECONDS):
        result = hamakg("build", folder.name, "--report", "report.json")
    lines = result.stderr.decode().splitlines()
    assert result.stdout.decode().splitlines()[:1] == [COUNTS.format(new, failed)], result.stderr.decode()[:2000]
    assert (result.returncode, len(lines)) == (int(failed > 0), failed), result.stderr.decode()[:2000]
    assert all(len(line) < 1000 for line in lines)
    return [line.removeprefix("hamakg: ") for line in lines]


def read_unread(folder: Path) -> dict[str, list[str]]:
    """The pieces of each article, by its title, that were not understood."""
    report = json.loads((folder.parent / "report.json").read_text("utf-8"))
    return {entry["title"]: [piece["text"] for piece in entry["not understood"]] for entry in report["articles"]}


# ---------------------------------------------------------------- files that are no documents


def test_pipes_devices_and_endless_links_are_reported(hamakg: Run, folder: Path) -> None:
    os.mkfifo(folder / "pipe.txt")
    (folder / "device.xml").symlink_to("/dev/zero")
    (folder / "loop.wiki").symlink_to("loop.wiki")
    (folder / "nowhere.txt").symlink_to("nothing")
    (folder / "again").symlink_to("../articles")
    assert build(hamakg, folder, failed=4) == [
        "articles/device.xml: a device, not a file; save the article in a file",
        f"articles/loop.wiki: cannot be read (Too many levels of symbolic links); {UNREADABLE}",
        f"articles/nowhere.txt: cannot be read (No such file or directory); {UNREADABLE}",
        "articles/pipe.txt: a pipe, not a file; save the article in a file",
    ]


def test_they_are_reported_if_they_are_named_too(hamakg: Run, folder: Path) -> None:
    os.mkfifo(folder / "pipe")
    (folder / "loop").symlink_to("loop")
    with processor_time(START + SECONDS):
        result = hamakg("build", *(folder / name for name in ("pipe", "loop", "first.txt", "/dev/zero")))
    assert (result.returncode, result.stdout.decode().splitlines()[0]) == (1, COUNTS.format(1, 3))
    assert sorted(result.stderr.decode().splitlines()) == [
        "hamakg: /dev/zero: a device, not a file; save the article in a file",
        f"hamakg: {folder}/loop: cannot be read (Too many levels of symbolic links); {UNREADABLE}",
        f"hamakg: {folder}/pipe: a pipe, not a file; save the article in a file",
    ]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_files_and_folders_that_may_not_be_read_are_reported(hamakg: Run, folder: Path) -> None:
    for name in ("locked.txt", "locked/article.txt"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("= Battle of Zed =\n", "utf-8")
    for name in ("locked.txt", "locked"):
        (folder / name).chmod(0)
    lines = build(hamakg, folder, failed=2)
    (folder / "locked").chmod(0o700)
    denied = f"cannot be read (Permission denied); {UNREADABLE}"
    assert lines == [f"articles/locked: {denied}", f"articles/locked.txt: {denied}"]


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")
def test_a_file_that_fails_while_it_is_read_is_reported(hamakg: Run, folder: Path) -> None:
    (folder / "memory.txt").symlink_to("/proc/self/mem")
    (line,) = build(hamakg, folder, failed=1)
    assert line == f"articles/memory.txt: cannot be read (Input/output error); {UNREADABLE}"


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have only names in UTF-8")
def test_names_that_are_not_utf_8_or_have_line_breaks_are_printed_in_one_line(hamakg: Run, folder: Path) -> None:
    """Also if such a name would be the title of an article."""
    for name in (b"caf\xe9.txt", b"two\nlines\x1b[31m.txt", b"Battle of Caf\xe9.wiki", b"Battle of\x1b[31m\nZed.wiki"):
        text = b"{{Warbox|result=None}}" if name.endswith(b"wiki") else b""
        Path(os.fsdecode(os.fsencode(folder) + b"/" + name)).write_bytes(text)
    assert build(hamakg, folder, failed=3, new=3) == [
        "articles/Battle of Caf\\xe9.wiki: the infobox names no conflict; give the page a title, or write it in the "
        "infobox's conflict",
        "articles/caf\\xe9.txt: the file is empty; an article starts with a line '= Title ='",
        "articles/two\\nlines␛[31m.txt: the file is empty; an article starts with a line '= Title ='",
    ]


# ---------------------------------------------------------------- texts that are too long


def test_texts_that_are_too_long_for_an_article_are_reported(hamakg: Run, folder: Path) -> None:
    texts = {
        "file.txt": PLAIN % ("Zed", "", "x " * 11_000_000),
        "page.wiki": "x" * 6_000_000 + WIKITEXT % ("Battle of Zed", "", ""),
        "title.txt": f"= Battle of {'Z' * 200_000} =\n",
        "title.wiki": WIKITEXT % ("Z" * 200_000, "", ""),
        "words.txt": f"= Battle of {'Zed ' * 50_000} =\n",
    }
    for name, text in texts.items():
        (folder / name).write_text(text, "utf-8")
    assert build(hamakg, folder, failed=5) == [
        "articles/file.txt: more than 20 MB; articles have at most 5,000,000 characters",
        "articles/page.wiki: a page of 6,000,115 characters; articles have at most 5,000,000",
        "articles/title.txt: a title of 200,010 characters; titles have at most 500",
        "articles/title.wiki: a title of 200,000 characters; titles have at most 500",
        "articles/words.txt: a title of 200,009 characters; titles have at most 500",
    ]


def test_figures_of_thousands_of_digits_are_not_read(hamakg: Run, folder: Path) -> None:
    """The rest of their articles is."""
    figure = "9" * 5000
    fields = {
        "Casualties1": f"{figure} killed",
        "Casualties2": f"{','.join(['999'] * 2000)} killed",
        "Strength1": f"{figure}–{figure} men",
        "Date": f"{figure} May {figure}",
        "Coordinates": f"{figure}, {figure}",
    }
    for field, value in fields.items():
        text = f"The army killed {figure} rebels on 3 May {figure} and advanced {figure} km."
        (folder / f"{field}.txt").write_text(PLAIN % (field, f"- {field}: {value}", text), "utf-8")
    build(hamakg, folder, failed=0, new=7)
    unread = read_unread(folder)
    assert [field for field in fields if not any("999" in piece for piece in unread[f"Battle of {field}"])] == []


def test_sentences_of_thousands_of_words_are_not_read(hamakg: Run, folder: Path) -> None:
    """Reading one takes the square of its length or more. The rest of their articles is read."""
    sentences = {
        "Figures": "The army killed " + ", ".join(f"{n} rebels" for n in range(2, 5000)) + " and 7 soldiers.",
        "Clauses": "The army " + ", ".join(f"killed {n} rebels" for n in range(2, 1800)) + ".",
        "Numbers": "The army killed " + ", ".join(map(str, range(2, 1000))) + " and 7 soldiers.",
        "No end": "the rebels captured Yed and " * 1700,
        "Brackets": "The rebels captured " + "(" * 40_000,
        "Hyphens": "The rebels captured " + "Zed-" * 10_000,
        "Claims": "The army said that " * 1000 + "the rebels captured Yed.",
    }
    for title, sentence in sentences.items():
        (folder / f"{title}.txt").write_text(PLAIN % (title, "", sentence), "utf-8")
    build(hamakg, folder, failed=0, new=9)
    unread = read_unread(folder)
    assert [unread[f"Battle of {title}"] for title in sentences] == [
        [sentence.strip()[:50_000]] for sentence in sentences.values()
    ]


# ---------------------------------------------------------------- markup

MARKUP = {
    "template": ("{{a|", "}}"),
    "link": ("[[a|", "]]"),
    "note": ("<ref>", "</ref>"),
    "brace": ("{", "}"),
    "parameter": ("{{{a|", "}}}"),
    "tag": ("<b>", "</b>"),
    "block": ("<div>", "</div>"),
    "table": ("{|\n|\n", "\n|}\n"),
    "address": ("[http://a.example ", "]"),
    "comment": ("<!--", "-->"),
    "bold": ("'''", "'''"),
    "indent": ("\n:", ""),
    "infobox": ("{{Infobox military conflict|conflict=Inner|result=", "}}"),
}


@pytest.mark.slow
@pytest.mark.parametrize("depth", [5000, 20_000])
@pytest.mark.parametrize("kind", MARKUP)
def test_deeply_nested_markup_hangs_nothing(hamakg: Run, folder: Path, kind: str, depth: int) -> None:
    """Closed and unclosed, in the text and in the infobox, each as a document: each is built or gives a line."""
    before, after = MARKUP[kind]
    documents = {
        "Closed": ("", before * depth + "x" + after * depth),
        "Open": ("", before * depth),
        "Field": (before * depth + "5 killed" + after * depth, ""),
        "Open field": (before * depth + "5 killed", ""),
    }
    for title, values in documents.items():
        (folder / f"{title}.wiki").write_text(WIKITEXT % (title, *values), "utf-8")
    with processor_time(START + SECONDS * len(documents)):
        result = hamakg("build", folder.name, "--report", "report.json")
    lines = result.stderr.decode().splitlines()
    assert all(line.startswith("hamakg: articles/") and len(line) < 1000 for line in lines), lines
    assert not any("internal error" in line for line in lines), lines
    failed = {line.removeprefix("hamakg: articles/").partition(".wiki: ")[0] for line in lines}
    built = read_unread(folder).keys() - {"Inner"}  # a template in the text may be an infobox of its own
    assert (failed | built, failed & built) == ({*documents, *GOOD.values()}, set())
    assert result.returncode == int(failed != set())


# ---------------------------------------------------------------- exports

ENDLESS = EXPORT + b"<page><title>Battle of Zed</title><ns>0</ns><revision><text>"
NO_END = "no page ends within 4 s of processor time, so the rest is not read; give it more with --timeout"
NO_EXPORT = "XML, but not a MediaWiki export (more than 100 levels of elements, or 1,000 names of them)"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("compress", "before", "piece"),
    [
        (bz2.compress, ENDLESS, b"x"),
        (gzip.compress, ENDLESS, b"x\n"),
        (gzip.compress, ENDLESS, b"<a>x</a>"),
        (gzip.compress, EXPORT, b" "),
        (gzip.compress, EXPORT + b"<a b='", b"x"),
    ],
    ids=["text", "lines", "elements", "blanks", "attribute"],
)
def test_an_export_without_end_is_reported(
    hamakg: Run, folder: Path, compress: Callable[[bytes], bytes], before: bytes, piece: bytes
) -> None:
    """Ten gigabytes in a small file."""
    name = "a.xml.bz2" if compress is bz2.compress else "a.xml.gz"
    (folder / name).write_bytes(compress(before) + compress(piece * (1_000_000 // len(piece))) * 10_000)
    (line,) = build(hamakg, folder, failed=1)
    assert line.startswith(f"articles/{name}: {NO_END}")


@pytest.mark.slow
@pytest.mark.parametrize(("name", "empty"), [("a.xml.bz2", bz2.compress(b"")), ("a.xml.gz", gzip.compress(b""))])
def test_a_compressed_file_of_many_empty_parts_is_reported(hamakg: Run, folder: Path, name: str, empty: bytes) -> None:
    (folder / name).write_bytes(empty * 10_000_000)
    (line,) = build(hamakg, folder, failed=1)
    assert line.startswith(f"articles/{name}: {NO_END}")


def test_exports_of_too_many_elements_or_with_entities_are_reported(hamakg: Run, folder: Path) -> None:
    entities = b'<!DOCTYPE m [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><mediawiki>&b;</mediawiki>'
    (folder / "deep.xml").write_bytes(EXPORT + b"<a>" * 1_000_000)
    (folder / "entities.xml").write_bytes(entities)
    (folder / "names.xml").write_bytes(EXPORT + b"".join(b"<a%d/>" % n for n in range(100_000)))
    assert build(hamakg, folder, failed=3) == [
        f"articles/deep.xml: {NO_EXPORT}; use Special:Export",
        "articles/entities.xml: declares a document type or entities; a MediaWiki export never does, so it is not read",
        f"articles/names.xml: {NO_EXPORT}; use Special:Export",
    ]


def test_the_pages_around_a_page_that_is_too_long_are_read(hamakg: Run, folder: Path) -> None:
    pages = [(b"Xan", b""), (b"Yan", b"x\n" * 11_000_000), (b"Zan", b"")]
    data = b"".join(PAGE % (name, b"{{Warbox|conflict=%s}}" % name + text) for name, text in pages)
    (folder / "a.xml.bz2").write_bytes(bz2.compress(EXPORT + data + b"</mediawiki>"))
    (line,) = build(hamakg, folder, failed=1, new=4)
    assert line == (
        "articles/a.xml.bz2: page 'Battle of Yan': a page of 22,000,023 characters; articles have at most 5,000,000"
    )


@pytest.mark.slow
def test_memory_does_not_grow_with_a_page(folder: Path, tmp_path: Path) -> None:
    """A build with an endless page stays within what the language model needs, and some."""
    (folder / "a.xml.gz").write_bytes(gzip.compress(ENDLESS) + gzip.compress(b"x\n<a>x</a>" * 100_000) * 10_000)
    peak = "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    code = f"import resource, subprocess, sys; subprocess.run(sys.argv[1:], capture_output=True); {peak}"
    command = [sys.executable, "-c", code, str(COMMAND), "build", folder.name]
    output = subprocess.run(command, cwd=tmp_path, capture_output=True, check=True).stdout
    assert int(output) < 500_000 * (1024 if sys.platform == "darwin" else 1)  # Linux counts in KB, macOS in bytes


# ---------------------------------------------------------------- the rest of the machine


@pytest.mark.skipif(sys.platform != "linux", reason="needs /dev/full")
def test_a_full_disk_under_the_report_is_named(hamakg: Run, folder: Path) -> None:
    result = hamakg("build", folder.name, "--report", "/dev/full")
    error = "hamakg: the report /dev/full cannot be written (No space left on device); name another file\n"
    assert (result.returncode, result.stderr.decode()) == (1, error)


def test_a_full_disk_under_the_store_is_named_once(hamakg: Run, folder: Path, tmp_path: Path) -> None:
    """A limit on the size of files has the same effect on a program as a full disk."""
    assert hamakg("build", folder.name).returncode == 0
    before = hamakg("export").stdout
    sentences = (f"On {n % 28 + 1} May 2017, the army captured Place{n}." for n in range(300))
    (folder / "long.txt").write_text("= Battle of Zed =\n\n" + "\n\n".join(sentences), "utf-8")
    command = [str(COMMAND), "build", folder.name]
    limit = partial(resource.setrlimit, resource.RLIMIT_FSIZE, (200_000, 200_000))
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False, preexec_fn=limit)
    assert result.returncode == 1
    assert result.stderr.decode() == "hamakg: cannot write to the store store: File too large\n"
    assert hamakg("export").stdout == before


def test_a_build_that_is_stopped_leaves_no_process(folder: Path, tmp_path: Path) -> None:
    """By Ctrl-C in the middle of an article."""
    text = "\n\n".join(f"On {n % 28 + 1} May 2017, the army captured Place{n}." for n in range(2000))
    (folder / "long.txt").write_text(f"= Battle of Zed =\n\n{text}", "utf-8")
    command = [str(COMMAND), "build", folder.name]
    take_signals = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)  # a shell's background job ignores them
    with subprocess.Popen(
        command,
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        start_new_session=True,
        preexec_fn=take_signals,  # noqa: PLW1509 -- this process has no threads here
    ) as running:
        while not list((tmp_path / "store" / "drafts").glob("*")):
            time.sleep(0.05)
        os.killpg(running.pid, signal.SIGINT)
        assert running.wait(10) == 130
        assert running.stderr is not None and running.stderr.read() == b"\n"
    assert list_session(running.pid) == []


def list_session(session: int) -> list[str]:
    """The processes of the session that still run."""
    output = subprocess.run(["ps", "-eo", "sess=,stat=,pid="], capture_output=True, check=True, text=True).stdout
    rows = (line.split() for line in output.splitlines())
    return [pid for found, state, pid in rows if found == str(session) and not state.startswith("Z")]
