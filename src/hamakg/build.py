"""Builds the next generation of a store from documents, and makes the other changes that involve several stages."""

import os
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pyoxigraph
from pyoxigraph import NamedNode, Quad, RdfFormat

from hamakg.data_files import data_folder
from hamakg.errors import HamakgError, UsageError
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
from hamakg.limited import LimitedProcess, describe_bug
from hamakg.link import (
    ItemSource,
    LinkingResult,
    LinkSummary,
    ask_sources,
    change_decisions,
    keep_valid_links,
    link_things,
    read_decisions_or_shipped,
    read_links,
    read_things,
    summarize_links,
)
from hamakg.link.review import LinkChange, Proposal, Review, find_proposals
from hamakg.model import Article, ArticleFacts, EntityLink, Unread
from hamakg.rdf.ids import article_slug
from hamakg.rdf.iris import Iris
from hamakg.read import Page, SkippedPage, find_documents, locate_error, parse_page, read_document
from hamakg.report import find_unclear_names
from hamakg.settings import DOCUMENT_MEGABYTES, DOCUMENT_SECONDS
from hamakg.store import VersionedStore, load_dump, replace_graph, reporting_errors

Extract = Callable[[Article], ArticleFacts]

NEW, CHANGED, UNCHANGED = "new", "changed", "unchanged"

_WAIT_FOR_WRITER = 30.0  # seconds; a person waits for the result


@dataclass(slots=True)
class BuildReport:
    """The outcome of one build: what happened to each article, and what was not understood."""

    outcomes: dict[str, str] = field(default_factory=dict)
    """NEW, CHANGED or UNCHANGED, by the article's slug."""
    events: Counter[str] = field(default_factory=Counter)
    """The number of events of each type in all articles of this build."""
    unread: list[tuple[str, Unread]] = field(default_factory=list)
    """The pieces of text that were not understood, each with the title of its article."""
    silent: int = 0
    """The number of sentences that have a word for an event, but in which no event was found."""
    unclear: dict[str, None] = field(default_factory=dict)
    """The names of actors about which the articles say nothing but that they act, in the order of the articles."""
    templates: Counter[str] = field(default_factory=Counter)
    """The number of uses of each template that is not understood, by the template's name."""
    skipped: Counter[str] = field(default_factory=Counter)
    """The number of pages of exports that are not articles about a conflict, by reason; a dump has millions."""
    failures: list[HamakgError] = field(default_factory=list)
    """An error for each path, document or article that could not be read."""

    def count(self, facts: ArticleFacts, outcome: str) -> None:
        """Add one article and its outcome."""
        article = facts.article
        self.outcomes[article.slug] = outcome
        self.templates.update(dict(article.templates))
        self.silent += len(facts.silent)
        self.unclear |= dict.fromkeys(find_unclear_names(facts))
        self.events.update(event.type.value for event in facts.events)
        self.unread += [(article.title, piece) for piece in (*facts.infobox.unread, *facts.unread)]


@dataclass(frozen=True, slots=True)
class Limits:
    """How much processor time and memory reading one article may take, beside the language model's."""

    seconds: float = DOCUMENT_SECONDS
    megabytes: int = DOCUMENT_MEGABYTES

    def for_extraction(self, article: Article) -> float:
        """The seconds for the extraction of an article; beyond 25,000 characters, in proportion to its length."""
        return self.seconds * max(1.0, len(article.text) / 25_000)

    def for_parsing(self, page: Page) -> float:
        """The seconds for parsing a page; a page of 250,000 characters usually takes a fifth of a second."""
        return self.seconds / 4 * max(1.0, page.length / 250_000)

    def for_finding(self) -> float:
        """The seconds for finding the end of the next page in an export."""
        return self.seconds / 2


@dataclass(frozen=True, slots=True)
class Observer:
    """The functions that a build calls to show how far it is."""

    track_documents: Callable[[Sequence[Path]], Iterable[Path]] = iter
    """Called with all documents; a document is read when it is taken from the result."""
    on_article: Callable[[ArticleFacts, str], None] = lambda facts, outcome: None
    """Called with each article and its outcome: NEW, CHANGED or UNCHANGED."""
    on_skip: Callable[[SkippedPage], None] = lambda page: None
    """Called with each page of an export that is not an article about a conflict."""


@dataclass(frozen=True, slots=True)
class LinkPreview:
    """What linking would do: its result, the links that are new or get another status, and those that would go."""

    result: LinkingResult
    written: tuple[LinkSummary, ...]
    removed: tuple[EntityLink, ...]


class _NothingChanged(Exception):  # noqa: N818 -- no error: it ends a draft that would say the same
    """Ends a draft that would only repeat the generation before it."""


def build(
    paths: Iterable[Path],
    store: VersionedStore,
    extract: Extract,
    iris: Iris,
    *,
    limits: Limits = Limits(),
    observer: Observer = Observer(),
) -> BuildReport:
    """Read the articles at the paths and write what they say as one new generation of the store.

    If the process dies, the store is as it was. Articles that did not change are left alone, and so are other articles
    in the store; the result does not depend on the order of the paths. A path, document or article that cannot be read,
    or exceeds the limits, goes into the report, and the build continues. Parsing and ``extract`` run in a process of
    their own, which is forked when this is called.

    Raises HamakgError when the store cannot be written, UsageError when it was built with another base.
    """
    report = BuildReport()
    documents = _find_documents(paths, report)
    if not documents:
        return report
    with LimitedProcess(parse_page, extract, megabytes=limits.megabytes) as process:
        reader = _Reader(process, extract, limits, iris, report, observer.on_skip)
        with suppress(_NothingChanged), store.open_draft() as draft, reporting_errors("write to", store.path):
            _require_same_base(draft, iris)
            for document in observer.track_documents(documents):
                for facts, quads in reader.read(document):
                    outcome = _write_article(draft, iris.article_graph(facts.article.slug), quads)
                    report.count(facts, outcome)
                    observer.on_article(facts, outcome)
            changed = {iris.article_graph(slug) for slug, outcome in report.outcomes.items() if outcome != UNCHANGED}
            derived = bool(report.outcomes) and derive(draft, iris, changed)
            if not changed and not derived:
                raise _NothingChanged
    return report


def remove(title: str, store: VersionedStore) -> None:
    """Remove the article with this title from the store, and everything that only this article says.

    Raises HamakgError when the store has no such article.
    """
    with store.open_draft() as draft:
        iris = Iris.from_store(draft)
        graph = iris.article_graph(article_slug(title))
        if not replace_graph(draft, graph, ()):
            raise HamakgError(f"no article {title!r} in the store {store.path}; hamakg info lists its articles")
        derive(draft, iris)


def restore(dump: Path, store: VersionedStore) -> None:
    """Replace the store's graph by a dump in N-Quads, and derive again what follows from its articles.

    Raises HamakgError for a file that is not a dump in N-Quads; the store is then as it was.
    """
    store.restore(lambda folder: load_dump(dump, folder))
    with store.open_draft() as draft:
        derive(draft, Iris.from_store(draft))


def link(
    store: VersionedStore, decisions: Callable[[], Iterable[EntityLink]], sources: Iterable[ItemSource]
) -> LinkingResult:
    """Link the store's entities by earlier decisions and by what the sources offer.

    Services may take long to answer. So decisions are read after that, while nobody else can write: a decision that
    somebody makes meanwhile counts. Raises HamakgError when there is no store, or it cannot be written.
    """
    snapshot = store.snapshot()
    items = ask_sources(read_things(snapshot, Iris.from_store(snapshot)), sources)
    with suppress(_NothingChanged), store.open_draft(_WAIT_FOR_WRITER) as draft:
        result = link_things(read_things(draft, Iris.from_store(draft)), decisions(), items)
        _write_links(draft, result.links)
    return result


def preview_links(
    store: VersionedStore, decisions: Callable[[], Iterable[EntityLink]], sources: Iterable[ItemSource]
) -> LinkPreview:
    """Return what :func:`link` would do, and write nothing. Raises HamakgError when there is no store."""
    snapshot = store.snapshot()
    iris = Iris.from_store(snapshot)
    things = read_things(snapshot, iris)
    result = link_things(things, decisions(), ask_sources(things, sources))
    stored = {link.ends: link for link in read_links(snapshot, iris)}
    status = {ends: link.status for ends, link in stored.items()}
    written = [summary for summary in summarize_links(result) if status.get(summary.ends) != summary.status]
    removed = stored.keys() - {link.ends for link in result.links}
    return LinkPreview(result, tuple(written), tuple(link for ends, link in stored.items() if ends in removed))


def change_links(store: VersionedStore, change: LinkChange) -> None:
    """Replace the store's links by what ``change`` makes of them. Raises what :func:`link` raises."""
    store.snapshot()
    with suppress(_NothingChanged), store.open_draft(_WAIT_FOR_WRITER) as draft:
        _write_links(draft, change(list(read_links(draft, Iris.from_store(draft)))))


def prepare_review(
    store: VersionedStore, decisions: Path, reviewer: str
) -> tuple[list[Proposal], Callable[[], list[EntityLink]], Review]:
    """Prepare a review of the proposed links of the store and of the file ``decisions``.

    Returns the proposals, a function that reads the decisions as they are when it is called, and the review, which
    writes each decision to the file and to the store.
    """
    snapshot = store.snapshot()
    iris = Iris.from_store(snapshot)
    places = [partial(change_decisions, decisions, iris), partial(change_links, store)]
    links = {link.ends: link for link in (*read_decisions_or_shipped(decisions), *read_links(snapshot, iris))}
    proposals = find_proposals(links.values(), snapshot, iris)
    return proposals, partial(read_decisions_or_shipped, decisions), Review(reviewer, places)


def derive(draft: pyoxigraph.Store, iris: Iris, changed: Collection[str] = ()) -> bool:
    """Write the ontology and all graphs that follow from all articles taken together; return whether any changed.

    What the ontology adds to a single graph is inferred again for the graphs in ``changed``, for new ones, and for all
    graphs when the ontology itself changed.
    """
    ontology = replace_graph(draft, iris.graph("ontology"), _read_ontology(iris))
    entities = replace_graph(draft, iris.graph("entities"), build_entity_quads(draft, iris))
    links = replace_graph(draft, iris.graph("links"), build_link_quads(keep_valid_links(draft, iris), iris))
    derived = {
        iris.graph("derived/happenings"): build_happening_quads(find_happenings(draft, iris), iris),
        iris.graph("derived/control"): build_control_quads(derive_control_periods(draft, iris), draft, iris),
        iris.graph("derived/totals"): build_total_quads(derive_casualty_totals(draft, iris), draft, iris),
    }
    written = {graph for graph, quads in derived.items() if replace_graph(draft, graph, quads)}
    outdated = None if ontology else {*changed, *written}
    return _write_inferred_graphs(draft, iris, outdated) or ontology or entities or links or bool(written)


def _write_inferred_graphs(draft: pyoxigraph.Store, iris: Iris, outdated: Collection[str] | None) -> bool:
    """Write what the ontology adds to each outdated graph (None: to every graph), in an ``inferred/`` graph of its own.

    Removes inferred graphs whose source is gone; returns whether anything changed.
    """
    present = {graph.value for graph in draft.named_graphs() if isinstance(graph, NamedNode)}
    sources = {graph for graph in present if graph.startswith((iris.article_graph(""), iris.graph("derived/")))}
    targets = {graph: iris.inferred_graph(graph) for graph in sources}
    orphans = {graph for graph in present if graph.startswith(iris.graph("inferred/"))} - set(targets.values())
    changes = [replace_graph(draft, graph, ()) for graph in sorted(orphans)]
    for graph in sorted(g for g in sources if outdated is None or g in outdated or targets[g] not in present):
        quads = draft.quads_for_pattern(None, None, None, NamedNode(graph))
        changes.append(replace_graph(draft, targets[graph], build_inferred_quads(infer_triples(quads), targets[graph])))
    return any(changes)


def _find_documents(paths: Iterable[Path], report: BuildReport) -> list[Path]:
    """The documents at the paths, each once, by name without suffix: "a.txt" comes before "a.copy.txt"."""
    documents: dict[str, Path] = {}
    for path in paths:
        try:
            documents.update((os.path.realpath(document), document) for document in find_documents([path]))
        except HamakgError as error:
            report.failures.append(error)
    return [documents[real] for real in sorted(documents, key=lambda path: Path(path).with_suffix(""))]


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads documents in a process with limits; errors go into the report, bugs of ours too."""

    process: LimitedProcess
    extract: Extract
    limits: Limits
    iris: Iris
    report: BuildReport
    on_skip: Callable[[SkippedPage], None]

    def read(self, document: Path) -> Iterator[tuple[ArticleFacts, list[Quad]]]:
        """The facts of each article of the document, with the quads of its graph."""
        failures, seconds = self.report.failures.append, self.limits.for_finding()
        with self._collecting_bugs(document):
            for article in read_document(document, self._skip, failures, parse=self._parse, seconds=seconds):
                with self._collecting_bugs(document, article.title):
                    try:
                        facts = self._extract(article)
                    except HamakgError as error:
                        failures(locate_error(error, document, article.title))
                        continue
                    yield facts, list(build_article_quads(facts, self.iris))

    def _skip(self, page: SkippedPage) -> None:
        self.report.skipped[page.reason] += 1
        self.on_skip(page)

    def _parse(self, page: Page) -> list[Article] | SkippedPage:
        return self.process.call(parse_page, page, self.limits.for_parsing(page))

    def _extract(self, article: Article) -> ArticleFacts:
        if article.slug in self.report.outcomes:
            raise HamakgError(f"another document of this run holds {article.title!r} too; keep one of them")
        return self.process.call(self.extract, article, self.limits.for_extraction(article))

    @contextmanager
    def _collecting_bugs(self, document: Path, title: str = "") -> Iterator[None]:
        """Go on after an unexpected exception; the only expected one is that the report cannot be written."""
        try:
            yield
        except HamakgError:
            raise
        except Exception as error:
            self.report.failures.append(locate_error(describe_bug(error), document, title))


def _write_article(draft: pyoxigraph.Store, graph: str, quads: Iterable[Quad]) -> str:
    """Write one article's graph; returns NEW, CHANGED or UNCHANGED."""
    known = draft.contains_named_graph(NamedNode(graph))
    if not replace_graph(draft, graph, quads):
        return UNCHANGED
    return CHANGED if known else NEW


def _write_links(draft: pyoxigraph.Store, links: Iterable[EntityLink]) -> None:
    """Raises _NothingChanged when the draft has exactly these links already."""
    iris = Iris.from_store(draft)
    if not replace_graph(draft, iris.graph("links"), build_link_quads(links, iris)):
        raise _NothingChanged


def _read_ontology(iris: Iris) -> Iterator[Quad]:
    graph = NamedNode(iris.graph("ontology"))
    for name in (*ONTOLOGIES, "crosswalk.ttl"):
        for quad in pyoxigraph.parse(path=data_folder("ontology") / name, format=RdfFormat.TURTLE):
            yield Quad(quad.subject, quad.predicate, quad.object, graph)


def _require_same_base(draft: pyoxigraph.Store, iris: Iris) -> None:
    if len(draft) and Iris.from_store(draft) != iris:
        base = Iris.from_store(draft).base
        raise UsageError(f"this store was built with --base {base}; give the same base, or another --store")
