"""The JSON Schema of the documents that commands about evidence print: what `icp-sync schema --evidence` prints."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from icp_sync.evidence.document import BacktestDocument
from icp_sync.evidence.sample_document import SampleDocument


def evidence_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) that each of the documents meets; `$defs` has them by name."""
    return TypeAdapter(BacktestDocument | SampleDocument).json_schema(mode="serialization")
