"""The readable page of an export: one student's days, grades and lessons in plain words.

It needs nothing but itself, works without a network and prints well.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from html import escape
from typing import Any

from core.builds.registry import Build
from core.grades import grade_words
from core.privacy.export_rows import StudentRows

WHO = """
    select
        trim(concat_ws(' ', students.given_name, students.family_name)) as name, students.grade,
        schools.school_name, students.timezone
    from marts.dim_students as students
    left join marts.dim_schools as schools using (school_id)
    where students.student_id = $id
"""
DAYS = """
    select
        local_on, subject, round(sum(xp), 1)::double as xp,
        round(sum(active_seconds) / 60)::bigint as minutes,
        sum(total_questions)::bigint as questions, sum(correct_questions)::bigint as correct
    from marts.agg_student_day_lesson__activity where student_id = $id
    group by local_on, subject order by local_on desc, subject
"""
GRADES = """
    select
        results.scored_on, courses.course_title, lessons.lesson_title,
        results.score_given, results.max_score, results.score_percent, results.score_status
    from marts.fct_assessment_results as results
    left join marts.dim_courses as courses using (course_id)
    left join marts.dim_lessons as lessons using (lesson_id)
    where results.student_id = $id and not results.is_xp
    order by results.scored_at desc, results.result_id
"""
LESSONS = """
    select
        courses.course_title, lessons.lesson_title, mastery.mastery_state,
        mastery.best_score_ratio * 100 as best, mastery.first_mastered_on
    from marts.fct_lesson_mastery as mastery
    left join marts.dim_courses as courses using (course_id)
    left join marts.dim_lessons as lessons using (lesson_id)
    where mastery.student_id = $id
    order by courses.course_title, lessons.lesson_position, mastery.lesson_id
"""
STATES = {
    "not_started": "not started",
    "started": "started",
    "practicing": "practising",
    "proficient": "proficient",
    "mastered": "mastered",
    "needs_review": "to be reviewed",
}
STYLE = """
body{font:16px/1.5 system-ui,sans-serif;color:#1b1f24;max-width:60rem;margin:2rem auto;
padding:0 1rem}h1{margin-bottom:0}h2{margin-top:2.5rem;border-bottom:1px solid #c9ced6}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.3rem .6rem;
border-bottom:1px solid #e3e6ea}td.n,th.n{text-align:right}caption{text-align:left;color:#57606a;
padding-bottom:.4rem}@media print{body{margin:0;max-width:none}h2{break-after:avoid}
tr{break-inside:avoid}thead{display:table-header-group}}
"""
FILES = (
    ("roster.json", "what the school's roster says now: the student, classes, who acts for them"),
    ("roster-history.json", "every earlier version of it"),
    ("events.json", "each event that a learning app sent, exactly as it was sent"),
    ("refused-events.json", "events that were refused, and why"),
    ("who-read-it.json", "every time somebody read these records"),
    ("figures/", "every figure that was derived, as tables that a spreadsheet opens"),
)


def page(rows: StudentRows, build: Build) -> str:
    """The whole page as HTML."""
    found = rows.query(WHO)
    who = found[0] if found else {}
    name = who.get("name") or rows.student_id
    days, reads = rows.query(DAYS), list(rows.reads())
    parts = [
        f"<h1>{escape(name)}</h1>",
        f"<p>{escape(_about(who, rows.student_id))}<br>Figures of {build.as_of:%-d %B %Y, %H:%M}"
        " UTC.</p>",
        f"<p><strong>{escape(_summary(days))}</strong></p>",
        *_section(
            "Days",
            "Minutes are active minutes in learning apps; XP is about one minute of"
            " productive work each.",
            ("Day", "Subject", "XP", "Minutes", "Questions", "Correct"),
            [list(row.values()) for row in days],
        ),
        *_section(
            "Grades",
            "Each attempt at a test or exercise.",
            ("Day", "Course", "Lesson", "Score", "Of", "Percent", "State"),
            [list(row.values()) for row in rows.query(GRADES)],
        ),
        *_section(
            "Lessons",
            "How well each lesson is known.",
            ("Course", "Lesson", "State", "Best percent", "Mastered on"),
            [
                list((row | {"mastery_state": STATES.get(row["mastery_state"], "")}).values())
                for row in rows.query(LESSONS)
            ],
        ),
        *_section(
            "Who read it",
            "Every time a person read these records, newest first (UTC).",
            ("When", "Who", "What"),
            [list(row.values()) for row in reads],
        ),
        "<h2>Files beside this page</h2><ul>",
        *(f"<li><code>{file}</code>: {escape(words)}</li>" for file, words in FILES),
        "</ul>",
    ]
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport"'
        ' content="width=device-width"><meta http-equiv="Content-Security-Policy"'
        " content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{escape(name)}</title><style>{STYLE}</style></head><body>"
        + "\n".join(parts)
        + "</body></html>\n"
    )


def _about(who: dict[str, Any], student_id: str) -> str:
    said = [
        grade_words(who["grade"]) if who else "",
        who.get("school_name") or "",
        f"days are those of {who['timezone']}" if who.get("timezone") else "",
        f"id {student_id}",
    ]
    return "; ".join(word for word in said if word)


def _summary(days: Sequence[dict[str, Any]]) -> str:
    if not days:
        return "There is no learning activity yet."
    dates = [row["local_on"] for row in days]
    xp, minutes = (sum(row[name] or 0 for row in days) for name in ("xp", "minutes"))
    return (
        f"{xp:,.1f} XP and {minutes:,} active minutes on {len(set(dates))} days,"
        f" {min(dates):%-d %B %Y} to {max(dates):%-d %B %Y}."
    )


def _section(
    title: str, caption: str, heads: Sequence[str], rows: Sequence[Sequence[Any]]
) -> Iterable[str]:
    yield f"<h2>{title}</h2>"
    if not rows:
        yield "<p>Nothing yet.</p>"
        return
    yield f"<table><caption>{escape(caption)}</caption><thead><tr>"
    yield "".join(f'<th scope="col">{head}</th>' for head in heads) + "</tr></thead><tbody>"
    for row in rows:
        yield "<tr>" + "".join(_cell(value) for value in row) + "</tr>"
    yield "</tbody></table>"


def _cell(value: Any) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return (
            f'<td class="n">{value:,.1f}</td>' if value % 1 else f'<td class="n">{value:,.0f}</td>'
        )
    if isinstance(value, datetime):
        return f"<td>{value:%Y-%m-%d %H:%M}</td>"
    if isinstance(value, date):
        return f"<td>{value:%-d %b %Y}</td>"
    return f"<td>{escape(str(value)) if value is not None else '–'}</td>"
