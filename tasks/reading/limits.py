"""What a handed-over file may cost."""

from dataclasses import dataclass

MB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Upper bounds of one file.

    Attributes:
        memory_mb: Memory of the child beyond what it has when it starts.
        seconds: Time of the child, by the clock and of the processor.
        rows: Rows of a sheet.
        columns: Columns of a sheet.
        cells: Cells of all sheets, blank ones within the used area included.
        inflated_mb: Contents of an archive.
        members: Members of an archive.
        ratio: Inflated to packed size of a member larger than 1 MB.
        file_mb: The file itself.
        result_mb: What the child hands back.
    """

    memory_mb: int = 450
    seconds: float = 60
    rows: int = 200_000
    columns: int = 200
    cells: int = 5_000_000
    inflated_mb: int = 200
    members: int = 200
    ratio: int = 100
    file_mb: int = 50
    result_mb: int = 256


STANDARD = Limits()
