"""Questions to a person: which candidates to accept, which facts to write."""

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence

from hamakg.cli.terminal.table import print_line
from hamakg.link.quickstatements import Fact
from hamakg.link.review import AlreadyDecidedError, Candidate, Review, Verdict, waiting
from hamakg.model import EntityLink


def confirm_facts(facts: Iterable[Fact]) -> Iterator[Fact]:
    """The facts to which a person says yes, each asked about by itself on standard error."""
    for fact in facts:
        print(f"{fact.words}: write it? [y]es, [n]o: ", end="", file=sys.stderr, flush=True)
        try:
            answer = input()
        except EOFError:
            return
        if answer.strip().lower().startswith("y"):
            yield fact


def review_candidates(
    proposed: Sequence[Candidate], known: Callable[[], list[EntityLink]], by: Review, day: str
) -> None:
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
            print_line(f"undone: {by.undo().label}" if by.can_undo else "there is nothing to undo")
        elif answer == Verdict.SKIP:
            skipped.add(left[0].link.ends)
        else:
            try:
                by.decide(left[0], Verdict(answer), day)
            except AlreadyDecidedError as error:
                skipped.add(left[0].link.ends)
                print_line(f"note: {error}")
    print_line("no candidate is left")


def _show_candidate(candidate: Candidate, left: int) -> None:
    link, grounds = candidate.link, candidate.link.features
    print_line(f"\n{left} left. {link.label} ({link.subject}), in {candidate.statements} statements")
    if candidate.sentence:
        print_line(f"  {candidate.sentence}")
    print_line(f"is it {link.object_label}, {link.object}?{f' {link.comment}' if link.comment else ''}")
    if grounds:
        parts = {"name": grounds.name, "type": grounds.type, "place": grounds.place, "margin": grounds.margin}
        print_line("  " + ", ".join(f"{part} {value:.2f}" for part, value in parts.items()))


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
