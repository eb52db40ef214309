"""What the handlers of requests share: the store, the pool of workers, the cache of answers, and the settings."""

import asyncio
import hashlib
import hmac
from dataclasses import dataclass, field
from pathlib import Path

from cachetools import LRUCache

from hamakg.engine.jobs import Head
from hamakg.engine.pool import Limits, Pool
from hamakg.engine.request_error import RequestError
from hamakg.rdf.iris import Iris
from hamakg.store import VersionedStore
from hamakg.web.health import Health
from hamakg.web.metrics import Metrics
from hamakg.web.uploads import UploadFolder

_LARGEST_SHARE = 100
"""An answer larger than this fraction of the cache is not cached, so that it does not push out many small ones."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a server allows.

    ``token`` permits writing; if it is None, nobody may write. ``decisions`` is the file for decisions on links; if it
    is None, none are taken. ``services`` are the endpoints that queries may call, and ``allow_load`` lets updates fetch
    documents. The rest are limits: rows and bytes of an answer, bytes of a graph that is sent and of the cache.
    """

    token: str | None = None
    decisions: Path | None = None
    services: frozenset[str] = frozenset()
    allow_load: bool = False
    max_rows: int = 1_000_000
    max_bytes: int = 256 * 1024 * 1024
    max_upload: int = 1024 * 1024 * 1024
    cache_bytes: int = 32 * 1024 * 1024
    limits: Limits = field(default_factory=Limits)

    @property
    def write_wait_seconds(self) -> float:
        """How long a write waits for another writer: half its time."""
        return self.limits.timeout / 2

    @property
    def may_connect(self) -> bool:
        """Whether queries or updates may make the server connect to others."""
        return self.allow_load or bool(self.services)

    def is_token(self, text: str) -> bool:
        """Whether this is the server's token; no text is if it has none."""
        return self.token is not None and hmac.compare_digest(text.encode(), self.token.encode())


class AnswerCache:
    """The small answers that were used last, by ETag: a query of one generation always has the same answer."""

    def __init__(self, max_bytes: int) -> None:
        self._answers = LRUCache[str, tuple[Head, bytes]](max_bytes, getsizeof=lambda answer: len(answer[1]))

    def get(self, etag: str) -> tuple[Head, bytes] | None:
        """Returns an answer; None if it is not in the cache, or no longer."""
        return self._answers.get(etag)

    def add(self, etag: str, head: Head, body: bytes) -> None:
        """Adds an answer, unless it is too large."""
        if len(body) <= self._answers.maxsize // _LARGEST_SHARE:
            self._answers[etag] = head, body


@dataclass(slots=True)
class Service:
    """One running server; all of it is used in one event loop. ``describing`` is held while the data is described."""

    store: VersionedStore
    iris: Iris
    settings: Settings
    pool: Pool
    metrics: Metrics
    cache: AnswerCache = field(init=False)
    uploads: UploadFolder = field(init=False)
    health: Health = field(init=False)
    describing: asyncio.Lock = field(default_factory=asyncio.Lock)

    def __post_init__(self) -> None:
        self.cache = AnswerCache(self.settings.cache_bytes)
        self.uploads = UploadFolder(self.store.path)
        self.health = Health(self.store, self.pool)

    def require_token(self, authorization: str) -> None:
        """Checks the Authorization header of a request that writes (https://www.rfc-editor.org/rfc/rfc6750#section-2.1).

        Raises RequestError ``forbidden`` if nobody may write, ``unauthorized`` unless the header has the token.
        """
        if self.settings.token is None:
            raise RequestError("forbidden", "This server is read-only: it answers queries and takes no updates.")
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not self.settings.is_token(token.strip()):
            raise RequestError(
                "unauthorized", "Writing needs the header 'Authorization: Bearer TOKEN' with this server's token."
            )


def make_etag(*parts: object) -> str:
    """Returns a strong validator for the answer that these parts determine; the generation must be one of them.

    See https://www.rfc-editor.org/rfc/rfc9110#section-8.8.3.
    """
    ordered = [sorted(part) if isinstance(part, frozenset) else part for part in parts]
    return f'"{hashlib.blake2b(repr(ordered).encode(), digest_size=16).hexdigest()}"'
