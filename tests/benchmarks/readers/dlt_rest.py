"""dlt's REST client with its cursor paginator, the properties into a Polars frame."""

from __future__ import annotations

import polars as pl
from dlt.sources.helpers.rest_client import RESTClient
from dlt.sources.helpers.rest_client.auth import BearerTokenAuth
from dlt.sources.helpers.rest_client.paginators import JSONResponseCursorPaginator

from tests.benchmarks.readers.asked import PROPERTIES, TOKEN, URL, tell


def read() -> int:
    """How many companies the frame holds."""
    client = RESTClient(
        base_url=URL,
        auth=BearerTokenAuth(TOKEN),
        paginator=JSONResponseCursorPaginator(cursor_path="paging.next.after", cursor_param="after"),
        data_selector="results",
    )
    asked = {"limit": 100, "properties": ",".join(PROPERTIES)}
    pages = client.paginate("/crm/v3/objects/companies", params=asked)
    rows = [{"id": one["id"], **one["properties"]} for page in pages for one in page]
    return pl.DataFrame(rows, schema=dict.fromkeys(["id", *PROPERTIES], pl.String)).height


if __name__ == "__main__":
    tell(read)
