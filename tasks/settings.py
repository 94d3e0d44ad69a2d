"""Typed settings, and the only reader of the environment.

Every setting is an environment variable ``YEARBOOK_<NAME>``; the defaults make the embedded demonstration run.
"""

import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

PROJECT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """Where things are.

    Attributes:
        project: Folder that holds ``sql``, ``expectations`` and ``deployments``.
        home: Folder for the store, the demonstration's sources and the scheduler's own files.
        out: Folder for finished reports.
        store_url: Database of the store; empty means SQLite under ``home``.
        operator: Who runs it, as the store notes it.
        fonts: Folder with the site's own fonts for the PDF.
        secrets: Folder with one file per secret, beside the environment.
        connect_seconds: How long a source database may take until a connection stands.
        statement_seconds: How long one statement may run there, its rows included.
        lock_seconds: How long to wait there for a lock of somebody else.
        smtp_host: Mail server for notices; empty where none are mailed.
        smtp_port: Its port.
        smtp_security: ``tls`` from the first byte, ``starttls``, or ``none`` inside a trusted network.
        smtp_sender: Address the notices come from.
        smtp_user: User name there; empty where it asks for none.
        smtp_secret: Name of the secret with that user's password.
        notify_seconds: How long one channel of notices may take to connect, and to answer.
    """

    model_config = SettingsConfigDict(env_prefix="YEARBOOK_", env_ignore_empty=True, extra="ignore")

    project: Path = PROJECT
    home: Path = PROJECT / "var"
    out: Path = PROJECT / "out"
    store_url: SecretStr = SecretStr("")
    operator: str = ""
    fonts: Path | None = None
    secrets: Path | None = None
    connect_seconds: int = 15
    statement_seconds: int = 1_800
    lock_seconds: int = 30
    smtp_host: str = ""
    smtp_port: int = 465
    smtp_security: Literal["tls", "starttls", "none"] = "tls"
    smtp_sender: str = ""
    smtp_user: str = ""
    smtp_secret: str = "SMTP_PASSWORD"  # noqa: S105 - its name
    notify_seconds: int = 10

    def store_address(self) -> str | None:
        """Database URL of the store, or None for the default under ``home``."""
        return self.store_url.get_secret_value() or None

    def who(self) -> str:
        """The operator's name, by setting or by login."""
        return self.operator or os.environ.get("USER") or os.environ.get("LOGNAME") or "unknown"

    def variable(self, name: str) -> str | None:
        """An environment variable by name, None where it is not set."""
        return os.environ.get(name)


@cache
def settings() -> Settings:
    """The settings of this process."""
    return Settings()


def quiet_surroundings(*, verbose: bool) -> None:
    """Set what Prefect and Great Expectations read when they are imported; call it before importing either.

    No telemetry, own folder, no console log unless asked. A value that the operator has set stays as it is, except for
    the telemetry switches.
    """
    home = settings().home / "prefect"
    for name, value in _surroundings(home, verbose=verbose).items():
        os.environ.setdefault(name, value)
    os.environ.update(
        DO_NOT_TRACK="1", PREFECT_SERVER_ANALYTICS_ENABLED="false", GX_ANALYTICS_ENABLED="false", PREFECT_CLI_PROMPT="0"
    )


def has_server() -> bool:
    """True where a Prefect server is configured; without one the run starts an embedded one."""
    return bool(os.environ.get("PREFECT_API_URL"))


def _surroundings(home: Path, *, verbose: bool) -> Mapping[str, str]:
    return {
        "PREFECT_HOME": str(home),
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "90",
        "PREFECT_LOGGING_LEVEL": "INFO" if verbose else "CRITICAL",
        "PREFECT_SERVER_LOGGING_LEVEL": "WARNING" if verbose else "CRITICAL",
        "PREFECT_LOGGING_EXTRA_LOGGERS": "yearbook.progress,yearbook.notices",
        "PREFECT_LOGGING_TO_API_ENABLED": "true" if has_server() else "false",
        "PREFECT_RESULTS_PERSIST_BY_DEFAULT": "false",
    }
