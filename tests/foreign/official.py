"""HubSpot's official Python client: every company, search as far as it goes, a batch with a stranger in it, lists."""

from __future__ import annotations

import json
import os
import sys

from hubspot import HubSpot
from hubspot.crm.companies import BatchReadInputSimplePublicObjectId, PublicObjectSearchRequest
from hubspot.crm.lists import ListCreateRequest, ListSearchRequest

client = HubSpot(access_token=os.environ["HUBSPOT_ACCESS_TOKEN"], host=os.environ["HUBSPOT_BASE_URL"])


def searched() -> int:
    """Companies found by search, each search beginning behind the last id: one goes no further than 10,000."""
    ids: set[int] = set()
    while True:
        behind = {"propertyName": "hs_object_id", "operator": "GT", "value": str(max(ids, default=0))}
        fresh = _search(behind)
        if not fresh:
            return len(ids)
        ids |= fresh


def _search(behind: dict[str, str]) -> set[int]:
    ids: set[int] = set()
    while True:
        asked = PublicObjectSearchRequest(
            filter_groups=[{"filters": [behind]}],
            sorts=[{"propertyName": "hs_object_id", "direction": "ASCENDING"}],
            limit=200,
            after=str(len(ids)),
        )
        page = client.crm.companies.search_api.do_search(asked)
        ids |= {int(one.id) for one in page.results}
        if page.paging is None or len(ids) >= 10_000:
            return ids


companies = client.crm.companies.get_all()
inputs = [{"id": companies[0].id}, {"id": "999999999999"}]
batch = client.crm.companies.batch_api.read(BatchReadInputSimplePublicObjectId(inputs=inputs, properties=["name"]))
client.crm.lists.lists_api.create(ListCreateRequest(object_type_id="0-2", processing_type="MANUAL", name="Ours"))
lists = client.crm.lists.lists_api.do_search(ListSearchRequest(offset=0, additional_properties=[]))
document = {
    "companies": len(companies),
    "searched": searched(),
    "batch": [len(batch.results), batch.num_errors],
    "lists": [one.name for one in lists.lists],
}
sys.stdout.write(json.dumps(document))
