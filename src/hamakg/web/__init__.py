"""The service: the SPARQL endpoint and the pages, over the newest generation of a store."""

from hamakg.web.app import create_app, serve

__all__ = ["create_app", "serve"]
