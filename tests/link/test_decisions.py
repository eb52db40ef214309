"""Decisions are a file that people read and edit: what is written is read back, and what is wrong in it is named."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamakg.errors import HamakgError
from hamakg.link import SHIPPED, read_decisions, sssom, write_decisions
from hamakg.link.items import WIKIDATA
from hamakg.model import EntityLink, LinkStatus, Location
from hamakg.terms import Names

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), max_size=8)
LINKS = st.builds(
    EntityLink,
    subject=st.from_regex(r"place/[a-z]{1,6}", fullmatch=True),
    object=st.integers(1, 99).map(lambda n: f"{WIKIDATA}Q{n}"),
    status=st.sampled_from(LinkStatus),
    label=WORDS,
    object_label=WORDS,
    confidence=st.none() | st.sampled_from([0.0, 0.5, 0.875, 1.0]),
    reviewer=st.none() | st.just("A. Reader"),
    date=st.none() | st.just("2026-11-25"),
    comment=st.none() | WORDS.filter(bool),
)


@given(links=st.lists(LINKS, unique_by=lambda link: (link.subject, link.object)))
def test_what_is_written_is_read_back(links: list[EntityLink], tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.mktemp("decisions") / "links.sssom.tsv"
    write_decisions(links, file, Names())
    assert read_decisions(file) == sorted(links, key=lambda link: (link.subject, link.object))


def test_the_shipped_file_is_as_the_program_writes_it() -> None:
    assert sssom(read_decisions(SHIPPED), Names()) == SHIPPED.read_text("utf-8")


def test_a_file_serves_every_base(tmp_path: Path) -> None:
    (tmp_path / "d.tsv").write_text(sssom(read_decisions(SHIPPED), Names("https://example.org/x/")), "utf-8")
    assert read_decisions(tmp_path / "d.tsv") == read_decisions(SHIPPED)


def test_coordinates_come_with_their_record() -> None:
    (hama,) = (d for d in read_decisions(SHIPPED) if d.subject == "place/hama" and d.location)
    record = "https://sws.geonames.org/170017/"
    assert (hama.object, hama.location) == (
        record,
        Location("35.13179", "36.75783", "GeoNames via Who's On First, CC BY 4.0", record),
    )


HEAD = "subject_id\tpredicate_id\tobject_id\tmapping_justification\tconfidence\tlatitude\tlongitude\n"


@pytest.mark.parametrize(
    ("row", "wrong"),
    [
        ("resource:place/a\tskos:broadMatch\twikidata:Q1\t\t\t\t", "the predicate 'skos:broadMatch' is neither"),
        ("place/a\tskos:exactMatch\twikidata:Q1\t\t\t\t", "the head has no prefix for 'place/a'"),
        ("wikidata:Q2\tskos:exactMatch\twikidata:Q1\t\t\t\t", "the subject 'wikidata:Q2' is no resource of a graph"),
        ("resource:place/a\tskos:exactMatch\twikidata:Q1\t\tsure\t\t", "the confidence 'sure' is no number"),
        ("resource:place/a\tskos:exactMatch\twikidata:Q1\t\t\t35\t", "35,  are no degrees of latitude and longitude"),
    ],
)
def test_a_wrong_row_is_named_with_its_line(tmp_path: Path, row: str, wrong: str) -> None:
    file = tmp_path / "d.tsv"
    file.write_text(f"#curie_map:\n#  resource: https://w3id.org/hamakg/resource/\n{HEAD}{row}\n", "utf-8")
    with pytest.raises(HamakgError, match="line 4: ") as error:
        read_decisions(file)
    assert wrong in str(error.value)


def test_an_empty_file_decides_nothing_and_another_table_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty.tsv").write_text("")
    assert read_decisions(tmp_path / "empty.tsv") == []
    (tmp_path / "other.tsv").write_text("name\tqid\nHama\tQ173545\n")
    with pytest.raises(HamakgError, match="lack the column subject_id, predicate_id, object_id"):
        read_decisions(tmp_path / "other.tsv")
