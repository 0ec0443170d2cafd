"""The document a run leaves: its shape, and what may not get into it."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from icp_sync.plan.document.report_document import ReportDocument, report_schema

from .report_documents import night, night_before, night_held


@pytest.mark.parametrize(
    "document", [night(), night_before(), night_held()], ids=lambda night_document: night_document.run_id
)
def test_a_document_is_the_same_after_it_was_written_and_read(document: ReportDocument) -> None:
    assert ReportDocument.model_validate_json(document.model_dump_json()) == document


def test_the_matrix_adds_up_to_the_tiers_before_and_after() -> None:
    document = night()

    for tier, count in document.live_tiers.items():
        assert sum(move.companies for move in document.matrix if move.before == tier) == count
    for tier, count in document.tiers.items():
        assert sum(move.companies for move in document.matrix if move.after == tier) == count


def test_the_schema_names_every_key_and_lets_no_other_in() -> None:
    schema = report_schema()

    assert set(schema["properties"]) == set(ReportDocument.model_fields)
    assert schema["additionalProperties"] is False


def test_a_list_longer_than_its_most_is_no_document() -> None:
    document = night().model_dump()
    document["target_accounts"] = [*document["target_accounts"], document["target_accounts"][0]]

    with pytest.raises(ValidationError, match="target_accounts"):
        ReportDocument.model_validate(document)
