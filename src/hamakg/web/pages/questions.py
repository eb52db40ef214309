"""``/queries``: the sample questions, by keyword, and each question with its answer."""

from collections import Counter
from collections.abc import Mapping

from flask import Response, abort, render_template, request
from flask.typing import ResponseReturnValue

from hamakg.errors import UsageError, make_sentence
from hamakg.sparql import query_files
from hamakg.sparql.ask import Dataset
from hamakg.sparql.query_files import SampleQuestion
from hamakg.web.pages.context import PageContext
from hamakg.web.pages.errors import prefers
from hamakg.web.pages.rendering.results import QueryResult, render_result, respond_with_result
from hamakg.web.pages.rendering.terms import TermRenderer


def list_questions(context: PageContext) -> str:
    """Shows the questions, or only those with the keyword in the address, and the keywords that questions share."""
    questions, keyword = query_files.read_questions(), request.args.get("keyword", "")
    counts = Counter(word for question in questions for word in question.keywords)
    shared = sorted((word, count) for word, count in counts.items() if count > 1)
    matching = [question for question in questions if not keyword or keyword in question.keywords]
    return render_template("questions.html", questions=matching, keyword=keyword, shared_keywords=shared)


def show_question(context: PageContext, name: str) -> ResponseReturnValue:
    """Shows one question with its form and its answer, or gives the answer in another format."""
    questions = {question.name: question for question in query_files.read_questions()}
    if name not in questions:
        abort(404, f"There is no question {name!r}; /queries lists the questions.")
    question = questions[name]
    defaults = {parameter.name: parameter.default for parameter in question.parameters}
    given = {name: request.args[name] for name in defaults if name in request.args}
    problems = _find_problems(question, given)
    if problems and not prefers("text/html"):
        abort(400, " ".join(problems.values()))
    page = {"question": question, "values": defaults | given, "given": given, "problems": problems}
    if problems:
        return Response(render_template("question.html", **page), 400)
    text = query_files.bind(question, given)

    def render_page(result: QueryResult) -> str:
        answer = render_result(result, TermRenderer(context.snapshot(), context.iris))
        return render_template("question.html", query=text, **page, **answer)

    return respond_with_result(
        lambda: context.run_query(text, Dataset(), request.base_url), text, render_page, html_first=True
    )


def _find_problems(question: SampleQuestion, values: Mapping[str, str]) -> dict[str, str]:
    """Finds the values that the question cannot take; returns a message for each, by the name of its parameter."""
    problems = {}
    for name, value in values.items():
        try:
            query_files.bind(question, {name: value})
        except UsageError as error:
            problems[name] = make_sentence(str(error))
    return problems
