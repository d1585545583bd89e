"""Settings of every process: one class, read from the environment (`TIMEBACK_*`)."""

import re
from functools import cached_property
from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

ORIGIN = re.compile(r"https?://[A-Za-z0-9.-]+(?::\d{1,5})?|https?://\[[0-9a-f:]+\](?::\d{1,5})?")


class Settings(BaseSettings):
    """What a process must know before it starts.

    Defaults run the whole product on one machine; `TIMEBACK_DATABASE_URL` and
    `TIMEBACK_DATA_PATH` move the two stores elsewhere.
    """

    model_config = SettingsConfigDict(env_prefix="TIMEBACK_", frozen=True)

    data_dir: Path = Field(Path(".data"), description="Everything this install keeps.")
    database_url: str | None = Field(None, description="A PostgreSQL server; embedded if unset.")
    data_path: str | None = Field(None, description="Lake files: a folder or s3://bucket/prefix.")
    extension_dir: Path | None = Field(
        None, description="DuckDB's extensions; in the data directory if unset."
    )
    compiled_dir: Path | None = Field(
        None, description="The dbt project as builds run it; in the data directory if unset."
    )
    host: str = Field("127.0.0.1", description="Address the API and the dashboards listen on.")
    port: int = Field(8000, description="Port of the API.")
    dashboards_port: int = Field(8501, description="Port of the dashboards.")
    public_url: str | None = Field(None, description="Origin that partners call, if proxied.")

    smtp_url: SecretStr | None = Field(
        None,
        description="Mail server of alerts, smtp://user:password@host:port or smtps://….",
    )
    smtp_from: str | None = Field(None, description="Sender: TimeBack <reports@school.example>.")
    guide_digest_hour: int = Field(
        17,
        ge=0,
        le=23,
        description="Local hour of guides' digests: a day's goal is due at 16.",
    )
    parent_digest_hour: int = Field(
        17, ge=0, le=23, description="Local hour of parents' digests: the week's learning is done."
    )
    parent_digest_weekday: int = Field(
        6, ge=0, le=6, description="Its weekday, 0 for Monday: Sunday, the last day of a week."
    )

    max_body_bytes: int = Field(5_000_000, description="Largest decompressed request body.")
    token_seconds: int = Field(3600, description="Life of an access token.")
    load_interval_seconds: float = Field(0.5, description="Least time between lake commits.")
    load_batch_events: int = Field(10_000, description="Events in one lake commit, about.")
    build_interval_seconds: float = Field(0.0, description="Pause between builds.")
    builds_kept: int = Field(
        200, description="Published builds that stay readable: ten minutes if they never pause."
    )

    # Days for which records are kept; raw events stay until their student is erased.
    retention_audit_days: int = Field(
        1095, ge=1, description="Audit rows: three years, in which a school asks who read what."
    )
    retention_rejected_payload_days: int = Field(
        400, ge=1, description="What refused events said: a school year, to mend and send again."
    )
    retention_sign_in_days: int = Field(
        90, ge=1, description="Sign-ins, issued tokens, ended sessions: a quarter, for security."
    )

    dashboards_url: str | None = Field(
        None, description="Origin of the dashboards in a browser, if proxied."
    )
    dashboards_secret: SecretStr | None = Field(
        None, description="One secret for dashboards on several machines; else made and kept."
    )
    oidc_issuer: str | None = Field(
        None, description="An OIDC identity provider that takes the place of our passwords."
    )
    oidc_client_id: str | None = Field(None, description="Our client_id at that provider.")
    oidc_client_secret: SecretStr | None = Field(
        None, description="Our secret there; none for a public client."
    )

    # What one caller may use (rates are of one API process; 0: no limit).
    requests_per_second: float = Field(
        200, ge=0, description="Requests of one client or person, but for events: half a machine."
    )
    requests_burst: int = Field(400, ge=1, description="Such requests at once.")
    event_posts_per_second: float = Field(
        2_000, ge=0, description="Posts of events of one client: what one process takes is twice."
    )
    event_posts_burst: int = Field(4_000, ge=1, description="Such posts at once.")
    token_requests_per_second: float = Field(
        2, ge=0, description="Token requests of one client from one address; a token lasts an hour."
    )
    token_requests_burst: int = Field(60, ge=1, description="Such requests at once: many workers.")
    failures_per_second: float = Field(
        5, ge=0, description="Refused tokens and secrets from one address, against guessing."
    )
    failures_burst: int = Field(
        200, ge=1, description="Such refusals at once: one proxy, many apps."
    )
    max_requests_at_once: int = Field(
        1_000, ge=1, description="Requests in work at once; the next is told to come back (503)."
    )
    max_connections: int = Field(
        15_000, ge=1, description="Open connections, as far as the system's file limit allows."
    )
    head_seconds: float = Field(
        10, gt=0, description="Time for a request's line and headers, against slow senders."
    )
    body_seconds: float = Field(60, gt=0, description="Time for a whole body: 5 MB at 0.7 Mbit/s.")
    body_idle_seconds: float = Field(
        10, gt=0, description="Time in which some of a body must come."
    )
    cors_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="Origins whose pages may call the API, exact, separated by spaces."
    )
    rotated_secret_days: float = Field(
        7, ge=0, description="Days for which a rotated client secret is still good."
    )

    @field_validator("cors_origins", mode="before")
    @classmethod
    def _split_origins(cls, sent: object) -> object:
        origins = tuple(sent.replace(",", " ").split()) if isinstance(sent, str) else sent
        for origin in origins if isinstance(origins, tuple) else ():
            if not ORIGIN.fullmatch(origin):
                raise ValueError(f"{origin} is no origin such as https://app.example.org")
        return origins

    @cached_property
    def root(self) -> Path:
        """The data directory, absolute."""
        return self.data_dir.expanduser().resolve()

    @property
    def cluster(self) -> Path:
        """The folder of the embedded PostgreSQL."""
        return self.root / "postgres"

    @property
    def temp_directory(self) -> Path:
        """Where DuckDB puts what does not fit into memory."""
        return self.root / "tmp"

    @property
    def lake_path(self) -> str:
        """Where the lake's Parquet files lie, with a trailing slash."""
        return (self.data_path or str(self.root / "lake")).rstrip("/") + "/"

    @property
    def lake_folder(self) -> Path | None:
        """The folder of `lake_path`; None if it is an object store."""
        return None if "://" in self.lake_path else Path(self.lake_path)

    @property
    def reachable_host(self) -> str:
        """A host name under which this machine itself reaches what listens on `host`."""
        return "localhost" if self.host in {"0.0.0.0", "::"} else self.host  # noqa: S104

    @property
    def origin(self) -> str:
        """Scheme, host and port under which the API is reached, without a last slash."""
        return (self.public_url or f"http://{self.reachable_host}:{self.port}").rstrip("/")

    @property
    def dashboards_origin(self) -> str:
        """Scheme, host and port under which a browser reaches the dashboards."""
        default = f"http://{self.reachable_host}:{self.dashboards_port}"
        return (self.dashboards_url or default).rstrip("/")
