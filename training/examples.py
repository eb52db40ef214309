"""Makes windows of annotated articles with what the model should say of each."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from random import Random

from hamakg.extract.encoder.pairs import (
    EVENT_TYPES,
    FEATURE_SIZES,
    KINDS,
    ROLES,
    Kind,
    PlacedMention,
    PlacedTrigger,
    Role,
    list_pairs,
    rank_nearness,
)
from hamakg.extract.encoder.windows import LONGEST, PlacedWord, Sentence, Window, arrange_windows
from hamakg.extract.encoder.wordpiece import Shape, split_words
from hamakg.model import EventType, Factuality, Standing
from training.annotations import Annotated, Event

ATTRIBUTES: tuple[tuple[object, ...], ...] = (tuple(Factuality), tuple(Standing), (False, True))  # recapture
_OTHER_KINDS = ((Kind.PLACE, Kind.ACTOR, Kind.PERSON), (0.5, 0.4, 0.1))  # of what no event needs, with their shares
OUTSIDE = 0  # the tag of a word that is no trigger, and of one that is in no mention
IGNORED = -100  # what torch's losses leave out


Words = tuple[int, int, int]  # the number of a sentence, and those of the first word and of the word after the last


@dataclass(frozen=True, slots=True)
class Pair:
    """The numbers of a trigger and a mention in a window, their features, and the role's number or ``IGNORED``."""

    trigger: int
    mention: int
    features: tuple[int, ...]
    role: int


@dataclass(frozen=True, slots=True)
class Example:
    """A window, its judged words with their tags, and its triggers, mentions and pairs.

    A word's trigger tag is 1 + the type's number; its mention tag is 1 + twice the kind's number at the beginning of a
    mention, one more inside. ``begins`` is whether a trigger begins with the word. ``attributes`` has the number of
    each event's value among each of ``ATTRIBUTES``.
    """

    window: Window
    words: tuple[PlacedWord, ...]
    trigger_tags: tuple[int, ...]
    begins: tuple[int, ...]
    mention_tags: tuple[int, ...]
    events: tuple[Event, ...]
    attributes: tuple[tuple[int, ...], ...]
    triggers: tuple[PlacedTrigger, ...]
    trigger_words: tuple[Words, ...]
    mentions: tuple[PlacedMention, ...]
    mention_words: tuple[Words, ...]
    pairs: tuple[Pair, ...]

    def replace_pairs(self, pairs: tuple[Pair, ...]) -> "Example":
        """The example with other pairs."""
        return replace(self, pairs=pairs)


def prepare(annotated: Annotated, texts: Mapping[int, str], vocabulary: Mapping[str, int]) -> "Prepared":
    """The article's words, numbered from 0 by sentence, with where its triggers and mentions are among them."""
    found = [sentence for sentence in annotated.sentences if sentence.number in texts]
    order = {sentence.number: index for index, sentence in enumerate(found)}
    sentences = tuple(Sentence(split_words(texts[s.number], vocabulary), s.opens) for s in found)
    spans: dict[tuple[int, int, int], set[str]] = defaultdict(set)
    for mention in annotated.mentions:
        if mention.sentence in order:
            number = order[mention.sentence]
            spans[number, *_find_words(sentences[number], mention.begin, mention.end)].add(mention.entity)
    events = {
        (order[e.sentence], *_find_words(sentences[order[e.sentence]], e.begin, e.end)): e
        for e in annotated.events
        if e.sentence in order
    }
    kinds = {entity.id: Kind(entity.kind) for entity in annotated.entities}
    sides = {entity.id: entity.side or 0 for entity in annotated.entities}
    mentions = {span: (kinds[min(names)], sides[min(names)], frozenset(names)) for span, names in sorted(spans.items())}
    return Prepared(annotated, tuple(order), sentences, dict(sorted(events.items())), mentions)


def _find_words(sentence: Sentence, begin: int, end: int) -> tuple[int, int]:
    """The numbers of the first word that reaches beyond ``begin``, and of the first after ``end``."""
    numbers = [number for number, word in enumerate(sentence.words) if word.end > begin and word.begin < end]
    return (numbers[0], numbers[-1] + 1) if numbers else (0, 0)


@dataclass(frozen=True, slots=True)
class Prepared:
    """An article in words: its events and mentions by where they are; a mention is a kind, a side and entities.

    ``numbers`` are those that annotators gave the sentences. A mention without an entity names what no event needs.
    """

    annotated: Annotated
    numbers: tuple[int, ...]
    sentences: tuple[Sentence, ...]
    events: Mapping[Words, Event]
    mentions: Mapping[Words, tuple[Kind, int, frozenset[str]]]

    def locate(self, span: Words) -> tuple[int, int, int]:
        """The annotators' number of the sentence, and where in it the span begins and ends, in code points."""
        words = self.sentences[span[0]].words
        return self.numbers[span[0]], words[span[1]].begin, words[span[2] - 1].end

    def add_other_names(self, choice: Random) -> "Prepared":
        """The article with mentions of what has a capital and no annotator marked: a reader will meet such, too.

        Their kinds are drawn by lot, so that the judge learns not to rely on a kind that is often guessed.
        """
        taken = {word for span in self.mentions for word in _cover(span)}
        others: dict[Words, tuple[Kind, int, frozenset[str]]] = {}
        for number, sentence in enumerate(self.sentences):
            capitals = [
                n
                for n, word in enumerate(sentence.words)
                if n and word.shape in (Shape.CAPITALISED, Shape.CAPITALS) and (number, n) not in taken
            ]
            for _, run in groupby(enumerate(capitals), key=lambda pair: pair[1] - pair[0]):
                words = [word for _, word in run]
                others[number, words[0], words[-1] + 1] = (choice.choices(*_OTHER_KINDS)[0], 0, frozenset())
        return replace(self, mentions=dict(sorted({**self.mentions, **others}.items())))

    def make_examples(self, vocabulary: Mapping[str, int], first: int = LONGEST) -> Iterator[Example]:
        """A window each; ``first`` shifts where windows begin, so that an epoch differs from the one before."""
        title = split_words(self.annotated.title, vocabulary)
        for window in arrange_windows(title, self.sentences, vocabulary, first):
            yield self._make_example(window)

    def _make_example(self, window: Window) -> Example:
        words = tuple(word for word in window.words if word.sentence >= window.judged)
        at = index_words(window)
        told = {span: event for span, event in self.events.items() if is_whole(span, at) and span[0] >= window.judged}
        triggers = tuple(
            PlacedTrigger(span[0], *place(span, at), EventType(event.type)) for span, event in told.items()
        )
        named = {span: mention for span, mention in self.mentions.items() if is_whole(span, at)}
        mentions = tuple(
            PlacedMention(span[0], *place(span, at), kind, side, entities)
            for span, (kind, side, entities) in named.items()
        )
        types = {
            word: 1 + EVENT_TYPES.index(EventType(event.type)) for span, event in told.items() for word in _cover(span)
        }
        first = {(sentence, begin) for sentence, begin, _ in told}
        tags = {
            word: 1 + 2 * KINDS.index(kind) + (word[1] > span[1])
            for span, (kind, _, entities) in named.items()
            if entities
            for word in _cover(span)
        }
        keys = [(word.sentence, word.word) for word in words]
        events = tuple(told.values())
        return Example(
            window=window,
            words=words,
            trigger_tags=tuple(types.get(key, OUTSIDE) for key in keys),
            begins=tuple(int(key in first) for key in keys),
            mention_tags=tuple(tags.get(key, OUTSIDE) for key in keys),
            events=events,
            attributes=tuple(map(_number_attributes, events)),
            triggers=triggers,
            trigger_words=tuple(told),
            mentions=mentions,
            mention_words=tuple(named),
            pairs=tuple(_label_pairs(events, triggers, mentions)),
        )


def index_words(window: Window) -> dict[tuple[int, int], PlacedWord]:
    """The words of a window by the numbers of sentence and word."""
    return {(word.sentence, word.word): word for word in window.words}


def _cover(span: Words) -> list[tuple[int, int]]:
    return [(span[0], word) for word in range(span[1], span[2])]


def is_whole(span: Words, at: Mapping[tuple[int, int], PlacedWord]) -> bool:
    """Whether all words of a span, which has one or more, are in the window."""
    return span[2] > span[1] and (span[0], span[1]) in at and (span[0], span[2] - 1) in at


def place(span: Words, at: Mapping[tuple[int, int], PlacedWord]) -> tuple[int, int]:
    """Where in the window the pieces of a whole span begin and end."""
    return at[span[0], span[1]].begin, at[span[0], span[2] - 1].end


def _number_attributes(event: Event) -> tuple[int, ...]:
    values = (Factuality(event.factuality.capitalize()), Standing(event.standing.capitalize()), event.recapture)
    return tuple(known.index(value) for known, value in zip(ATTRIBUTES, values, strict=True))


def _label_pairs(
    events: Sequence[Event], triggers: Sequence[PlacedTrigger], mentions: Sequence[PlacedMention]
) -> Iterator[Pair]:
    """The nearest mention of an entity that fills a slot has its role; its others may have any, so none is taught."""
    nearest: list[dict[int, Role]] = [_find_nearest(*pair, mentions) for pair in zip(events, triggers, strict=True)]
    for trigger, mention, features in list_pairs(triggers, mentions):
        filled = {entity for entity, _ in events[trigger].roles}
        role = nearest[trigger].get(mention)
        if role is None and mentions[mention].entities & filled:
            yield Pair(trigger, mention, features, IGNORED)
        else:
            yield Pair(trigger, mention, features, ROLES.index(role or Role.NONE))


def _find_nearest(event: Event, trigger: PlacedTrigger, mentions: Sequence[PlacedMention]) -> dict[int, Role]:
    """By the number of the mention; in one sentence a name that only this entity bears goes before a shared one."""
    found: dict[int, Role] = {}
    for entity, role in event.roles:
        own = [
            (*rank_nearness(trigger, mention)[:1], len(mention.entities), rank_nearness(trigger, mention)[1], index)
            for index, mention in enumerate(mentions)
            if entity in mention.entities and trigger.sentence - mention.sentence >= 0
        ]
        if own and min(own)[0] < FEATURE_SIZES[2]:
            found[min(own)[-1]] = Role(role)
    return found
