"""Where personal data must not be: all that a run writes but snapshots and handed-over files."""

import base64
import gzip
import io
import re
import sqlite3
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import openpyxl
from pyarrow import parquet

IDENTITY = re.compile(rb"(?<![0-9a-f])[1-9][0-9]{5}(?:19|20)[0-9]{9}[0-9X](?![0-9a-f])")


def planted(sources: Path) -> set[bytes]:
    """Names, plates, telephone and identity numbers of the sources, long enough not to stand there by chance."""
    found: set[str] = set()
    for database, table, columns in (
        ("vehicles.sqlite", "VEHICLE", "SYR, SFZMHM, LXDH, HPHM"),
        ("vehicles.sqlite", "DRIVINGLICENSE", "XM, SFZMHM, LXDH"),
        ("enforcement.sqlite", "XZCF_DECISION", "DSR, SFZMHM"),
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


def forms(text: str) -> set[bytes]:
    """A text as it may stand in a file: plain, wide, escaped for JSON or an address, and in base64 at any offset."""
    plain = text.encode()
    escaped = text.encode("ascii", "backslashreplace")
    found = {plain, text.encode("utf-16-le"), escaped, escaped.replace(b"\\u", b"\\\\u"), quote(text).encode()}
    # a character of base64 holds six bits: those that a neighbour takes part in are left out at both ends
    for lead, first in ((0, 0), (1, 2), (2, 3)):
        whole = (lead + len(plain)) * 8 // 6
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            found.add(encode(b"\0" * lead + plain)[first:whole])
    return {form for form in found if len(form) >= len(text)}


def written(home: Path) -> Iterator[tuple[str, bytes]]:
    """Everything below the home folder but sources and private blobs; archives and streams are opened."""
    for path in sorted(home.rglob("*")):
        private = path.is_file() and "sha256" in path.parts and path.stat().st_mode & 0o777 == 0o400
        if path.is_file() and not private and "demo" not in path.relative_to(home).parts[:1]:
            yield from opened(path.name, path.read_bytes())


def opened(name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    """The bytes, the same with escapes undone, and all that is packed in them."""
    rows = data[:4] == b"PAR1"
    yield f"{name} (rows)" if rows else name, data
    if b"\\u" in data:
        unescaped = re.sub(rb"\\u([0-9a-f]{4})", lambda m: chr(int(m[1], 16)).encode("utf-8", "replace"), data)
        yield f"{name} (unescaped)" + (" (rows)" if rows else ""), unescaped
    if data[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.namelist():
                yield from opened(f"{name}/{member}", archive.read(member))
    elif data[:2] == b"\x1f\x8b":
        yield from opened(f"{name} (gzip)", gzip.decompress(data))
    elif rows:
        yield f"{name} (rows)", "\n".join(map(str, parquet.read_table(io.BytesIO(data)).to_pylist())).encode()
    elif data[:4] == b"%PDF":
        for number, stream in enumerate(re.findall(rb"stream\r?\n(.*?)endstream", data, re.DOTALL)):
            with suppress(zlib.error):
                yield f"{name} (stream {number})", zlib.decompressobj().decompress(stream)


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
