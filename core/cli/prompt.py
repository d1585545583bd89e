"""A prompt for statements that may take several lines, with a history between runs."""

import readline
from collections.abc import Iterator
from pathlib import Path

HISTORY_LINES = 1000
LEAVING = {"exit", "quit"}


def statements(prompt: str, history: Path) -> Iterator[str]:
    """Each statement that a person ends with a semicolon; ends at Ctrl-D, `exit` or `quit`.

    The history is kept in a file of its owner alone: a statement may hold a name.
    """
    history.touch(mode=0o600)
    readline.read_history_file(history)
    readline.set_history_length(HISTORY_LINES)
    lines: list[str] = []
    while True:
        try:
            line = input("   … " if lines else prompt)
        except EOFError:
            return
        except KeyboardInterrupt:
            lines.clear()
            continue
        if not lines and line.strip().rstrip(";") in LEAVING:
            return
        if line.strip():
            lines.append(line)
        if lines and line.rstrip().endswith(";"):
            readline.write_history_file(history)
            yield "\n".join(lines)
            lines.clear()
