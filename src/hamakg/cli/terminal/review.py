"""Asks a person: which proposed links to accept, which statements to write."""

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence

from hamakg.cli.terminal.control_characters import show_control_characters
from hamakg.cli.terminal.table import print_line
from hamakg.link.quickstatements import QuickStatement
from hamakg.link.review import AlreadyDecidedError, Proposal, Review, Verdict, select_undecided
from hamakg.model import EntityLink


def confirm_statements(statements: Iterable[QuickStatement]) -> Iterator[QuickStatement]:
    """Yield the statements that a person says yes to; each is asked about on standard error."""
    for statement in statements:
        sentence = show_control_characters(statement.sentence)
        print(f"{sentence}: write it? [y]es, [n]o: ", end="", file=sys.stderr, flush=True)
        try:
            answer = input()
        except EOFError:
            return
        if answer.strip().lower().startswith("y"):
            yield statement


def review_proposals(
    proposals: Sequence[Proposal], read_decisions: Callable[[], list[EntityLink]], review: Review, day: str
) -> None:
    """Ask about one proposal after another, until none is left or the reviewer quits; ``day`` dates the decisions.

    ``read_decisions`` returns all decisions as they are when it is called.
    """
    skipped = set[tuple[str, str]]()
    while left := [one for one in select_undecided(proposals, read_decisions()) if one.link.ends not in skipped]:
        _show_proposal(left[0], len(left))
        answer = _read_answer()
        if answer == "quit":
            return
        if answer == "undo":
            skipped.clear()
            print_line(f"undone: {review.undo().label}" if review.can_undo else "there is nothing to undo")
        elif answer == Verdict.SKIP:
            skipped.add(left[0].link.ends)
        else:
            try:
                review.decide(left[0], Verdict(answer), day)
            except AlreadyDecidedError as error:
                skipped.add(left[0].link.ends)
                print_line(f"note: {error}")
    print_line("no proposed link is left")


def _show_proposal(proposal: Proposal, left: int) -> None:
    link, grounds = proposal.link, proposal.link.features
    print_line(f"\n{left} left. {link.label} ({link.subject}), in {proposal.statement_count} statements")
    if proposal.sentence:
        print_line(f"  {proposal.sentence}")
    print_line(f"is it {link.object_label}, {link.object}?{f' {link.comment}' if link.comment else ''}")
    if grounds:
        parts = {"name": grounds.name, "type": grounds.type, "place": grounds.place, "margin": grounds.margin}
        print_line("  " + ", ".join(f"{part} {value:.2f}" for part, value in parts.items()))


def _read_answer() -> str:
    """Read an answer, of which the first letters suffice; the end of the input means quit."""
    while True:
        try:
            typed = input("[a]ccept, [r]eject, [s]kip, [u]ndo, [q]uit: ").strip().lower()
        except EOFError:
            return "quit"
        for answer in (*Verdict, "undo", "quit"):
            if typed and str(answer).startswith(typed):
                return str(answer)
