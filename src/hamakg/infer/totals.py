"""What an infobox says of a side's losses altogether: the lowest and the highest of figures of the same people.

Figures of one side and kind that say the same of whose they are stand for one quantity, told by several or with open
bounds: the range spans them. Figures of other people (of one army, of civilians) are quantities of their own. Nothing
is added up, for reports overlap.
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
    """The totals of all conflicts, by their ids. A pure function of the articles' graphs."""
    quantities: dict[tuple[str, str, str, str], dict[str, _Row]] = defaultdict(dict)
    for row in select_text(store, "rules/losses-of-sides"):
        whose = row.get("victims") or row.get("whose", "").lower()
        quantities[row["conflict"], row.get("side", ""), row["kind"], whose][row["report"]] = row
    totals = [_total([found[report] for report in sorted(found)], iris) for found in quantities.values()]
    return sorted(totals, key=lambda total: total.id)


def _total(found: Sequence[_Row], iris: Iris) -> CasualtyTotal:
    row = found[0]
    side, victims = row.get("side"), row.get("victims")
    kind = CasualtyKind(row["kind"].removeprefix(HAMA))
    conflict = iris.ref(row["conflict"])
    whose = victims and iris.ref(victims)
    return CasualtyTotal(
        id=total_id(conflict, row.get("sideNumber", ""), kind, whose or row.get("whose", "").lower()),
        conflict=conflict,
        kind=kind,
        reports=tuple(iris.ref(one["report"]) for one in found),
        minimum=_bound([one.get("least") for one in found], min),
        maximum=_bound([one.get("most") for one in found], max),
        side=iris.ref(side) if side else None,
        victims=whose,
        victim_description=row.get("whose"),
    )


def _bound(numbers: Sequence[str | None], choose: Callable[[Sequence[int]], int]) -> int | None:
    """The outermost of some bounds, open if one of them is."""
    known = [int(number) for number in numbers if number is not None]
    return choose(known) if len(known) == len(numbers) else None
