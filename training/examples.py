"""Makes windows of annotated articles with what the model should say of each."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from random import Random

from hamakg.extract.encoder.pairs import (
    ATTRIBUTES,
    EVENT_TYPES,
    KINDS,
    ROLES,
    Kind,
    Named,
    PlacedMention,
    PlacedTrigger,
    Role,
    list_pairs,
    rank_nearness,
)
from hamakg.extract.encoder.windows import CONTEXT, LONGEST, PlacedWord, Sentence, Window, Words, arrange_windows
from hamakg.extract.encoder.wordpiece import Shape, split_words
from training.annotations import Annotated, Event, Mention

_OTHER_KINDS = ((Kind.PLACE, Kind.ACTOR, Kind.PERSON), (0.5, 0.4, 0.1))  # of what no event needs, with their shares
OUTSIDE = 0  # the tag of a word that is no trigger, and of one that is in no mention
IGNORED = -100  # what torch's losses leave out


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
    mentions: tuple[PlacedMention, ...]
    pairs: tuple[Pair, ...]

    def replace_pairs(self, pairs: tuple[Pair, ...]) -> "Example":
        """The example with other pairs."""
        return replace(self, pairs=pairs)


def prepare(annotated: Annotated, texts: Mapping[int, str], vocabulary: Mapping[str, int]) -> "Prepared":
    """The article's words, numbered from 0 by sentence, with where its triggers and mentions are among them."""
    found = [sentence for sentence in annotated.sentences if sentence.number in texts]
    order = {sentence.number: index for index, sentence in enumerate(found)}
    sentences = tuple(Sentence(split_words(texts[s.number], vocabulary), s.opens) for s in found)

    def find(marked: Event | Mention) -> list[Words]:
        number = order.get(marked.sentence)
        words = None if number is None else sentences[number].find_words(marked.begin, marked.end)
        return [] if number is None or words is None else [Words(number, *words)]

    bearers: dict[Words, set[str]] = defaultdict(set)
    for mention in annotated.mentions:
        for span in find(mention):
            bearers[span].add(mention.entity)
    entities = {entity.id: entity for entity in annotated.entities}
    events = {span: event for event in annotated.events for span in find(event)}
    mentions = {
        span: Named(entities[min(names)].kind, entities[min(names)].side or 0, frozenset(names))
        for span, names in bearers.items()
    }
    return Prepared(annotated, tuple(order), sentences, dict(sorted(events.items())), dict(sorted(mentions.items())))


@dataclass(frozen=True, slots=True)
class Prepared:
    """An article in words: its events and mentions by where they are.

    ``numbers`` are those that annotators gave the sentences.
    """

    annotated: Annotated
    numbers: tuple[int, ...]
    sentences: tuple[Sentence, ...]
    events: Mapping[Words, Event]
    mentions: Mapping[Words, Named]

    def locate(self, span: Words) -> tuple[int, int, int]:
        """The annotators' number of the sentence, and where in it the span begins and ends, in code points."""
        words = self.sentences[span.sentence].words
        return self.numbers[span.sentence], words[span.begin].begin, words[span.end - 1].end

    def spell(self, span: Words) -> frozenset[str]:
        """What stands for the entity of a mention that was found: the numbers of its pieces."""
        words = self.sentences[span.sentence].words[span.begin : span.end]
        return frozenset({" ".join(str(piece) for word in words for piece in word.pieces)})

    def add_other_names(self, choice: Random) -> "Prepared":
        """The article with mentions of what has a capital and no annotator marked: a reader will meet such, too.

        Their kinds are drawn by lot, so that the judge learns not to rely on a kind that is often guessed.
        """
        taken = {word for span in self.mentions for word in _cover(span)}
        others: dict[Words, Named] = {}
        for number, sentence in enumerate(self.sentences):
            capitals = [
                n
                for n, word in enumerate(sentence.words)
                if n and word.shape in (Shape.CAPITALISED, Shape.CAPITALS) and (number, n) not in taken
            ]
            for _, run in groupby(enumerate(capitals), key=lambda pair: pair[1] - pair[0]):
                words = [word for _, word in run]
                kind = choice.choices(*_OTHER_KINDS)[0]
                others[Words(number, words[0], words[-1] + 1)] = Named(kind, 0, frozenset())
        return replace(self, mentions=dict(sorted({**self.mentions, **others}.items())))

    def make_examples(self, vocabulary: Mapping[str, int], first: int = LONGEST) -> Iterator[Example]:
        """A window each; ``first`` shifts where windows begin, so that an epoch differs from the one before."""
        title = split_words(self.annotated.title, vocabulary)
        for window in arrange_windows(title, self.sentences, vocabulary, first):
            yield self._make_example(window)

    def _make_example(self, window: Window) -> Example:
        words = tuple(word for word in window.words if word.sentence >= window.judged)
        told = window.place(span for span in self.events if span.sentence >= window.judged)
        named = window.place(self.mentions)
        events = tuple(self.events[span] for span in told)
        triggers = tuple(PlacedTrigger(span.sentence, *told[span], self.events[span].type) for span in told)
        mentions = tuple(PlacedMention(span.sentence, *named[span], self.mentions[span]) for span in named)
        types = {word: 1 + EVENT_TYPES.index(self.events[span].type) for span in told for word in _cover(span)}
        first = {(span.sentence, span.begin) for span in told}
        tags = {
            word: 1 + 2 * KINDS.index(self.mentions[span].kind) + (word[1] > span.begin)
            for span in named
            if self.mentions[span].entities
            for word in _cover(span)
        }
        keys = [(word.sentence, word.word) for word in words]
        return Example(
            window=window,
            words=words,
            trigger_tags=tuple(types.get(key, OUTSIDE) for key in keys),
            begins=tuple(int(key in first) for key in keys),
            mention_tags=tuple(tags.get(key, OUTSIDE) for key in keys),
            events=events,
            attributes=tuple(map(_number_attributes, events)),
            triggers=triggers,
            mentions=mentions,
            pairs=tuple(_label_pairs(events, triggers, mentions)),
        )


def _cover(span: Words) -> list[tuple[int, int]]:
    return [(span.sentence, word) for word in range(span.begin, span.end)]


def _number_attributes(event: Event) -> tuple[int, ...]:
    values = (event.factuality, event.standing, event.recapture)
    return tuple(known.index(value) for known, value in zip(ATTRIBUTES, values, strict=True))


def _label_pairs(
    events: Sequence[Event], triggers: Sequence[PlacedTrigger], mentions: Sequence[PlacedMention]
) -> Iterator[Pair]:
    """The nearest mention of an entity that fills a slot has its role; its others may have any, so none is taught."""
    nearest: list[dict[int, Role]] = [_find_nearest(*pair, mentions) for pair in zip(events, triggers, strict=True)]
    for trigger, mention, features in list_pairs(triggers, mentions):
        filled = {entity for entity, _ in events[trigger].roles}
        role = nearest[trigger].get(mention)
        if role is None and mentions[mention].named.entities & filled:
            yield Pair(trigger, mention, features, IGNORED)
        else:
            yield Pair(trigger, mention, features, ROLES.index(role or Role.NONE))


def _find_nearest(event: Event, trigger: PlacedTrigger, mentions: Sequence[PlacedMention]) -> dict[int, Role]:
    """By the number of the mention; in one sentence a name that only this entity bears goes before a shared one."""
    found: dict[int, Role] = {}
    for entity, role in event.roles:
        own = [
            ((sentences, len(mention.named.entities), pieces), index)
            for index, mention in enumerate(mentions)
            if entity in mention.named.entities
            for sentences, pieces in [rank_nearness(trigger, mention)]
            if 0 <= sentences <= CONTEXT
        ]
        if own:
            found[min(own)[1]] = role
    return found
