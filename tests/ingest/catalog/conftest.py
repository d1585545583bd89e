"""The roster's API on one install; each test starts with an empty registry."""

from tests.core.registry.install import install, running

__all__ = ["install", "running"]
