"""Builds: what they write, leave alone and report, and that the result does not depend on the order of files."""

import io
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from pyoxigraph import NamedNode
from spacy.language import Language

from conftest import SEEDS
from hamakg.build import Observer, build, remove, restore
from hamakg.errors import HamakgError, UsageError
from hamakg.extract.article import extract_facts
from hamakg.extract.narrative import load_trained
from hamakg.model import Article, ArticleFacts
from hamakg.publish import select_graphs, write_dump
from hamakg.rdf.iris import HAMA, PREFIXES, Iris
from hamakg.sparql.ask import ask
from hamakg.store import UNION, VersionedStore
from support.solutions import select_rows, value_of

Understand = Callable[[Article], ArticleFacts]

MARCH, SEPTEMBER = sorted(SEEDS.glob("*.txt"))
MARCH_SLUG, SEPTEMBER_SLUG = "hama-offensive-march-april-2017", "hama-offensive-september-2017"


@pytest.fixture
def store(tmp_path: Path) -> VersionedStore:
    return VersionedStore(tmp_path / "store")


@pytest.fixture
def understand(nlp: Language) -> Understand:
    return partial(extract_facts, nlp=nlp, trained=load_trained())


def dumped(store: VersionedStore) -> bytes:
    """Every graph of the store."""
    out, snapshot = io.BytesIO(), store.snapshot()
    graphs = [graph.value for graph in snapshot.named_graphs() if isinstance(graph, NamedNode)]
    write_dump(snapshot, "nquads", out, graphs, Iris())
    return out.getvalue()


def article(folder: Path, title: str, text: str) -> Path:
    path = folder / f"{title}.txt"
    path.write_text(f"= {title} =\n\n{text}\n", encoding="utf-8")
    return path


def test_a_new_store_has_the_same_bytes_for_any_order_of_the_files(
    seeds_store: VersionedStore, store: VersionedStore, understand: Understand
) -> None:
    report = build([SEPTEMBER, MARCH], store, understand, Iris())
    assert report.outcomes == {MARCH_SLUG: "new", SEPTEMBER_SLUG: "new"}
    assert dumped(store) == dumped(seeds_store)


def test_articles_built_one_after_another_give_the_same_bytes_as_all_at_once(
    seeds_store: VersionedStore, store: VersionedStore, understand: Understand
) -> None:
    build([SEPTEMBER], store, understand, Iris())
    report = build([SEEDS], store, understand, Iris())
    assert report.outcomes == {MARCH_SLUG: "new", SEPTEMBER_SLUG: "unchanged"}
    assert dumped(store) == dumped(seeds_store)


def test_a_build_without_changes_makes_no_new_generation(
    store: VersionedStore, understand: Understand, tmp_path: Path
) -> None:
    aba = article(tmp_path, "Battle of Aba", "On 2 May 2017, the rebels captured Aba.")
    build([aba], store, understand, Iris())
    before = store.generation()
    assert build([aba], store, understand, Iris()).outcomes == {"battle-of-aba": "unchanged"}
    assert store.generation() == before


def test_nothing_remains_of_the_old_version_of_a_changed_article(
    store: VersionedStore, understand: Understand, tmp_path: Path
) -> None:
    aba = article(tmp_path, "Battle of Aba", "On 2 May 2017, the rebels captured Aba.")
    bebe = article(tmp_path, "Battle of Bebe", "On 3 May 2017, the rebels captured Bebe.")
    build([aba, bebe], store, understand, Iris())
    article(tmp_path, "Battle of Bebe", "On 4 May 2017, the army shelled Dodo.")
    report = build([bebe], store, understand, Iris())
    assert (report.outcomes, report.events) == ({"battle-of-bebe": "changed"}, {"Shelling": 1})

    fresh = VersionedStore(tmp_path / "fresh")
    build([aba, bebe], fresh, understand, Iris())
    assert dumped(store) == dumped(fresh)


def test_nothing_remains_of_a_removed_article(store: VersionedStore, understand: Understand, tmp_path: Path) -> None:
    aba = article(tmp_path, "Battle of Aba", "On 2 May 2017, the rebels captured Aba.")
    bebe = article(tmp_path, "Battle of Bebe", "On 3 May 2017, the rebels captured Bebe.")
    build([aba, bebe], store, understand, Iris())
    remove("Battle of Bebe", store)

    fresh = VersionedStore(tmp_path / "fresh")
    build([aba], fresh, understand, Iris())
    assert dumped(store) == dumped(fresh)


def test_what_another_article_says_too_stays_in_the_union(
    store: VersionedStore, understand: Understand, tmp_path: Path
) -> None:
    """The type of a place that two articles name stays until the second of them is removed."""
    aba = article(tmp_path, "Battle of Aba", "On 2 May 2017, the rebels captured the village of [[Aba]].")
    bebe = article(tmp_path, "Siege of Aba", "On 3 May 2017, the army shelled the village of [[Aba]].")
    coco = article(tmp_path, "Battle of Coco", "On 4 May 2017, the army shelled the village of [[Coco]].")
    build([aba, bebe, coco], store, understand, Iris())
    place = f"ASK {{ <{Iris().resource('place/aba')}> a <{HAMA}Place> }}"
    remove("Battle of Aba", store)
    kept = bool(ask(store.snapshot(), place))
    remove("Siege of Aba", store)
    assert (kept, bool(ask(store.snapshot(), place))) == (True, False)

    fresh = VersionedStore(tmp_path / "fresh")
    build([coco], fresh, understand, Iris())
    assert set(store.snapshot()) == set(fresh.snapshot())


def test_count_counts_each_statement_and_each_resource_once(seeds_store: VersionedStore) -> None:
    """Without DISTINCT, although a resource's type is in its article's graph and in that of the entities."""
    snapshot = seeds_store.snapshot()
    named = [quad for quad in snapshot if quad.graph_name != UNION]
    stated = {quad.triple for quad in named}
    kinds = Counter(triple.object.value for triple in stated if triple.predicate.value == PREFIXES["rdf"] + "type")
    counted = select_rows(snapshot, "SELECT ?kind (COUNT(*) AS ?n) { ?x a ?kind } GROUP BY ?kind")
    assert {value_of(row["kind"]): int(value_of(row["n"])) for row in counted} == kinds
    (all_of_them,) = select_rows(snapshot, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    assert int(value_of(all_of_them["n"])) == len(stated) < len(named)


def test_an_article_that_is_not_in_the_store_cannot_be_removed(
    store: VersionedStore, understand: Understand, tmp_path: Path
) -> None:
    build([article(tmp_path, "Battle of Aba", "")], store, understand, Iris())
    with pytest.raises(HamakgError, match=r"^no article 'Battle of Bebe' in .*; hamakg info lists its articles$"):
        remove("Battle of Bebe", store)


def test_a_build_that_dies_halfway_leaves_the_store_unchanged(
    store: VersionedStore, understand: Understand, tmp_path: Path
) -> None:
    build([article(tmp_path, "Battle of Aba", "On 2 May 2017, the rebels captured Aba.")], store, understand, Iris())
    before = dumped(store)
    bebe = article(tmp_path, "Battle of Bebe", "On 3 May 2017, the rebels captured Bebe.")
    coco = article(tmp_path, "Battle of Coco", "On 3 May 2017, the rebels captured Coco.")

    def stop_at_coco(facts: ArticleFacts, outcome: str) -> None:
        if facts.article.title == "Battle of Coco":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build([bebe, coco], store, understand, Iris(), observer=Observer(on_article=stop_at_coco))
    assert dumped(store) == before


def test_an_internal_error_in_one_article_is_reported_and_the_others_are_built(
    store: VersionedStore, understand: Understand, tmp_path: Path
) -> None:
    bebe = article(tmp_path, "Battle of Bebe", "On 3 May 2017, the rebels captured Bebe.")
    coco = article(tmp_path, "Battle of Coco", "On 3 May 2017, the rebels captured Coco.")

    def stumble_at_bebe(article: Article) -> ArticleFacts:
        if article.title == "Battle of Bebe":
            raise ZeroDivisionError("oh")
        return understand(article)

    report = build([bebe, coco], store, stumble_at_bebe, Iris())
    assert report.outcomes == {"battle-of-coco": "new"}
    assert [str(failure) for failure in report.failures] == [
        f"{bebe}: internal error, ZeroDivisionError('oh'); please report it with this file (hamakg -v shows where)"
    ]


def test_of_two_articles_with_one_title_the_second_is_reported_and_left_out(
    store: VersionedStore, understand: Understand, tmp_path: Path
) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
    first = article(tmp_path / "a", "Battle of Aba", "On 2 May 2017, the rebels captured Aba.")
    second = article(tmp_path / "b", "Battle of Aba", "On 4 May 2017, the army shelled Aba.")
    report = build([second, first], store, understand, Iris())
    assert report.events == {"Capture": 1}
    assert [str(failure) for failure in report.failures] == [
        f"{second}: another document of this run holds 'Battle of Aba' too; keep one of them"
    ]


def test_if_nothing_can_be_read_no_generation_is_made(
    store: VersionedStore, understand: Understand, tmp_path: Path
) -> None:
    (tmp_path / "empty.txt").touch()
    report = build([tmp_path / "empty.txt", tmp_path / "none.txt"], store, understand, Iris())
    assert (len(report.failures), report.outcomes, store.generation()) == (2, {}, None)


def test_a_store_keeps_its_base(store: VersionedStore, understand: Understand, tmp_path: Path) -> None:
    aba = article(tmp_path, "Battle of Aba", "On 2 May 2017, the rebels captured Aba.")
    build([aba], store, understand, Iris("https://example.org/kg/"))
    with pytest.raises(
        UsageError, match=r"built with --base https://example.org/kg/; give the same base, or another --store$"
    ):
        build([aba], store, understand, Iris())


def test_a_restored_dump_gives_the_store_that_it_was_exported_from(
    seeds_store: VersionedStore, store: VersionedStore, tmp_path: Path
) -> None:
    """An export has only what articles say; the rest is derived again, and the ontology is written."""
    out, snapshot = io.BytesIO(), seeds_store.snapshot()
    write_dump(snapshot, "nquads", out, select_graphs(snapshot, Iris()), Iris())
    (tmp_path / "seeds.nq").write_bytes(out.getvalue())
    restore(tmp_path / "seeds.nq", store)
    assert dumped(store) == dumped(seeds_store)
