"""What an article has told so far, and what later sentences say of it: "this was denied by X"."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from hamakg.extract.narrative.events.attribution import Voucher
from hamakg.extract.narrative.events.draft import Draft
from hamakg.model import Factuality, Ref, Stance

_ANSWERS = frozenset({Stance.CONFIRMED, Stance.DENIED})


@dataclass(frozen=True, slots=True)
class Narration:
    """The events of an article in its order.

    ``paragraph`` is the index of the first of this paragraph, ``last`` those of the last sentence that told any (at a
    paragraph's beginning of the last paragraph); ``launch`` is the last offensive that was told as launched.
    """

    drafts: tuple[Draft, ...] = ()
    paragraph: int = 0
    last: range = range(0)
    launch: Draft | None = None

    @property
    def in_paragraph(self) -> tuple[Draft, ...]:
        """The events of this paragraph."""
        return self.drafts[self.paragraph :]

    def enter_paragraph(self) -> "Narration":
        """The telling at the beginning of the next paragraph."""
        told = range(self.paragraph, len(self.drafts))
        return replace(self, paragraph=len(self.drafts), last=told or self.last)

    def change(self, index: int, voucher: Voucher) -> "Narration":
        """The telling where one more source says something of the event at an index."""
        changed = self.drafts[index].with_voucher(voucher)
        return replace(self, drafts=(*self.drafts[:index], changed, *self.drafts[index + 1 :]))

    def tell(self, drafts: Sequence[Draft]) -> "Narration":
        """The telling after the events of one more sentence."""
        begin = len(self.drafts)
        told = range(begin, begin + len(drafts))
        return replace(self, drafts=(*self.drafts, *drafts), last=told or self.last)


def answer(vouchers: Iterable[Voucher], drafts: Sequence[Draft], telling: Narration) -> Narration:
    """The telling after a sentence's events, with what its sources say of them and of those before."""
    here = list(drafts)
    for voucher in vouchers:
        if voucher.scope:
            continue
        own = [i for i, d in enumerate(here) if d.token.i < voucher.at and d.factuality is Factuality.ACTUAL]
        for index in own:
            here[index] = here[index].with_voucher(voucher)
        for index in () if own else _find_meant(voucher, telling):
            telling = telling.change(index, voucher)
    for draft in here:
        for voucher in draft.vouchers:
            if voucher.stance in _ANSWERS and voucher.source:
                telling = _answer_again(voucher, draft, telling)
    return telling.tell(here)


def _find_meant(voucher: Voucher, telling: Narration) -> Sequence[int]:
    """What "this" is: the last sentence's events; "all of this" is what the paragraph told of the day it speaks of."""
    if not voucher.all:
        return telling.last
    day = telling.drafts[telling.last[-1]].interval if telling.last else None
    return [i for i in range(telling.paragraph, len(telling.drafts)) if telling.drafts[i].interval == day]


def _answer_again(voucher: Voucher, later: Draft, telling: Narration) -> Narration:
    """A confirmation that is told as an event of its own is one of the event told before, too (convention 16)."""
    for index in reversed(range(telling.paragraph, len(telling.drafts))):
        earlier = telling.drafts[index]
        common = _find_common(earlier, later)
        if earlier.type is later.type and common and earlier.vouchers:
            known = any(other.source == voucher.source for other in earlier.vouchers)
            concerning = voucher.concerning if len(common) == len(earlier.places) else common
            return telling if known else telling.change(index, replace(voucher, concerning=concerning))
    return telling


def _find_common(earlier: Draft, later: Draft) -> tuple[Ref, ...]:
    """The places of an earlier event that are named again."""
    named = {place.ref for place in later.places}
    return tuple(place.ref for place in earlier.places if place.ref in named)
