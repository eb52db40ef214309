"""Answers with one of the representations of a resource, chosen by the request."""

from collections.abc import Sequence
from urllib.parse import quote

from flask import Response, abort, request
from pyoxigraph import NamedNode

from hamakg.rdf.terms import parse_iri
from hamakg.web.protocol.formats import Format, choose_format


def negotiate(offers: Sequence[Format]) -> tuple[Format, str]:
    """Chooses the format and the media type for the current request; raises as :func:`choose_format` does."""
    return choose_format(request.values.get("format"), request.headers.get("Accept", ""), tuple(offers))


def respond_with(body: str | bytes, form: Format, media_type: str) -> Response:
    """Answers with a representation and its own address (https://www.rfc-editor.org/rfc/rfc9110#section-8.7)."""
    headers = {"Vary": "Accept", "Content-Location": f"{quote(request.path)}?format={form.name}"}
    return Response(body, mimetype=media_type, headers=headers)


def require_iri(iri: str) -> NamedNode:
    """Returns the IRI as a node; aborts with 404 if the address in the request makes no valid IRI."""
    node = parse_iri(iri)
    if node is None:
        abort(404, "This address contains characters that an IRI cannot contain.")
    return node
