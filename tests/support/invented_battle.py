"""An invented battle in a real state, for test sentences that come from no article of the corpus."""

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


def make_battle(text: str) -> tuple[Article, InfoboxFacts]:
    """An article with ``text`` as its narrative, and the facts of its infobox."""
    article = parse_plain(f"{HEAD}\n==Battle==\n{text}\n")
    return article, extract_infobox(article)
