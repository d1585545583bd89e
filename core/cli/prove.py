"""`timeback prove`: that what readers see is what one rebuild from raw would give them."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from core import context
from core.builds import proof
from core.builds.comparison import Difference, TableComparison
from core.cli.options import DataDir, err, load_settings, out, readable_failures
from core.cli.stages import stage_bars


def prove(
    build: Annotated[
        str | None, typer.Option("--build", help="A published build; by default the newest.")
    ] = None,
    rows: Annotated[int, typer.Option(min=1, help="Differing rows to show of each table.")] = 5,
    data: DataDir = None,
) -> None:
    """Derive everything from raw once more and compare it with a published build, row for row.

    Beside a running install, whose readers and builds go on. Exit code 1 if any row differs.
    """
    settings = load_settings(data)
    url = context.prepare(settings)
    with readable_failures(), stage_bars() as show:
        found = proof.prove(settings, url, show, build_id=build, rows=rows)
    out.print(overview(found))
    for table in found.tables:
        for line in explanation(table):
            out.print(line, highlight=False)
    builds = "small build" if found.small_builds == 1 else "small builds"
    told = f"build {found.build.build_id}, {found.small_builds} {builds} after the last full"
    if not found.holds:
        differing = [table.table for table in found.tables if not table.is_equal]
        err.print(f"[bold red]✗[/] Not equal ({told}): {', '.join(differing)}.", highlight=False)
        raise typer.Exit(1)
    out.print(f"[bold green]✓[/] Incremental equals rebuild: {told}.", highlight=False)


def overview(found: proof.Proof) -> Table:
    """Each table with its rows, the hash of its content and the verdict."""
    table = Table("Table", "Rows", "Content", "Verdict")
    table.columns[1].justify = "right"
    for one in found.tables:
        side = one.published or one.rebuilt
        verdict = "[green]equal[/]" if one.is_equal else f"[bold red]{summary(one)}[/]"
        table.add_row(one.table, f"{side.row_count:,}", side.digest, verdict)
    return table


def summary(table: TableComparison) -> str:
    """How a table differs, in a few words."""
    if table.published is None:
        return "not published with these columns"
    return f"{table.only_published:,} only published, {table.only_rebuilt:,} only rebuilt"


def explanation(table: TableComparison) -> list[str]:
    """The first differing rows of a table, each with its key and both sides."""
    lines = [f"\n[bold]{table.table}[/]"] if table.differences else []
    for difference in table.differences:
        lines.append(f"  {listed(difference.key)}")
        lines.extend(f"    {name:9} {side}" for name, side in sides(difference))
    return lines


def sides(difference: Difference) -> list[tuple[str, str]]:
    """What each side says of a row."""
    return [
        (name, "[dim]no such row[/]" if values is None else listed(values))
        for name, values in (
            ("published", difference.published),
            ("rebuilt", difference.rebuilt),
        )
    ]


def listed(values: Mapping[str, Any]) -> str:
    """Columns and their values in one line."""
    return escape(", ".join(f"{column}={value}" for column, value in values.items()))
