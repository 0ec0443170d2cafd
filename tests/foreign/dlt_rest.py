"""dlt's `rest_api` source, told to follow the cursor (`cursor`) or the links (`json_link`) of HubSpot's pages."""

from __future__ import annotations

import json
import os
import sys

from dlt.sources.rest_api import rest_api_source

PAGINATORS = {
    "cursor": {"type": "cursor", "cursor_path": "paging.next.after", "cursor_param": "after"},
    "json_link": {"type": "json_link", "next_url_path": "paging.next.link"},
}
source = rest_api_source({
    "client": {
        "base_url": os.environ["HUBSPOT_BASE_URL"],
        "auth": {"type": "bearer", "token": os.environ["HUBSPOT_ACCESS_TOKEN"]},
        "paginator": PAGINATORS[sys.argv[1]],
    },
    "resources": [{
        "name": "companies",
        "endpoint": {
            "path": "crm/v3/objects/companies",
            "params": {"limit": 100, "properties": "name,country"},
            "data_selector": "results",
        },
    }],
})  # fmt: skip
rows = list(source.resources["companies"])
named = sum("country" in one["properties"] for one in rows)
sys.stdout.write(json.dumps({"companies": len({one["id"] for one in rows}), "named": named}))
