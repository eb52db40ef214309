"""An event while it is being read: a value that each step completes."""

from dataclasses import dataclass, field, replace

from spacy.tokens import Span, Token

from hamakg.extract.narrative.events.arguments import Roles
from hamakg.extract.narrative.events.attribution import Voucher
from hamakg.extract.narrative.events.counts import Casualty, Count
from hamakg.extract.narrative.events.places import PlaceArgument
from hamakg.extract.narrative.events.triggers import Trigger
from hamakg.extract.narrative.parse.grammar import has_word
from hamakg.model import EventType, Factuality, Interval, LostEquipment, Ref


@dataclass(frozen=True, slots=True, eq=False)
class Draft:
    """An event while it is being read, in a sentence of the paragraph that begins at ``begin`` of the article.

    ``killings`` are the words for people killed that are this event's and no event of their own.
    """

    begin: int
    sentence: Span
    trigger: Trigger
    factuality: Factuality
    roles: Roles
    places: tuple[PlaceArgument, ...] = ()
    interval: Interval = field(default_factory=Interval)
    vouchers: tuple[Voucher, ...] = ()
    killings: tuple[Token, ...] = ()
    casualties: tuple[Casualty, ...] = ()
    count: Count | None = None
    distance: float | None = None
    equipment: LostEquipment | None = None
    weapons: tuple[str, ...] = ()
    codename: str | None = None
    said: frozenset[Ref] = frozenset()
    dated: tuple[float, ...] = ()
    confidence: float | None = None

    @property
    def type(self) -> EventType:
        """The type that the trigger tells."""
        return self.trigger.type

    @property
    def token(self) -> Token:
        """The telling word."""
        return self.trigger.token

    @property
    def recapture(self) -> bool:
        """Whether the words say that the place was held before: "re-", "back", "again", "regain"."""
        verb = self.trigger.verb or self.token
        again = has_word(verb, {"again", "back"}) or has_word(self.token, {"again"})
        return self.trigger.recapture or again or self.token.lower_.startswith("recaptur")

    def with_roles(self, agents: tuple[Ref, ...] | None = None, targets: tuple[Ref, ...] | None = None) -> "Draft":
        """The draft with other agents or targets."""
        roles = self.roles
        agents, targets = roles.agents if agents is None else agents, roles.targets if targets is None else targets
        return replace(self, roles=replace(roles, agents=agents, targets=targets))

    def with_voucher(self, voucher: Voucher) -> "Draft":
        """The draft with what one more source says of it."""
        return replace(self, vouchers=(*self.vouchers, voucher))
