"""Chance that can be replayed: every draw is a pure function of the seed and what it is for."""

import hashlib
import random
from uuid import UUID


def dice(*purpose: object) -> random.Random:
    """A random stream of its own for one purpose, e.g. `dice(seed, student_id, date)`."""
    return random.Random(":".join(map(str, purpose)))  # noqa: S311  a simulation, no secret


def uuid_of(*purpose: object) -> UUID:
    """The UUID that stands for one purpose, the same in every run."""
    digest = hashlib.blake2b(":".join(map(str, purpose)).encode(), digest_size=16).digest()
    return UUID(bytes=digest, version=4)
