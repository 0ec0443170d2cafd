"""Documents are replaced whole, and no update is lost to another one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from pydantic import TypeAdapter
from sqlalchemy import text

from icp_sync.errors import StateUnusable
from icp_sync.state.ledger.json_documents import JsonDocument
from icp_sync.state.ledger.ledger import Ledger

COUNTS = TypeAdapter(dict[str, int])


@pytest.fixture
def counts(ledger: Ledger) -> JsonDocument[dict[str, int]]:
    return JsonDocument(ledger, 1, "counts", COUNTS, "counting then starts anew")


def test_a_missing_document_is_empty(counts: JsonDocument[dict[str, int]]) -> None:
    assert counts.load() == {}


def test_what_an_update_returns_is_kept(counts: JsonDocument[dict[str, int]], ledger: Ledger) -> None:
    assert counts.update(lambda content: {**content, "a": 1}) == {"a": 1}
    assert counts.update(lambda content: {**content, "b": 2}) == {"a": 1, "b": 2}
    assert counts.load() == {"a": 1, "b": 2}
    assert JsonDocument(ledger, 2, "counts", COUNTS, "").load() == {}


def test_updates_at_the_same_time_are_all_kept(counts: JsonDocument[dict[str, int]]) -> None:
    def count(_: int) -> None:
        counts.update(lambda content: {"a": content.get("a", 0) + 1})

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(count, range(20)))
    assert counts.load() == {"a": 20}


def test_an_error_in_an_update_leaves_the_content(counts: JsonDocument[dict[str, int]]) -> None:
    counts.update(lambda _: {"a": 1})
    with pytest.raises(ZeroDivisionError):
        counts.update(lambda _: {"a": 1 // 0})
    assert counts.load() == {"a": 1}


def test_a_damaged_document_is_said_with_what_removing_it_costs(counts: JsonDocument[dict[str, int]]) -> None:
    counts.update(lambda _: {"a": 1})
    with counts.ledger.write_transaction() as connection:
        connection.execute(text("""UPDATE document SET body = '{"a": "many"}'"""))
    with pytest.raises(StateUnusable) as refused:
        counts.load()
    assert refused.value.message == (
        f"the document counts in the ledger {counts.ledger.name} is damaged; delete that row of the table document "
        "(counting then starts anew)"
    )
