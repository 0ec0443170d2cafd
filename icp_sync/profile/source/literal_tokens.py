"""HubSpot tokens that stand in a file in the clear, also in its comments: it is reviewed, copied and published."""

from __future__ import annotations

import re
from typing import Final

from icp_sync.profile.findings import Finding

# As HubSpot writes them, with the data centre in front: "pat-testing-services" are an industry.
_TOKEN: Final = re.compile(r"pat-[a-z]+[0-9]+-[A-Za-z0-9-]{8,}")


def literal_tokens(text: str, remedy: str) -> list[Finding]:
    """A finding for each line with a token in it, which is not repeated. `remedy`: where a new one belongs."""
    problem = "a token stands here in the clear; take it out, revoke it in HubSpot since others may have read it"
    return [
        Finding((), f"{problem}, {remedy}", rule="token", line=number)
        for number, line in enumerate(text.splitlines(), 1)
        if _TOKEN.search(line)
    ]
