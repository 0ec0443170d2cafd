"""Draws the pictures of the documentation from real runs against a portal in a box: `make pictures`.

`docs/img/plan.svg` is what `icp-sync plan` says on a terminal, `docs/img/record.svg` what then stands on a company;
`tools/report_pictures.py` takes those of the report.
"""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Mapping, Sequence
from html import escape
from io import StringIO
from pathlib import Path
from typing import Final

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.terminal_theme import DIMMED_MONOKAI
from rich.text import Text

from icp_sync.sandbox import PortalAddress, SandboxPortal, generate_companies, serve_in_thread
from tools import report_pictures

ROOT: Final = Path(__file__).parents[1]
PICTURES: Final = ROOT / "docs" / "img"
COLUMNS: Final = 108
# A picture asks nobody for a font: what GitHub shows in a page may not.
_FORMAT: Final = re.sub(r"\s*@font-face \{\{.*?\}\}", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)
_FIELDS: Final = {
    "hs_ideal_customer_profile": "Ideal Customer Profile Tier",
    "icp_fit_score": "ICP fit score",
    "icp_fit_outcome": "ICP fit outcome",
    "icp_fit_reasons": "ICP fit reasons",
    "icp_country": "ICP country",
    "icp_fit_profile": "ICP fit profile",
}
_ENUMERATIONS: Final = frozenset({"hs_ideal_customer_profile", "icp_fit_outcome"})
_ROW: Final = 20
_LINE: Final = 62


def main() -> None:
    """A first night, the company of it with the most to say, a day on which people fill in values, and a plan."""
    portal = SandboxPortal()
    generate_companies(portal, 2_000)
    PICTURES.mkdir(exist_ok=True)
    with serve_in_thread(portal) as address, tempfile.TemporaryDirectory() as state:
        on_a_terminal(["run", "--quiet"], address, state)
        (PICTURES / "record.svg").write_text(record(telling(portal)), encoding="utf-8")
        somebody_works(portal)
        output = on_a_terminal(["plan"], address, state)
        (PICTURES / "plan.svg").write_text(terminal(f"$ icp-sync plan\n{output}"), encoding="utf-8")
    report_pictures.draw(PICTURES, on_a_terminal)


def somebody_works(portal: SandboxPortal) -> None:
    """Head counts that were not known are filled in, and a company turns out to be small."""
    names = ("hs_object_id", "icp_fit_reasons", "icp_fit_score", "hs_ideal_customer_profile")
    rows = portal.companies_frame(*names).fill_null("").to_dicts()
    for row in [row for row in rows if "500–10,000 employees, +20 would make it" in row["icp_fit_reasons"]][:5]:
        portal.edit_company(int(row["hs_object_id"]), {"numberofemployees": "2400"})
    tier_1 = [row for row in rows if row["hs_ideal_customer_profile"] == "tier_1"]
    small = min(tier_1, key=lambda row: float(row["icp_fit_score"]))
    portal.edit_company(int(small["hs_object_id"]), {"numberofemployees": "40"})


def on_a_terminal(words: Sequence[str], address: PortalAddress, state: str) -> str:
    """What a command says on a terminal of `COLUMNS` columns, colours included. Raises CalledProcessError."""
    ours, theirs = pty.openpty()
    environment = {
        "PATH": os.environ["PATH"], "HOME": state, "TERM": "xterm-256color", "COLUMNS": str(COLUMNS),
        "HUBSPOT_BASE_URL": address.url, "HUBSPOT_ACCESS_TOKEN": address.token,
        "ICP_SYNC_STATE": str(Path(state) / "state"), "ICP_SYNC_PROFILE": str(ROOT / "config" / "icp.yaml"),
    }  # fmt: skip
    command = [sys.executable, "-m", "icp_sync", *words]
    running = subprocess.Popen(command, stdout=theirs, stderr=subprocess.DEVNULL, env=environment, cwd=ROOT)
    os.close(theirs)
    output = b"".join(iter(lambda: _read(ours), b""))
    if running.wait():
        raise subprocess.CalledProcessError(running.returncode, command)
    return output.decode().replace("\r\n", "\n")


def _read(terminal: int) -> bytes:
    """The next bytes of a terminal; none once its other end is closed, which Linux calls an error."""
    try:
        return os.read(terminal, 65_536)
    except OSError:
        return b""


def terminal(output: str, lines: int = 45) -> str:
    """A picture of a terminal that shows the first lines."""
    console = Console(record=True, width=COLUMNS, file=StringIO(), force_terminal=True, highlight=False)
    shown = output.rstrip().split("\n")
    console.print(Text.from_ansi("\n".join([*shown[:lines], *(["…"] if len(shown) > lines else [])])))
    return console.export_svg(title="icp-sync plan", theme=DIMMED_MONOKAI, code_format=_FORMAT, unique_id="plan")


def telling(portal: SandboxPortal) -> Mapping[str, str]:
    """A company in a tier whose reasons have most to say, the first of several."""
    rows = portal.companies_frame("name", *_FIELDS).fill_null("").to_dicts()
    tiered = [row for row in rows if row["hs_ideal_customer_profile"] in {"tier_1", "tier_2"}]
    return max(tiered, key=lambda row: _most_telling(row["icp_fit_reasons"]))


def _most_telling(reasons: str) -> tuple[bool, int, int]:
    """What reasons are ranked by: a way up first, then many parts, then few words."""
    return "would make it tier 1" in reasons, reasons.count(": "), -len(reasons)


def record(company: Mapping[str, str]) -> str:
    """A company's values as a record in HubSpot shows them: label above value."""
    parts, y = [], 84
    for name, label in _FIELDS.items():
        value = company[name]
        shown = value.replace("_", " ").capitalize() if name in _ENUMERATIONS else value
        parts.append(f'<text x="32" y="{y}" class="label">{escape(label)}</text>')
        for line in textwrap.wrap(shown, _LINE):
            y += _ROW
            parts.append(f'<text x="32" y="{y}" class="value">{escape(line)}</text>')
        y += 30
    body = "\n".join(parts)
    return f"""\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 560 {y}" width="560" height="{y}" role="img">
<title>{escape(company["name"])}: tier, score and reasons on the company's record</title>
<style>
text {{ font-family: -apple-system, "Segoe UI", Helvetica, Arial, sans-serif; }}
.name {{ font-size: 18px; font-weight: 600; fill: #213343; }}
.label {{ font-size: 12px; fill: #516f90; }}
.value {{ font-size: 14px; fill: #213343; }}
</style>
<rect x="0.5" y="0.5" width="559" height="{y - 1}" rx="6" fill="#ffffff" stroke="#cbd6e2"/>
<rect x="1" y="1" width="558" height="50" rx="6" fill="#f5f8fa"/>
<text x="32" y="32" class="name">{escape(company["name"])}</text>
{body}
</svg>
"""


if __name__ == "__main__":
    main()
