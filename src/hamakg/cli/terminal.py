"""How answers and reports look in a terminal: tables on standard output, progress on standard error."""

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, QueryBoolean, QuerySolutions, Triple
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from hamakg.evaluation.scores import Bin, Comparison, Difference, Score, by_slot, by_type, confidence_bins, facts
from hamakg.explain import Explanation, Term, Word
from hamakg.inventory import Holding
from hamakg.link import Tally
from hamakg.link.batches import Batch
from hamakg.link.quickstatements import Fact
from hamakg.link.review import Candidate, DecidedMeanwhile, Review, Verdict, waiting
from hamakg.model import EntityLink
from hamakg.publish.diff import Change, Graph, Kind
from hamakg.publish.diff import Difference as DumpDifference
from hamakg.rdf.iris import Iris
from hamakg.sparql.ask import Result
from hamakg.sparql.query_files import QueryFile

if TYPE_CHECKING:  # for their types alone: they load the language model's and the shapes' libraries
    from hamakg.build import Report
    from hamakg.evaluation.gold import Recorded
    from hamakg.validate import Finding

_PIPE_WIDTH = 120
_WRAPPED_WIDTH = 40  # at least so wide must a column of long text be
_GAP = 2
_FACT_WIDTH = 22
_EXCERPT = 120
_NUMBERS = frozenset({"integer", "decimal", "double", "nonNegativeInteger"})


class Reading:
    """A line on standard error while documents pass, if that is a terminal: how many, and how many articles so far."""

    def __init__(self) -> None:
        self._bar = _bar()
        self._task = self._bar.add_task("Reading")
        self._articles = 0

    def documents(self, documents: Sequence[Path]) -> Iterator[Path]:
        """The documents as they are."""
        self._bar.update(self._task, total=len(documents))
        with self._bar:
            for document in documents:
                yield document
                self._bar.advance(self._task)

    def article(self, title: str) -> None:
        """One more article is read; a single dump has thousands."""
        self._articles += 1
        self._bar.update(self._task, description=f"{self._articles} read, last {escape(title[:40])}")


def asking(batches: Sequence[Batch]) -> Iterator[Batch]:
    """The batches as they are; a line on standard error, if that is a terminal, says how many were asked."""
    with _bar() as bar:
        task = bar.add_task("Asking", total=len(batches))
        for batch in batches:
            yield batch
            bar.advance(task)


def _bar() -> Progress:
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=console, disable=not console.is_terminal, transient=True)


def show_report(report: "Report", pieces: int) -> None:
    """What a build did, and at most so many pieces of text that were not understood."""
    outcomes = Counter(report.outcomes.values())
    _print(
        f"articles: {len(report.outcomes)} ({', '.join(f'{outcomes[o]} {o}' for o in ('new', 'changed', 'unchanged'))})"
    )
    events = ", ".join(f"{number} {kind}" for kind, number in report.events.most_common())
    _print(f"events: {report.events.total()}" + (f" ({events})" if events else ""))
    if report.skipped:
        _print(f"pages left out: {len(report.skipped)} ({_counts(page.why for page in report.skipped)})")
    if report.silent:
        _print(f"sentences with a word for an event that gave none: {report.silent} (--report FILE lists them)")
    if report.unclear:
        shown = ", ".join(list(report.unclear)[:pieces])
        left = len(report.unclear) - pieces
        _print(f"names of which no more is known: {shown}" + (f" and {left} more" if left > 0 else ""))
    if report.templates:
        shown = ", ".join(f"{name} {n}" for name, n in report.templates.most_common(pieces))
        left = len(report.templates) - pieces
        _print(f"templates not understood: {shown}" + (f" and {left} more" if left > 0 else ""))
    for title, piece in report.unread[:pieces]:
        _print(f"not understood: {title}, {piece.where}: {piece.text}")
    if len(report.unread) > pieces:
        fields = Counter(piece.where for _, piece in report.unread[pieces:])
        more = ", ".join(f"{n} in {where}" for where, n in fields.most_common())
        _print(f"not understood: {fields.total()} more ({more}); hamakg -v build shows all")


def _counts(things: Iterable[str]) -> str:
    return ", ".join(f"{n} {thing}" for thing, n in Counter(things).most_common())


def show_questions(questions: Iterable[QueryFile]) -> None:
    """The sample questions, with what they may be asked about."""
    rows = ((q.name, q.title, ", ".join(f"{p.name}={p.default}" for p in q.parameters)) for q in questions)
    _show_table("Questions: hamakg query NAME", ("Name", "Question", "Parameters"), rows)


def show_answer(answer: Result, title: str, iris: Iris) -> None:
    """The answer to a query, a row a solution or triple; resources by their ids, other IRIs by prefixed names."""
    if isinstance(answer, QueryBoolean):
        _print("yes" if answer else "no")
        return
    triple = ["subject", "predicate", "object"]
    variables = [v.value for v in answer.variables] if isinstance(answer, QuerySolutions) else triple
    rows = [list(row) for row in answer]
    numeric = [name for i, name in enumerate(variables) if all(_is_number(row[i]) for row in rows)]
    _show_table(title, variables, ([_cell(term, iris) for term in row] for row in rows), numeric)


def show_explanations(explanations: Iterable[Explanation]) -> None:
    """Each resource with its facts, the words they come from, and the claims about it."""
    for explanation in explanations:
        _show_explanation(explanation, "")
        _print("")


def show_inventory(path: Path, generation: str | None, holdings: Sequence[Holding]) -> None:
    """The articles in a store and what each of them says, in figures."""
    rows = [(h.title, f"{h.events}", f"{h.reports}", f"{h.claims}", f"{h.statements}") for h in holdings]
    title = f"Store {path}, generation {generation}"
    figures = ("Events", "Reports", "Claims", "Statements")
    _show_table(title, ("Article", *figures), rows, figures)


def show_difference(difference: DumpDifference) -> None:
    """What came, went and changed, by graph, kind and resource, a line a property; or that nothing did."""
    if not difference.changes:
        _print("no difference")
    for graph, of_graph in groupby(difference.changes, key=lambda change: change.graph):
        changes = list(of_graph)
        _print(f"{_graph_name(graph, difference.iris)}: {_kinds(Counter(change.kind for change in changes))}\n")
        for kind, of_kind in groupby(changes, key=lambda change: change.kind):
            for subject, of_subject in groupby(of_kind, key=lambda change: change.subject):
                _print(f"  {kind}: {_named(subject, difference)}")
                for change in of_subject:
                    _print(f"    {_changed(change, difference)}")
                _print("")


def _changed(change: Change, difference: DumpDifference) -> str:
    sides = ["; ".join(_named(value, difference) for value in values) for values in (change.old, change.new) if values]
    sides = [" ".join(side.split()) for side in sides]
    differs = next((n for n, (a, b) in enumerate(zip(sides[0], sides[-1], strict=False)) if a != b), 0)
    shown = " → ".join(_excerpt(side, differs) for side in sides)
    return f"{difference.iris.shorten(change.property.value):<{_FACT_WIDTH - 1}} {shown}"


def _excerpt(text: str, at: int) -> str:
    """A long text, such as that of a whole article, around one of its characters."""
    if len(text) <= _EXCERPT:
        return text
    begin = max(0, min(at - _EXCERPT // 2, len(text) - _EXCERPT))
    end = begin + _EXCERPT
    return ("…" if begin else "") + text[begin:end] + ("…" if end < len(text) else "")


def _graph_name(graph: Graph, iris: Iris) -> str:
    return graph.value.removeprefix(iris.graph("")) if isinstance(graph, NamedNode) else "All graphs"


def _named(term: Term | Triple, difference: DumpDifference) -> str:
    """A resource by its label, with its id, which labels need not tell apart."""
    label = difference.labels.get(term)
    shown = str(term) if isinstance(term, Triple) else _cell(term, difference.iris)
    return f"{label} ({shown})" if label else shown


def _kinds(kinds: Counter[Kind]) -> str:
    return ", ".join(f"{kinds[kind]} {kind}" for kind in Kind if kinds[kind])


_SEVERITIES = ("Violation", "Warning", "Info")


def show_faults(faults: Sequence["Finding"], iris: Iris) -> None:
    """What is wrong with a graph, the worst first, or that nothing is."""
    if not faults:
        _print("the graph satisfies all shapes and checks")
        return
    faults = sorted(faults, key=lambda fault: _SEVERITIES.index(fault.severity))
    rows = (
        (f.severity, iris.shorten(f.focus), iris.shorten(f.path or ""), iris.shorten(f.value or ""), f.message)
        for f in faults
    )
    _show_table(f"Faults: {len(faults)}", ("Severity", "Resource", "Property", "Value", "What to do"), rows)


def show_evaluation(comparisons: Sequence[Comparison], errors: int, recorded: "Recorded") -> None:
    """How well articles were read: by slot, type and article, what confidence is worth, and so many differences."""
    differences = [difference for comparison in comparisons for difference in comparison.differences]
    for difference in differences[:errors]:
        _show_difference(difference)
    _show_scores("Events (trigger and type) and their slots", by_slot(comparisons))
    _show_scores("Events by type", by_type(comparisons))
    _show_scores(
        "Facts: events and their slots", {c.slug: facts([c]) for c in comparisons} | {"all": facts(comparisons)}
    )
    _show_bins(confidence_bins(comparisons))
    if recorded:
        _print(f"F1 of facts {facts(comparisons).f1:.3f}, recorded {recorded['facts']['all']['f1']:.3f}")


def _show_scores(title: str, scores: Mapping[str, Score]) -> None:
    columns = ("Precision", "Recall", "F1", "Right", "Annotated", "Found")
    rows = [
        (name, f"{s.precision:.3f}", f"{s.recall:.3f}", f"{s.f1:.3f}", f"{s.hits}", f"{s.annotated}", f"{s.found}")
        for name, s in scores.items()
    ]
    _show_table(title, ("What", *columns), rows, columns)


def _show_bins(bins: Iterable[Bin]) -> None:
    columns = ("Confidence", "Events", "Mean confidence", "Share right")
    rows = [
        (f"{b.low:.1f} to {b.low + 0.1:.1f}", f"{b.events}", f"{b.confidence:.2f}", f"{b.right / b.events:.2f}")
        for b in bins
    ]
    _show_table("Confidence, and how many such events are right as a whole", columns, rows, columns[1:])


def _show_difference(difference: Difference) -> None:
    annotated, found = (", ".join(fillers) or "nothing" for fillers in (difference.annotated, difference.found))
    where = f"{difference.article}: {difference.type} “{difference.trigger}”"
    _print(f"{where}, {difference.slot}: annotated {annotated}; found {found}")
    _print(f"  “{difference.sentence}”\n")


def _show_explanation(explanation: Explanation, indent: str) -> None:
    _print(f"{indent}{explanation.label}\n{indent}  {explanation.iri}")
    for prop, value in explanation.facts:
        _print(f"{indent}  {prop:<{_FACT_WIDTH - 1}} {value}")
    for evidence in explanation.evidence:
        where = f"field {evidence.field}, " if evidence.field else ""
        _print(f"{indent}  “{evidence.text}”")
        _print(f"{indent}    {evidence.article}, {where}characters {evidence.begin} to {evidence.end}")
        _show_parse(evidence.parse, f"{indent}    ")
    for claim in explanation.claims:
        _print(f"{indent}  claim about it")
        _show_explanation(claim, f"{indent}    ")


def _show_parse(words: Sequence[Word], indent: str) -> None:
    """A line a word: its number, itself, its tag, and what it is of which other; the trigger behind a mark."""
    wide = max((len(word.text) for word in words), default=0)
    wide_role = max((len(word.dependency) for word in words), default=0)
    for word in words:
        head = "" if word.head == word.number else f"of {word.head} {words[word.head - 1].text}"
        mark = "*" if word.trigger else " "
        line = f"{mark}{word.number:>3} {word.text:<{wide}} {word.tag:<5} {word.dependency:<{wide_role}} {head}"
        _print(f"{indent}{line.rstrip()}")


def _show_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]], numeric: Sequence[str] = ()) -> None:
    """A table where it fits with no more than its widest column wrapped, else a record a row, a line a value."""
    rows, console = list(rows), _console()
    widths = [max(map(len, (name, *(row[i] for row in rows)))) for i, name in enumerate(columns)]
    widest = max(range(len(columns)), key=widths.__getitem__, default=0)
    _print(f"{title}\n")
    if rows and sum(widths) - max(0, widths[widest] - _WRAPPED_WIDTH) + _GAP * len(columns) > console.width:
        _show_records(columns, rows)
        return
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), show_edge=False, pad_edge=False)
    for i, name in enumerate(columns):
        table.add_column(name, justify="right" if name in numeric else "left", no_wrap=i != widest, overflow="fold")
    for row in rows:
        table.add_row(*row)
    with console.capture() as drawn:
        console.print(table)
    _print("".join(f"{line.rstrip()}\n" for line in drawn.get().splitlines()))


def _show_records(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    width = max(map(len, columns))
    for row in rows:
        for name, value in zip(columns, row, strict=True):
            if value:
                _print(f"  {name:<{width}}  {value}")
        _print("")


def _cell(term: Term | None, iris: Iris) -> str:
    if isinstance(term, NamedNode):
        return iris.shorten(term.value)
    return term.value if isinstance(term, Literal) else str(term or "")


def _is_number(term: Term | None) -> bool:
    return term is None or (isinstance(term, Literal) and term.datatype.value.partition("#")[2] in _NUMBERS)


def _print(text: str) -> None:
    _console().print(text, soft_wrap=True)


def _console() -> Console:
    """Standard output, for text as it stands: brackets in an article's words are no mark-up."""
    width = None if sys.stdout.isatty() else _PIPE_WIDTH
    return Console(width=width, markup=False, highlight=False, emoji=False)


def show_links(tallies: Iterable[Tally], notes: Iterable[str]) -> None:
    """How many things of each kind are linked, have candidates or have none, and what could not be used."""
    rows = [(t.kind, f"{t.accepted}", f"{t.proposed}", f"{t.none}") for t in tallies]
    total = (f"{sum(int(row[column]) for row in rows)}" for column in (1, 2, 3))
    figures = ("Accepted", "Proposed", "None")
    _show_table("Links", ("Kind", *figures), [*rows, ("all", *total)], figures)
    for note in notes:
        _print(f"note: {note}")


def confirmed(facts: Iterable[Fact]) -> Iterator[Fact]:
    """The facts to which a person says yes, each asked about by itself on standard error."""
    for fact in facts:
        print(f"{fact.words}: write it? [y]es, [n]o: ", end="", file=sys.stderr, flush=True)
        try:
            answer = input()
        except EOFError:
            return
        if answer.strip().lower().startswith("y"):
            yield fact


def review(proposed: Sequence[Candidate], known: Callable[[], list[EntityLink]], by: Review, day: str) -> None:
    """Asks about one candidate after another, till none is left or the reviewer stops; ``known`` are the decisions as
    they are at that time.
    """
    skipped = set[tuple[str, str]]()
    while left := [candidate for candidate in waiting(proposed, known()) if candidate.link.ends not in skipped]:
        _show_candidate(left[0], len(left))
        answer = _answer()
        if answer == "quit":
            return
        if answer == "undo":
            skipped.clear()
            _print(f"undone: {by.undo().label}" if by.can_undo else "there is nothing to undo")
        elif answer == Verdict.SKIP:
            skipped.add(left[0].link.ends)
        else:
            try:
                by.decide(left[0], Verdict(answer), day)
            except DecidedMeanwhile as error:
                skipped.add(left[0].link.ends)
                _print(f"note: {error}")
    _print("no candidate is left")


def _show_candidate(candidate: Candidate, left: int) -> None:
    link, grounds = candidate.link, candidate.link.features
    _print(f"\n{left} left. {link.label} ({link.subject}), in {candidate.statements} statements")
    if candidate.sentence:
        _print(f"  {candidate.sentence}")
    _print(f"is it {link.object_label}, {link.object}?{f' {link.comment}' if link.comment else ''}")
    if grounds:
        parts = {"name": grounds.name, "type": grounds.type, "place": grounds.place, "margin": grounds.margin}
        _print("  " + ", ".join(f"{part} {value:.2f}" for part, value in parts.items()))


def _answer() -> str:
    """What is typed, by its first letter; the end of the input is quit."""
    while True:
        try:
            typed = input("[a]ccept, [r]eject, [s]kip, [u]ndo, [q]uit: ").strip().lower()
        except EOFError:
            return "quit"
        for answer in (*Verdict, "undo", "quit"):
            if typed and str(answer).startswith(typed):
                return str(answer)
