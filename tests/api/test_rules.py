"""The rules that explanations show are those of the dbt project, all of them."""

from datetime import UTC, datetime

import pytest
import yaml

from api.rules import BOOKKEEPING, Rules, read_rules, read_variables
from core.builds.project import PROJECT

AS_OF = datetime(2026, 3, 6, tzinfo=UTC)


@pytest.fixture(scope="module")
def rules() -> Rules:
    return read_rules()


def used(rules: Rules, model: str) -> dict[str, object]:
    return {var.name: var.value for _, found in rules.behind(model, AS_OF) for var in found}


def test_every_var_says_its_unit_and_its_reason() -> None:
    listed = yaml.safe_load((PROJECT / "dbt_project.yml").read_text())["vars"]
    said = read_variables(PROJECT)
    assert list(said) == [name for name in listed if not name.startswith(BOOKKEEPING)]
    for var in said.values():
        assert var.value == listed[var.name]
        assert 1 < len(var.unit) < 50, var
        assert len(var.reason) > 8, var


def test_every_var_is_one_that_a_model_uses(rules: Rules) -> None:
    seen = {var.name for model in rules.models.values() for var in model.variables}
    assert seen == set(read_variables(PROJECT))


def test_every_model_has_a_description_in_plain_words(rules: Rules) -> None:
    assert len(rules.models) == len(list((PROJECT / "models").rglob("*.sql")))
    for model in rules.models.values():
        assert model.description, model.name
        assert "{{" not in model.description, model.name


def test_time_stands_on_the_limits_of_sessions_and_gaps(rules: Rules) -> None:
    assert {
        "active_gap_seconds": 600,
        "session_gap_minutes": 30,
        "session_cap_hours": 8,
    }.items() <= (used(rules, "fct_activity_segments").items())


def test_a_macros_vars_are_those_of_the_model_that_calls_it(rules: Rules) -> None:
    first = rules.models["int_mastery__first"]
    assert "mastered_session_count" in [var.name for var in first.variables]


def test_what_builds_order_is_no_rule(rules: Rules) -> None:
    names = [model.name for model, _ in rules.behind("agg_student_day_lesson__activity", AS_OF)]
    assert names == ["agg_student_day_lesson__activity"]


def test_now_is_the_instant_of_the_build(rules: Rules) -> None:
    assert used(rules, "fct_daily_goals")["as_of"] == AS_OF.isoformat()


def test_a_macro_writes_the_sql_that_the_models_use(rules: Rules) -> None:
    sql = rules.sql("attempt_key", "event", "$session_id")
    assert sql.startswith("coalesce(")
    assert "event.attempt_part_ref" in sql
    assert "'session:' || $session_id" in sql
