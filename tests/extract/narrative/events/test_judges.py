"""Judges decide by probabilities alone: what is likelier wrong than right is not told."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from spacy.language import Language

from hamakg.errors import HamakgError
from hamakg.extract.narrative import Trained, extract_narrative, load_trained
from hamakg.extract.narrative.events.judges import Judges, Network, choose_slots
from hamakg.model import ArticleFacts, EventType, Interval
from support.invented_battle import make_battle

TEXT = "On 4 May 2017, the rebels captured Fada. The army shelled Kona on 6 May."


def make_network(network: Network, probability: float) -> Network:
    """A network of one layer that says the same of whatever it is asked."""
    inputs = len(network.mean)
    bias = np.full((1, 1), np.log(probability / (1 - probability)))
    return Network(np.zeros(inputs), np.ones(inputs), (np.zeros((1, inputs, 1)),), (bias,))


def read(nlp: Language, **probabilities: float) -> ArticleFacts:
    """The facts of the text where the judges give these probabilities, by default high ones."""
    trained = load_trained()
    judges = {
        name: make_network(getattr(trained.judges, name), probabilities.get(name, 0.9))
        for name in ("events", "slots", "dates", "confidence")
    }
    return extract_narrative(*make_battle(TEXT), nlp, Trained(trained.model, Judges(**judges)))


def test_what_the_rules_read_is_told_where_the_judges_are_sure(nlp: Language) -> None:
    """Others may be told beside it; a slot that the rules have filled goes before one that the model proposes."""
    by_rules = extract_narrative(*make_battle(TEXT), nlp).events
    told = {(event.type, event.trigger): event for event in read(nlp).events}
    for event in by_rules:
        same = told[event.type, event.trigger]
        assert (same.passage, same.interval, same.factuality) == (event.passage, event.interval, event.factuality)
        assert {*event.agents, *event.targets, *event.places} <= {*same.agents, *same.targets, *same.places}


def test_an_unlikely_event_is_not_told(nlp: Language) -> None:
    facts = read(nlp, events=0.1)
    assert (facts.events, facts.casualties, facts.claims) == ((), (), ())


def test_unlikely_slots_are_left_empty(nlp: Language) -> None:
    events = read(nlp, slots=0.4).events
    assert events
    assert all((*e.agents, *e.targets, *e.places, *e.near, *e.origin, *e.toward) == () for e in events)


def test_unlikely_days_are_left_out(nlp: Language) -> None:
    events = read(nlp, dates=0.4).events
    assert events
    assert {event.interval for event in events} == {Interval()}


def test_the_confidence_is_what_the_judge_says(nlp: Language) -> None:
    assert {event.confidence for event in read(nlp, confidence=0.734).events} == {0.73}


def test_what_the_rules_alone_tell_has_no_confidence(nlp: Language) -> None:
    assert {event.confidence for event in extract_narrative(*make_battle(TEXT), nlp).events} == {None}


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(HamakgError, match=r"reader\.onnx: .* install hamakg again$"):
        load_trained(tmp_path)


def test_each_entity_has_one_role_the_likeliest() -> None:
    slots = [("a", "agent", 0.7), ("a", "target", 0.8), ("b", "place", 0.5), ("c", "agent", 0.49)]
    assert choose_slots(slots) == {"a": ("target", 0.8), "b": ("place", 0.5)}


@pytest.mark.parametrize(("value", "probability"), [(2.0, 0.5), (3.0, 1 / (1 + np.exp(-2)))])
def test_a_network_scales_its_inputs_and_averages(value: float, probability: float) -> None:
    layer = np.array([[[1.0]], [[3.0]]]), np.array([[0.0], [0.0]])
    network = Network(np.array([2.0]), np.array([0.5]), (layer[0][:1],), (layer[1][:1],))
    assert network.run([[value]]) == pytest.approx([probability])
    both = replace(network, weights=(layer[0],), biases=(layer[1],))
    halves = [replace(network, weights=(layer[0][i : i + 1],)).run([[value]])[0] for i in range(2)]
    assert both.run([[value]]) == pytest.approx([sum(halves) / 2])


def test_no_rows_have_no_probabilities() -> None:
    assert load_trained().judges.slots.run([]) == []


def test_an_article_is_read_alike_each_time_whatever_was_read_before(nlp: Language) -> None:
    trained = load_trained()
    first = extract_narrative(*make_battle(TEXT), nlp, trained)
    extract_narrative(*make_battle("The navy sank a ship off Fada on 9 May 2017."), nlp, trained)
    assert extract_narrative(*make_battle(TEXT), nlp, trained) == first


def test_what_the_rules_only_find_near_is_not_captured_itself(nlp: Language) -> None:
    """However sure the judge is: whoever takes two villages near a town does not hold the town."""
    text = "On 4 May 2017, the Army captured two villages near Fada."
    trained = load_trained()
    slots = replace(trained.judges.slots, biases=(*trained.judges.slots.biases[:-1], np.full((3, 1), 4.0)))
    facts = extract_narrative(*make_battle(text), nlp, Trained(trained.model, replace(trained.judges, slots=slots)))
    (capture,) = [event for event in facts.events if event.type is EventType.CAPTURE]
    assert (capture.places, [ref.rpartition("/")[2] for ref in capture.near]) == ((), ["fada"])
