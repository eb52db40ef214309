"""The pages that an article's links lead to: the best evidence of what a name refers to."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from hamakg.model import Link
from hamakg.naming.spellings import split_kind


def find_linked_pages(links: Iterable[Link]) -> Mapping[str, str]:
    """The page that links lead to, by their words as written and without the kind of place ("town of Suran").

    Words whose links lead to several pages are left out, and so are pages that are lists of things.
    """
    pages: dict[str, set[str]] = defaultdict(set)
    for link in links:
        for words in {link.words, split_kind(link.words)[0]}:
            pages[words].add(link.page)
    single = {words: next(iter(titles)) for words, titles in pages.items() if len(titles) == 1}
    return {words: page for words, page in single.items() if not page.startswith("List of ")}
