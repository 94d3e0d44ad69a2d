"""Zip packages with the same bytes on every run, whatever library wrote them.

Knows the container alone; the parts inside are the writers' business.
"""

import io
import zipfile

# Office programs look at this part first, so it stays in front.
CONTENT_TYPES = "[Content_Types].xml"
# The first moment a zip archive can name: it says "no date" without being one that changes.
EPOCH = (1980, 1, 1, 0, 0, 0)
_PLAIN_FILE = 0o600 << 16
_UNIX = 3


def normalised(package: bytes) -> bytes:
    """The same parts in a fixed order, with fixed dates, attributes and compression.

    Args:
        package: A zip archive, such as a word or spreadsheet document.
    """
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as source, zipfile.ZipFile(target, "w") as archive:
        for name in sorted(source.namelist(), key=_place):
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.create_system = _UNIX
            entry.external_attr = _PLAIN_FILE
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, source.read(name), compresslevel=9)
    return target.getvalue()


def _place(name: str) -> tuple[bool, str]:
    return name != CONTENT_TYPES, name
