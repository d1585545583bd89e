"""The roster's API on one install; each test starts with an empty registry."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import make_settings
from tests.core.registry.install import Install, open_install


@pytest.fixture(scope="package")
def running(server_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Install]:
    """A running API."""
    root: Path = tmp_path_factory.mktemp("roster") / "data"
    with open_install(make_settings(server_url, root)) as opened:
        yield opened


@pytest.fixture
def install(running: Install) -> Install:
    """The running API with an empty registry."""
    running.empty()
    return running
