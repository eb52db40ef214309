"""Measures how long it takes to link 10,000 places by an authority file of 100,000 items, and how much memory.

    python benchmarks/linking.py [ITEMS] [PLACES]

The names consist of syllables of Arabic and Slavic place names, so many items share their consonants, which is
harder than a real file. Each item has a label and two aliases. Each place has one of an item's names, half of them in
another spelling; articles have about forty places, and one place in ten is in twenty articles instead of one. All of
linking is measured, from reading the file to the decisions. The limits are 60 seconds on two cores, and 1 GB.
"""

import csv
import random
import resource
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from hamakg.link import ask_sources, link_things
from hamakg.link.items import WIKIDATA, Item
from hamakg.link.sources.authority import read_authority
from hamakg.link.things import Thing
from hamakg.model import LinkStatus

SYLLABLES = (
    "ha ma kh an shay khun tal sur dar ayn kafr nab lah bash qas im ra qqa der zor al bab is kan iyah mor "
    "ek kar naz qom hana zu la qiat tay bat shu ghur sar aqib jis far ouq yus uf min tin vol grad ov ets "
    "ky no"
)
SPELLINGS = (("kh", "k"), ("q", "k"), ("ou", "u"), ("ay", "ei"), ("iyah", "iya"))

PLACES_IN_ARTICLE = 40
MANY_ARTICLES, ONE_IN = 20, 10  # one place in ten is in so many articles


def main(items: int, places: int) -> None:
    chance = random.Random(1)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "authority.tsv"
        _write_authority(path, items, chance)
        started = time.perf_counter()
        authority = read_authority(path)
    read = time.perf_counter()
    items_by_place = {f"place/{nth}": item for nth, item in enumerate(chance.choices(authority.items, k=places))}
    things = _make_things(items_by_place, chance)
    links = link_things(things, [], ask_sources(things, [authority.as_source("authority")])).links
    ended = time.perf_counter()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{items:,} items read in {read - started:.1f} s, {places:,} places linked in {ended - read:.1f} s")
    print(f"{ended - started:.1f} s in all (limit: 60), {memory:.0f} MB at most (limit: 1024)")
    correct = [link for link in links if link.object == WIKIDATA + items_by_place[link.subject].id]
    accepted = sum(link.status is LinkStatus.ACCEPTED for link in correct)
    print(f"{len(correct) / places:.3f} of the items are found, {accepted / places:.3f} are accepted")


def _write_authority(path: Path, items: int, chance: random.Random) -> None:
    with path.open("w", encoding="utf-8", newline="") as out:
        table = csv.writer(out, delimiter="\t", quoting=csv.QUOTE_NONE)
        table.writerow(("id", "label", "aliases", "type", "coordinates", "country"))
        for number in range(1, items + 1):
            point = f"{chance.uniform(30, 40):.4f},{chance.uniform(30, 40):.4f}"
            aliases = f"{_make_name(chance)}|{_make_name(chance)}"
            table.writerow((f"Q{number}", _make_name(chance), aliases, "Q532", point, "Q858"))


def _make_name(chance: random.Random) -> str:
    words = ("".join(chance.choices(SYLLABLES.split(), k=chance.randint(2, 4))) for _ in range(chance.randint(1, 3)))
    return " ".join(word.capitalize() for word in words)


def _make_things(items: Mapping[str, Item], chance: random.Random) -> dict[str, Thing]:
    """A thing for each id; the places of an article are scattered, so that linking cannot take a shortcut."""
    articles = [f"article/{nth}" for nth in range(max(1, len(items) * 3 // PLACES_IN_ARTICLE))]
    return {
        ref: Thing(
            ref,
            ("Place",),
            (_change_spelling(chance.choice(item.names), chance),),
            dict.fromkeys(chance.choices(articles, k=1 if chance.randrange(ONE_IN) else MANY_ARTICLES), 1),
        )
        for ref, item in items.items()
    }


def _change_spelling(name: str, chance: random.Random) -> str:
    if chance.random() < 0.5:
        for written, other in SPELLINGS:
            name = name.replace(written, other)
    return name


if __name__ == "__main__":
    main(*(int(number) for number in [*sys.argv[1:], "100000", "10000"][:2]))
