"""What holds in all rooms of the narrative: values do not change, and tables are read whole."""

import dataclasses
import importlib
import inspect
import pkgutil
from types import ModuleType

import pytest

from hamakg.extract import narrative
from hamakg.extract.narrative.events.proposals import Slot, SlotProposal, SlotRule, decide
from hamakg.extract.narrative.events.words import triggers
from hamakg.extract.narrative.parse.words import make_sets, parse_words

MODULES = [
    importlib.import_module(found.name) for found in pkgutil.walk_packages(narrative.__path__, f"{narrative.__name__}.")
]


@dataclasses.dataclass(frozen=True)
class Sets:
    near: frozenset[str]
    far: frozenset[str]


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__.removeprefix(narrative.__name__))
def test_every_value_is_frozen(module: ModuleType) -> None:
    own = [kind for _, kind in inspect.getmembers(module, inspect.isclass) if kind.__module__ == module.__name__]
    parameters = {kind.__name__: getattr(kind, "__dataclass_params__", None) for kind in own}
    assert [name for name, declared in parameters.items() if declared is not None and not declared.frozen] == []


def test_sets_of_words_are_read_into_the_fields_of_their_names() -> None:
    assert make_sets(Sets, {"far": ["beyond"], "near": ["by", "at"]}) == Sets(
        frozenset({"by", "at"}), frozenset({"beyond"})
    )


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"near": ["by"]}, "far"),
        ({"near": ["by"], "far": ["beyond"], "farther": ["past"]}, "farther"),
        ({"near": ["by", "by"], "far": ["beyond"]}, "by"),
        ({"near": [], "far": ["beyond"]}, "near"),
        ({"near": "by", "far": ["beyond"]}, "near"),
        ({"near": ["by", 2], "far": ["beyond"]}, "near"),
    ],
    ids=["missing", "unknown", "twice", "empty", "no list", "no word"],
)
def test_a_table_of_another_shape_is_refused(table: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make_sets(Sets, table)


def test_the_grammar_knows_the_verbs_that_have_a_hyphen() -> None:
    """It takes a hyphen out of others ("re-took"), and cannot ask what tells events."""
    assert {lemma for lemma in triggers().verbs if "-" in lemma} == parse_words().hyphened_verbs


def test_of_the_proposals_for_a_slot_those_of_the_first_rule_hold() -> None:
    own = [SlotProposal(Slot.AGENT, ref, SlotRule.GRAMMAR) for ref in ("a", "b")]
    implied = [SlotProposal(Slot.AGENT, "c", SlotRule.AGAIN)]
    assert (decide([*own, *implied]), decide(implied), decide([])) == (("a", "b"), ("c",), ())
