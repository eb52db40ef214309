"""Trains on annotated articles: ``python -m training ARTICLES... --work FOLDER``, or ``make train ARTICLES=...``.

ARTICLES are documents that ``hamakg build`` reads. Each fold leaves its model, what it says of the articles that it did
not learn from (``apart/NAME.json``), and figures; the model of all articles is the one to use. ``--only`` trains one of
them, so that several can be trained at the same time.
"""

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from hamakg.extract.encoder.files import load_model
from hamakg.extract.encoder.wordpiece import read_vocabulary
from hamakg.read import find_documents, read_document
from training.annotations import FOLDER, join, read
from training.encoder_files import get_encoder
from training.examples import Prepared, prepare
from training.export import export
from training.figures import list_figures
from training.folds import FOLDS, read_folds
from training.model import Model
from training.predict import Predicted, predict, write_scores
from training.train import Settings, train

ALL = "all"


def load_articles(documents: Sequence[Path], vocabulary: Mapping[str, int]) -> list[Prepared]:
    """The annotated articles that the documents hold; says which are missing, whole or in part."""
    texts = {article.title: article for path in find_documents(documents) for article in read_document(path)}
    prepared = []
    for annotated in map(read, sorted(FOLDER.glob("*.json"))):
        if annotated.title not in texts:
            print(f"{annotated.title}: no such article")
            continue
        found = join(annotated, texts[annotated.title])
        if len(found) < len(annotated.sentences):
            print(f"{annotated.title}: {len(annotated.sentences) - len(found)} sentences are not as annotated")
        prepared.append(prepare(annotated, found, vocabulary))
    return prepared


def teach(part: str, articles: Sequence[Prepared], weights: Mapping[str, Tensor], settings: Settings) -> Model:
    """The model of one fold, or of all articles."""
    apart = {name for name, fold in read_folds().items() if str(fold) == part}
    learned = [article for article in articles if article.annotated.name not in apart]
    return train(learned, read_vocabulary(), weights, settings)


def examine(part: str, articles: Sequence[Prepared], work: Path) -> list[Predicted]:
    """Exports the model of a fold, or of all articles, and writes what it says of the articles apart, if any."""
    model = Model()
    model.load_state_dict(load_file(work / f"{part}.safetensors"))
    export(model, work / part)
    exported = load_model(work / part)
    apart = {name for name, fold in read_folds().items() if str(fold) == part}
    predicted = [predict(exported, article) for article in articles if article.annotated.name in apart]
    (work / "apart").mkdir(exist_ok=True)
    for article in predicted:
        write_scores(article, work / "apart" / f"{article.article.annotated.name}.json")
    write_figures(predicted, work / f"{part}.md")
    return predicted


def write_figures(predicted: Sequence[Predicted], path: Path) -> None:
    """Writes the figures of articles apart as Markdown."""
    path.write_text("\n".join([f"# {path.stem}", *list_figures(predicted), ""]), "utf-8")


def main() -> None:
    """Reads the command line; without ``--only`` trains the folds one after the other, then the model of all."""
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    parser.add_argument("articles", nargs="+", type=Path)
    parser.add_argument("--work", type=Path, default=Path("build", "training"))
    parser.add_argument("--only", choices=[*map(str, range(FOLDS)), ALL])
    parser.add_argument("--epochs", type=int, default=Settings().epochs)
    parser.add_argument("--threads", type=int, default=1, help="threads of torch; the same number gives the same model")
    parser.add_argument("--trained", action="store_true", help="only export and score what was trained before")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    options.work.mkdir(parents=True, exist_ok=True)
    weights = load_file(get_encoder(options.work / "encoder") / "model.safetensors")
    articles = load_articles(options.articles, read_vocabulary())
    predicted: list[Predicted] = []
    for part in [options.only] if options.only else [*map(str, range(FOLDS)), ALL]:
        if not options.trained:
            model = teach(part, articles, weights, Settings(epochs=options.epochs))
            save_file(model.state_dict(), options.work / f"{part}.safetensors")
        predicted += examine(part, articles, options.work)
    if not options.only:
        write_figures(predicted, options.work / "apart.md")


if __name__ == "__main__":
    main()
