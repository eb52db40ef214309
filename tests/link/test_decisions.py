"""The decisions are a file that people read and edit: it survives changes, and errors in it are reported by line."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamakg.errors import HamakgError
from hamakg.link import SHIPPED_DECISIONS, change_decisions, format_sssom, read_decisions, write_decisions
from hamakg.link.items import WIKIDATA
from hamakg.model import EntityLink, LinkStatus, Location
from hamakg.rdf.iris import Iris

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
def test_reading_a_written_file_returns_its_links(
    links: list[EntityLink], tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = tmp_path_factory.mktemp("decisions") / "links.sssom.tsv"
    write_decisions(links, file, Iris())
    assert read_decisions(file) == sorted(links, key=lambda link: (link.subject, link.object))


def test_the_shipped_file_has_the_form_that_the_program_writes() -> None:
    assert format_sssom(read_decisions(SHIPPED_DECISIONS), Iris()) == SHIPPED_DECISIONS.read_text("utf-8")


def test_one_file_serves_graphs_of_every_base(tmp_path: Path) -> None:
    (tmp_path / "d.tsv").write_text(
        format_sssom(read_decisions(SHIPPED_DECISIONS), Iris("https://example.org/x/")), "utf-8"
    )
    assert read_decisions(tmp_path / "d.tsv") == read_decisions(SHIPPED_DECISIONS)


def test_coordinates_come_with_their_record() -> None:
    (hama,) = (d for d in read_decisions(SHIPPED_DECISIONS) if d.subject == "place/hama" and d.location)
    record = "https://sws.geonames.org/170017/"
    assert (hama.object, hama.location) == (
        record,
        Location("35.13179", "36.75783", "GeoNames via Who's On First, CC BY 4.0", record),
    )


HEAD = (
    "subject_id\tpredicate_id\tobject_id\tmapping_justification\tconfidence\tlatitude\tlongitude"
    "\tmapping_date\tpredicate_modifier\n"
)


@pytest.mark.parametrize(
    ("row", "wrong"),
    [
        ("resource:place/a\tskos:broadMatch\twikidata:Q1\t\t\t\t", "the predicate 'skos:broadMatch' is neither"),
        ("place/a\tskos:exactMatch\twikidata:Q1\t\t\t\t", "the head has no prefix for 'place/a'"),
        ("wikidata:Q2\tskos:exactMatch\twikidata:Q1\t\t\t\t", "the subject 'wikidata:Q2' is not a resource of a graph"),
        (
            "resource:place/a\tskos:exactMatch\twikidata:Q1\t\tsure\t\t",
            "the confidence 'sure' is not a number",
        ),
        (
            "resource:place/a\tskos:exactMatch\twikidata:Q1\t\tnan\t\t",
            "the confidence 'nan' is not a number",
        ),
        ("resource:place/a\tskos:exactMatch\twikidata:Q1\t\t7\t\t", "the confidence '7' is not a number"),
        (
            "resource:place/a\tskos:exactMatch\twikidata:Q1\t\t\t35\t",
            "the longitude '' is not degrees from",
        ),
        (
            "resource:place/a\tskos:exactMatch\twikidata:Q1\t\t\t99\t3",
            "the latitude '99' is not degrees from",
        ),
        ("resource:place/a\tskos:exactMatch\twikidata:Q1 <x>\t\t\t\t", "the address 'wikidata:Q1 <x>' is not an IRI"),
        (
            "resource:place/a\tskos:exactMatch\twikidata:Q1\ts:M M<>\t\t\t",
            "the justification 's:M M<>' is not a",
        ),
        (
            "resource:place/a\tskos:exactMatch\twikidata:Q1\t\t\t\t\t\tNOT",
            "the modifier 'NOT' is not Not or empty",
        ),
        (
            "resource:place/a\tskos:exactMatch\twikidata:Q1\t\t\t\t\tyesterday",
            "the date 'yesterday' is not a day (2017-03-21)",
        ),
        ("resource:place/a\tskos:exactMatch\twikidata:Q1\t\t\t\t\t2017-W12-2", "the date '2017-W12-2' is not a day"),
        ("resource:place/a\tskos:exactMatch\twikidata:Hello\t\t\t\t", "the address 'wikidata:Hello' is not an IRI"),
        ("resource:place/a\tskos:exactMatch\thttp://exa[mple/\t\t\t\t", "the address 'http://exa[mple/' is not an"),
        ("resource:place/%\tskos:exactMatch\twikidata:Q1\t\t\t\t", "the address 'resource:place/%' is not an IRI"),
        ("resource:place/a\tskos:exactMatch\twikidata:Q1\ts:é²\t\t\t", "the justification 's:é²' is not a"),
    ],
)
def test_a_wrong_row_is_reported_with_its_line(tmp_path: Path, row: str, wrong: str) -> None:
    file = tmp_path / "d.tsv"
    file.write_text(f"#curie_map:\n#  resource: https://w3id.org/hamakg/resource/\n{HEAD}{row}\n", "utf-8")
    with pytest.raises(HamakgError, match="line 4: ") as error:
        read_decisions(file)
    assert wrong in str(error.value)


def test_two_rows_on_one_link_are_refused_and_a_very_long_cell_is_read(tmp_path: Path) -> None:
    """Only a person can say which of the two rows counts."""
    file, row = tmp_path / "d.tsv", "resource:place/a\tskos:exactMatch\twikidata:Q1"
    head = f"#curie_map:\n#  resource: https://w3id.org/hamakg/resource/\n{HEAD}"
    file.write_text(f"{head}{row}\n# a remark\n{row}\t\t\t\t\t\tNot\n", "utf-8")
    with pytest.raises(HamakgError, match=r"line 6: place/a and \S+Q1 stand in two rows; delete one of them$"):
        read_decisions(file)
    write_decisions([EntityLink("place/a", f"{WIKIDATA}Q1", LinkStatus.ACCEPTED, "x" * 400_000)], file, Iris())
    assert len(read_decisions(file)[0].label) == 400_000


def test_simultaneous_changes_lose_nothing(tmp_path: Path) -> None:
    """Two reviewers, one in a browser and one in a terminal, may share a file."""
    file = tmp_path / "d.tsv"
    write_decisions([], file, Iris())

    def add(number: int) -> None:
        new = EntityLink("place/a", f"{WIKIDATA}Q{number}", LinkStatus.REJECTED)
        change_decisions(file, Iris(), lambda known: [*known, new])

    with ThreadPoolExecutor(8) as at_once:
        list(at_once.map(add, range(1, 41)))
    assert len(read_decisions(file)) == 40


def test_a_change_keeps_the_rest_of_the_file(tmp_path: Path) -> None:
    """The head, columns and rows of a user stay as they are, and so do the file's mode and a symbolic link to it."""
    file, alias = tmp_path / "real.tsv", tmp_path / "alias.tsv"
    head = "# ours\n#license: https://creativecommons.org/publicdomain/zero/1.0/\n#curie_map:\n"
    prefixes = "#  r: https://example.org/resource/\n#  wikidata: http://www.wikidata.org/entity/\n"
    columns = "subject_id\tauthor_id\tpredicate_id\tobject_id\tmapping_justification"
    row = "r:place/a\torcid:1\tskos:exactMatch\twikidata:Q1\tsemapv:ManualMappingCuration"
    file.write_text(f"{head}{prefixes}{columns}\n{row}\n", "utf-8")
    file.chmod(0o600)
    alias.symlink_to(file)
    change_decisions(alias, Iris(), lambda known: known)
    assert file.read_text("utf-8") == f"{head}{prefixes}{columns}\n{row}\n"
    new = EntityLink("place/b", f"{WIKIDATA}Q2", LinkStatus.REJECTED, "B", reviewer="A. Reader")
    change_decisions(alias, Iris(), lambda known: [*known, new])
    lines = file.read_text("utf-8").splitlines()
    assert alias.is_symlink() and file.stat().st_mode & 0o777 == 0o600
    assert {*head.splitlines(), *prefixes.splitlines()} <= {*lines}
    assert [line for line in lines if line.startswith("r:")] == [
        row + "\t" * 10,
        "r:place/b\t\tskos:exactMatch\twikidata:Q2\tsemapv:ManualMappingCuration\tB\tNot\t\t\tA. Reader" + "\t" * 5,
    ]
    assert read_decisions(alias) == [EntityLink("place/a", f"{WIKIDATA}Q1", LinkStatus.ACCEPTED), new]
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["alias.tsv", "real.tsv"]


def test_the_quotes_of_a_spreadsheet_are_removed(tmp_path: Path) -> None:
    file = tmp_path / "d.tsv"
    cells = ("subject_id", "subject_label", "predicate_id", "object_id", "mapping_justification", "comment")
    row = ("resource:place/a", 'x ""y"" z', "skos:exactMatch", "wikidata:Q1", "semapv:LexicalMatching", "")
    text = "\r\n".join("\t".join(f'"{cell}"' for cell in line) for line in (cells, row))
    file.write_text(f"#curie_map:\r\n#  resource: https://w3id.org/hamakg/resource/\r\n{text}\r\n", "utf-8")
    (found,) = read_decisions(file)
    assert found.label == 'x "y" z'
    write_decisions([found], file, Iris())
    assert read_decisions(file) == [found]


def test_an_empty_file_has_no_decisions_and_another_table_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty.tsv").write_text("")
    assert read_decisions(tmp_path / "empty.tsv") == []
    (tmp_path / "other.tsv").write_text("name\tqid\nHama\tQ173545\n")
    with pytest.raises(HamakgError, match="lack the column subject_id, predicate_id, object_id"):
        read_decisions(tmp_path / "other.tsv")


def test_a_file_without_a_head_gets_one_that_binds_each_prefix_once(tmp_path: Path) -> None:
    file = tmp_path / "d.tsv"
    columns, row = HEAD.split("\t")[:3], ("https://example.org/resource/place/a", "skos:exactMatch", "wikidata:Q1")
    file.write_text("\n".join("\t".join(cells) for cells in (columns, row)), "utf-8")
    new = EntityLink("place/b", f"{WIKIDATA}Q2", LinkStatus.REJECTED)
    change_decisions(file, Iris(), lambda known: [*known, new])
    lines = file.read_text("utf-8").splitlines()
    assert [line for line in lines if line.startswith("#")] == format_sssom([], Iris()).splitlines()[:-1]
    assert read_decisions(file) == [
        EntityLink("place/a", f"{WIKIDATA}Q1", LinkStatus.ACCEPTED, justification="UnspecifiedMatching"),
        new,
    ]
