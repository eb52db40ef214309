"""An invented battle of a real state, for one-sentence cases that rest on no article that was read."""

from hamakg.extract.infobox import extract_infobox
from hamakg.model import Article, InfoboxFacts
from hamakg.read.plain import parse_plain

HEAD = """= Battle of Zouar (2015) =

Infobox
- Conflict: Battle of Zouar (2015)
- Partof: the Chadian Civil War
- Date: 3 – 20 May 2015
- Place: Zouar, Tibesti Region, Chad
- Combatant1: Northern Liberation Front, Sahel Movement
- Combatant2: Chad, * Chadian Army, * Chadian Air Force, France
- Commander1: Moussa Koura
"""


def battle(text: str) -> tuple[Article, InfoboxFacts]:
    """The article whose narrative is ``text``, with its infobox read."""
    article = parse_plain(f"{HEAD}\n==Battle==\n{text}\n")
    return article, extract_infobox(article)
