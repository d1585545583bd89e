"""Each rule speaks from its limits on, in words with the numbers, and not of too little."""

import pytest

from api.reports.lints import ORDER, Lint, Rule, Share, lint, percent, rules

RULE = Rule("r", 0.1, 0.3, 20, "{percent} of {whole} things ({part})", "why", "mend")


@pytest.mark.parametrize(
    ("part", "whole", "severity"),
    [
        (10, 100, "fine"),
        (11, 100, "warning"),
        (30, 100, "warning"),
        (31, 100, "serious"),
        (0, 20, "fine"),
        (19, 19, "unknown"),
        (0, 0, "unknown"),
        (2, 20, "fine"),
        (3, 20, "warning"),
    ],
)
def test_limits_are_strict_and_too_little_is_not_judged(
    part: int, whole: int, severity: str
) -> None:
    assert Lint(RULE, Share(part, whole)).severity == severity


def test_a_finding_has_its_numbers() -> None:
    assert Lint(RULE, Share(1_234, 2_468)).finding == "50 % of 2,468 things (1,234)"


@pytest.mark.parametrize(
    ("ratio", "words"),
    [(None, "0 %"), (0.0, "0 %"), (0.004, "under 1 %"), (0.01, "1 %"), (0.384, "38 %")],
)
def test_a_share_is_never_rounded_to_nothing(ratio: float | None, words: str) -> None:
    assert percent(ratio) == words


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.code)
def test_each_rule_says_what_was_found_why_it_matters_and_how_to_mend_it(rule: Rule) -> None:
    assert 0 < rule.warning_above < rule.serious_above < 1
    just_too_much = int(rule.warning_above * 10_000) + 1
    found = Lint(rule, Share(just_too_much, 10_000))
    assert found.severity == "warning"
    assert "10,000" in found.finding
    assert rule.why.endswith(".")
    assert rule.mend.endswith(".")


def test_the_worst_comes_first_and_a_rule_without_figures_is_unknown() -> None:
    found = lint({"duplicates": Share(90, 100), "late_events": Share(10, 100)})
    assert [one.rule.code for one in found[:2]] == ["duplicates", "late_events"]
    assert [ORDER.index(one.severity) for one in found] == sorted(
        ORDER.index(one.severity) for one in found
    )
    assert {one.severity for one in found[2:]} == {"unknown"}
