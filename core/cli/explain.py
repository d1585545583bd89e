"""`timeback explain`: from any figure down to the raw events and the rule, on this install."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated

import psycopg
import typer
from rich.markup import escape
from rich.syntax import Syntax
from rich.tree import Tree

from api.explain import event, goals, grades, mastery, time, xp
from api.explain.parts import Request
from api.explain.queries.ledger import Part
from api.explain.schemas import Contribution, Explanation, Rule, SentEvent
from api.reading import Reading
from core import context
from core.access import Sight, Viewer
from core.builds.reader import LakeReader
from core.cli.options import AsJson, DataDir, err, load_settings, out, readable_failures

explain_app = typer.Typer(
    no_args_is_help=True, help="From any figure down to its raw events and the rule that made it."
)

OPERATOR = Viewer("client", "operator", frozenset(), mode="admin")  # whoever holds the data sees it

Student = Annotated[str, typer.Argument(help="The student's sourcedId.", show_default=False)]
Day = Annotated[
    datetime,
    typer.Argument(formats=["%Y-%m-%d"], help="Local day at their school.", show_default=False),
]
Subject = Annotated[str | None, typer.Option(help="Only this subject.")]
Course = Annotated[str | None, typer.Option(help="Only this course.")]
Lesson = Annotated[str | None, typer.Option(help="Only this lesson.")]
Limit = Annotated[int, typer.Option(min=0, help="Most events to print as sent.")]


@explain_app.command("xp")
def explain_xp(
    student: Student,
    day: Day,
    subject: Subject = None,
    course: Course = None,
    lesson: Lesson = None,
    limit: Limit = 20,
    as_json: AsJson = False,
    data: DataDir = None,
) -> None:
    """XP of a student's day."""
    part = Part(subject, course, lesson)
    show(lambda asked, _: xp.total(asked, student, day.date(), part), limit, data, as_json=as_json)


@explain_app.command("entry")
def explain_entry(
    entry_id: str, limit: Limit = 20, as_json: AsJson = False, data: DataDir = None
) -> None:
    """One entry of the XP ledger."""
    show(lambda asked, _: xp.one_entry(asked, entry_id), limit, data, as_json=as_json)


@explain_app.command("minutes")
def explain_minutes(
    student: Student,
    day: Day,
    subject: Subject = None,
    course: Course = None,
    lesson: Lesson = None,
    limit: Limit = 20,
    as_json: AsJson = False,
    data: DataDir = None,
) -> None:
    """Active and idle seconds of a student's day."""
    part = Part(subject, course, lesson)
    show(
        lambda asked, _: time.minutes(asked, student, day.date(), part),
        limit,
        data,
        as_json=as_json,
    )


@explain_app.command("session")
def explain_session(
    session_id: str, limit: Limit = 20, as_json: AsJson = False, data: DataDir = None
) -> None:
    """One session, by its key or by the id that its app sent."""
    show(lambda asked, _: time.session(asked, session_id), limit, data, as_json=as_json)


@explain_app.command("grade")
def explain_grade(
    result_id: str, limit: Limit = 20, as_json: AsJson = False, data: DataDir = None
) -> None:
    """One result of the gradebook."""
    show(lambda asked, _: grades.result(asked, result_id), limit, data, as_json=as_json)


@explain_app.command("mastery")
def explain_mastery(
    student: Student, lesson: str, limit: Limit = 20, as_json: AsJson = False, data: DataDir = None
) -> None:
    """A student's mastery state in a lesson."""
    show(lambda asked, _: mastery.state(asked, student, lesson), limit, data, as_json=as_json)


@explain_app.command("goal")
def explain_goal(
    student: Student,
    day: Day,
    subject: Subject = None,
    limit: Limit = 20,
    as_json: AsJson = False,
    data: DataDir = None,
) -> None:
    """A student's goal of a day; without a subject that of the whole day."""
    show(
        lambda asked, _: goals.of_day(asked, student, day.date(), subject, None),
        limit,
        data,
        as_json=as_json,
    )


@explain_app.command("event")
def explain_event(
    event_id: str, limit: Limit = 20, as_json: AsJson = False, data: DataDir = None
) -> None:
    """An event's verdict, and every row that it made."""
    show(lambda asked, reader: event.verdict(asked, reader, event_id), limit, data, as_json=as_json)


def show(
    explain: Callable[[Request, LakeReader], Explanation],
    limit: int,
    data: Path | None,
    *,
    as_json: bool,
) -> None:
    """Print an explanation as a tree, or as the JSON that the API answers."""
    with readable_failures(), open_install(data) as (reading, reader):
        explanation = explain(Request(reading, limit), reader)
    if as_json:
        typer.echo(explanation.model_dump_json(by_alias=True, indent=2))
    else:
        out.print(draw(explanation))


@contextmanager
def open_install(data: Path | None) -> Iterator[tuple[Reading, LakeReader]]:
    """The newest published build of a local install, as an operator sees it: whole."""
    settings = load_settings(data)
    with err.status("Reading…"):
        url = context.prepare(settings)
        with (
            psycopg.connect(url) as connection,
            LakeReader(settings, url) as reader,
            reader.lease() as published,
        ):
            yield Reading(OPERATOR, Sight(), connection, published), reader


def draw(explanation: Explanation) -> Tree:
    """The figure, then its steps, then the events as sent, then the rules."""
    about = ", ".join(f"{name} {part}" for name, part in explanation.about.items() if part)
    tree = Tree(f"[bold]{explanation.fact}[/] of {escape(about)}")
    for figure in explanation.figures:
        unit = f" {figure.unit}" if figure.unit else ""
        tree.add(
            f"[bold green]{figure.name} = {escape(str(figure.value))}{unit}[/] {figure.shown_by}"
        )
    for step in explanation.steps:
        models = ", ".join(rule.model for rule in step.rules[:1])
        branch = tree.add(f"[bold]{step.title}[/] [cyan]{models}[/]")
        for row in step.rows:
            branch.add(_row(row))
    shown = f"{len(explanation.events)} of {explanation.event_count}"
    sent = tree.add(f"[bold]Events as sent[/] ({shown})")
    for one in explanation.events:
        sent.add(_event(one)).add(
            Syntax(_pretty(one.payload), "json", background_color="default", word_wrap=True)
        )
    rules = tree.add("[bold]Rules[/]")
    for rule in {rule.model: rule for step in explanation.steps for rule in step.rules}.values():
        _add_rule(rules, rule)
    return tree


def _row(row: Contribution) -> str:
    amounts = ", ".join(f"{name} {amount:+g}" for name, amount in row.amounts.items())
    details = ", ".join(f"{name} {part}" for name, part in row.details.items() if part is not None)
    events = f" ← {', '.join(row.event_ids)}" if row.event_ids and row.kind != "event" else ""
    name = " ".join(part for part in (row.kind, row.id) if part)
    return f"{escape(name)} [green]{amounts}[/] [dim]{escape(details)}[/]{escape(events)}"


def _event(sent: SentEvent) -> str:
    said = f"{sent.id}: {sent.type} {sent.action}, {sent.status} {sent.reason or ''}"
    return escape(
        f"{said.strip()}; received {sent.received_at:%F %T} UTC, receipt {sent.receipt_id}"
    )


def _pretty(payload: str | None) -> str:
    return json.dumps(json.loads(payload), indent=2, ensure_ascii=False) if payload else "null"


def _add_rule(tree: Tree, rule: Rule) -> None:
    branch = tree.add(f"[cyan]{rule.model}[/] {escape(rule.description)} [dim]{rule.path}[/]")
    for var in rule.vars:
        branch.add(escape(f"{var.name} = {var.value} ({var.unit}): {var.reason}"))
