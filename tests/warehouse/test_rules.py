"""Each rule's dbt unit tests, on the columns of a built install."""

from tests.warehouse.conftest import Warehouse


def test_every_branch_of_every_rule(trap_warehouse: Warehouse) -> None:
    results = trap_warehouse.run_dbt("test", "--select", "test_type:unit")
    outcomes = {
        result.node.name: str(result.status)
        for result in results
        if str(result.node.resource_type) == "unit_test"
    }
    assert len(outcomes) > 100
    assert {name for name, status in outcomes.items() if status != "pass"} == set()
