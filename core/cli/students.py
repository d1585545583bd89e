"""`timeback student`: a student's data handed over, or erased for good."""

from pathlib import Path
from typing import Annotated

import psycopg
import typer

from core import audit, context
from core.builds import locks
from core.builds.build import Builder
from core.builds.reader import LakeReader
from core.cli.draining import drain
from core.cli.options import DataDir, err, load_settings, out, readable_failures
from core.cli.stages import stage_bars
from core.privacy import erasures, ledger, queue, reapplying
from core.privacy.erasure import erase
from core.privacy.export import write_export
from core.settings import Settings

student_app = typer.Typer(no_args_is_help=True, help="One student's data: export and erasure.")
erasures_app = typer.Typer(no_args_is_help=True, help="Erasures after a backup was restored.")
student_app.add_typer(erasures_app, name="erasures")

StudentId = Annotated[str, typer.Argument(help="The student's sourcedId.")]


@student_app.command("export")
def export_student(
    student_id: StudentId,
    file: Annotated[
        Path, typer.Option("--out", dir_okay=False, help="Where the zip goes: FILE.zip.")
    ],
    data: DataDir = None,
) -> None:
    """Write all that is held about a student to a zip: JSON as sent, CSV, a page to read.

    As of the newest build; whoever read the records stands in it by name.
    """
    settings = load_settings(data)
    url = context.prepare(settings)
    part = file.with_name(f"{file.name}.part")
    with (
        readable_failures(),
        psycopg.connect(url) as connection,
        LakeReader(settings, url) as reader,
        reader.lease() as build,
    ):
        erasures.require_student(connection, student_id)
        audit.record_operator(
            connection, "student.export", {"build_id": build.build.build_id}, student_id=student_id
        )
        part.touch(mode=0o600)
        with stage_bars() as show:
            write_export(connection, build, student_id, part, is_for_staff=True, show=show)
        part.replace(file)
    out.print(f"{file} holds {student_id}: open index.html in it.", highlight=False)


@student_app.command("erase")
def erase_student(
    student_id: StudentId,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    not_in_roster: Annotated[
        bool,
        typer.Option(
            "--not-in-roster", help="Also an id that no record has, only events or refusals."
        ),
    ] = False,
    data: DataDir = None,
) -> None:
    """Erase a student from registry, journal, lake, marts, old builds, logs and the database's log.

    Takes as long as a full build. Later events about them are dropped; builds of before are gone.
    If it was cut off, run it again: it goes on.
    """
    settings = load_settings(data)
    url = context.prepare(settings)
    with readable_failures(), psycopg.connect(url, autocommit=True) as connection:
        if erasures.find(connection, student_id) is None and not not_in_roster:
            erasures.require_student(connection, student_id)
        if not yes:
            out.print("There is no way back. Events of others and all their figures stay.")
            typed = typer.prompt(f"Type {student_id} to erase this student", err=True)
            if typed != student_id:
                err.print("That is another id; nothing was erased.")
                raise typer.Exit(1)
        with connection.transaction():
            asked = erasures.ask(connection, student_id)
            audit.record_operator(
                connection,
                "student.ask_erasure",
                {"erasure_id": str(asked.erasure_id)},
                student_id=asked.pseudonym,
            )
        with stage_bars() as show:
            if locks.try_hold(connection, locks.BUILD):
                locks.release(connection, locks.BUILD)
                with Builder(settings).open() as builder:
                    erase(builder, asked, lambda: drain(settings, url), show)
            else:
                queue.wait_for(connection, student_id, show)
    out.print(f"The student is erased (erasure {asked.erasure_id}).", highlight=False)


@erasures_app.command("apply")
def apply_erasures(
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="An install's erasures.jsonl.")
    ],
    data: DataDir = None,
) -> None:
    """Erase again whom a restored backup brought back; until then nothing starts.

    Stop the install first. What FILE lists and this database erased already is left alone.
    """
    settings = load_settings(data)
    url = context.make_ready(settings)
    with readable_failures(), psycopg.connect(url, autocommit=True) as connection:
        entries = ledger.read(file)
        reapplying.require_same_key(connection, entries)
        lacking = ledger.lacking(connection, entries)
        drain(settings, url)
        with Builder(settings).open() as builder:
            found = reapplying.take_over(connection, builder.duck, lacking)
            for entry in lacking:
                ledger.append(settings, entry)
            _finish_all(settings, url, builder)
    out.print(f"{len(entries)} erasures listed, {len(lacking)} were lacking, {found} had data.")


def _finish_all(settings: Settings, url: str, builder: Builder) -> None:
    with stage_bars() as show:
        while (waiting := erasures.next_unfinished(builder.postgres)) is not None:
            erase(builder, waiting, lambda: drain(settings, url), show)
