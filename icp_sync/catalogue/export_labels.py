"""HubSpot's standard properties by the labels people see: on a record, and as headers of an English export."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from icp_sync.catalogue.standard_properties import standard_properties

RECORD_ID: Final = "hs_object_id"
_MORE_LABELS: Final = {
    "company id": "hs_object_id",
    "record id company": "hs_object_id",
    "hubspot owner": "hubspot_owner_id",
    "company keywords": "hs_keywords",
    "merged company ids": "hs_merged_object_ids",
    "has been enriched": "hs_is_enriched",
    "zip code": "zip",
    "last contacted": "notes_last_contacted",
    "next activity date": "notes_next_activity_date",
    "number of times contacted": "num_contacted_notes",
    "number of sales activities": "num_notes",
    "owner assigned date": "hubspot_owner_assigneddate",
    "original source type": "hs_analytics_source",
    "original traffic source": "hs_analytics_source",
    "number of sessions": "hs_analytics_num_visits",
    "number of pageviews": "hs_analytics_num_page_views",
    "number of form submissions": "num_conversion_events",
    "first contact create date": "first_contact_createdate",
    "first deal created date": "first_deal_created_date",
    "first conversion": "first_conversion_event_name",
    "first conversion date": "first_conversion_date",
    "recent conversion": "recent_conversion_event_name",
    "recent conversion date": "recent_conversion_date",
    "additional domains": "hs_additional_domains",
    "linkedin bio": "linkedinbio",
    "record source": "hs_object_source_label",
    "hubspot score": "hubspotscore",
}
"""Labels by which exports of then and now call standard properties, and the properties' own definitions do not."""


@cache
def properties_by_label() -> dict[str, str]:
    """The name of each standard property by the keys (`label_key`) of its labels."""
    return _MORE_LABELS | {label_key(standard.label): standard.name for standard in standard_properties()}


def label_key(text: str) -> str:
    """`Airlines/Aviation`, `AIRLINES_AVIATION` and `airlines & aviation` are one, `C` and `C++` two."""
    return " ".join(word for word in re.findall(r"[^\W_]+[+#]*", text.casefold()) if word != "and")
