"""Records that HubSpot cannot show in a batch read: an error in a 207 that is not their absence, in every attempt."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import pytest

from icp_sync.sandbox.api.record_reads import RecordReads
from icp_sync.sandbox.error_responses import batch_error_entry

REASON = "INTERNAL_ERROR: could not load record"


def hide_records(monkeypatch: pytest.MonkeyPatch, hidden: Collection[int], *, named: bool = True) -> None:
    """From here on no batch read shows the records `hidden`; their error has their ids where `named`."""
    usual = RecordReads.read_batch

    def read_batch(reads: RecordReads, ids: Mapping[int, str], *more: Any, **options: Any) -> Any:
        left = {record_id: text for record_id, text in ids.items() if record_id not in hidden}
        results, errors = usual(reads, left, *more, **options)
        if len(left) < len(ids):
            context = {"ids": [text for record_id, text in ids.items() if record_id in hidden]} if named else {}
            errors = [*errors, batch_error_entry("INTERNAL_ERROR", "could not load record", context)]
        return results, errors

    monkeypatch.setattr(RecordReads, "read_batch", read_batch)
