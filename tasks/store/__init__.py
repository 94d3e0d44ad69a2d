"""Evidence store: content-addressed files first, then one transaction that names them."""

from tasks.store.blobs import Blobs, Digest
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
    "BlobRef",
    "Blobs",
    "Correction",
    "Digest",
    "FigureRecord",
    "FindingRecord",
    "Publication",
    "RunRecord",
    "RunRow",
    "StepRecord",
    "Store",
    "VerdictRecord",
]
