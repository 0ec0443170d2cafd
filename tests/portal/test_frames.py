"""Companies as HubSpot tells them become a company frame, whatever is missing from the telling."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from icp_sync.portal.companies.frames import FrameBuilder, frame_from_records


def record(company_id: int, **properties: object) -> Mapping[str, Any]:
    return {"id": str(company_id), "properties": properties}


def test_a_row_a_company_in_the_order_told() -> None:
    frame = frame_from_records(
        [record(2, name="Beta", city="Bonn"), record(1, name="Acme", city=None)], ["city", "name"]
    )
    assert frame.columns == ["id", "city", "name"]
    assert frame.rows() == [(2, "Bonn", "Beta"), (1, None, "Acme")]


def test_a_property_hubspot_does_not_know_is_not_told_and_reads_as_empty() -> None:
    frame = frame_from_records([record(1, name="Acme", city="Bonn"), record(2, city="Köln")], ["name", "city"])
    assert frame.rows() == [(1, "Acme", "Bonn"), (2, None, "Köln")]


def test_what_was_not_asked_for_is_left_out() -> None:
    assert frame_from_records([record(1, name="Acme", createdate="2026-01-01T00:00:00Z")], ["name"]).rows() == [
        (1, "Acme")
    ]


def test_nobody_is_a_frame_with_all_the_columns() -> None:
    assert frame_from_records([], ["name", "city"]).columns == ["id", "name", "city"]


def test_of_thousands_nobody_is_lost_between_the_frames() -> None:
    framing = FrameBuilder(["name", "city"])
    for start in range(1, 4_502, 90):
        framing.add([record(one, name=f"No. {one}", city=None) for one in range(start, start + 90)])
    whole = framing.build()
    assert whole["id"].to_list() == list(range(1, 4_591))
    assert whole["name"].to_list() == [f"No. {one}" for one in range(1, 4_591)]
