"""What happens to a tier or target flag that somebody else set in HubSpot."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from icp_sync.profile.model.types import ProfileModel

Stance = Literal["keep", "put_back"]
Days = Annotated[int, Field(ge=1, le=3_650)]


class Overrides(ProfileModel):
    """Whether the tier and the target flag that others set in HubSpot are kept, and for how long."""

    people: Stance = Field("keep", description="What a person set: keep it, or put_back what the profile says.")
    automation: Stance = Field("keep", description="What a workflow, an import or another app set: keep or put_back.")
    review_days: Days = Field(90, description="After so many days a kept value is listed as old.")
    expire_days: Days | None = Field(None, description="After so many days a kept value is put back; left out: never.")
