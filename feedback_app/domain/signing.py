"""Secret addresses and form keys: signed, never stored, rebuilt whenever a mail or a second click needs them (ADR 0009)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from itsdangerous import BadSignature, URLSafeSerializer


class Signer:
    """Signs small values, each for one purpose. ``keys``: the current key first, then those that are still accepted."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._keys = list(reversed(keys))  # itsdangerous signs with the last one

    def sign(self, purpose: str, value: Any) -> str:
        """A URL-safe token that says ``value`` for ``purpose`` only."""
        return str(self._serializer(purpose).dumps(value))

    def read(self, purpose: str, token: str) -> Any:
        """The value signed for ``purpose``, or None when the token is forged, damaged or made for something else."""
        try:
            return self._serializer(purpose).loads(token)
        except (BadSignature, UnicodeError):
            return None

    def key_for(self, purpose: str) -> bytes:
        """A key of its own for ``purpose``, for keyed hashes."""
        return self.keys_for(purpose)[0]

    def keys_for(self, purpose: str) -> list[bytes]:
        """The same for each key, the current one first: for what was made before the secret changed."""
        return [hashlib.sha256(f"{purpose}\0{key}".encode()).digest() for key in reversed(self._keys)]

    def _serializer(self, purpose: str) -> URLSafeSerializer:
        return URLSafeSerializer(self._keys, salt=f"devoir-de-suite/{purpose}", signer_kwargs={"digest_method": hashlib.sha256})
