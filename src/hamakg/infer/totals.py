"""Derives the range of an infobox's casualty figures: from the lowest to the highest figure for the same people.

Figures of one side and kind that describe the same people are alternatives for one quantity, from several sources or
with open bounds; the range spans them. Figures of other people (one army, civilians) are quantities of their own.
Nothing is added up, since figures overlap.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from pyoxigraph import Store

from hamakg.model import CasualtyKind, CasualtyTotal
from hamakg.rdf.ids import total_id
from hamakg.rdf.iris import HAMA, Iris
from hamakg.sparql.select import select_text

_Row = Mapping[str, str]


def derive_casualty_totals(store: Store, iris: Iris) -> list[CasualtyTotal]:
    """The totals of all conflicts, sorted by id. A pure function of the articles' graphs."""
    quantities: dict[tuple[str, str, str, str], dict[str, _Row]] = defaultdict(dict)
    for row in select_text(store, "rules/losses-of-sides"):
        people = row.get("victims") or row.get("whose", "").lower()
        quantities[row["conflict"], row.get("side", ""), row["kind"], people][row["report"]] = row
    totals = [_build_total([rows[report] for report in sorted(rows)], iris) for rows in quantities.values()]
    return sorted(totals, key=lambda total: total.id)


def _build_total(rows: Sequence[_Row], iris: Iris) -> CasualtyTotal:
    """The total of one quantity, from the rows of its reports."""
    row = rows[0]
    conflict, kind = iris.ref(row["conflict"]), CasualtyKind(row["kind"].removeprefix(HAMA))
    side, victims = (iris.ref(row[name]) if name in row else None for name in ("side", "victims"))
    return CasualtyTotal(
        id=total_id(conflict, row.get("sideNumber", ""), kind, victims or row.get("whose", "").lower()),
        conflict=conflict,
        kind=kind,
        reports=tuple(iris.ref(each["report"]) for each in rows),
        minimum=_find_bound([each.get("least") for each in rows], min),
        maximum=_find_bound([each.get("most") for each in rows], max),
        side=side,
        victims=victims,
        victim_description=row.get("whose"),
    )


def _find_bound(numbers: Sequence[str | None], choose: Callable[[Sequence[int]], int]) -> int | None:
    """The outermost of several bounds; None (open) if any of them is open."""
    known = [int(number) for number in numbers if number is not None]
    return choose(known) if len(known) == len(numbers) else None
