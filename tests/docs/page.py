"""The README as a reader copies from it."""

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


def snippets(section: str) -> list[Snippet]:
    """The blocks of one section of the README, in order."""
    text = (ROOT / "README.md").read_text()
    _, _, rest = text.partition(f"\n## {section}\n")
    body, _, _ = rest.partition("\n## ")
    assert body, f"the README has no section {section!r}"
    return [Snippet(language, code) for language, code in FENCE.findall(body)]
