"""Where personal data must not be: all that a run writes but snapshots and handed-over files."""

import re
import sqlite3
import zipfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl

IDENTITY = re.compile(rb"(?<![0-9a-f])[1-9][0-9]{5}(?:19|20)[0-9]{9}[0-9X](?![0-9a-f])")


def planted(sources: Path) -> set[bytes]:
    """Names, plates, telephone and identity numbers of the sources, long enough not to stand there by chance."""
    found: set[str] = set()
    for database, table, columns in (
        ("vehicles.sqlite", "VEHICLE", "SYR, SFZMHM, LXDH, HPHM"),
        ("vehicles.sqlite", "DRIVINGLICENSE", "XM, SFZMHM, LXDH"),
        ("incidents.sqlite", "VIO_PENALTY", "DSR, SFZMHM, HPHM"),
        ("incidents.sqlite", "ACD_CALL", "BJRXM, BJRDH"),
    ):
        with sqlite3.connect(sources / database) as source:
            rows = source.execute(f"select {columns} from {table} limit 60").fetchall()
        found |= {str(value).strip() for row in rows for value in row if value}
    book = openpyxl.load_workbook(sources / "register_2023.xlsx", read_only=True)
    for row in book["依申请公开"].iter_rows(min_row=4, max_row=60, values_only=True):
        found |= {str(row[3]), str(row[4])}
    assert len(found) > 300
    return {text.encode() for text in found if len(text) >= 3}


def written(home: Path) -> Iterator[tuple[str, bytes]]:
    """Everything below the home folder but sources and private blobs; archives are opened, escapes undone."""
    for path in sorted(home.rglob("*")):
        private = path.is_file() and "sha256" in path.parts and path.stat().st_mode & 0o777 == 0o400
        if not path.is_file() or "demo" in path.relative_to(home).parts[:1] or private:
            continue
        data = path.read_bytes()
        yield path.name, data
        if b"\\u" in data:
            yield (
                f"{path.name} (unescaped)",
                re.sub(rb"\\u([0-9a-f]{4})", lambda match: chr(int(match[1], 16)).encode("utf-8", "replace"), data),
            )
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                for name in archive.namelist():
                    yield f"{path.name}/{name}", archive.read(name)


def require_private_modes(home: Path) -> None:
    """Snapshots with personal columns and everything that was handed over are readable by their owner alone."""
    with sqlite3.connect(home / "store" / "audit.db") as store:
        rows = store.execute(
            "select rb.role, rb.name, b.digest, b.private from run_blob rb join blob b on b.digest = rb.digest"
        ).fetchall()
    private = {name for role, name, _, flag in rows if flag and role in {"snapshot", "input"}}
    assert {"report/vehicle_register.parquet", "report/licence_register.parquet"} <= private
    handed = {"report/register/register_2023.xlsx", "base/register/register_2022.xlsx", "report/portal/portal_2023.csv"}
    assert handed <= private
    for _, name, digest, flag in rows:
        mode = (home / "store" / "blobs" / "sha256" / digest[:2] / digest).stat().st_mode & 0o777
        assert mode == (0o400 if flag else 0o440), name
