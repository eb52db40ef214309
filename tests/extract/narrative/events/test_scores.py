"""What the words of a sentence mean to the model: names, descriptions and units, but nothing that the text excludes."""

import pytest
from spacy.language import Language

from hamakg.extract.encoder.pairs import Role
from hamakg.extract.narrative import load_trained
from hamakg.extract.narrative.article import Proposed, propose_events
from hamakg.extract.narrative.events.evidence import list_fillers
from support.invented_battle import make_battle


def propose(text: str, nlp: Language) -> Proposed:
    return propose_events(*make_battle(text), nlp, load_trained().model)


def list_expressions(text: str, nlp: Language) -> list[tuple[int, tuple[str, ...]]]:
    """The sentence of each expression, and the last parts of the references that it means."""
    found = propose(text, nlp).memory.expressions
    return [(e.words.sentence, tuple(ref.rpartition("/")[2] for ref in e.refs)) for e in found]


@pytest.mark.parametrize(
    ("text", "expressions"),
    [
        ("The rebels captured Fada.", [(0, ("1",)), (0, ("fada",))]),
        ("The rebels captured ten villages, but not Fada, Kalait or Ounianga.", [(0, ("1",))]),
        (
            "The 5th Division captured Fada. The division then attacked Kalait.",
            [(0, ("5th-division",)), (0, ("fada",)), (1, ("5th-division",)), (1, ("kalait",))],
        ),
        ("The division attacked Kalait.", [(0, ("kalait",))]),
        ("It was quiet.", []),
    ],
)
def test_expressions(nlp: Language, text: str, expressions: list[tuple[int, tuple[str, ...]]]) -> None:
    assert list_expressions(text, nlp) == expressions


def test_what_the_rules_have_filled_is_a_candidate_and_so_is_what_the_text_has_just_told(nlp: Language) -> None:
    proposed = propose("On 4 May 2015, the rebels captured Fada. The Army then withdrew.", nlp)
    evidence, drafts = proposed.collect_evidence(), proposed.memory.telling.drafts
    candidates = [{(c.ref.rpartition("/")[2], c.role) for c in own.candidates} for own in evidence]
    for draft, own in zip(drafts, candidates, strict=True):
        assert {(ref.rpartition("/")[2], role) for ref, role in list_fillers(draft)} <= own
    assert ("fada", Role.PLACE) in candidates[-1]


def test_all_evidence_has_one_shape(nlp: Language) -> None:
    evidence = propose("On 4 May 2015, the rebels captured Fada. They shelled it. It was not retaken.", nlp)
    collected = evidence.collect_evidence()
    assert len({len(own.features) for own in collected}) == 1
    assert len({len(candidate.features) for own in collected for candidate in own.candidates}) == 1


def test_without_a_model_there_is_no_evidence(nlp: Language) -> None:
    assert propose_events(*make_battle("The rebels captured Fada."), nlp).collect_evidence() == []
