"""Calls into libraries that print their connection strings when they fail."""

from collections.abc import Callable
from typing import TypeVar
from urllib.parse import quote, quote_plus

from tasks.sources.database.readers.base import ReaderFailure

ResultT = TypeVar("ResultT")
HIDDEN = "***"


def quietly(
    call: Callable[[], ResultT], errors: type[BaseException] | tuple[type[BaseException], ...], password: object
) -> ResultT:
    """The call's result; a failure is told again without the password and without the chain that holds it.

    Raises:
        ReaderFailure: The call failed with one of the errors.
    """
    try:
        return call()
    except errors as error:
        told = scrubbed(str(error) or type(error).__name__, password)
    except BaseException as error:
        # what a library written in Rust raises where it gave up; it is no Exception
        if type(error).__name__ != "PanicException":
            raise
        told = scrubbed(str(error), password)
    # outside of the handler: nothing that is raised here drags the library's own error along
    raise ReaderFailure(told)


def scrubbed(message: str, password: object) -> str:
    """A library's message on one line, without the password in any of its spellings."""
    secret = str(password or "")
    for spelling in {secret, quote(secret, safe=""), quote_plus(secret), secret.replace("'", "''")}:
        if spelling:
            message = message.replace(spelling, HIDDEN)
    return " ".join(message.split())
