"""Late, repeated and reordered arrivals in many small builds give what one full build gives."""

import random

import pytest

from tests.warehouse.conftest import Warehouse
from tests.warehouse.trap_school import EVENTS, LATE_ROSTER, ROSTER

ARRIVAL_COLUMNS = {"load_id", "winner_event_journal_seq"}


def test_many_small_builds_equal_one_full_build(warehouse: Warehouse) -> None:
    arrivals = list(EVENTS)
    warehouse.load(arrivals[:12], ROSTER)
    warehouse.build()
    warehouse.load(arrivals[12:20])
    warehouse.build()
    warehouse.load(arrivals[20:])
    warehouse.build()
    warehouse.load([], LATE_ROSTER)
    warehouse.build()
    names = warehouse.rows(
        "select table_schema || '.' || table_name from information_schema.tables"
        " where table_catalog = 'lake' and table_schema = 'marts' order by all"
    )
    assert names
    step_by_step = {name: warehouse.table(name) for (name,) in names}
    warehouse.build(full_refresh=True)
    for name, rows in step_by_step.items():
        assert warehouse.table(name) == rows, name
