"""The committed plans, read as plain data."""

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[3] / "deployments" / "demo"


def text(body: str) -> str:
    """The text of a plan."""
    return (FOLDER / f"{body}.toml").read_text(encoding="utf-8")


def figures(body: str, year: int) -> dict[str, int | Decimal]:
    """The figures of one year by dotted code; the arrivals only steer the builder."""
    flat: dict[str, int | Decimal] = {}

    def walk(table: dict[str, Any], prefix: str) -> None:
        for key, value in table.items():
            if isinstance(value, dict):
                walk(value, f"{prefix}{key}.")
            else:
                flat[prefix + key] = Decimal(value) if isinstance(value, str) else value

    walk(tomllib.loads(text(body))["years"][str(year)], "")
    return {key: value for key, value in flat.items() if "_arrivals." not in key}


def group(body: str, year: int, name: str) -> dict[str, int | Decimal]:
    """The figures of one group."""
    return {
        key.removeprefix(f"{name}."): value for key, value in figures(body, year).items() if key.startswith(f"{name}.")
    }
