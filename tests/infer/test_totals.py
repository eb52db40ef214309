"""The ranges of the casualty figures in an infobox."""

from dataclasses import replace
from typing import Any

from hamakg.infer import derive_casualty_totals
from hamakg.model import CasualtyKind, CasualtyReport, CasualtyTotal, Passage
from support.seed_articles import IRIS, build_graph
from support.short_articles import BLUES, REDS, make_article

FIELD = Passage("battle-of-aba/infobox/casualties1", "", 0, 0, field="casualties1")
SIDE = "battle-of-aba/side/1"


def make_report(name: str, minimum: int | None, maximum: int | None, **more: Any) -> CasualtyReport:
    return CasualtyReport(f"battle-of-aba/{name}", CasualtyKind.KILLED, FIELD.id, minimum, maximum, **more)


def derive_totals(*reports: CasualtyReport) -> list[CasualtyTotal]:
    facts = make_article("Battle of Aba", [], [[REDS], [BLUES]])
    conflict = replace(facts.infobox.conflict, casualties=tuple(r.id for r in reports))
    box = replace(facts.infobox, conflict=conflict, casualties=reports, passages=(FIELD,))
    return derive_casualty_totals(build_graph([replace(facts, infobox=box)]), IRIS)


def derive_ranges(*reports: CasualtyReport) -> list[tuple[int | None, int | None]]:
    return [(total.minimum, total.maximum) for total in derive_totals(*reports)]


def test_figures_for_the_same_people_give_a_range_and_are_never_added() -> None:
    assert derive_ranges(make_report("a", 250, 250, side=SIDE), make_report("b", 2400, 2400, side=SIDE)) == [
        (250, 2400)
    ]


def test_an_open_bound_leaves_the_range_open() -> None:
    assert derive_ranges(make_report("a", 150, None, side=SIDE), make_report("b", 200, 300, side=SIDE)) == [(150, None)]
    assert derive_ranges(make_report("a", None, 30, side=SIDE), make_report("b", 20, 20, side=SIDE)) == [(None, 30)]
    assert derive_ranges(make_report("a", None, None, side=SIDE)) == [(None, None)]


def test_figures_for_other_people_give_another_total() -> None:
    mine, theirs = make_report("a", 250, 250, side=SIDE), make_report("b", 30, 30, victim_description="civilians")
    assert [(t.victim_description, t.minimum, t.side) for t in derive_totals(mine, theirs)] == [
        ("civilians", 30, None),
        (None, 250, SIDE),
    ]


def test_a_figure_that_is_part_of_another_is_left_out() -> None:
    whole, part = (
        make_report("a", 58, None, side=SIDE),
        make_report("b", 8, 8, side=SIDE, included_in="battle-of-aba/a"),
    )
    assert derive_ranges(whole, part) == [(58, None)]


def test_a_total_names_its_reports() -> None:
    (total,) = derive_totals(make_report("a", 250, 250, side=SIDE), make_report("b", 300, 300, side=SIDE))
    assert total.reports == ("battle-of-aba/a", "battle-of-aba/b")
    assert total.id == "total/battle-of-aba/side-1/killed"


def test_no_figures_give_no_totals() -> None:
    assert derive_totals() == []
