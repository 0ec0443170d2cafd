"""The history frame: newest first, whatever the order it came in."""

from __future__ import annotations

from icp_sync.companies.history_frame import HISTORY, PropertyVersion, history_frame, latest_versions


def version(company_id: int, name: str, value: str, at: int) -> PropertyVersion:
    return PropertyVersion(company_id, name, value, at, "CRM_UI")


def values(*versions: PropertyVersion) -> list[tuple[object, ...]]:
    return history_frame(versions).select("id", "property", "value").rows()


def test_versions_stand_by_company_and_property_the_newest_first() -> None:
    assert values(
        version(2, "a", "x", 1), version(1, "b", "y", 1), version(1, "a", "old", 1), version(1, "a", "new", 2)
    ) == [
        (1, "a", "new"),
        (1, "a", "old"),
        (1, "b", "y"),
        (2, "a", "x"),
    ]


def test_of_one_moment_the_first_stays_first() -> None:
    assert values(version(1, "a", "new", 1), version(1, "a", "old", 1)) == [(1, "a", "new"), (1, "a", "old")]


def test_the_latest_is_one_version_a_property() -> None:
    history = history_frame([version(1, "a", "old", 1), version(1, "a", "new", 2), version(1, "b", "y", 1)])
    assert latest_versions(history)["value"].to_list() == ["new", "y"]


def test_no_versions_are_an_empty_frame() -> None:
    assert (history_frame([]).schema, latest_versions(history_frame([])).height) == (HISTORY, 0)
