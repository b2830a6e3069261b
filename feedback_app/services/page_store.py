"""Where whole public pages are kept: in the memory of each process, and beside it in Redis where one is configured.

Nothing here is believed by itself: a page is shown only when its stamp is what the database says now (``services/freshness.py``). A
process that loses everything makes the pages again; a Redis that is away or full is done without.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from cachetools import TTLCache
from flask import Flask

logger = logging.getLogger(__name__)

MEGABYTE = 1024 * 1024
LARGEST_SHARE = 8  # one page takes at most an eighth of the memory
OVERHEAD = 1500  # bytes of an entry beside its body, about
KEPT_SECONDS = 900  # erased people may be in a page that nobody asks for any more
REDIS_SECONDS = 0.25
REST_SECONDS = 10.0
PREFIX = "devoir:page:"


@dataclass(frozen=True)
class KeptPage:
    """One answer, whole. ``stamp``: the day and the version it was made for; ``topic_id``: whose version that is, if one topic's."""

    stamp: str
    topic_id: int | None
    endpoint: str
    etag: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def size(self) -> int:
        return len(self.body) + OVERHEAD


def pack(page: KeptPage) -> bytes:
    """As bytes for Redis: a line of JSON, then the body."""
    head = [page.stamp, page.topic_id, page.endpoint, page.etag, page.headers]
    return json.dumps(head).encode() + b"\n" + page.body


def unpack(content: bytes) -> KeptPage | None:
    """Back again; None for what is no such thing."""
    head, _line, body = content.partition(b"\n")
    try:
        stamp, topic_id, endpoint, etag, headers = json.loads(head)
        return KeptPage(stamp, topic_id, endpoint, etag, tuple((name, value) for name, value in headers), body)
    except (ValueError, TypeError):
        return None


class Shared(Protocol):
    """Pages that several processes share."""

    def get(self, key: str) -> KeptPage | None: ...
    def put(self, key: str, page: KeptPage) -> None: ...
    def forget_everything(self) -> bool: ...


class RedisPages:
    """Pages in Redis. It may fail: then it is left alone for a few seconds, and every page is made here."""

    def __init__(self, url: str, clock: Callable[[], float] = time.monotonic) -> None:
        from redis import Redis  # only where it is configured
        from redis.backoff import NoBackoff
        from redis.retry import Retry

        waiting: dict[str, Any] = {"socket_connect_timeout": REDIS_SECONDS, "socket_timeout": REDIS_SECONDS}
        self._client = Redis.from_url(url, retry=Retry(NoBackoff(), 0), **waiting)
        self._patient = Redis.from_url(url, socket_connect_timeout=REST_SECONDS, socket_timeout=REST_SECONDS)
        self._clock, self._rest_until = clock, 0.0

    def get(self, key: str) -> KeptPage | None:
        """The page of a key, or None."""
        content = self._try(lambda: self._client.get(PREFIX + key))
        return unpack(content) if isinstance(content, bytes) else None

    def put(self, key: str, page: KeptPage) -> None:
        """Keep it for a while."""
        self._try(lambda: self._client.set(PREFIX + key, pack(page), ex=KEPT_SECONDS))

    def forget_everything(self) -> bool:
        """Delete every page, of every release. False: Redis is away; whoever erases has to know."""
        from redis import RedisError

        try:
            for key in self._patient.scan_iter(match=PREFIX + "*", count=500):
                self._patient.unlink(key)
        except RedisError as error:
            logger.warning("shared pages could not be deleted: %s", type(error).__name__)
            return False
        return True

    def _try(self, act: Callable[[], Any]) -> Any:
        from redis import RedisError

        if self._clock() < self._rest_until:
            return None
        try:
            return act()
        except RedisError as error:
            self._rest_until = self._clock() + REST_SECONDS
            logger.warning("pages are not shared for now: %s", type(error).__name__)
            return None


class PageStore:
    """The pages of this process, bounded in bytes, the least used leaving first; and the shared ones behind them."""

    def __init__(self, size: int, shared: Shared | None = None) -> None:
        self._lock = threading.Lock()
        self._largest = size // LARGEST_SHARE
        self._pages: TTLCache[str, KeptPage] = TTLCache(maxsize=size, ttl=KEPT_SECONDS, getsizeof=lambda page: page.size)
        self.shared = shared
        self._everywhere: int | None = None

    def get(self, key: str) -> KeptPage | None:
        """What this process keeps, else what the others share."""
        with self._lock:
            page = self._pages.get(key)
        return page or self.get_shared(key)

    def get_shared(self, key: str) -> KeptPage | None:
        """What the others share, kept here too from now on."""
        page = self.shared.get(key) if self.shared else None
        if page:
            self._keep(key, page)
        return page

    def put(self, key: str, page: KeptPage) -> None:
        """Keep a page in the place of the one before."""
        if page.size > self._largest:
            return
        self._keep(key, page)
        if self.shared:
            self.shared.put(key, page)

    def _keep(self, key: str, page: KeptPage) -> None:
        with self._lock:
            self._pages[key] = page

    def notice(self, everywhere: int) -> None:
        """Every page of this process was made for this number, or none is worth keeping: somebody may have been erased."""
        if everywhere != self._everywhere:
            with self._lock:
                self._pages.clear()
            self._everywhere = everywhere

    def __len__(self) -> int:
        with self._lock:
            return len(self._pages)


def init_app(app: Flask) -> None:
    """Make the store that the settings ask for: none in development, where pages change with the files they are made from."""
    settings = app.config["SETTINGS"]
    size = int(settings.page_cache_mb * MEGABYTE)
    shared = RedisPages(settings.redis_url) if settings.redis_url and size else None
    app.extensions["page_store"] = PageStore(size, shared) if size and not settings.follows_files else None


def of(app: Flask) -> PageStore | None:
    """The store of this application; None where pages are not kept."""
    found: PageStore | None = app.extensions["page_store"]
    return found


def forget_shared(app: Flask) -> bool:
    """Delete what is shared between processes: part of erasing somebody. False: it could not be reached, try again."""
    store = of(app)
    return store is None or store.shared is None or store.shared.forget_everything()
