"""The only clock. Everything else is handed its time."""

from datetime import UTC, date, datetime

from yearbook.period import BEIJING


def now() -> datetime:
    """This instant, aware, UTC."""
    return datetime.now(UTC)


def today() -> date:
    """Today in Beijing."""
    return now().astimezone(BEIJING).date()
