"""Who we are by the history of our stamp, and whose types of sources there are."""

from __future__ import annotations

from typing import Any

import pytest

from icp_sync.companies.history_frame import PropertyVersion, history_frame
from icp_sync.plan.history_sources import CLASSES, describe_source, find_own_sources

STAMP = "icp_fit_profile"


def ours(*versions: tuple[str, str, str | None], user: int | None = None, name: str = STAMP) -> Any:
    """The sources that are us, by (value, type, id) of the stamp."""
    rows = [
        PropertyVersion(1, name, value, at, source_type, source_id, user)
        for at, (value, source_type, source_id) in enumerate(versions)
    ]
    return find_own_sources(history_frame(rows), STAMP, "icp")


def test_whoever_wrote_our_stamp_is_us() -> None:
    assert ours(
        ("icp@0a1b", "INTEGRATION", "1"), ("icp@2c3d", "INTEGRATION", "2"), ("icp@4e5f", "INTEGRATION", "1")
    ) == {
        ("INTEGRATION", "1"),
        ("INTEGRATION", "2"),
    }


def test_a_service_key_is_us_whatever_it_shows_as() -> None:
    assert ours(("icp@0a1b", "SERVICE_KEY", None), user=7) == {("SERVICE_KEY", None)}


@pytest.mark.parametrize("value", ["other@0a1b", "icp", "icp2@0a1b", ""])
def test_another_profiles_stamp_is_not_ours(value: str) -> None:
    assert ours((value, "INTEGRATION", "1")) == set()


def test_another_property_with_our_stamp_is_not_ours() -> None:
    assert ours(("icp@0a1b", "INTEGRATION", "1"), name="name") == set()


@pytest.mark.parametrize(
    "source_type", ["CRM_UI", "MOBILE_IOS", "IMPORT", "AUTOMATION_PLATFORM", "MERGE_COMPANIES", "RESTORE_OBJECTS"]
)
def test_who_copies_a_stamp_along_is_not_us(source_type: str) -> None:
    assert ours(("icp@0a1b", source_type, "userId:7")) == set()


def test_no_type_is_in_two_classes() -> None:
    types = [name for one in CLASSES for name in one.types]
    assert len(types) == len(set(types))
    assert not [name for one in CLASSES for prefix in one.prefixes for name in types if name.startswith(prefix)]


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (("CRM_UI", "userId:12", 12, None), "user 12"),
        (("MOBILE_IOS", None, None, None), "somebody"),
        (("AUTOMATION_PLATFORM", "enrollmentId:11;actionExecutionIndex:0", 7, "Re-engage"), "the workflow Re-engage"),
        (("IMPORT", "22", 7, "companies.csv"), "the import companies.csv"),
        (("INTEGRATION", "3000033", None, None), "the integration 3000033"),
        (("API", None, None, None), "the integration"),
        (("DATA_ENRICHMENT", "enrichment", None, None), "HubSpot (data enrichment)"),
        (("SOMETHING_NEW", None, 7, None), "user 7"),
        (("IMPORT", "22", 7, "x" * 10_000), f"the import {'x' * 60}"),
    ],
)
def test_who_wrote_a_value_in_words(source: tuple[str, str | None, int | None, str | None], words: str) -> None:
    assert describe_source(*source) == words
