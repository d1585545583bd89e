"""A build in a process of its own that is killed at one point: `python -m tests.core.killed POINT`.

The point is a function of the builder and the number of its call, before or after which the process
kills itself, as the system would without asking.
"""

import importlib
import os
import signal
import sys
from typing import Any

from core.builds.build import Builder
from core.settings import Settings

# name: (module, function, before or after, which call)
POINTS = {
    "while the plan runs": ("core.builds.plan", "PlanRun._made_of", "before", 40),
    "before the warehouse has it": ("core.builds.warehouse", "Warehouse.write_mark", "before", 1),
    "once the warehouse has it": ("core.builds.publish", "publish_changes", "before", 1),
    "in the midst of publishing": ("core.builds.publish", "_publish", "after", 1),
    "once the lake has it": ("core.lake", "fsync_files", "before", 1),
    "before readers are told": ("core.lake", "fsync_files", "after", 1),
    "once readers are told": ("core.builds.warehouse", "Warehouse.write_mark", "before", 2),
}


def die(*_: Any) -> None:
    """End this process as `kill -9` does."""
    os.kill(os.getpid(), signal.SIGKILL)


def kill_at(point: str) -> None:
    """Have the process die at that point."""
    module, path, when, number = POINTS[point]
    *owners, name = path.split(".")
    owner: Any = importlib.import_module(module)
    for part in owners:
        owner = getattr(owner, part)
    function = getattr(owner, name)
    calls = 0

    def killing(*arguments: Any, **options: Any) -> Any:
        nonlocal calls
        calls += 1
        if when == "before" and calls == number:
            die()
        answer = function(*arguments, **options)
        if when == "after" and calls == number:
            die()
        return answer

    setattr(owner, name, killing)


if __name__ == "__main__":
    kill_at(sys.argv[1])
    with Builder(Settings()).open() as builder:
        builder.build()
