"""What the reading process gives up before it looks at a file: memory, time, the network, other files and processes."""

import ctypes
import math
import os
import resource
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from tasks.reading.limits import MB, Limits

_CLONE_NEWUSER, _CLONE_NEWNET, _PR_SET_PDEATHSIG = 0x10000000, 0x40000000, 1
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_OPEN_FILES = 16
_LISTING = frozenset({"os.listdir", "os.scandir"})
_CLOSED = (
    "socket.", "subprocess.", "ctypes.", "pty.", "shutil.", "urllib.", "http.", "ftplib.", "smtplib.", "sqlite3.",
    "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "os.system", "os.startfile", "os.kill", "os.putenv",
    "os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.link", "os.symlink", "os.chmod", "os.chown", "os.truncate",
    "signal.pthread_kill", "tempfile.", "mmap.", "fcntl.", "code.__new__",
)  # fmt: skip


def confine(limits: Limits, result: int) -> None:
    """Close this process in; there is no way back.

    Args:
        limits: Memory, time and size of the answer.
        result: The descriptor that the answer is written to, the only one that may be opened for writing.
    """
    library = ctypes.CDLL(None, use_errno=True)
    library.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    _bound(resource.RLIMIT_AS, memory_now() + limits.memory_mb * MB)
    _bound(resource.RLIMIT_CPU, math.ceil(limits.seconds) + 1)
    _bound(resource.RLIMIT_CORE, 0)
    _bound(resource.RLIMIT_FSIZE, limits.result_mb * MB)
    _bound(resource.RLIMIT_NOFILE, _OPEN_FILES)
    leave_network(library)
    sys.addaudithook(_guard(result))


def memory_now() -> int:
    """Bytes of address space that this process has."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    return pages * resource.getpagesize()


def leave_network(library: ctypes.CDLL) -> bool:
    """Enter a network that has nothing in it, as far as the kernel allows; the audit hook stands behind it.

    Returns:
        True where the network is left.
    """
    return any(library.unshare(flags) == 0 for flags in (_CLONE_NEWUSER | _CLONE_NEWNET, _CLONE_NEWNET))


def _bound(kind: int, wanted: int) -> None:
    """Lower both limits; a lower one that is already there stays."""
    hard = resource.getrlimit(kind)[1]
    value = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(kind, (value, value))


def _guard(result: int) -> Callable[[str, tuple[object, ...]], None]:
    """The hook. Program code may still be loaded, because libraries import parts of themselves when needed."""
    roots = tuple(f"{root}/lib" for root in {sys.prefix, sys.base_prefix})

    def hook(event: str, details: tuple[object, ...]) -> None:
        if event == "open":
            allowed = _may_open(details, result, roots)
        elif event in _LISTING:
            allowed = _is_library(details[0], roots)
        else:
            allowed = not event.startswith(_CLOSED)
        if not allowed:
            raise PermissionError(event)

    return hook


def _may_open(details: tuple[object, ...], result: int, roots: tuple[str, ...]) -> bool:
    path, _, flags = details
    if isinstance(path, int):
        return path == result
    return isinstance(flags, int) and not flags & _WRITING and _is_library(path, roots)


def _is_library(path: object, roots: tuple[str, ...]) -> bool:
    name = os.fsdecode(path) if isinstance(path, str | bytes) else ""
    return name.startswith(roots) and ".." not in name
