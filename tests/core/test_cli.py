"""The `timeback` command as an operator types it, on a fresh install."""

import json
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import psycopg
import pytest
from typer.testing import CliRunner, Result

from core.cli import dashboards
from core.cli.main import app
from core.identity import login_clients, people
from core.settings import Settings

Connection = psycopg.Connection[Any]
PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def _environment(settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TIMEBACK_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("TIMEBACK_DATABASE_URL", str(settings.database_url))


def timeback(*arguments: str, exit_code: int = 0) -> Result:
    result = CliRunner().invoke(app, list(arguments), catch_exceptions=False)
    assert result.exit_code == exit_code, result.output
    return result


@pytest.mark.parametrize(
    "command",
    [
        [],
        ["up"],
        ["partner"],
        ["partner", "create"],
        ["client"],
        ["keys"],
        ["admin"],
        ["person"],
        ["roster"],
        ["load"],
        ["build"],
        ["prove"],
        ["sql"],
        ["docs"],
        ["dbt"],
        ["status"],
        ["explain"],
        ["simulate"],
        ["run"],
    ],
)
def test_every_command_explains_itself(command: list[str]) -> None:
    assert "Usage" in timeback(*command, "--help").output


def test_a_partner_bundle_is_json_and_its_secret_is_never_shown_again() -> None:
    bundle = json.loads(timeback("partner", "create", "Reading Rocket", "--json").stdout)
    assert set(bundle) == {
        "client_id",
        "client_secret",
        "token_url",
        "base_url",
        "scopes",
        "org",
        "folder",
    }
    assert bundle["org"] == "partner-sandbox"
    assert bundle["token_url"] == bundle["base_url"] + "/auth/1.0/token"
    listed = json.loads(timeback("partner", "list", "--json").stdout)
    assert [client["client_id"] for client in listed] == [bundle["client_id"]]
    assert bundle["client_secret"] not in json.dumps(listed)


def test_a_production_partner_has_no_sandbox() -> None:
    bundle = json.loads(timeback("partner", "create", "Reader", "--production", "--json").stdout)
    assert bundle["org"] is None


def test_an_admin_client_must_be_asked_for() -> None:
    assert "--admin" in timeback("client", "create", "Sync", exit_code=2).output
    assert json.loads(timeback("client", "create", "Sync", "--admin", "--json").stdout)["client_id"]


def test_the_first_admin_can_sign_in_and_a_second_of_that_name_is_refused(
    database: Connection,
) -> None:
    timeback("admin", "create", "ada@school.example", "--password", PASSWORD)
    person = people.sign_in(database, "ada@school.example", PASSWORD)
    assert person is not None
    assert person.roles == {"platform_admin"}
    again = timeback("admin", "create", "ADA@school.example", "--password", PASSWORD, exit_code=1)
    assert "has a login already" in again.output
    short = timeback("admin", "create", "bob@school.example", "--password", "short", exit_code=1)
    assert "at least 10 characters" in short.output


def test_many_people_at_once_and_the_lines_that_cannot_be_taken(
    database: Connection, tmp_path: Path
) -> None:
    file = tmp_path / "people.csv"
    file.write_text(
        "email,user,password\n"
        f"guide@school.example,guide-1,{PASSWORD}\n"
        "parent@school.example,parent-1,\n"
        "guide@school.example,guide-1,\n"
    )
    result = timeback("person", "import", str(file), exit_code=1)
    email, made_password = result.stdout.strip().split(",")
    assert email == "parent@school.example"
    assert people.sign_in(database, email, made_password) is not None
    assert people.sign_in(database, "guide@school.example", PASSWORD) is not None
    assert f"{file}:4: guide@school.example has a login already" in result.stderr.replace("\n", "")


def test_a_roster_is_imported_from_oneroster_csv(database: Connection, tmp_path: Path) -> None:
    (tmp_path / "orgs.csv").write_text(
        "sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId\n"
        "school-1,,,Alpha Austin,school,,\n"
        "school-2,,,Lost,school,,nowhere\n"
    )
    result = timeback("roster", "import", str(tmp_path), exit_code=1)
    assert "orgs.csv" in result.stderr
    assert "1 records written" in result.stdout
    names = database.execute(
        "select payload ->> 'name' from registry.records where record_type = 'org'"
    ).fetchall()
    assert names == [("Alpha Austin",)]


def test_a_zipped_roster_says_what_it_ended_and_what_it_did_not_read(tmp_path: Path) -> None:
    for name, status in (("first", "active"), ("second", "tobedeleted")):
        with zipfile.ZipFile(tmp_path / f"{name}.zip", "w") as archive:
            archive.writestr(
                "export/Orgs.csv", f"sourcedId,status,name\nnorth,{status},North [1]\n"
            )
            archive.writestr("export/demographics.csv", "sourcedId\n")
    timeback("roster", "import", str(tmp_path / "first.zip"))
    result = timeback("roster", "import", str(tmp_path / "second.zip"))
    assert "1 records written (1 of them ended), 0 lines refused" in result.stdout
    assert "demographics.csv" in result.stderr


def test_status_of_an_empty_install_says_what_to_do_next() -> None:
    output = timeback("status").output
    assert "Events waiting in the journal" in output
    assert "timeback build" in output


def test_sql_before_the_first_build_is_a_plain_refusal() -> None:
    result = timeback("sql", "select 1", exit_code=1)
    assert "No build has been published yet" in result.stderr.replace("\n", " ")


def test_keys_rotate_by_two_and_a_leak_replaces_both() -> None:
    timeback("keys", "rotate")
    timeback("keys", "rotate")
    timeback("keys", "rotate")
    before = json.loads(timeback("keys", "list", "--json").stdout)
    assert [key["status"] for key in before] == ["verifying", "signing", "retired"]
    timeback("keys", "rotate", "--now")
    after = json.loads(timeback("keys", "list", "--json").stdout)
    live = {key["kid"] for key in after if key["status"] != "retired"}
    assert len(live) == 2
    assert not live & {key["kid"] for key in before}


def test_the_dashboards_are_registered_once_and_their_secrets_are_the_owners_alone(
    settings: Settings, database: Connection
) -> None:
    file = dashboards.register(settings, database)
    first = file.read_text()
    kept = tomllib.loads(first)["auth"]
    assert login_clients.is_secret_of(database, "dashboards", kept["client_secret"])
    assert file.stat().st_mode & 0o777 == 0o600
    moved = settings.model_copy(update={"dashboards_url": "http://school-server:8501/"})
    dashboards.register(moved, database)
    client = login_clients.find_login_client(database, "dashboards")
    assert client is not None
    assert client.redirect_uris == ["http://school-server:8501/oauth2callback"]
    assert login_clients.is_secret_of(database, "dashboards", kept["client_secret"])
    dashboards.register(settings, database)
    assert file.read_text() == first
