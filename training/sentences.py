"""Writes numbered sentences for annotators to speak of: ``python -m training.sentences ARTICLE... FOLDER``.

``NAME.sents.txt`` has the title, the headings, and a line for each sentence; a blank line parts paragraphs.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from spacy.language import Language

from hamakg.extract.narrative import load_pipeline
from hamakg.model import Article
from hamakg.rdf.ids import article_slug
from hamakg.read import find_documents, read_document


def number_sentences(article: Article, nlp: Language) -> Iterator[str]:
    """The lines of the file, without line breaks."""
    yield f"= {article.title} ="
    headings: tuple[str, ...] = ()
    number = 0
    for paragraph in article.paragraphs:
        yield ""
        if paragraph.headings != headings:
            headings = paragraph.headings
            yield from (f"## {heading}" for heading in headings[-1:])
        for sentence in nlp(paragraph.text).sents:
            if text := sentence.text.strip():
                number += 1
                yield f"[{number}] {text}"


def main(documents: list[Path], folder: Path) -> None:
    """Writes a file for each article of the documents."""
    nlp = load_pipeline()
    for document in find_documents(documents):
        for article in read_document(document):
            lines = number_sentences(article, nlp)
            (folder / f"{article_slug(article.title)}.sents.txt").write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main([Path(path) for path in sys.argv[1:-1]], Path(sys.argv[-1]))
