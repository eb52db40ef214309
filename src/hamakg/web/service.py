"""What the handlers of requests share: the store, the engine, the answers kept, and what this server allows."""

import asyncio
import hashlib
import hmac
from collections import OrderedDict
from dataclasses import dataclass, field
from pathlib import Path

from hamakg.engine.jobs import Head
from hamakg.engine.pool import Limits, Pool
from hamakg.engine.request_error import RequestError
from hamakg.rdf.iris import Iris
from hamakg.store import VersionedStore
from hamakg.web.metrics import Metrics


@dataclass(frozen=True, slots=True)
class Settings:
    """What one server allows: ``token`` to write, None for nobody; the file where ``decisions`` on links are kept, None
    where none are taken; ``services`` that queries may call; ``load`` whether an update may fetch documents; rows and
    bytes of an answer, bytes of a body, bytes of answers kept.
    """

    token: str | None = None
    decisions: Path | None = None
    services: frozenset[str] = frozenset()
    load: bool = False
    max_rows: int = 1_000_000
    max_bytes: int = 256 * 1024 * 1024
    max_body: int = 1024 * 1024 * 1024
    kept_bytes: int = 32 * 1024 * 1024
    limits: Limits = field(default_factory=Limits)

    def is_token(self, given: str) -> bool:
        """Whether this is the token; nothing is where there is none."""
        return self.token is not None and hmac.compare_digest(given.encode(), self.token.encode())


class Kept:
    """Answers that were given, up to so many bytes: the same question over the same generation has the same answer."""

    def __init__(self, size: int) -> None:
        self._left, self._answers = size, OrderedDict[str, tuple[Head, bytes]]()
        self._largest = size // 100

    def get(self, tag: str) -> tuple[Head, bytes] | None:
        """The answer, None if it is not kept (any more)."""
        found = self._answers.get(tag)
        if found:
            self._answers.move_to_end(tag)
        return found

    def keep(self, tag: str, head: Head, body: bytes) -> None:
        """Keeps a small answer, and fewer of those that were not asked for lately."""
        if len(body) > self._largest or tag in self._answers:
            return
        self._answers[tag] = head, body
        self._left -= len(body)
        while self._left < 0:
            _, (_, gone) = self._answers.popitem(last=False)
            self._left += len(gone)


@dataclass(slots=True)
class Service:
    """One server at work; all parts are used in one event loop."""

    store: VersionedStore
    iris: Iris
    settings: Settings
    pool: Pool
    metrics: Metrics
    kept: Kept = field(init=False)
    describing: asyncio.Lock = field(default_factory=asyncio.Lock)

    def __post_init__(self) -> None:
        self.kept = Kept(self.settings.kept_bytes)

    def require_token(self, authorization: str) -> None:
        """Raises Fault ``forbidden`` where nobody may write, ``unauthorized`` unless the header has the token
        (https://www.rfc-editor.org/rfc/rfc6750#section-2.1).
        """
        if self.settings.token is None:
            raise RequestError("forbidden", "This server is read-only: it answers queries and takes no updates.")
        scheme, _, given = authorization.partition(" ")
        if scheme.lower() != "bearer" or not self.settings.is_token(given.strip()):
            raise RequestError(
                "unauthorized", "Writing needs the header 'Authorization: Bearer TOKEN' with this server's token."
            )


def tag_of(*parts: object) -> str:
    """A strong validator for the answer that follows from these parts, the generation of the data among them
    (https://www.rfc-editor.org/rfc/rfc9110#section-8.8.3).
    """
    return f'"{hashlib.blake2b(repr(parts).encode(), digest_size=16).hexdigest()}"'
