"""How long 10,000 places take to be linked by an authority file of 100,000 items, and how much memory.

    python benchmarks/linking.py [ITEMS] [NAMES]

The names are made of syllables of Arabic and Slavic place names, so that many items share their consonants: harder than
a real file. Each item has a label and two other names; each place is called by one of an item's, half of them in
another spelling, and is told of in one article of forty places or, one of ten, in twenty. All of linking is measured:
the file is read, candidates found, surroundings weighed, verdicts given. Asked: under 60 seconds on two cores, under
1 GB.
"""

import csv
import random
import resource
import sys
import tempfile
import time
from pathlib import Path

from hamakg.link import ask_sources, link_things
from hamakg.link.items import WIKIDATA
from hamakg.link.sources.authority import read_authority
from hamakg.link.things import Thing
from hamakg.model import LinkStatus

SYLLABLES = [
    "ha",
    "ma",
    "kh",
    "an",
    "shay",
    "khun",
    "tal",
    "sur",
    "dar",
    "ayn",
    "kafr",
    "nab",
    "lah",
    "bash",
    "qas",
    "im",
    "ra",
    "qqa",
    "der",
    "zor",
    "al",
    "bab",
    "is",
    "kan",
    "iyah",
    "mor",
    "ek",
    "kar",
    "naz",
    "qom",
    "hana",
    "zu",
    "la",
    "qiat",
    "tay",
    "bat",
    "shu",
    "ghur",
    "sar",
    "aqib",
    "jis",
    "far",
    "ouq",
    "yus",
    "uf",
    "min",
    "tin",
    "vol",
    "grad",
    "ov",
    "ets",
    "ky",
    "no",
]
OTHERWISE = (("kh", "k"), ("q", "k"), ("ou", "u"), ("ay", "ei"), ("iyah", "iya"))


IN_ARTICLE, OFTEN, SELDOM = 40, 20, 10


def main(items: int, names: int) -> None:
    chance = random.Random(1)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "authority.tsv"
        _write(path, items, chance)
        begun = time.perf_counter()
        authority = read_authority(path)
    read = time.perf_counter()
    meant = {f"place/{nth}": item for nth, item in enumerate(chance.choices(authority.items, k=names))}
    things = _things(meant, chance)
    links = link_things(things, [], ask_sources(things, [authority.as_source("authority")])).links
    ended = time.perf_counter()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{items:,} items read in {read - begun:.1f} s, {names:,} places linked in {ended - read:.1f} s")
    print(f"{ended - begun:.1f} s in all (asked: 60), {memory:.0f} MB at most (asked: 1024)")
    right = [link for link in links if link.object == WIKIDATA + meant[link.subject].id]
    accepted = sum(link.status is LinkStatus.ACCEPTED for link in right)
    print(f"of {len(right) / names:.3f} the item is found; {accepted / names:.3f} are accepted")


def _write(path: Path, items: int, chance: random.Random) -> None:
    with path.open("w", encoding="utf-8", newline="") as out:
        table = csv.writer(out, delimiter="\t", quoting=csv.QUOTE_NONE)
        table.writerow(("id", "label", "aliases", "type", "coordinates", "country"))
        for number in range(1, items + 1):
            point = f"{chance.uniform(30, 40):.4f},{chance.uniform(30, 40):.4f}"
            aliases = f"{_name(chance)}|{_name(chance)}"
            table.writerow((f"Q{number}", _name(chance), aliases, "Q532", point, "Q858"))


def _name(chance: random.Random) -> str:
    words = ("".join(chance.choices(SYLLABLES, k=chance.randint(2, 4))) for _ in range(chance.randint(1, 3)))
    return " ".join(word.capitalize() for word in words)


def _things(meant, chance: random.Random):
    """A thing for each id. No article is set anywhere: all places lie scattered, so nothing of the work is spared."""
    articles = [f"article/{nth}" for nth in range(max(1, len(meant) * 3 // IN_ARTICLE))]
    return {
        ref: Thing(
            ref,
            ("Place",),
            (_spelt(chance.choice(item.names), chance),),
            dict.fromkeys(chance.choices(articles, k=1 if chance.randrange(SELDOM) else OFTEN), 1),
        )
        for ref, item in meant.items()
    }


def _spelt(name: str, chance: random.Random) -> str:
    if chance.random() < 0.5:
        for written, otherwise in OTHERWISE:
            name = name.replace(written, otherwise)
    return name


if __name__ == "__main__":
    main(*(int(number) for number in [*sys.argv[1:], "100000", "10000"][:2]))
