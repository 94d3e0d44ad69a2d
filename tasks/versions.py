"""What took part in a run: this software's own digest and the versions of the libraries."""

from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from tasks.settings import PROJECT

PACKAGES = ("flows", "tasks", "yearbook")
# The libraries whose version can change a figure, a verdict or a page.
LIBRARIES = (
    "duckdb",
    "great-expectations",
    "jinja2",
    "openpyxl",
    "pandas",
    "prefect",
    "pyarrow",
    "pylopdf-fonts-zh-cn",
    "python-docx",
    "sqlalchemy",
    "typst",
    "xlsxwriter",
)
# The readers of databases that a machine may or may not have.
DRIVERS = (
    "arrow-odbc",
    "connectorx",
    "duckdb-extension-postgres-scanner",
    "psycopg",
    "pymysql",
)


@cache
def code_digest() -> str:
    """SHA-256 over every source and template file of the three packages, by name."""
    whole = sha256()
    for path in sorted(path for package in PACKAGES for path in (PROJECT / package).rglob("*") if _is_source(path)):
        whole.update(f"{path.relative_to(PROJECT).as_posix()}\0{sha256(path.read_bytes()).hexdigest()}\n".encode())
    return whole.hexdigest()


def code_version() -> str:
    """Version and digest, e.g. ``0.1.0+1a2b3c4d5e6f``."""
    try:
        number = version("yearbook")
    except PackageNotFoundError:
        number = "0"
    return f"{number}+{code_digest()[:12]}"


def library_versions() -> dict[str, str]:
    """Installed versions by name; a driver that is not installed took no part and is not named."""
    return {name: version(name) for name in LIBRARIES} | {
        name: found for name in DRIVERS if (found := _version_if_installed(name))
    }


def _version_if_installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _is_source(path: Path) -> bool:
    return path.is_file() and path.suffix != ".pyc"
