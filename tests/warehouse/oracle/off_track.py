"""Who is off track today, and why."""

from collections.abc import Mapping
from datetime import date, timedelta

from tests.warehouse.oracle.goals import Day
from tests.warehouse.oracle.items import Answer
from tests.warehouse.oracle.ledger import Entry
from tests.warehouse.oracle.mastery import Mastery
from tests.warehouse.oracle.story import Story

WEEK = timedelta(days=7)


def reasons(
    story: Story,
    student_id: str,
    days: Mapping[date, Day],
    answers: list[Answer],
    entries: list[Entry],
    counted: Mapping[tuple[str, str, date], tuple[float, float]],
    mastery: Mapping[tuple[str, str], Mastery],
) -> dict[tuple[str, str | None], int]:
    """The reasons and the lesson, if one is meant, of a student enrolled today.

    With each the evidence (ruling m): how many days, answers, minutes or entries it rests on.
    """
    today = story.day(story.as_of)
    if not story.is_in_term(today):
        return {}
    week = [today - timedelta(days=count) for count in range(WEEK.days)]
    events = {story.day(e.event_time) for e in story.events if e.student_ref == student_id}
    past = [day for day in sorted(days) if day < today and story.is_school_day(day)]
    judged = [day for day in past if days[day].status != "no_goal"][-5:]
    scored = [
        bool(answer.is_correct)
        for answer in answers
        if answer.event.student_ref == student_id
        and answer.is_scored
        and story.day(answer.event.event_time) in week
    ]
    clock = [value for (who, _, day), value in counted.items() if who == student_id and day in week]
    active, idle = (sum(value[part] for value in clock) for part in (0, 1))
    own_entries = [
        entry
        for entry in entries
        if entry.source.student_ref == student_id and entry.earned_on in week
    ]
    last = max((day for day in events if day <= today), default=date.min)
    silent = sum(day > last for day in past)
    found: dict[tuple[str, str | None], int] = {
        ("struggling_lesson", lesson_id): state.last_ten_count
        for (who, lesson_id), state in mastery.items()
        if who == student_id and state.is_struggling
    }
    if silent >= 2:
        found["no_events", None] = silent
    if sum(days[day].status != "met" for day in judged) >= 3:
        found["goal_missed", None] = len(judged)
    if len(scored) >= 20 and sum(scored) < 0.7 * len(scored):
        found["low_accuracy", None] = len(scored)
    if active + idle >= 30 * 60 and idle > 0.25 * (active + idle):
        found["idle", None] = int(round(active + idle, 6) / 60)
    if any(entry.review_reason for entry in own_entries):
        found["xp_review", None] = len(own_entries)
    return found
