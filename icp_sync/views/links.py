"""Links to records in HubSpot."""

from __future__ import annotations

COMPANY_TYPE = "0-2"


def record_link(ui_domain: str, portal_id: int, company: object) -> str:
    """The URL of a company's record."""
    return f"https://{ui_domain}/contacts/{portal_id}/record/{COMPANY_TYPE}/{company}"
