"""``/queries``: the sample questions, and each question with its answer."""

from flask import Response, abort, render_template, request
from flask.typing import ResponseReturnValue

from hamakg.errors import UsageError
from hamakg.sparql import query_files
from hamakg.sparql.ask import Dataset
from hamakg.sparql.query_files import QueryFile
from hamakg.web.pages.context import PageContext
from hamakg.web.pages.rendering.results import QueryResult, render_result, respond_with_result
from hamakg.web.pages.rendering.terms import TermRenderer


def show_question(context: PageContext, name: str) -> ResponseReturnValue:
    """Shows one question with its form and its answer, or gives the answer in another format."""
    questions = {question.name: question for question in query_files.read_examples()}
    if name not in questions:
        abort(404, f"There is no question {name!r}; the home page lists the questions.")
    return _answer(context, questions[name])


def _answer(context: PageContext, question: QueryFile) -> Response:
    values = {parameter.name: parameter.default for parameter in question.parameters}
    given = {name: request.args[name] for name in values if name in request.args}
    try:
        text = query_files.bind(question, given)
    except UsageError as error:
        abort(400, f"{error}.")

    def render_page(result: QueryResult) -> str:
        answer = render_result(result, TermRenderer(context.store.snapshot(), context.iris))
        return render_template(
            "question.html", question=question, values=values | given, given=given, query=text, **answer
        )

    return respond_with_result(
        lambda: context.run_query(text, Dataset(), request.base_url), render_page, html_first=True
    )
