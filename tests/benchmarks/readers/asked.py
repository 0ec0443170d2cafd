"""What every reader is asked for, where, and how its cost is told."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from typing import Final

URL: Final = os.environ["HUBSPOT_BASE_URL"]
TOKEN: Final = os.environ["HUBSPOT_ACCESS_TOKEN"]
PROPERTIES: Final = (
    "name", "domain", "website", "description", "country", "hs_country_code", "city", "state", "zip",
    "numberofemployees", "hs_employee_range", "annualrevenue", "hs_revenue_range", "hs_annual_revenue_currency_code",
    "industry", "type", "lifecyclestage", "hs_lead_status", "web_technologies", "founded_year", "total_money_raised",
    "is_public", "hubspot_owner_id", "hs_lastmodifieddate", "hs_merged_object_ids",
)  # fmt: skip


def tell(read: Callable[[], int]) -> None:
    """Print how many companies `read` brought and the CPU-seconds it took, threads included, as JSON."""
    started = time.process_time()
    companies = read()
    sys.stdout.write(json.dumps({"companies": companies, "cpu": time.process_time() - started}))
