"""The command line. ``hamakg.cli:main`` is the entry point; each command is a module of its own name."""

from hamakg.cli.main import cli, main

__all__ = ["cli", "main"]
