"""An event while it is being read."""

from dataclasses import dataclass, field

from spacy.tokens import Span, Token

from hamakg.extract.narrative.events.arguments import Roles
from hamakg.extract.narrative.events.attribution import Voucher
from hamakg.extract.narrative.events.counts import Casualty
from hamakg.extract.narrative.events.places import PlaceArgument
from hamakg.extract.narrative.events.triggers import Trigger
from hamakg.extract.narrative.parse.grammar import has_word
from hamakg.model import EventType, Factuality, Interval, LostEquipment


@dataclass(slots=True)
class Draft:
    """An event while it is being read."""

    trigger: Trigger
    sentence: Span
    factuality: Factuality
    roles: Roles = field(default_factory=Roles)
    places: tuple[PlaceArgument, ...] = ()
    interval: Interval = field(default_factory=Interval)
    vouchers: list[Voucher] = field(default_factory=list)
    casualties: list[Casualty] = field(default_factory=list)
    killings: list[Token] = field(default_factory=list)
    count: tuple[int | None, int | None] | None = None
    distance: float | None = None
    equipment: LostEquipment | None = None
    weapons: tuple[str, ...] = ()
    codename: str | None = None

    @property
    def type(self) -> EventType:
        return self.trigger.type

    @property
    def trigger_text(self) -> str:
        return self.trigger.token.text

    @property
    def recapture(self) -> bool:
        """Whether the words say that the place was held before: "re-", "back", "again", "regain"."""
        token = self.trigger.verb or self.trigger.token
        again = has_word(token, {"again", "back"}) or has_word(self.trigger.token, {"again"})
        return self.trigger.recapture or again or self.trigger.token.lower_.startswith("recaptur")
