"""The seeds' format is parsed completely, with exact offsets, and a fault in a file is reported in one line."""

import time
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamakg.errors import HamakgError
from hamakg.model import Article, Field, Paragraph
from hamakg.read.plain import parse_plain

SEEDS = Path(__file__).parents[2] / "seeds"

DOCUMENT = """= Battle of X (1999) =

Infobox
- Conflict: Battle of X
- Map Type: Xland
- Result:

The battle was short.
It ended soon.

==Course==
===Night===

* A list item: told.

==See also==
- Battle of Y
===Further===
Not told.
==Aftermath==
Peace.
"""


def parts(article: Article) -> tuple[list[tuple[str, str]], list[tuple[str, tuple[str, ...]]]]:
    return [(f.key, f.value) for f in article.fields], [(p.text, p.headings) for p in article.paragraphs]


def test_every_part_is_parsed_and_lists_of_links_are_not_narrative() -> None:
    article = parse_plain(DOCUMENT)
    assert (article.slug, article.title, article.text) == ("battle-of-x-1999", "Battle of X (1999)", DOCUMENT)
    assert parts(article) == (
        [("Conflict", "Battle of X"), ("Map Type", "Xland"), ("Result", "")],
        [
            ("The battle was short.", ()),
            ("It ended soon.", ()),
            ("A list item: told.", ("Course", "Night")),
            ("Peace.", ("Aftermath",)),
        ],
    )


def test_all_fields_and_paragraphs_of_both_seeds_are_parsed() -> None:
    sizes = {}
    for path in sorted(SEEDS.glob("*.txt")):
        article = parse_plain(path.read_text("utf-8"))
        sizes[article.title] = (len(article.fields), len(article.paragraphs), article.paragraphs[-1].headings)
    assert sizes == {
        "Hama offensive (March–April 2017)": (17, 21, ("Aftermath",)),
        "Hama offensive (September 2017)": (14, 9, ("Aftermath",)),
    }


@given(
    st.lists(
        st.one_of(
            st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"]), max_size=20),
            st.sampled_from(
                ["Infobox", "- Conflict: a", "- Place: b ", "- Date:", "==See also==", "== H ==", "", " a  b ", "🇺🇦 x"]
            ),
        ),
        max_size=12,
    ),
    st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_offsets_are_exact_in_any_document(lines: list[str], line_end: str) -> None:
    """text[begin:end] is the field's value or the paragraph, letter for letter, and nothing overlaps."""
    text = line_end.join(["= T =", *lines])
    article = parse_plain(text)
    spans: list[Field | Paragraph] = [*article.fields, *article.paragraphs]
    for span in spans:
        words = span.value if isinstance(span, Field) else span.text
        assert text[span.begin : span.end] == words == words.strip()
    assert all(a.end <= b.begin for a, b in pairwise(spans))
    assert article.text == text


def test_line_ends_of_windows_and_old_macs_give_the_same_article() -> None:
    expected = parts(parse_plain(DOCUMENT))
    assert parts(parse_plain(DOCUMENT.replace("\n", "\r\n"))) == expected
    assert parts(parse_plain(DOCUMENT.replace("\n", "\r"))) == expected


def test_a_value_keeps_its_line_ends_and_blank_lines_while_fields_go_on() -> None:
    fields = "- Conflict: T\n- Date: First:\n1 May 2000\n\nThen:\n2 May 2000\n- Place: A\n* B"
    text = f"= T =\n\nInfobox\n{fields}\n\nThe lead.\n"
    assert parts(parse_plain(text)) == (
        [("Conflict", "T"), ("Date", "First:\n1 May 2000\n\nThen:\n2 May 2000"), ("Place", "A\n* B")],
        [("The lead.", ())],
    )


def test_the_infobox_may_have_another_heading_or_none() -> None:
    fields = [("Conflict", "T"), ("Place", "A")]
    for heading in ("Infobox\n", "Islamic State\n", ""):
        assert parts(parse_plain(f"= T =\n\n{heading}- Conflict: T\n- Place: A\n\nLead.")) == (fields, [("Lead.", ())])


def test_a_list_in_the_lead_is_not_an_infobox() -> None:
    text = "= T =\n\nThe parties were:\n- North: one army\n\nLead."
    assert parts(parse_plain(text)) == ([], [("The parties were:", ()), ("North: one army", ()), ("Lead.", ())])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("= T =\n\nLead only.\n", ([], [("Lead only.", ())])),
        ("= T =\n\nInfobox\n- Conflict: T\n", ([("Conflict", "T")], [])),
        ("= T =", ([], [])),
    ],
    ids=["no infobox", "no narrative", "title only"],
)
def test_a_part_may_be_missing(text: str, expected: object) -> None:
    assert parts(parse_plain(text)) == expected


@pytest.mark.parametrize("text", ["Lead.\n", "== T ==\nLead.", "= =\nLead.", "=\n", "\n \n"])
def test_a_missing_title_is_reported_with_the_expected_form(text: str) -> None:
    with pytest.raises(HamakgError, match=r"^no title; the first line of an article is '= Title ='$"):
        parse_plain(text)


@pytest.mark.parametrize("unit", ["x", "=", " ", "- ", "-a", "* ", "= "])
def test_a_line_of_a_megabyte_is_parsed_within_a_second(unit: str) -> None:
    line = (unit * (1_000_000 // len(unit)))[:999_999] + "."
    start = time.perf_counter()
    article = parse_plain(f"= T =\n\nInfobox\n- Conflict: {line}\n\n{line}\n")
    assert time.perf_counter() - start < 1
    assert article.fields[0].value == line.strip()
