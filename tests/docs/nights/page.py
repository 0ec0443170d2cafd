"""The guide: each block between `<!-- NAME -->` and `<!-- /NAME -->` is what a night leaves on the screen."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from tests.docs.nights import cases, hosts
from tests.docs.nights.office import office
from tests.docs.pages import ROOT
from tests.postgres import serve

GUIDE: Final = ROOT / "docs" / "guides" / "bad-night.md"
NIGHTS: Final = (*cases.NIGHTS, "a_host_dies", "two_branches")
_BLOCK: Final = re.compile(r"<!-- (\w+) -->\n.*?<!-- /\1 -->", re.DOTALL)


def transcripts(night: str) -> Mapping[str, str]:
    """Block → its text, of one night lived through now; skips the test where that needs a PostgreSQL there is not."""
    if night == "a_host_dies":
        with serve() as server, server.database() as url, office(ICP_SYNC_STATE_URL=url) as scene:
            return dict(hosts.a_host_dies(scene))
    with office() as scene:
        return dict(hosts.two_branches(scene) if night == "two_branches" else cases.NIGHTS[night](scene))


def rewritten(text: str, blocks: Mapping[str, str]) -> str:
    """The page with these blocks; the others stay."""
    return _BLOCK.sub(lambda match: _block(match[1], blocks[match[1]]) if match[1] in blocks else match[0], text)


def names(text: str) -> list[str]:
    """The names of the blocks of a page."""
    return _BLOCK.findall(text)


def _block(name: str, text: str) -> str:
    return f"<!-- {name} -->\n```text\n{text}\n```\n<!-- /{name} -->"
