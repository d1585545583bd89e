"""Read-back over HTTP by a partner's backend, 16 clients, on a school with history."""

from statistics import median
from urllib.parse import quote

from tests.benchmarks import installs, processes
from tests.benchmarks.generator import Job, Outcome
from tests.benchmarks.report import Report
from tests.benchmarks.school import School

CLIENTS = 16


def run(school: School, requests: int, runs: int, report: Report) -> None:
    """Measure and report; an answer that is not 200 fails the benchmark."""
    credentials = next(iter(school.partners.values()))
    with school.ours.server() as server:
        token = installs.fetch_token(server, credentials)
        for name, paths in _routes(school).items():
            job = Job(server.port, token, CLIENTS, paths=paths, requests=requests)
            processes.generate(Job(server.port, token, CLIENTS, paths=paths, requests=CLIENTS))
            outcomes = [_checked(processes.generate(job), name) for _ in range(runs)]
            speed = median(one.speed for one in outcomes)
            p50, p95 = (
                1000 * median(one.percentile(share) for one in outcomes) for share in (0.5, 0.95)
            )
            report.note(f"read {name}: p50 {p50:.1f} ms, p95 {p95:.1f} ms")
            report.row(
                f"read-back: {name}",
                f"p50 {p50:.1f} ms, p95 {p95:.1f} ms",
                f"{speed:,.0f} requests/s, {CLIENTS} clients, {school.event_count:,} events",
            )


def _checked(outcome: Outcome, name: str) -> Outcome:
    if set(outcome.statuses) != {200}:
        raise RuntimeError(f"read-back {name} was answered {outcome.statuses}")
    return outcome


def _routes(school: School) -> dict[str, list[str]]:
    students = [student.person.user_id for student in school.plan.roster.students]
    period = f"startDate={school.plan.first_on}&endDate={school.plan.today}"
    return {
        "XP entries": [f"/xp/1.0/users/{user}/entries?limit=50" for user in students],
        "activity": [f"/analytics/1.0/activity?studentId={user}&{period}" for user in students],
        "insights": [f"/insights/1.0/users/{user}" for user in students],
        "assessment results": [
            "/gradebook/1.0/assessment-results?filter="
            + quote(f"student.sourcedId='{user}'")
            + "&limit=100"
            for user in students
        ],
    }
