"""One query in a process of its own: what it eats or breaks is that process's alone.

Run by `core.analysis.workers`. Reads one `Job` as JSON from stdin, answers on stdout with one line
of JSON (an `Outcome`) and, if it went well, the rows as an Arrow stream; then it ends. It is given
no address of the database, no key and no environment.
"""

import json
import resource
import sys
from dataclasses import asdict, dataclass
from typing import Any, Self

import duckdb
import pyarrow as pa

from core.analysis.gate import RefusedQueryError
from core.analysis.sandbox import DataFile, Limits, Sandbox, Table

ADDRESS_SPACE_BYTES = 6 << 30
FILE_BYTES = 4 << 30
MOST_ANSWER_BYTES = 64 << 20


@dataclass(frozen=True)
class Job:
    """A query and all that it may read. `filled` are exported tables with their files."""

    query: str
    limit: int
    timeout_seconds: float
    tables: list[Table]
    filled: list[tuple[Table, str]]
    limits: Limits
    extensions: str
    temporary: str

    def encoded(self) -> bytes:
        """The job as a line of JSON."""
        return json.dumps(asdict(self)).encode() + b"\n"

    @classmethod
    def decode(cls, line: bytes) -> Self:
        """The job of a line of JSON."""
        said = json.loads(line)
        return cls(
            said["query"],
            said["limit"],
            said["timeout_seconds"],
            [_table(one) for one in said["tables"]],
            [(_table(one), path) for one, path in said["filled"]],
            Limits(**said["limits"]),
            said["extensions"],
            said["temporary"],
        )


@dataclass(frozen=True)
class Outcome:
    """How a query went: `error` is null if rows follow, else says why in words."""

    is_cut: bool = False
    error: str | None = None
    code: str | None = None


def answer(job: Job) -> tuple[Outcome, pa.Table | None]:
    """Run the query; a refusal or a fault of the query is an outcome, not an exception."""
    with Sandbox.open(
        job.tables, job.limits, extensions=job.extensions, temporary=job.temporary
    ) as sandbox:
        for table, path in job.filled:
            sandbox.fill(table, path)
        try:
            found = sandbox.ask(job.query, limit=job.limit, timeout_seconds=job.timeout_seconds)
        except RefusedQueryError as refusal:
            return Outcome(error=refusal.detail, code=refusal.reason), None
        except duckdb.OutOfMemoryException:
            return Outcome(error="The query needs too much memory.", code="query_too_big"), None
        except duckdb.Error as error:
            return Outcome(error=str(error), code="query_faulty"), None
    if found.table.nbytes > MOST_ANSWER_BYTES:
        return Outcome(error="The answer is larger than 64 MB.", code="query_too_big"), None
    return Outcome(is_cut=found.is_cut), found.table


def main() -> None:
    """Answer one job."""
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE_BYTES, ADDRESS_SPACE_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_BYTES, FILE_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    line = sys.stdin.buffer.readline()
    if not line:
        return
    outcome, table = answer(Job.decode(line))
    out = sys.stdout.buffer
    out.write(json.dumps(asdict(outcome)).encode() + b"\n")
    if table is not None:
        with pa.ipc.new_stream(out, table.schema) as stream:
            stream.write_table(table)
    out.flush()


def _table(said: dict[str, Any]) -> Table:
    files = tuple(DataFile(**file) for file in said["files"])
    return Table(**{**said, "files": files})


if __name__ == "__main__":
    main()
