"""What holds for every test: no settings of the machine's owner, and enough examples for every property."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

TRAVEL = frozenset(
    name
    for upper in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
    for name in (upper, upper.lower())
) | {"SSL_CERT_FILE"}
"""What would send the tests' calls another way than to loopback."""

settings.register_profile("icp_sync", max_examples=200, deadline=None)
settings.register_profile("ci", settings.get_profile("icp_sync"), derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "icp_sync")
settings.register_profile(
    "short", settings.get_profile(settings.get_current_profile_name()), max_examples=20
)  # `make test`


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """A token or portal of whoever runs the tests is never used."""
    for name in [name for name in os.environ if name.startswith(("HUBSPOT_", "ICP_SYNC_")) or name in TRAVEL]:
        monkeypatch.delenv(name)
