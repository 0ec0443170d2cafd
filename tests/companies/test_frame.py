"""The company frame: ids as whole numbers, everything else as text, null where there is nothing."""

from __future__ import annotations

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from icp_sync.companies.frame import ID, company_frame, with_missing_columns


def test_a_company_frame_is_the_id_and_every_property_as_text() -> None:
    frame = company_frame([1, 2], {"name": ["Acme", "Beta"], "numberofemployees": ["500", None]})
    assert frame.schema == pl.Schema({ID: pl.Int64, "name": pl.String, "numberofemployees": pl.String})
    assert frame.rows() == [(1, "Acme", "500"), (2, "Beta", None)]


def test_an_empty_text_is_null() -> None:
    frame = company_frame([1, 2, 3], {"industry": ["", " ", None]})
    assert frame["industry"].to_list() == [None, " ", None]


@pytest.mark.parametrize(("value", "text"), [(800, "800"), (0.5, "0.5"), (True, "true"), (False, "false")])
def test_a_value_that_is_no_text_becomes_the_text_it_would_have_been(value: object, text: str) -> None:
    assert company_frame([1, 2], {"p": ["x", value]})["p"].to_list() == ["x", text]


def test_a_frame_of_no_companies_keeps_its_columns() -> None:
    assert company_frame([], {"name": []}).schema == pl.Schema({ID: pl.Int64, "name": pl.String})


def test_an_id_beyond_32_bits_is_kept_exactly() -> None:
    assert company_frame([9_007_199_254_740_993], {})[ID].to_list() == [9_007_199_254_740_993]


def test_a_property_called_id_is_refused() -> None:
    with pytest.raises(ValueError, match="record id"):
        company_frame([1], {"id": ["x"]})


def test_absent_properties_become_empty_columns_and_present_ones_stay() -> None:
    frame = company_frame([1], {"name": ["Acme"]})
    wanted = pl.DataFrame({ID: [1], "name": ["Acme"], "country": pl.Series([None], dtype=pl.String)})
    assert_frame_equal(with_missing_columns(frame, ["name", "country"]), wanted)
