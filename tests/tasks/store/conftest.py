"""A store on each of the two databases, with a schema of its own on PostgreSQL."""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

import pytest


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def url(request: pytest.FixtureRequest) -> str | None:
    """None for the built-in database, or an address."""
    if request.param == "sqlite":
        return None
    address: str = request.getfixturevalue("postgresql_url")
    return address


@dataclass
class Fault:
    """Whether the fault was reached."""

    happened: bool = False


@pytest.fixture
def fault_at() -> Callable[[int, int], AbstractContextManager[Fault]]:
    """Make file system call number ``step`` fail with the given error number."""

    @contextmanager
    def failing(step: int, number: int) -> Iterator[Fault]:
        fault, calls = Fault(), [0]

        def watched(real: Callable[..., object]) -> Callable[..., object]:
            def call(*args: object, **kwargs: object) -> object:
                calls[0] += 1
                if calls[0] == step + 1:
                    fault.happened = True
                    raise OSError(number, os.strerror(number))
                return real(*args, **kwargs)

            return call

        with pytest.MonkeyPatch.context() as patch:
            for name in ("fsync", "rename", "replace", "mkdir", "write", "fchmod"):
                patch.setattr(os, name, watched(getattr(os, name)))
            yield fault

    return failing
