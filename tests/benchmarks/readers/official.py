"""The official client's `get_all()`, as its own documentation has it."""

from __future__ import annotations

from hubspot import HubSpot

from tests.benchmarks.readers.asked import PROPERTIES, TOKEN, URL, tell


def read() -> int:
    """How many objects it returned."""
    client = HubSpot(access_token=TOKEN, host=URL)
    return len(client.crm.companies.get_all(properties=list(PROPERTIES)))


if __name__ == "__main__":
    tell(read)
