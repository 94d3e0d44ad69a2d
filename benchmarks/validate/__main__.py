# ruff: noqa: T201, S603 - a command that prints, and starts itself
"""``python -m benchmarks.validate``: equal counts first, then every way in a process of its own, A B A B.

Wall and processor seconds without imports, as ratios to the scan by hand; peak memory of the whole process.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.validate.material import RULES, make
from benchmarks.validate.ways import WAYS

MEGABYTE = 2**20


def main() -> None:
    """Make the file, measure, compare."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.validate", description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[2_000_000])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--ways", nargs="+", choices=WAYS, default=list(WAYS))
    options = parser.parse_args()
    for rows in options.rows:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "flow.parquet"
            make(path, rows)
            print(f"\n{rows:,} rows, {len(RULES)} rules, {path.stat().st_size / MEGABYTE:.0f} MB")
            _compare(path, options.ways, options.rounds)


def _compare(path: Path, names: list[str], rounds: int) -> None:
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in names}
    for _ in range(rounds):
        for name in names:
            found[name].append(_measured(name, path))
    _require_equal(found)
    limit = found[names[0]]
    print(f"{'way':<34}{'wall s':>9}{'x':>7}{'cpu s':>9}{'x':>7}{'peak MB':>10}")
    for name, answers in found.items():
        words = f"{name:<34}"
        for key in ("wall", "cpu"):
            words += f"{_median(answers, key):>9.2f}{_median(answers, key) / _median(limit, key):>7.2f}"
        print(words + f"{max(answer['peak'] for answer in answers) / MEGABYTE:>10.0f}")


def _measured(name: str, path: Path) -> dict[str, Any]:
    """One way, once, in a process that does nothing else."""
    command = [sys.executable, "-m", "benchmarks.validate.ways", name, str(path)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    if ended.returncode:
        sys.exit(f"{name}: {ended.stderr.strip()}")
    answer: dict[str, Any] = json.loads(ended.stdout.splitlines()[-1])
    return answer


def _require_equal(found: dict[str, list[dict[str, Any]]]) -> None:
    """Times are worth nothing where the counts differ."""
    [first, *others] = [(name, answer["counts"]) for name, answers in found.items() for answer in answers]
    for name, counts in others:
        for rule, ours, theirs in zip(RULES, first[1], counts, strict=True):
            if ours != theirs:
                sys.exit(f"{name} counts otherwise for {rule.code} {rule.check} {rule.columns}: {ours} {theirs}")


def _median(answers: list[dict[str, Any]], key: str) -> float:
    return statistics.median(answer[key] for answer in answers)


if __name__ == "__main__":
    main()
