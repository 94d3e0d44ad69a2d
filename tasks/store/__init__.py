"""Evidence store: content-addressed files first, then one transaction that names them."""

from tasks.store.blobs import Blobs, Digest
from tasks.store.editions import Approval, DecisionWord, Submission
from tasks.store.journal import AttemptRow, EndState, Purpose
from tasks.store.records import (
    BlobRef,
    Correction,
    FigureRecord,
    FindingRecord,
    Publication,
    RunRecord,
    RunRow,
    StepRecord,
    VerdictRecord,
)
from tasks.store.store import Store

__all__ = [
    "Approval",
    "AttemptRow",
    "BlobRef",
    "Blobs",
    "Correction",
    "DecisionWord",
    "Digest",
    "EndState",
    "FigureRecord",
    "FindingRecord",
    "Publication",
    "Purpose",
    "RunRecord",
    "RunRow",
    "StepRecord",
    "Store",
    "Submission",
    "VerdictRecord",
]
