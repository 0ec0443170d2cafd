"""Values that companies lost, told from HubSpot's history where there is no snapshot."""

from __future__ import annotations

import datetime as dt

from icp_sync.companies.history_frame import PropertyVersion, history_frame
from icp_sync.runs.lost_inputs_from_property_history import emptied_texts

DAY = 86_400_000


def version(day: int, value: str, name: str = "industry") -> PropertyVersion:
    return PropertyVersion(7, name, value, day * DAY, "CRM_UI", None, 12)


def test_the_last_text_is_what_was_lost_and_the_first_emptying_is_when() -> None:
    history = history_frame([version(9, ""), version(8, ""), version(5, "MACHINERY"), version(1, "RETAIL")])
    (row,) = emptied_texts(history).rows()
    assert row == (7, "industry", "MACHINERY", dt.datetime(1970, 1, 9, tzinfo=dt.UTC))


def test_a_value_that_is_there_was_not_lost() -> None:
    assert emptied_texts(history_frame([version(9, "RETAIL"), version(8, ""), version(5, "MACHINERY")])).is_empty()


def test_a_property_that_was_always_empty_lost_nothing() -> None:
    assert emptied_texts(history_frame([version(9, "")])).is_empty()
    assert emptied_texts(history_frame([])).is_empty()
