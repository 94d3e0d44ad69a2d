"""Whether a run corrects a published edition, and whether a person has said why.

A published edition is never overwritten. What a reader would see differently is a new edition that says what it
corrects and why; without a reason the run stops. The reason belongs to the edition: the same material once more finds
it again, and a newer program that draws the same report carries it on.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from tasks.extract import Material
from tasks.revision import against, revise
from tasks.run import Run
from tasks.store import Correction, Publication
from yearbook.audit.editions import EarlierEdition, write_editions_page
from yearbook.errors import Refusal
from yearbook.report.correction import with_correction
from yearbook.report.model import Report
from yearbook.report.words import words_of
from yearbook.revision import Revision

OPTION = "--because"
SHORTEST, LONGEST = 4, 200
KEPT = ("report.docx", "report.pdf", "report.html")
# as long as a telephone or identity number; nothing that explains a correction needs one
_PERSONAL = re.compile(r"[0-9]{11}")


@dataclass(frozen=True)
class Settled:
    """A run among the editions of its report.

    Attributes:
        report: The report with its edition number, and with what it corrects at its end.
        revision: What differs from the edition before; None where there is none.
        correction: What is corrected and why, to be kept with the new edition; None where nothing is.
        files: Corrected editions as they were published, and a page that lists them, by name in the report folder.
    """

    report: Report
    revision: Revision | None = None
    correction: Correction | None = None
    files: Mapping[str, bytes] | None = None

    @property
    def waits(self) -> bool:
        """True where nothing may be published before a person says why."""
        return self.revision is not None and self.revision.waits


def checked_reason(text: str | None) -> str:
    """A reason as it may be printed in a report; empty where none was given.

    Raises:
        Refusal: It is too short or too long, has several lines or characters that do not print, or looks personal.
    """
    if text is None:
        return ""
    line = text.strip()
    if not SHORTEST <= len(line) <= LONGEST or not line.isprintable():
        raise Refusal(
            f"{OPTION} 须为一行文字，{SHORTEST} 至 {LONGEST} 字，不含控制字符",
            todo="写明为什么更正；这句话会印在报告末尾的“更正说明”里",
        )
    if _PERSONAL.search(line):
        raise Refusal(f"{OPTION} 含有 11 位以上的数字，疑似电话或证件号码", todo="这句话会公开，去掉个人信息后重新运行")
    return line


def settle(run: Run, material: Material, report: Report) -> Settled:
    """Hold the report against the edition before it, and make it the edition that it is.

    Raises:
        Refusal: A reason was given and nothing is there to correct, or the edition has another reason already; the
            store cannot be read, or a file of an edition is missing or damaged.
    """
    words = words_of(report)
    revision = revise(run, material, report.figures, words)
    if revision is None or not revision.differs:
        _refuse_idle(run, revision)
    if revision is None:
        return Settled(report)
    known = run.store.corrections(run.agency.code, run.year.year)
    if not revision.differs:
        standing = [correction for correction in known if correction.edition <= revision.edition]
        return Settled(_carried(run, material, report, standing), revision, files=_earlier(run, standing))
    reason = _reason(run, material, known)
    if not reason:
        return Settled(report, revision)
    revision = replace(revision, reason=reason)
    correction = Correction(revision.edition + 1, revision.edition, reason)
    corrected = with_correction(report, revision, edition=correction.edition)
    before = [one for one in known if one.edition <= revision.edition]
    return Settled(corrected, revision, correction, _earlier(run, [*before, correction]))


def _refuse_idle(run: Run, revision: Revision | None) -> None:
    if not run.because:
        return
    newest = run.store.newest_edition(run.agency.code, run.year.year)
    if newest is None:
        what = f"{run.agency.code} {run.year} 年的报告还没有发布过，没有可更正的"
    else:
        edition = revision.edition if revision else newest.edition
        what = f"与第 {edition} 版相比，数字和文字都没有变化，没有可更正的"
    raise Refusal(what, todo=f"去掉 {OPTION} 重新运行")


def _reason(run: Run, material: Material, known: tuple[Correction, ...]) -> str:
    """The reason that was given, or the one that the newest edition has where the same material made it."""
    newest = run.store.newest_edition(run.agency.code, run.year.year)
    if newest is None or newest.key != run.key(material):
        return run.because
    given = next((one.reason for one in known if one.edition == newest.edition), "")
    if given and run.because not in ("", given):
        raise Refusal(
            f"第 {newest.edition} 版就是用这些材料更正的，已经发布的原因是“{given}”，不能改写",
            todo=f"去掉 {OPTION} 重新运行；材料或行文再有变化时，另写原因",
        )
    return given or run.because


def _carried(run: Run, material: Material, report: Report, standing: list[Correction]) -> Report:
    """The report with the correction that stands: only the program is another one."""
    if not standing:
        return report
    last = standing[-1]
    corrected = _published(run, last.corrects)
    revision = against(corrected, run, material, report.figures, words_of(report))
    return with_correction(report, replace(revision, reason=last.reason), edition=last.edition)


def _earlier(run: Run, corrections: list[Correction]) -> dict[str, bytes]:
    """Every edition that was corrected, byte for byte, and the page that lists them."""
    files: dict[str, bytes] = {}
    listed = []
    for correction in corrections:
        outputs = run.store.outputs(_published(run, correction.corrects).run_id)
        kept = {name: run.store.blobs.read(outputs[name]) for name in KEPT if name in outputs}
        files |= {f"editions/{correction.corrects}/{name}": data for name, data in kept.items()}
        digests = {name: outputs[name] for name in kept}
        listed.append(EarlierEdition(correction.corrects, correction.edition, correction.reason, digests))
    return {**files, **write_editions_page(run.agency.name, run.year.year, listed)} if listed else {}


def _published(run: Run, number: int) -> Publication:
    """An edition that a correction names.

    Raises:
        Refusal: The store has lost it.
    """
    found = run.store.edition(run.agency.code, run.year.year, number)
    if found is None:
        raise Refusal(f"存档中没有第 {number} 版", todo="从备份恢复存档数据库")
    return found
