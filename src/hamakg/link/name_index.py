"""An index that finds items by name, in any romanisation and official style."""

from collections import defaultdict
from collections.abc import Iterable

from rapidfuzz import fuzz, process

from hamakg.link.items import Item
from hamakg.link.name_similarity import fold_name, lookup_keys

_MAX_SIMILAR = 20  # of the names that share their consonants, so many of the most similar ones are returned
_MIN_SHORTENED = 5  # letters: in a shorter key, one letter more or less makes another name


class NameIndex:
    """Items by their names; of two items with one id the last counts."""

    def __init__(self, items: Iterable[Item]) -> None:
        self.items = tuple({item.id: item for item in items}.values())
        self._names: list[str] = []
        self._owners: list[int] = []
        self._by_key: dict[str, list[int]] = defaultdict(list)
        self._by_shortened: dict[str, list[int]] = defaultdict(list)
        for owner, item in enumerate(self.items):
            for name in dict.fromkeys(item.names):
                self._add_name(name, owner)

    def find(self, names: Iterable[str]) -> list[Item]:
        """Return the items that one of these names may mean, by id."""
        owners = {self._owners[number] for name in names for number in self._find_names(name)}
        return sorted((self.items[owner] for owner in owners), key=lambda item: item.id)

    def _add_name(self, name: str, owner: int) -> None:
        number = len(self._names)
        self._names.append(fold_name(name))
        self._owners.append(owner)
        equal, spelled = lookup_keys(name)
        for key in {equal, spelled}:
            self._by_key[key].append(number)
        for key in _drop_each_letter(spelled):
            self._by_shortened[key].append(number)

    def _find_names(self, name: str) -> Iterable[int]:
        """Return the numbers of all equal names, and of the most similar ones that have the same consonants."""
        equal, spelled = lookup_keys(name)
        similar = {number for key in (spelled, *_drop_each_letter(spelled)) for number in self._by_key.get(key, ())}
        similar.update(self._by_shortened.get(spelled, ()))
        if len(similar) > _MAX_SIMILAR:
            choices = {number: self._names[number] for number in sorted(similar)}
            best = process.extract(fold_name(name), choices, scorer=fuzz.ratio, limit=_MAX_SIMILAR)
            similar = {number for *_, number in best}
        return {*similar, *self._by_key.get(equal, ())}


def _drop_each_letter(key: str) -> Iterable[str]:
    """Return a long key without each of its letters in turn: two spellings of a name may differ in one letter."""
    return {key[:at] + key[at + 1 :] for at in range(len(key))} if len(key) >= _MIN_SHORTENED else ()
