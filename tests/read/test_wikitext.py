"""Wikitext is rendered as a reader of Wikipedia sees it."""

from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from hamakg.errors import HamakgError
from hamakg.model import Citation, Field, Link, Paragraph
from hamakg.read.text import LONGEST_PAGE
from hamakg.read.wikitext import is_wikitext, parse_wikitext

PAGE = """{{Use dmy dates|date=May 2017}}
{{Infobox military conflict
| conflict = Battle of '''Xan'''
| partof = the [[Yan War|war]]<!-- which? -->
| image = Xan.jpg
| date = {{start and end dates|1941|02|05|1941|04|01|df=y}}
| coordinates = {{coord|15|46|36|N|38|27|4|W|display=inline}}
| combatant1 = {{flagicon|Chad}} [[Chad]]<br />{{flag|FRA}}
* {{flagcountry|British India}}
** [[A|The A]]
| combatant2 = {{plainlist|
* {{flagdeco|X}} [[Xan Front]]
* {{nowrap|[[Yan]]}} {{small|(until May)}}}}
| commander1 = [[Bo|Gen. Bo]]{{KIA}}<ref name="x">{{cite web|title=A}}</ref>
| commander2 = {{ubl|Col. Ci{{WIA}}|Do {{POW}}}}
| units1 = {{collapsible list|title=Order|1st Brigade|2nd Brigade}}
| strength1 = '''Army:'''<br>{{circa|1,000}} men{{efn|many}}
| strength2 =
| casualties1 = '''Italian'''<br>5 killed{{sfn|Bo|1999}}
| casualties2 = {{Oddity|x}}2 dead
| campaignbox = {{Campaignbox Xan}}
}}
'''Xan''' was {{convert|7|km|mi|abbr=on}} away.<ref>A. ''B''.</ref> It was {{lang|fr|ville}} &ndash; a [[town]].
It ''was''.

== Fighting ==
[[File:Xan.jpg|thumb|A ''picture'' of [[Xan]]]]
{| class="wikitable"
| cell
|}
* The [[Army]] took {{HMS|Hood|51|2}}.
<gallery>
Xan.jpg
</gallery>
== References ==
{{reflist}}
"""


def test_an_infobox_is_rendered_parameter_by_parameter_and_line_by_line() -> None:
    (article,) = parse_wikitext(PAGE)
    assert {entry.key: entry.value for entry in article.fields} == {
        "conflict": "Battle of Xan",
        "partof": "the war",
        "image": "Xan.jpg",
        "date": "5 February 1941 – 1 April 1941",
        "coordinates": "15.7767, -38.4511",
        "combatant1": "Chad\nFrance\n* British India\n** The A",
        "combatant2": "* Xan Front\n* Yan (until May)",
        "commander1": "Gen. Bo KIA",
        "commander2": "Col. Ci WIA\nDo POW",
        "units1": "Order:\n* 1st Brigade\n* 2nd Brigade",
        "strength1": "Army:\nc. 1,000 men",
        "casualties1": "Italian:\n5 killed",
        "casualties2": "2 dead",
    }


def test_prose_is_rendered_without_notes_tables_and_pictures() -> None:
    (article,) = parse_wikitext(PAGE)
    assert [(p.text, p.headings) for p in article.paragraphs] == [
        ("Xan was 7 km away. It was ville – a town. It was.", ()),
        ("The Army took HMS Hood.", ("Fighting",)),
    ]


def test_unknown_templates_are_counted_by_name() -> None:
    (article,) = parse_wikitext(PAGE)
    assert article.templates == (("oddity", 1),)


def test_offsets_cut_out_exactly_the_words() -> None:
    (article,) = parse_wikitext(PAGE, "Battle of Xan (1941)", "42")
    assert (article.title, article.slug, article.revision) == ("Battle of Xan (1941)", "battle-of-xan-1941", "42")
    assert article.source == "https://en.wikipedia.org/wiki/Battle_of_Xan_(1941)"
    parts: list[Field | Paragraph] = [*article.fields, *article.paragraphs]
    for part in parts:
        words = part.value if isinstance(part, Field) else part.text
        assert article.text[part.begin : part.end] == words


def test_notes_are_citations_at_the_place_where_they_stand() -> None:
    text = (
        "{{Infobox military conflict|conflict=Xan|strength1=50 men<ref name=b>{{cite book|last=Bo|title=Wars|year=1999"
        "|publisher=Ci}}</ref>}}\nXan fell.<ref>[https://a.example/x A report]</ref><ref name=b/> Yan held out"
        "{{sfn|Do|2001|pp=3–4}} until May.<ref>Private letter, ''1941''.</ref><ref></ref>"
    )
    (article,) = parse_wikitext(text)
    assert [p.text for p in article.paragraphs] == ["Xan fell. Yan held out until May."]
    assert [(article.text[: c.at].rsplit("\n", 1)[-1], replace(c, at=0)) for c in article.citations] == [
        ("- Strength1: 50 men", Citation(0, "Bo. Wars. Ci. 1999", None, "Wars", "1999", "Ci")),
        ("Xan fell.", Citation(0, "A report", "https://a.example/x", "A report")),
        ("Xan fell.", Citation(0, "Bo. Wars. Ci. 1999", None, "Wars", "1999", "Ci")),
        ("Xan fell. Yan held out", Citation(0, "Do 2001, pp. 3–4")),
        ("Xan fell. Yan held out until May.", Citation(0, "Private letter, 1941.")),
    ]


def test_links_have_their_words_and_the_page_they_lead_to() -> None:
    text = "{{Warbox|conflict=Xan|combatant1=[[Yan_Front#History|The Front]]}}\n[[yan Front]] at [[:Xan]]."
    (article,) = parse_wikitext(text + "<ref>[[Not this]]</ref>[[File:A.jpg|of [[Nor this]]]] [[de:Xan]]")
    assert article.links == (Link("The Front", "Yan Front"), Link("yan Front", "Yan Front"), Link("Xan", "Xan"))


def test_two_infoboxes_on_a_page_are_two_articles() -> None:
    first, second = parse_wikitext(PAGE + "{{Infobox military conflict|conflict=Siege of Yan|result=None}}")
    assert (first.title, second.title) == ("Battle of Xan", "Siege of Yan")
    assert [entry.key for entry in second.fields] == ["conflict", "result"]
    assert (second.paragraphs, second.source) == ((), "https://en.wikipedia.org/wiki/Battle_of_Xan")


def test_a_page_without_an_infobox_of_a_conflict_has_no_article() -> None:
    assert parse_wikitext("{{Infobox settlement|name=Xan}}\nXan is a town.", "Xan") == []
    assert not is_wikitext("{{Infobox settlement|name=Xan}}")


@pytest.mark.parametrize("alias", ["Warbox", "infobox_military_conflict ", "Template:Infobox battle"])
def test_an_alias_is_an_infobox_too(alias: str) -> None:
    (article,) = parse_wikitext(f"{{{{{alias}\n|conflict=Xan}}}}")
    assert article.title == "Xan"


def test_an_unclosed_infobox_ends_before_the_first_line_of_prose() -> None:
    (article,) = parse_wikitext("{{Infobox military conflict\n| conflict = Xan\n| result = Victory\n'''Xan''' fell. {{")
    assert [(entry.key, entry.value) for entry in article.fields] == [("conflict", "Xan"), ("result", "Victory")]
    assert [p.text for p in article.paragraphs] == ["Xan fell. {{"]


def test_an_unclosed_note_ends_with_its_line() -> None:
    (article,) = parse_wikitext("{{Infobox military conflict|conflict=Xan}}\nXan fell.<ref>A book\n\nYan fell.")
    assert [p.text for p in article.paragraphs] == ["Xan fell.", "Yan fell."]


def test_the_fallback_title_is_used_last() -> None:
    assert parse_wikitext("{{Infobox military conflict|result=x}}", fallback_title="Xan")[0].title == "Xan"
    with pytest.raises(HamakgError, match="names no conflict"):
        parse_wikitext("{{Infobox military conflict|result=x}}")


def test_a_page_longer_than_any_on_wikipedia_is_refused() -> None:
    with pytest.raises(HamakgError, match=r"a page of 5,000,001 characters"):
        parse_wikitext("x" * (LONGEST_PAGE + 1))


_PIECES = st.sampled_from(
    ["{{", "}}", "[[", "]]", "|", "=", "<ref>", "</ref>", "<br>", "'''", "''", "\n", "* ", "== A ==", "{|", "|}",
     "<!--", "-->", "{{KIA}}", "Xan 5 killed ", "{{plainlist|", "{{Infobox battle\n|conflict=Xan\n", "\ue000"]
)  # fmt: skip


@given(st.lists(_PIECES, max_size=40))
def test_broken_markup_is_read_without_failing_and_offsets_hold(pieces: list[str]) -> None:
    text = "{{Infobox military conflict\n|conflict=Xan\n|combatant1=" + "".join(pieces) + "\n}}\n" + "".join(pieces)
    for article in parse_wikitext(text, "Xan"):
        for entry in article.fields:
            assert article.text[entry.begin : entry.end] == entry.value
        for paragraph in article.paragraphs:
            assert article.text[paragraph.begin : paragraph.end] == paragraph.text


_MARKUP = st.sampled_from(
    [("{{a|", "}}"), ("{{plainlist|\n* ", "\n}}"), ("[[a|", "]]"), ("[http://a.example ", "]"), ("<ref>", "</ref>"),
     ("<b>", "</b>"), ("<div>", "</div>"), ("{|\n|\n", "\n|}\n"), ("'''", "'''"), ("''", "''"), ("<!--", "-->"),
     ("{{{a|", "}}}"), ("\n* ", ""), ("\n:", ""), ("\n== ", " ==\n"), ("{", "}"), ("{{Warbox|conflict=", "}}")]
)  # fmt: skip
_NESTED = st.recursive(
    st.sampled_from(["Xan", "5 killed", "", " "]),
    lambda inner: st.builds(
        lambda kind, texts, times, closed: kind[0] * times + "".join(texts) + kind[1] * min(times, closed),
        _MARKUP, st.lists(inner, max_size=3), st.integers(1, 60), st.integers(0, 60),
    ),
)  # fmt: skip


@settings(deadline=2000)
@given(_NESTED)
def test_nested_markup_is_read_or_refused_in_time(nested: str) -> None:
    """Up to 60 times in itself, closed or not; what is deeper, the limits of a build stop."""
    assume(len(nested) <= 5000)
    text = "{{Infobox military conflict\n|conflict=Xan\n|combatant1=" + nested + "\n}}\nXan fell. " + nested
    try:
        articles = parse_wikitext(text, "Xan")
    except (HamakgError, RecursionError):
        return
    for article in articles:
        assert all(article.text[entry.begin : entry.end] == entry.value for entry in article.fields)
        assert all(article.text[p.begin : p.end] == p.text for p in article.paragraphs)
