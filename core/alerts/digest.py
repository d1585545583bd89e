"""A digest: what is said to one person, as text and as HTML."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

ENVIRONMENT = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)


@dataclass(frozen=True)
class Digest:
    """The figures of one alert. `template` names the pair of files that says them."""

    template: str
    subject: str
    figures: Mapping[str, Any]
    student_ids: tuple[str, ...]
    build_id: str

    @property
    def text(self) -> str:
        """As plain text."""
        return self._rendered("txt")

    @property
    def html(self) -> str:
        """As an HTML page without scripts and pictures."""
        return self._rendered("html")

    def _rendered(self, ending: str) -> str:
        template = ENVIRONMENT.get_template(f"{self.template}.{ending}")
        return template.render(subject=self.subject, **self.figures)
