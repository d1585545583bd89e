"""The vocabulary of families: facts about the child alone, in kind words.

Nothing here compares with other children, ranks, or calls a child at risk. The labels of states
that go with it on screen are in `dashboards/family.py`.
"""

from collections.abc import Iterable

from api.reports.schemas.learning import Flag

HIDDEN = frozenset({"xp_review"})  # is about what an app sent, not about the child


def for_family(flags: Iterable[Flag]) -> list[Flag]:
    """The flags that a family is shown, said in its words."""
    return [
        flag.model_copy(update={"text": sentence(flag)})
        for flag in flags
        if flag.reason not in HIDDEN
    ]


def sentence(flag: Flag) -> str:
    """What was measured, and nothing else."""
    measured, count = flag.measured or 0.0, flag.evidence_count
    match flag.reason:
        case "no_events":
            days = "day" if measured == 1 else "days"
            return f"Nothing has come from the learning apps for {measured:.0f} school {days}."
        case "goal_missed":
            of_days = f"{measured:.0f} of the last {count} school days"
            return f"The goal is still to be reached on {of_days}."
        case "low_accuracy":
            return f"{measured:.0%} of {count} answers of the last 7 days were right."
        case "idle":
            return f"{measured:.0%} of {count} minutes in the apps over the last 7 days were quiet."
        case "struggling_lesson":
            lesson = flag.lesson_title or "a new lesson"
            return (
                f"Now practising {lesson}: {measured:.0%} of the last {count} answers were right."
            )
        case _:
            return "The school keeps an eye on this week; ask the guide about it."
