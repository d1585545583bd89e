"""Every data test holds on the trap school, and fails when what it guards is broken."""

from collections.abc import Iterator

import pytest

from core.builds.plan import Plan, StepFailedError
from core.builds.project import PROJECT
from core.settings import Settings
from tests.warehouse import trap_school as trap
from tests.warehouse.native import NativeWarehouse
from tests.warehouse.raw_rows import AS_OF

DATA_TESTS = {
    path.stem for path in (PROJECT / "data-tests").rglob("*.sql") if path.parent.name != "generic"
}
ACTIVITY = "marts.agg_student_day_lesson__activity"
LEDGER = "marts.fct_xp_ledger"
SEGMENTS = "marts.fct_activity_segments"
RESULTS = "marts.fct_assessment_results"
PLACEMENT = "marts.fct_course_placement"
VERDICTS = "marts.fct_event_verdicts"
# For each data test the ways to break what it guards, each of which it must find.
BREAKAGES = {
    "activity_adds_up": [
        f"update {ACTIVITY} set xp = xp + 1",
        f"update {ACTIVITY} set active_seconds = active_seconds + 1",
        f"update {ACTIVITY} set client_active_seconds = client_active_seconds + 1",
        f"update {ACTIVITY} set total_questions = total_questions + 1",
        f"update {ACTIVITY} set lesson_id = 'reading-2' where xp > 0",
        f"delete from {ACTIVITY} where xp > 0",
    ],
    "client_seconds_are_the_union_of_its_apps": [
        f"update {SEGMENTS} set is_counted_for_client = false",
        f"update {SEGMENTS} set is_counted_for_client = is_counted",
    ],
    "counted_seconds_are_the_union": [
        f"update {SEGMENTS} set is_counted = false where client_id = 'maths'",
        f"update {SEGMENTS} set is_counted = true",
    ],
    "counted_seconds_fit_the_clock": [
        f"update {SEGMENTS} set seconds = 90001 where is_counted and student_id = 'ann'",
    ],
    "counted_segments_never_overlap": [f"update {SEGMENTS} set is_counted = true"],
    "every_event_has_one_verdict": [
        f"delete from {VERDICTS} where event_id = 'v2'",
        f"insert into {VERDICTS} from {VERDICTS} where event_id = 'v2'",
        f"insert into {VERDICTS} by name select -1 as journal_seq, 0 as event_index",
    ],
    "session_seconds_are_active_and_idle": [
        "update marts.fct_sessions set idle_seconds = idle_seconds + 1",
        "update marts.fct_sessions set active_seconds = -1, idle_seconds = session_seconds + 1",
    ],
    "a_flag_has_evidence": [
        "update marts.fct_off_track_flags set evidence_count = 0",
        "update marts.fct_off_track_flags set measured = evidence_count + 1",
    ],
    "a_reverse_takes_back_an_entry_of_its_day": [
        f"delete from {LEDGER} where kind = 'earn'",
        f"update {LEDGER} set xp = xp - 1 where kind = 'reverse'",
        f"update {LEDGER} set earned_on = earned_on + 1 where kind = 'reverse'",
        f"update {LEDGER} set enrollment_id = 'another' where kind = 'reverse'",
    ],
    "credit_has_an_enrollment_and_pending_has_none": [
        f"update {LEDGER} set status = 'pending_enrollment'",
        f"update {LEDGER} set enrollment_id = null where status = 'credited'",
    ],
    "each_line_item_has_one_first_latest_and_best": [
        f"update {RESULTS} set is_first = false",
        f"update {RESULTS} set is_latest = false",
        f"update {RESULTS} set is_best = false",
        f"update {RESULTS} set attempt_number = attempt_number + 1",
        f"insert into {RESULTS} from {RESULTS} where is_first",
    ],
    "items_count_every_response": [
        "update marts.dim_items set response_count = response_count + 1",
        "delete from marts.dim_items",
    ],
    "mastery_adds_up_its_evidence": [
        "update marts.fct_lesson_mastery set attempt_count = attempt_count + 1",
        "update marts.fct_mastery_evidence set item_count = item_count + 1",
        "delete from marts.fct_mastery_evidence",
    ],
    "mastery_has_its_date": [
        "update marts.fct_lesson_mastery set mastery_state = 'mastered', first_mastered_on = null",
        "update marts.fct_lesson_mastery"
        " set mastery_state = 'started', first_mastered_on = '2026-03-03'",
    ],
    "no_goal_between_terms": [
        "update marts.fct_daily_goals set is_in_term = false",
    ],
    "placement_ends_when_all_is_proficient": [
        f"update {PLACEMENT} set next_lesson_id = null",
        f"update {PLACEMENT} set mastered_count = proficient_count + 1",
        f"update {PLACEMENT} set gap_lesson_ids = ['elsewhere']",
    ],
    "the_whole_day_is_what_the_ledger_credited": [
        "update marts.fct_daily_goals set earned_xp = earned_xp + 1 where subject = 'All'",
        f"update {LEDGER} set xp = xp + 1 where status = 'credited'",
    ],
}


@pytest.fixture(scope="module")
def school(compiled: Plan, tmp_path_factory: pytest.TempPathFactory) -> Iterator[NativeWarehouse]:
    """The trap school, built."""
    built = NativeWarehouse(Settings(data_dir=tmp_path_factory.mktemp("traps")), compiled)
    built.load(trap.EVENTS, [*trap.ROSTER, *trap.LATE_ROSTER])
    built.reject([{"event_id": "refused", "event_type": "ViewEvent"}])
    built.build(AS_OF)
    built.connection.execute("use warehouse")
    yield built
    built.close()


def findings(school: NativeWarehouse, name: str) -> int:
    """How many rows a data test finds fault with."""
    (test,) = [one for one in school.plan.tests if one.unique_id.endswith(f".{name}")]
    return len(school.connection.execute(test.full).fetchall())


def test_a_way_to_break_it_is_known_of_every_data_test() -> None:
    assert set(BREAKAGES) == DATA_TESTS


@pytest.mark.parametrize("name", sorted(DATA_TESTS))
def test_the_trap_school_passes(school: NativeWarehouse, name: str) -> None:
    assert findings(school, name) == 0


@pytest.mark.parametrize(
    ("name", "breakage"),
    [(name, breakage) for name, breakages in BREAKAGES.items() for breakage in breakages],
)
def test_a_data_test_finds_what_is_broken(
    school: NativeWarehouse, name: str, breakage: str
) -> None:
    school.connection.execute("begin")
    try:
        school.connection.execute(breakage)
        assert findings(school, name) > 0
    finally:
        school.connection.execute("rollback")


def test_a_small_build_tests_what_has_just_arrived(school: NativeWarehouse) -> None:
    school.load([trap.view("new", trap.DAY)])
    school.connection.execute("begin")
    run = school.run(AS_OF)
    run.make()
    school.connection.execute(
        "update temp.main.int_events__verdicts__derived set verdict = null where event_id = 'new'"
    )
    with pytest.raises(StepFailedError, match=r"not_null_int_events__verdicts_verdict\S*: got 1 "):
        run.check(all_rows=False)
    school.connection.execute("rollback")
