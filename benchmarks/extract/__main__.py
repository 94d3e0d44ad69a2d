# ruff: noqa: T201, S603 - a command that prints, and starts itself and the database's client
"""``python -m benchmarks.extract``: measure every way in a process of its own, A B A B, and print the table.

Addresses of servers that may be written to come from the command line; their table ``benchmark_extract`` is made anew.
"""

import argparse
import json
import statistics
import subprocess
import sys

from benchmarks.extract.table import drop, make
from benchmarks.extract.ways import WAYS, WHOLE_AT_MOST

POSTGRESQL = "postgresql+psycopg://postgres@127.0.0.1:5432/test"
MARIADB = "mysql+pymysql://root@127.0.0.1:3306/test?charset=utf8mb4"
MEGABYTE = 2**20


def main() -> None:
    """Make the tables, measure, compare."""
    options = _options()
    for address in (options.postgresql, options.mariadb):
        product = address.partition("+")[0]
        for rows in options.rows:
            print(f"\n{product}, {rows:,} rows: making the table")
            make(address, rows)
            try:
                _compare(product, address, rows, options.rounds)
            finally:
                drop(address)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.extract", description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[2_000_000])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--postgresql", default=POSTGRESQL)
    parser.add_argument("--mariadb", default=MARIADB)
    return parser.parse_args()


def _compare(product: str, address: str, rows: int, rounds: int) -> None:
    names = [name for name, way in WAYS.items() if product in way.products]
    if rows > WHOLE_AT_MOST:
        names = [name for name in names if not WAYS[name].whole]
    found: dict[str, list[dict[str, object]]] = {name: [] for name in names}
    for _ in range(rounds):
        for name in names:
            found[name].append(_measured(name, address))
    _require_equal(rows, found)
    _print(found)


def _measured(name: str, address: str) -> dict[str, object]:
    """One way, once, in a process that does nothing else."""
    command = [sys.executable, "-m", "benchmarks.extract.ways", name, address]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    if ended.returncode:
        return {"failed": (ended.stderr.strip().splitlines() or ["no word"])[-1]}
    answer: dict[str, object] = json.loads(ended.stdout.splitlines()[-1])
    return answer


def _require_equal(rows: int, found: dict[str, list[dict[str, object]]]) -> None:
    """Times are worth nothing where the rows or the snapshots differ."""
    answers = [answer for several in found.values() for answer in several if "failed" not in answer]
    if {answer["rows"] for answer in answers} != {rows}:
        sys.exit("the ways read different numbers of rows")
    if len({answer["digest"] for answer in answers if answer["digest"]}) > 1:
        sys.exit("the ways wrote different snapshots")


def _print(found: dict[str, list[dict[str, object]]]) -> None:
    medians = {
        name: statistics.median(times) for name, several in found.items() if (times := _numbers(several, "seconds"))
    }
    raw = medians["raw"]
    print(f"{'way':<34}{'median s':>10}{'x raw':>8}{'min-max s':>16}{'peak MB':>10}")
    for name, several in found.items():
        if name not in medians:
            print(f"{name:<34}{several[0]['failed']}")
            continue
        times, peak = _numbers(several, "seconds"), max(_numbers(several, "peak"))
        span = f"{min(times):.2f}-{max(times):.2f}"
        print(f"{name:<34}{medians[name]:>10.2f}{medians[name] / raw:>8.1f}{span:>16}{peak / MEGABYTE:>10.0f}")


def _numbers(several: list[dict[str, object]], key: str) -> list[float]:
    return [float(str(answer[key])) for answer in several if key in answer]


if __name__ == "__main__":
    main()
