"""Where the links of an article lead: the best evidence of what a name names."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from hamakg.model import Link
from hamakg.naming.spellings import core_name


def pages_by_words(links: Iterable[Link]) -> Mapping[str, str]:
    """{words, with and without the kind beside a name: the one page that links of these words lead to}.

    Words whose links lead to several pages are left out, and lists, which are about nothing that they name.
    """
    pages: dict[str, set[str]] = defaultdict(set)
    for link in links:
        for words in {link.words, core_name(link.words)[0]}:
            pages[words].add(link.page)
    single = {words: next(iter(found)) for words, found in pages.items() if len(found) == 1}
    return {words: page for words, page in single.items() if not page.startswith("List of ")}
