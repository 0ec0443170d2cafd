"""Vendor files whose values stand in where HubSpot has none: the waterfall."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from icp_sync.profile.model.types import Identifier, ProfileModel, PropertyName

ColumnHeader = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class Enrichment(ProfileModel):
    """One source of values, brought in by `icp-sync enrich SOURCE FILE`."""

    source: Identifier
    key: Literal["domain", "record_id"] = Field(
        "domain", description="How a row finds its company: by the host of its web address, or by HubSpot's record id."
    )
    key_column: ColumnHeader | None = Field(
        None, description="The column the key stands in; default: the one called like it, such as Domain or Record ID."
    )
    columns: Annotated[dict[ColumnHeader, PropertyName], Field(min_length=1)] = Field(
        description="Column of the file → the property its values are for."
    )
    mode: Literal["fill", "prefer"] = Field(
        "fill",
        description="fill: where HubSpot is empty or cannot be read; prefer: where the file is newer than the "
        "property's last change in HubSpot, too.",
    )
    date: ColumnHeader | None = Field(
        None, description="The column that says how old a row is; default: the day the file is brought in."
    )
    max_age_days: Annotated[int, Field(ge=1, le=3_650)] | None = Field(
        None, description="Older values are unknown; default: values do not expire."
    )
