"""Settings of every process: one class, read from the environment (`TIMEBACK_*`)."""

from functools import cached_property
from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


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
    host: str = Field("127.0.0.1", description="Address the API and the dashboards listen on.")
    port: int = Field(8000, description="Port of the API.")
    dashboards_port: int = Field(8501, description="Port of the dashboards.")
    public_url: str | None = Field(None, description="Origin that partners call, if proxied.")

    max_body_bytes: int = Field(5_000_000, description="Largest decompressed request body.")
    token_seconds: int = Field(3600, description="Life of an access token.")
    load_interval_seconds: float = Field(1.0, description="Least time between lake commits.")
    load_batch_events: int = Field(10_000, description="Events in one lake commit, about.")
    build_interval_seconds: float = Field(10.0, description="Pause between builds.")
    build_threads: int = Field(1, description="dbt threads; DuckLake 1.5.5 is not safe with more.")
    builds_kept: int = Field(20, description="Published builds that stay readable.")

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

    @cached_property
    def root(self) -> Path:
        """The data directory, absolute."""
        return self.data_dir.expanduser().resolve()

    @property
    def temp_directory(self) -> Path:
        """Where DuckDB puts what does not fit into memory."""
        return self.root / "tmp"

    @property
    def lake_path(self) -> str:
        """Where the lake's Parquet files lie, with a trailing slash."""
        return (self.data_path or str(self.root / "lake")).rstrip("/") + "/"

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
