"""A nursery whose children do what the file says, to see from inside what a reader could do if it were taken over."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tasks.reading.child import live
from tasks.reading.limits import Limits
from tasks.reading.nursery import keep_light, serve
from yearbook.intake.grid import Book, Grid

HEAVY = ("pyarrow", "duckdb", "pandas", "numpy", "prefect", "sqlalchemy", "pydantic", "PIL")


def told(text: str) -> Book:
    return Book("text", ("probe", "probe"), (Grid("", ((text,),)),))


def tried(act: Callable[[], Any]) -> Book:
    try:
        return told(f"done {act()}")
    except OSError as error:
        return told(f"{type(error).__name__} {error}")


def eat() -> Book:
    held = []
    while True:
        held.append(bytearray(1 << 20))


def hang() -> Book:
    while True:
        time.sleep(1)


def spin() -> Book:
    while True:
        pass


def die(number: int) -> Book:
    signal.signal(number, signal.SIG_DFL)
    signal.raise_signal(number)
    raise AssertionError


def fall() -> Book:
    raise LookupError("CANARY41010519491231002X")


def shout() -> Book:
    """More than the nursery keeps and a pipe holds."""
    os.write(2, b"x" * 1_000_000)
    return told("done")


def overflow() -> Book:
    return Book("text", ("a", "b"), (Grid("", (("x" * 3_000_000,),)),))


def lie() -> Book:
    """A shape that the parent does not expect."""
    return Book("pickle", ("a", "b"), ())


PROBES: dict[str, Callable[[], Book]] = {
    "environment": lambda: told(" ".join(sorted(os.environ))),
    "modules": lambda: told(" ".join(name for name in HEAVY if sys.modules.get(name))),
    "descriptors": lambda: told(str(sum(_is_open(number) for number in range(16)))),
    "socket": lambda: tried(lambda: socket.create_connection(("127.0.0.1", 5432), 1)),
    "process": lambda: tried(lambda: subprocess.run(["true"], check=False)),
    "shell": lambda: tried(lambda: os.system("true")),
    "fork": lambda: tried(os.fork),
    "write": lambda: tried(lambda: Path("/dev/shm/probe").write_text("x")),
    "append": lambda: tried(lambda: os.open("/dev/null", os.O_WRONLY | os.O_APPEND)),
    "read": lambda: tried(lambda: Path("/etc/passwd").read_text()),
    "list": lambda: tried(lambda: list(Path("/").iterdir())),
    "library": lambda: tried(lambda: ctypes.CDLL(None)),
    "network": lambda: told(str(Path("/proc/self/ns/net").readlink())),
    "limits": lambda: told(" ".join(map(str, _limits()))),
    "eat": eat,
    "hang": hang,
    "spin": spin,
    "abort": lambda: die(signal.SIGABRT),
    "segv": lambda: die(signal.SIGSEGV),
    "exit": lambda: os._exit(0),
    "fall": fall,
    "shout": shout,
    "overflow": overflow,
    "lie": lie,
}


def _is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True


def _limits() -> list[int]:
    import resource

    return [resource.getrlimit(kind)[0] for kind in (resource.RLIMIT_CORE, resource.RLIMIT_CPU, resource.RLIMIT_NOFILE)]


def probe(data: bytes, encoding: str, limits: Limits) -> Book:
    return PROBES[data.decode()]()


if __name__ == "__main__":
    keep_light()
    serve(lambda order, source, result: live(order, source, result, probe))
