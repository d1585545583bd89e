"""Opaque values: random strings that are handed out once and kept only as hashes."""

import hashlib
import secrets


def make() -> str:
    """A new value of 256 random bits."""
    return secrets.token_urlsafe(32)


def digest(value: str) -> bytes:
    """What is kept of a value; 256 random bits need no slow hash."""
    return hashlib.sha256(value.encode("utf-8", "surrogatepass")).digest()
