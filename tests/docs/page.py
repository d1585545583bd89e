"""The pages in `docs/` as a reader copies from them."""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PLACED = re.compile(r"^(?:--|#) (dbt_project/\S+)\n")


@dataclass(frozen=True)
class Snippet:
    """A block of code in its language; `path` where its first line says which file it is."""

    language: str
    code: str

    @property
    def path(self) -> Path | None:
        """Where the block belongs, from the project's root."""
        placed = PLACED.match(self.code)
        return Path(placed[1]) if placed else None


def snippets(name: str) -> list[Snippet]:
    """The blocks of one page, in order."""
    text = (ROOT / "docs" / f"{name}.md").read_text()
    return [Snippet(language, code) for language, code in FENCE.findall(text)]
