"""Notes and links of wikitext are evidence for the facts of an article."""

from functools import cache

from spacy.language import Language

from hamakg.extract.article import extract_facts
from hamakg.extract.narrative import load_pipeline
from hamakg.model import ArticleFacts
from hamakg.naming.wikilinks import find_linked_pages
from hamakg.read.wikitext import parse_wikitext

BOX = "{{Infobox military conflict|conflict=Battle of Aba|combatant1=[[Chad]]|combatant2=[[Sahel Front]]}}\n"


@cache
def pipeline() -> Language:
    return load_pipeline()


def read(text: str) -> ArticleFacts:
    (article,) = parse_wikitext(BOX + text)
    return extract_facts(article, pipeline())


def cited(facts: ArticleFacts) -> dict[str, list[str]]:
    words = {passage.id: passage.text for passage in (*facts.passages, *facts.infobox.passages)}
    return {source.citation.text: [words[ref] for ref in source.passages] for source in facts.sources}


def test_a_source_belongs_to_the_sentence_before_its_note() -> None:
    note = "<ref name=a>{{cite web|title=News|url=https://a.example/}}</ref>"
    facts = read(f"Aba fell.{note} The Army withdrew.<ref>Bo 1999</ref> It rained.\n\nAll was quiet.<ref name=a />")
    assert cited(facts) == {"News": ["Aba fell.", "All was quiet."], "Bo 1999": ["The Army withdrew."]}


def test_names_with_links_to_one_page_are_one_entity() -> None:
    facts = read("On 6 May, [[Bo Hills|Mount Bo]] was captured. On 7 May, the rebels attacked [[Bo Hills|Xanbo]].")
    (hills,) = (entity for entity in facts.entities if entity.pages == ("Bo Hills",))
    assert {hills.name, *hills.names} == {"Mount Bo", "Xanbo"}


def test_units_with_different_numbers_are_two_though_their_links_lead_to_one_page() -> None:
    facts = read("The [[Bo Rifles|1st Bo Rifles]] attacked Aba. The [[Bo Rifles|2nd Bo Rifles]] held the hill.")
    assert {e.name for e in facts.entities if e.pages == ("Bo Rifles",)} == {"1st Bo Rifles", "2nd Bo Rifles"}


def test_belligerents_have_the_pages_that_links_of_the_infobox_lead_to() -> None:
    assert {e.name: e.pages for e in read("Aba fell.").entities if e.pages} == {
        "Chad": ("Chad",),
        "Sahel Front": ("Sahel Front",),
    }


def test_links_to_several_pages_or_to_a_list_are_ignored() -> None:
    (article,) = parse_wikitext(BOX + "[[A (town)|A]] [[A (hill)|A]] [[List of Bs|B]] [[C hill]]")
    pages = find_linked_pages(article.links)
    assert {words: pages.get(words) for words in ("A", "B", "C hill")} == {"A": None, "B": None, "C hill": "C hill"}
