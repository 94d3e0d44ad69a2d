"""The demonstration's source systems, built from a plan of exact counts and never shipped."""

import hashlib
import tempfile
from pathlib import Path

from tasks.demo.decisions import build_enforcement, build_licensing
from tasks.demo.incidents import build_incidents
from tasks.demo.market import build_market
from tasks.demo.plan import TRAFFIC_POLICE, Plan, parse
from tasks.demo.portal import write_portals
from tasks.demo.vehicles import build_vehicles
from tasks.demo.workbooks import write_fees, write_registers

__all__ = ["Plan", "build", "parse"]

_STAMP = ".built"


def build(plan_text: str, directory: Path) -> list[Path]:
    """Build the source systems of a body, unless they stand there already.

    Args:
        plan_text: the TOML of the plan.
        directory: the folder the files go into; what is there of an older plan is replaced.

    Returns:
        The files, by name.

    Raises:
        ValueError: naming the key of the plan that is malformed.
    """
    digest = _digest(plan_text)
    stamp = directory / _STAMP
    if not (stamp.is_file() and stamp.read_text(encoding="ascii") == digest):
        plan = parse(plan_text)
        directory.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=directory.parent, prefix=".demo-") as name:
            new = Path(name) / "new"
            new.mkdir()
            _write_all(plan, new)
            (new / _STAMP).write_text(digest, encoding="ascii")
            if directory.exists():
                directory.rename(Path(name) / "old")
            new.rename(directory)
    return sorted(path for path in directory.iterdir() if path.name != _STAMP)


def _write_all(plan: Plan, directory: Path) -> None:
    if plan.kind == TRAFFIC_POLICE:
        build_vehicles(plan, directory / "vehicles.sqlite")
        build_incidents(plan, directory / "incidents.sqlite")
    else:
        build_market(plan, directory / "market.sqlite")
    build_enforcement(plan, directory / "enforcement.sqlite")
    build_licensing(plan, directory / "licensing.sqlite")
    write_portals(plan, directory)
    write_registers(plan, directory)
    write_fees(plan, directory)


def _digest(plan_text: str) -> str:
    """A digest of the plan and of this package: either one changed means building anew."""
    digest = hashlib.sha256(plan_text.encode())
    for source in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(source.name.encode() + source.read_bytes())
    return digest.hexdigest()
