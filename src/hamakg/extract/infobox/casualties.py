"""Reads losses: "250 killed and 750 wounded (per the rebels)", "58+ fighters killed(8 IRGC)", "27 tanks destroyed"."""

import re
from dataclasses import dataclass, field, replace
from functools import cache

from hamakg.extract.infobox.dates import extract_date
from hamakg.extract.infobox.figures import Figure, FigurePhrase, read_figure_phrases
from hamakg.extract.infobox.items import ListEntry, merge_entries, read_list
from hamakg.extract.infobox.sources import Attribution, read_attribution
from hamakg.extract.infobox.strengths import (
    NO_REMARK,
    extract_heading_date,
    is_equipment,
    merge_lists,
    split_circumstances,
)
from hamakg.extract.infobox.words import build_alternation, keys_by_word, word_list
from hamakg.model import CasualtyKind, Interval, Stance
from hamakg.naming.states import states_by_lowercase_word

_EXCLUSION = re.compile(r"(?i)(?:not (?:including|counting)|excluding|excludes)\b")
_CONNECTIVE_END = re.compile(r"(?i)\b(?:or|and|/)$")
_LOST = re.compile(r"(?i)\b(?:destroyed|damaged|lost|shot down|sunk|disabled|downed)\b")
_FATES = (
    r"(?:destroyed|damaged|lost|shot down|sunk|disabled|downed|scuttled|torpedoed|grounded|beached|captured|seized|"
    r"abandoned|knocked out|put out of action|written off|crippled|burned|missing)"
)
_HOW = re.compile(
    r"(?i)\b(?:(?:badly|heavily|severely|lightly|slightly)\s+)?"
    rf"{_FATES}(?:(?:\s+or\s+|\s+and\s+|\s*/\s*){_FATES})?\b"
)
_PRISONERS = frozenset({"pow", "pows", "prisoner", "prisoners"})
# What happens only to ships and aircraft, whatever they are called.
_OF_EQUIPMENT = frozenset({"sunk", "shot down", "scuttled", "torpedoed", "grounded", "beached", "downed"})
_NOT_PEOPLE = re.compile(r"(?i)captured|losses|displaced")


@dataclass(frozen=True, slots=True)
class CasualtyFigure:
    """A figure of people with what the text says about it; ``part_of`` is the index of the figure that includes it.

    With ``victims_from_heading`` the victims are the words of a heading, which may name somebody else. ``line`` is the
    line of the field, if remarks on it are about that line only; ``has_remark`` is whether one followed the figure.
    """

    kind: CasualtyKind
    minimum: int | None
    maximum: int | None
    words: str
    victims: str | None = None
    attribution: Attribution | None = None
    interval: Interval | None = None
    part_of: int | None = None
    heading: str | None = None
    has_remark: bool = False
    remarks: tuple[str, ...] = ()
    line: int | None = None
    victims_from_heading: bool = False


@dataclass(frozen=True, slots=True)
class EquipmentFigure:
    """A figure of lost equipment; ``how`` is what happened to it in the words of the text ("sunk")."""

    equipment: str
    minimum: int | None
    maximum: int | None
    words: str
    how: str | None = None
    attribution: Attribution | None = None
    interval: Interval | None = None
    heading: str | None = None
    remarks: tuple[str, ...] = ()


def read_losses(value: str, during: Interval) -> tuple[list[CasualtyFigure], list[EquipmentFigure], list[str]]:
    """The losses of people and of equipment given in a field, and the words that were not understood.

    A figure without a kind has that of its heading, or of the figure before it ("259 killed, estimates up to 427"); in
    a field without kinds figures count killed and wounded. A remark is about the figures of different kinds before it.
    """
    reader = _LossReader(during)
    for entry in merge_lists(merge_entries(read_list(value), lambda _, entry: _is_list_of_kinds(entry))):
        reader.read(entry)
    return reader.casualties, reader.equipment, reader.unread


def _is_list_of_kinds(entry: ListEntry) -> bool:
    """Whether the entry continues a list that commas have split: "5,000 killed, wounded, or captured"."""
    return _kinds_pattern().fullmatch(re.sub(r"(?i)^(?:and|or)\s+", "", entry.name)) is not None


@dataclass(slots=True)
class _LossReader:
    """Reads the entries of one field in order, and collects the losses and what is not understood."""

    during: Interval
    casualties: list[CasualtyFigure] = field(default_factory=list)
    equipment: list[EquipmentFigure] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)

    def read(self, entry: ListEntry) -> None:
        """Read the next entry of the field."""
        if self.casualties and _EXCLUSION.match(entry.words):
            last = self.casualties[-1]
            self.casualties[-1] = replace(last, remarks=(*last.remarks, entry.words))
            return
        phrases, rest = read_figure_phrases(entry.words)
        if rest and rest.lower().strip(" .") not in word_list("nothing"):
            self._read_without_figure(entry)
        for phrase in phrases:
            if not _counts_people(phrase):
                self._read_equipment(phrase, entry.heading)
                continue
            line = None if entry.apart else entry.line
            self.casualties += [replace(figure, line=line) for figure in self._read_people(phrase, entry.headings)]
            for remark in phrase.remarks:
                self._read_remark(remark)

    def _read_without_figure(self, entry: ListEntry) -> None:
        """Read losses without a number: "Unknown killed", "all light craft sunk"; other words are not understood."""
        kinds, how = _kinds_pattern().search(entry.name), _HOW.search(entry.name)
        equipment = _strip_connectives(_HOW.sub("", entry.name))
        if is_equipment(equipment):
            fate = how[0].lower() if how else None
            self.equipment.append(
                EquipmentFigure(equipment, None, None, entry.words, fate, heading=entry.heading, remarks=entry.remarks)
            )
        elif kinds is None:
            self.unread.append(entry.words)
        else:
            before = _strip_connectives(entry.name[: kinds.start()])
            remarks = tuple(words for words in (before, *entry.remarks) if words)
            self.casualties += [
                CasualtyFigure(kind, None, None, entry.words, heading=entry.heading, remarks=remarks)
                for kind in _parse_kinds(kinds[0])
            ]

    def _read_equipment(self, phrase: FigurePhrase, heading: str | None) -> None:
        """Read lost equipment: "27 tanks destroyed", "3 aircraft", and after it "22 damaged"."""
        noun_phrase, circumstances = split_circumstances(phrase.after)
        fate = _HOW.search(noun_phrase)
        equipment = _HOW.sub("", noun_phrase).strip(" ,") if fate else noun_phrase
        before = self.equipment[-1] if self.equipment else None
        if not equipment and fate and before:
            equipment = before.equipment
        is_certain = fate is not None and fate[0].lower() in _OF_EQUIPMENT
        is_same = before is not None and equipment == before.equipment
        if not equipment or not (is_equipment(equipment) or is_certain or is_same):
            self.unread.append(_to_text(phrase))
            return
        stance, equipment = _split_off_stance(equipment)
        interval, circumstances = extract_date(circumstances, self.during)
        remarks = [words for words in (phrase.about, phrase.before, circumstances) if words]
        figure = EquipmentFigure(
            equipment, phrase.figure.minimum, phrase.figure.maximum, _to_text(phrase),
            how=fate[0].lower() if fate else None, attribution=Attribution(None, stance) if stance else None,
            interval=interval, heading=heading,
        )  # fmt: skip
        for remark in phrase.remarks:
            interval, words = extract_date(remark, self.during)
            attribution = read_attribution(words)
            figure = replace(
                figure, interval=interval or figure.interval, attribution=attribution or figure.attribution
            )
            remarks += [words] if words and not attribution else []
        self.equipment.append(replace(figure, remarks=tuple(remarks)))

    def _read_people(
        self, phrase: FigurePhrase, headings: tuple[str, ...], part_of: int | None = None
    ) -> list[CasualtyFigure]:
        """The losses that a figure gives: two for "several hundreds killed and captured"."""
        kinds_found = _find_kinds(phrase.after)
        described = phrase.after[: kinds_found.start()] if kinds_found else phrase.after
        stance, words = _split_off_stance(f"{phrase.before} {described}")
        victims, circumstances = split_circumstances(words)
        is_total = victims.lower() in word_list("totals", "words")
        circumstances = f"{circumstances} {phrase.after[kinds_found.end() :] if kinds_found else ''}".strip(" ,.")
        interval, circumstances = extract_date(circumstances, self.during)
        remarks = (
            phrase.about,
            "" if circumstances.lower() == "in action" else circumstances,
            victims if is_total else "",
        )
        above = _read_headings(headings, self.during)
        heading = headings[-1] if headings else None
        kinds = (
            _parse_kinds(kinds_found[0])
            if kinds_found
            else above.kinds or self._inherit_kind(heading, is_total, part_of)
        )
        whole = (_to_text(phrase),) if len(kinds) > 1 and phrase.figure.minimum is not None else ()
        return [
            CasualtyFigure(
                kind=kind,
                minimum=figure.minimum,
                maximum=figure.maximum,
                words=_to_text(phrase),
                victims=("" if is_total else victims) or above.victims,
                victims_from_heading=(is_total or not victims) and above.victims is not None,
                attribution=Attribution(None, stance) if stance else above.attribution,
                interval=interval or above.interval,
                part_of=part_of,
                heading=heading,
                remarks=(*above.remarks, *(text for text in remarks if text.lower() not in NO_REMARK), *whole),
            )
            for kind, figure in _divide_among_kinds(kinds, phrase.figure)
        ]

    def _inherit_kind(self, heading: str | None, is_total: bool, part_of: int | None) -> tuple[CasualtyKind, ...]:
        """The kind of a figure without one: of the figure that includes it, or of the one before under its heading.

        A total, and a figure without such a one, counts killed and wounded.
        """
        if part_of is not None:
            return (self.casualties[part_of].kind,)
        before = self.casualties[-1] if self.casualties and not is_total else None
        return (before.kind if before and before.heading == heading else CasualtyKind.KILLED_OR_WOUNDED,)

    def _read_remark(self, remark: str) -> None:
        """Read the words in brackets after a figure: who says so, when, of whom, or figures that it includes."""
        covered = self._find_covered()
        is_joint = len({self.casualties[index].words for index in covered}) < len(covered)
        for part in (part.strip() for part in remark.split(";")):
            interval, words = extract_date(part, self.during)
            attribution = read_attribution(words)
            phrases = [] if attribution else read_figure_phrases(words)[0]
            if is_joint and not all(_kinds_pattern().search(phrase.after) for phrase in phrases):
                phrases = []  # "117 killed, wounded and missing (39 in May)" does not say which kind the 39 are
            state = words if words.lower() in states_by_lowercase_word() else None
            if phrases:
                self._read_included(phrases, interval, covered)
            remarks = (words,) if words and not attribution and not phrases and not state else ()
            for index in covered:
                figure = self.casualties[index]
                figure = replace(
                    figure, has_remark=True, remarks=(*figure.remarks, *remarks), victims=figure.victims or state
                )
                if not phrases:
                    figure = replace(
                        figure, attribution=attribution or figure.attribution, interval=interval or figure.interval
                    )
                self.casualties[index] = figure

    def _read_included(self, phrases: list[FigurePhrase], interval: Interval | None, covered: list[int]) -> None:
        """Read figures in a remark, which are included in the covered figure of their kind, or in the last one."""
        for phrase in phrases:
            match = _kinds_pattern().search(phrase.after)
            kinds = _parse_kinds(match[0]) if match else ()
            whole = next((index for index in covered if self.casualties[index].kind in kinds), covered[0])
            heading = self.casualties[whole].heading
            figures = self._read_people(phrase, (), part_of=whole)
            self.casualties += [
                replace(figure, interval=interval or figure.interval, heading=heading) for figure in figures
            ]

    def _find_covered(self) -> list[int]:
        """The figures that a remark is about, the last first: those of different kinds since the last remark."""
        covered: list[int] = []
        line = self.casualties[-1].line if self.casualties else None
        for index in reversed(range(len(self.casualties))):
            figure = self.casualties[index]
            if line is not None and figure.line != line:
                break
            if figure.part_of is not None:
                if covered:
                    break
                continue
            is_closed = figure.has_remark or figure.attribution
            if covered and (is_closed or figure.kind in {self.casualties[i].kind for i in covered}):
                break
            covered.append(index)
        return covered


# ---------------------------------------------------------------- phrases


def _counts_people(phrase: FigurePhrase) -> bool:
    """Whether the figure counts people: it has words for people, a name, or no words; not tanks, ships, villages."""
    kinds = _find_kinds(phrase.after)
    _, words = _split_off_stance(phrase.after[: kinds.start()] if kinds else phrase.after)
    words, _ = split_circumstances(words)
    if is_equipment(words) or _LOST.search(phrase.after) or _CONNECTIVE_END.search(words):
        return False
    if not word_list("no_casualties").isdisjoint(phrase.after.lower().split()[:1]):
        return False
    if not words or words.lower() in word_list("totals", "words") or any(w[0].isupper() for w in words.split()):
        return True
    if not word_list("people", "nouns").isdisjoint(words.lower().split()):
        return True
    return kinds is not None and not _NOT_PEOPLE.search(kinds[0])


def _to_text(phrase: FigurePhrase) -> str:
    remarks = [f"({remark})" for remark in phrase.remarks]
    return " ".join([part for part in (phrase.before, phrase.text, phrase.after, *remarks) if part])


def _strip_connectives(words: str) -> str:
    return re.sub(r"(?i)^(?:and|or)\b|\b(?:and|or)$", "", words).strip(" ,.")


def _split_off_stance(words: str) -> tuple[Stance | None, str]:
    """How firmly the figure is stated ("reported", "estimates"), and the words without that."""
    stance, rest = None, []
    for word in words.split():
        key = keys_by_word("stances").get(word.lower().strip(",:"))
        stance = Stance(key) if key else stance
        rest += [] if key else [word]
    return stance, " ".join(rest)


# ---------------------------------------------------------------- headings


@dataclass(frozen=True, slots=True)
class _HeadingFacts:
    """What headings say about the figures below them."""

    kinds: tuple[CasualtyKind, ...] = ()
    victims: str | None = None
    attribution: Attribution | None = None
    interval: Interval | None = None
    remarks: tuple[str, ...] = ()


def _read_headings(headings: tuple[str, ...], during: Interval) -> _HeadingFacts:
    """What the headings, the outermost first, say together; an inner heading replaces what an outer one says."""
    facts = _HeadingFacts()
    for heading in headings:
        inner = _read_heading(heading, during)
        facts = _HeadingFacts(
            inner.kinds or facts.kinds,
            inner.victims or facts.victims,
            inner.attribution or facts.attribution,
            inner.interval or facts.interval,
            (*facts.remarks, *inner.remarks),
        )
    return facts


def _read_heading(heading: str, during: Interval) -> _HeadingFacts:
    interval, words = extract_heading_date(re.sub(r"(?i)\s+only$", "", heading), during)
    if words is None:
        return _HeadingFacts(interval=interval)
    if attribution := read_attribution(words):
        return _HeadingFacts(attribution=attribution, interval=interval)
    head = re.split(r"\s(?:of|in|for|on)\s", words.lower())[0]
    is_stretch = head.rpartition(" ")[2] in word_list("conflict", "words", "stretches")
    if is_stretch or words.lower() in word_list("totals", "words"):
        return _HeadingFacts(interval=interval, remarks=(words,))
    kinds = _kinds_pattern().search(words)
    victims = (words[: kinds.start()] if kinds else words).strip()
    return _HeadingFacts(_parse_kinds(kinds[0]) if kinds else (), victims or None, interval=interval)


# ---------------------------------------------------------------- kinds


def _find_kinds(words: str) -> re.Match[str] | None:
    """The first words for kinds; in "POWs dead" the second, as it says what happened to the first."""
    matches = list(_kinds_pattern().finditer(words))
    if len(matches) > 1 and matches[0][0].lower() in _PRISONERS:
        between = words[matches[0].end() : matches[1].start()]
        return matches[0] if between.strip() else matches[1]
    return matches[0] if matches else None


def _parse_kinds(words: str) -> tuple[CasualtyKind, ...]:
    """The kinds that the words name; killed and wounded together are one kind."""
    by_word = keys_by_word("casualties")
    kinds = [CasualtyKind(by_word[word]) for word in re.findall(r"[^\W\d_]+", words.lower()) if word in by_word]
    both = {CasualtyKind.KILLED, CasualtyKind.WOUNDED}
    if both <= set(kinds):
        kinds = [CasualtyKind.KILLED_OR_WOUNDED, *(kind for kind in kinds if kind not in both)]
    return tuple(dict.fromkeys(kinds))


def _divide_among_kinds(kinds: tuple[CasualtyKind, ...], figure: Figure) -> list[tuple[CasualtyKind, Figure]]:
    """Each kind with its bounds: a figure for several kinds together is only a maximum for each."""
    if len(kinds) > 1:
        figure = replace(figure, minimum=None)
    return [(kind, figure) for kind in kinds]


@cache
def _kinds_pattern() -> re.Pattern[str]:
    kind = rf"(?:{build_alternation(keys_by_word('casualties'))})\b"
    return re.compile(rf"\b{kind}(?:\s*(?:[,/&]|\band\b|\bor\b)[\s,/]*(?:(?:and|or)\b\s*)?{kind})*", re.I)
