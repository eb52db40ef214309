"""The whole way: documents in, the next generation of the store out. The only module that knows all stages."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pyoxigraph
from pyoxigraph import NamedNode, Quad, RdfFormat
from spacy.language import Language

from hamakg.data_files import data_folder
from hamakg.errors import HamakgError, UsageError
from hamakg.extract.evidence import with_evidence
from hamakg.extract.infobox import extract_infobox
from hamakg.extract.narrative import extract_narrative
from hamakg.graph import (
    build_article_quads,
    build_control_quads,
    build_entity_quads,
    build_happening_quads,
    build_inferred_quads,
    build_link_quads,
    build_total_quads,
)
from hamakg.infer import ONTOLOGIES, derive_casualty_totals, derive_control_periods, find_happenings, infer_triples
from hamakg.link import Linking, Offer, asked, change_decisions, decisions_so_far, kept, linked, stored, things
from hamakg.link.review import Candidate, Change, Review, candidates
from hamakg.model import Article, ArticleFacts, EntityLink, Unread
from hamakg.rdf.ids import article_slug
from hamakg.rdf.iris import Iris
from hamakg.read import Skipped, find_documents, read_document
from hamakg.report import unclear_names
from hamakg.store import VersionedStore, load_dump, replace_graph

FactsOf = Callable[[Article], ArticleFacts]
Progress = Callable[[Sequence[Path]], Iterable[Path]]
Taken = Callable[[ArticleFacts, str], None]

NEW, CHANGED, UNCHANGED = "new", "changed", "unchanged"


@dataclass(slots=True)
class Report:
    """What one build did: what became of each article, and what was not understood."""

    outcomes: dict[str, str] = field(default_factory=dict)
    """NEW, CHANGED or UNCHANGED, by the article's slug."""
    events: Counter[str] = field(default_factory=Counter)
    """How many events of each type the articles tell."""
    unread: list[tuple[str, Unread]] = field(default_factory=list)
    """The pieces of text that were not understood, each with the title of its article."""
    silent: int = 0
    """How many sentences have a word for an event and gave none."""
    unclear: dict[str, None] = field(default_factory=dict)
    """The names of which nothing is known but that they act, each once, as they came."""
    templates: Counter[str] = field(default_factory=Counter)
    """How often each template that is not understood stands in the articles, by name."""
    skipped: list[Skipped] = field(default_factory=list)
    """The pages of exports that gave no article, each with the reason."""
    failures: list[HamakgError] = field(default_factory=list)
    """What is wrong with each path or document that gave nothing, and what to do about it."""


_PATIENCE = 30.0  # seconds that another writer is waited for where a person waits


class _NothingNew(Exception):
    """Ends a draft that would only repeat the generation before it."""


def facts_of(article: Article, nlp: Language) -> ArticleFacts:
    """All that one article says: a pure function of the article and the language model."""
    return with_evidence(extract_narrative(article, extract_infobox(article), nlp))


def build(
    paths: Iterable[Path],
    store: VersionedStore,
    understand: FactsOf,
    iris: Iris,
    progress: Progress = iter,
    taken: Taken = lambda facts, outcome: None,
) -> Report:
    """Writes what the articles at the paths say to the store, as one new generation: all of it or, if it dies, nothing.

    An article that says what it said is left untouched, as are all others in the store. What the store then holds does
    not depend on the order of the paths. A path or a document that cannot be read is reported and costs the others
    nothing. ``taken`` hears of each article as it is taken in. Raises HamakgError when the store cannot be written,
    UsageError when it has another base.
    """
    report = Report()
    documents = _find(paths, report)
    if not documents:
        return report
    with suppress(_NothingNew), store.open_draft() as draft:
        _require_base(draft, iris)
        for document in progress(documents):
            with _costing_no_others(document, report):
                for article in read_document(document, report.skipped.append):
                    with _costing_no_others(document, report):
                        facts = understand(article)
                        taken(facts, _take_in(draft, facts, document, iris, report))
        changed = {iris.article_graph(slug) for slug, what in report.outcomes.items() if what != UNCHANGED}
        derived = bool(report.outcomes) and derive(draft, iris, changed)
        if not changed and not derived:
            raise _NothingNew
    return report


def remove(title: str, store: VersionedStore) -> None:
    """Takes the article of this title out of the store, and with it all that only it says.

    Raises HamakgError when the store has none of that title.
    """
    with store.open_draft() as draft:
        iris = Iris.from_store(draft)
        graph = iris.article_graph(article_slug(title))
        if not replace_graph(draft, graph, ()):
            raise HamakgError(f"no article {title!r} in the store {store.path}; hamakg info lists those that are there")
        derive(draft, iris)


def link(
    store: VersionedStore, decisions: Callable[[], Iterable[EntityLink]], sources: Iterable[Offer], dry: bool = False
) -> Linking:
    """Links what the store holds, by decisions and what sources offer; ``dry``: tells what it would, and writes
    nothing.

    Services may take long to answer, so decisions are read after that, while nobody else can write: one that is made
    meanwhile counts. Raises HamakgError where there is no store, or it cannot be written.
    """
    snapshot = store.snapshot()
    known = things(snapshot, Iris.from_store(snapshot))
    offers = asked(known, sources)
    if dry:
        return linked(known, decisions(), offers)
    with suppress(_NothingNew), store.open_draft(_PATIENCE) as draft:
        found = linked(things(draft, Iris.from_store(draft)), decisions(), offers)
        _put_links(draft, found.links)
    return found


def change_links(store: VersionedStore, change: Change) -> None:
    """Makes the links of the store what the change makes of them. Raises as :func:`link` does."""
    store.snapshot()
    with suppress(_NothingNew), store.open_draft(_PATIENCE) as draft:
        _put_links(draft, change(list(stored(draft, Iris.from_store(draft)))))


def start_review(
    store: VersionedStore, decisions: Path, reviewer: str
) -> tuple[list[Candidate], Callable[[], list[EntityLink]], Review]:
    """What a person needs to review the links of the store and of the file ``decisions``: the candidates, a function
    that reads the decisions as they are when it is called, and the review, which keeps each decision in both.
    """
    snapshot = store.snapshot()
    iris = Iris.from_store(snapshot)
    keeps = [partial(change_decisions, decisions, iris), partial(change_links, store)]
    links = {link.ends: link for link in (*decisions_so_far(decisions), *stored(snapshot, iris))}
    return candidates(links.values(), snapshot, iris), partial(decisions_so_far, decisions), Review(reviewer, keeps)


def _put_links(draft: pyoxigraph.Store, links: Iterable[EntityLink]) -> None:
    """Raises _NothingNew where the draft has these links already."""
    iris = Iris.from_store(draft)
    if not replace_graph(draft, iris.graph("links"), build_link_quads(links, iris)):
        raise _NothingNew


def restore(dump: Path, store: VersionedStore) -> None:
    """Makes a dump the graph, in place of what is there; what follows from its articles is made anew.

    Raises HamakgError for a file that is no dump in N-Quads; then nothing changes.
    """
    store.restore(lambda data_folder: load_dump(dump, data_folder))
    with store.open_draft() as draft:
        derive(draft, Iris.from_store(draft))


def _find(paths: Iterable[Path], report: Report) -> list[Path]:
    """The documents at the paths, each once, in the order of their names ("a" before "a.copy", whatever the suffix)."""
    found: dict[Path, Path] = {}
    for path in paths:
        try:
            found.update((document.resolve(), document) for document in find_documents([path]))
        except HamakgError as error:
            report.failures.append(error)
    return [found[document] for document in sorted(found, key=lambda document: document.with_suffix(""))]


@contextmanager
def _costing_no_others(document: Path, report: Report) -> Iterator[None]:
    """What goes wrong with one article goes into the report, a fault of ours too: a long run goes on to the next."""
    try:
        yield
    except HamakgError as error:
        report.failures.append(error)
    except Exception as error:
        fault = HamakgError(
            f"{document}: internal error, {error!r}; please report it with this file (hamakg -v shows where)"
        )
        fault.__cause__ = error
        report.failures.append(fault)


def _take_in(draft: pyoxigraph.Store, facts: ArticleFacts, document: Path, iris: Iris, report: Report) -> str:
    """One article's graph becomes what its facts say; whether that is NEW, CHANGED or UNCHANGED."""
    article = facts.article
    if article.slug in report.outcomes:
        raise HamakgError(f"{document}: another document of this run holds {article.title!r} too; keep one of them")
    graph = iris.article_graph(article.slug)
    known = draft.contains_named_graph(NamedNode(graph))
    changed = replace_graph(draft, graph, build_article_quads(facts, iris))
    report.outcomes[article.slug] = (CHANGED if known else NEW) if changed else UNCHANGED
    report.templates.update(dict(article.templates))
    report.silent += len(facts.silent)
    report.unclear |= dict.fromkeys(unclear_names(facts))
    report.events.update(event.type.value for event in facts.events)
    report.unread += [(article.title, piece) for piece in (*facts.infobox.unread, *facts.unread)]
    return report.outcomes[article.slug]


def derive(draft: pyoxigraph.Store, iris: Iris, changed: Collection[str] = ()) -> bool:
    """Write what follows from all articles together, and the ontology that they are told in; False if it was there.

    What follows from one graph alone, by the ontology, is made anew for the graphs that are ``changed`` or new, and for
    all if the ontology is another.
    """
    ontology = replace_graph(draft, iris.graph("ontology"), _ontology_quads(iris))
    entities = replace_graph(draft, iris.graph("entities"), build_entity_quads(draft, iris))
    links = replace_graph(draft, iris.graph("links"), build_link_quads(kept(draft, iris), iris))
    together = {
        "happenings": build_happening_quads(find_happenings(draft, iris), iris),
        "control": build_control_quads(derive_control_periods(draft, iris), draft, iris),
        "totals": build_total_quads(derive_casualty_totals(draft, iris), draft, iris),
    }
    derived = {iris.graph(f"derived/{name}"): quads for name, quads in together.items()}
    written = {graph for graph, quads in derived.items() if replace_graph(draft, graph, quads)}
    anew = None if ontology else {*changed, *written}
    return _infer(draft, iris, anew) or ontology or entities or links or bool(written)


def _infer(draft: pyoxigraph.Store, iris: Iris, anew: Collection[str] | None) -> bool:
    """Write what follows by the ontology from each graph of ``anew``, all if None; what follows from none goes."""
    there = {graph.value for graph in draft.named_graphs() if isinstance(graph, NamedNode)}
    given = {graph for graph in there if graph.startswith((iris.article_graph(""), iris.graph("derived/")))}
    follows = {graph: iris.inferred_graph(graph) for graph in given}
    gone = {graph for graph in there if graph.startswith(iris.graph("inferred/"))} - set(follows.values())
    changed = [replace_graph(draft, graph, ()) for graph in sorted(gone)]
    for graph in sorted(g for g in given if anew is None or g in anew or follows[g] not in there):
        quads = draft.quads_for_pattern(None, None, None, NamedNode(graph))
        changed.append(replace_graph(draft, follows[graph], build_inferred_quads(infer_triples(quads), follows[graph])))
    return any(changed)


def _ontology_quads(iris: Iris) -> Iterator[Quad]:
    graph = NamedNode(iris.graph("ontology"))
    for name in (*ONTOLOGIES, "crosswalk.ttl"):
        for quad in pyoxigraph.parse(path=data_folder("ontology") / name, format=RdfFormat.TURTLE):
            yield Quad(quad.subject, quad.predicate, quad.object, graph)


def _require_base(draft: pyoxigraph.Store, iris: Iris) -> None:
    if len(draft) and Iris.from_store(draft) != iris:
        raise UsageError(
            f"this store was built with --base {Iris.from_store(draft).base}; say the same, or name another --store"
        )
