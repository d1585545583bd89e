"""Each rule's dbt unit tests, on the tables of an empty install."""

from dbt.artifacts.schemas.run import RunExecutionResult
from dbt.cli.main import dbtRunner

from core.builds.project import PROJECT
from tests.warehouse.conftest import Warehouse


def test_every_branch_of_every_rule(warehouse: Warehouse) -> None:
    warehouse.build()
    ran = dbtRunner().invoke(
        [
            "--quiet", "test",
            "--select", "test_type:unit",
            "--project-dir", str(PROJECT),
            "--profiles-dir", str(PROJECT),
            "--target-path", str(warehouse.target),
            "--log-path", str(warehouse.target),
        ]
    )  # fmt: skip
    assert isinstance(ran.result, RunExecutionResult)
    outcomes = {
        result.node.name: str(result.status)
        for result in ran.result.results
        if str(result.node.resource_type) == "unit_test"
    }
    assert len(outcomes) > 100
    assert {name for name, status in outcomes.items() if status != "pass"} == set()
