"""What apps are called."""

from collections.abc import Iterable, Mapping
from typing import Any

import psycopg

from core.builds.reader import PublishedLake

Rows = list[dict[str, Any]]
AppNames = Mapping[tuple[str, str], str]

APPS = """
select
    client_id, app_id, app_name,
    count_if(app_name = app_id) over (partition by client_id) as nameless_count
from dim_apps
"""


def client_names(connection: psycopg.Connection[Any]) -> dict[str, str]:
    """Names of all clients by id."""
    return dict(connection.execute("select client_id, name from identity.clients").fetchall())


def app_names(connection: psycopg.Connection[Any], lake: PublishedLake) -> AppNames:
    """Names by client and app: an app without a name of its own is called like its client.

    Where a client has several such apps, the app's id stands beside the client's name.
    """
    clients = client_names(connection)
    names = {}
    for app in lake.rows(APPS):
        name, client = app["app_name"], clients.get(app["client_id"])
        if name == app["app_id"] and client is not None:
            name = client if app["nameless_count"] == 1 else f"{client} ({app['app_id']})"
        names[app["client_id"], app["app_id"]] = name
    return names


def named(rows: Iterable[dict[str, Any]], names: AppNames) -> Rows:
    """Rows with a `client_id` and `app_id`, with the `app_name` that these two have."""
    return [
        {**row, "app_name": names.get((row["client_id"], row["app_id"]), row["app_id"])}
        for row in rows
    ]
