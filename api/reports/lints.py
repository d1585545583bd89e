"""What is looked at in an integration: rules on shares, and their words in `lints.toml`. Pure."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

Severity = Literal["serious", "warning", "fine", "unknown"]
ORDER: tuple[Severity, ...] = ("serious", "warning", "fine", "unknown")


@dataclass(frozen=True)
class Share:
    """So many of so many."""

    part: int
    whole: int

    @property
    def ratio(self) -> float | None:
        """0 to 1; None of nothing."""
        return self.part / self.whole if self.whole else None


@dataclass(frozen=True)
class Rule:
    """What share is too much of a thing, and what to say of it."""

    code: str
    warning_above: float
    serious_above: float
    least: int
    finding: str
    why: str
    mend: str


@dataclass(frozen=True)
class Lint:
    """What a rule found."""

    rule: Rule
    share: Share

    @property
    def severity(self) -> Severity:
        """`unknown` while there is less than the rule's `least` to judge by; limits are strict."""
        ratio = self.share.ratio
        if ratio is None or self.share.whole < self.rule.least:
            return "unknown"
        if ratio > self.rule.serious_above:
            return "serious"
        return "warning" if ratio > self.rule.warning_above else "fine"

    @property
    def finding(self) -> str:
        """The finding in a sentence with its numbers."""
        part, whole = self.share.part, self.share.whole
        return self.rule.finding.format(
            percent=percent(self.share.ratio), part=f"{part:,}", whole=f"{whole:,}"
        )


def percent(ratio: float | None) -> str:
    """A share in words that never rounds something to nothing: `under 1 %`, `38 %`."""
    if not ratio:
        return "0 %"
    return "under 1 %" if ratio < 0.01 else f"{100 * ratio:.0f} %"


def lint(shares: dict[str, Share]) -> list[Lint]:
    """What each rule finds, the worst first; a rule without figures finds nothing to judge."""
    found = [Lint(rule, shares.get(rule.code, Share(0, 0))) for rule in rules()]
    return sorted(found, key=lambda one: (ORDER.index(one.severity), -(one.share.ratio or 0.0)))


@cache
def rules() -> tuple[Rule, ...]:
    """The rules, in the order of the file."""
    text = (Path(__file__).parent / "lints.toml").read_text()
    return tuple(Rule(code, **said) for code, said in tomllib.loads(text).items())
