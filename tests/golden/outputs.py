"""`python -m tests.golden.outputs` writes the golden outputs anew; `git diff` then shows what people will see."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import re
import sys
import tempfile
import time
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final

import polars as pl
from sqlalchemy import func, select

from icp_sync.cli import main
from icp_sync.sandbox import SandboxPortal, serve_in_thread
from icp_sync.sandbox.data.generate_companies import generate_companies
from icp_sync.state.ledger.address import sqlite_address
from icp_sync.state.ledger.opening import open_ledger
from icp_sync.state.ledger.schema import METADATA

FOLDER: Final = Path(__file__).parent / "outputs"
ROOT: Final = Path(__file__).parents[2]
_START: Final = 1_780_000_000
"""28 May 2026; the portal's clock starts there, and days follow from it."""
_COMPANIES: Final = 60
_PROFILES: Final = {path.stem: path for path in sorted((ROOT / "icp_sync/profile/templates").glob("*.yaml"))} | {
    "icp": ROOT / "config/icp.yaml",
    "small": ROOT / "tests/profiles/small.yaml",
}
_COMMANDS: Final = [
    "init",
    "check",
    "doctor",
    "plan",
    "apply",
    "run",
    "backfill",
    "explain",
    "demo",
    "sandbox",
    "doc",
    "schema",
    "retry-failed",
    "score",
    "vocabulary",
    "history",
    "show",
    "overrides",
    "release",
    "undo",
]
_VARYING: Final = (
    (r"\d{8}T\d{6}Z?-[0-9a-z]+", "RUN"),
    (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)", "MOMENT"),
    (r"\b17800\d{8}\b", "MILLISECONDS"),
    (r'"(seconds|at|moment|total_seconds)": ?[\d.]+', r'"\1": 0'),
    (r"127\.0\.0\.1:\d+", "PORTAL"),
    # How much a second reading takes hangs on the seconds since the first.
    (r'"reading": \{.*?\n  \}', '"reading": {}'),
    (r'"(fingerprint|sha256|pid|calls|version)": ?("[^"]*"|\d+)', r'"\1": 0'),
    (r"list_(?:version|id)s?\D{0,4}\d+", "LIST"),
)  # fmt: skip


def outputs(profiles: Collection[str] = tuple(_PROFILES)) -> Iterator[tuple[str, str]]:
    """Name and text of every golden output of these profiles. Sets variables of the environment."""
    os.environ["COLUMNS"] = "100"
    for command in _COMMANDS:
        yield f"help/{command}.txt", _printed([command, "--help"])
    yield "help/icp-sync.txt", _printed(["--help"])
    for name in profiles:
        path = _PROFILES[name]
        with tempfile.TemporaryDirectory() as folder, _portal(Path(folder), path):
            yield from _of_profile(name, Path(folder))


def _of_profile(name: str, folder: Path) -> Iterator[tuple[str, str]]:
    yield f"{name}/check.json", _steady(_printed(["check", "--json"]), folder)
    saved = folder / "plan.json"
    yield f"{name}/plan.json", _steady(_printed(["plan", "--json", "--out", str(saved)]), folder)
    yield f"{name}/plan-file.json", _steady(_digests(saved), folder)
    yield f"{name}/run.json", _steady(_printed(["run", "--json", "--allow", "changed"]), folder)
    yield f"{name}/explain.json", _steady(_printed(["explain", _first(saved), "--json"]), folder)
    yield f"{name}/state.txt", _steady(_state(folder / "state"), folder)


@contextlib.contextmanager
def _portal(folder: Path, profile: Path) -> Iterator[None]:
    began = time.time()
    portal = SandboxPortal(clock=lambda: _START + time.time() - began)
    generate_companies(portal, _COMPANIES)
    with serve_in_thread(portal) as address:
        os.environ.update(
            HUBSPOT_BASE_URL=address.url,
            HUBSPOT_ACCESS_TOKEN=address.token,
            ICP_SYNC_PROFILE=str(profile),
            ICP_SYNC_STATE=str(folder / "state"),
        )
        yield


def _printed(arguments: list[str]) -> str:
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(arguments)
    out.flush()
    return f"{out.buffer.getvalue().decode()}exit {code}\n"


def _first(saved: Path) -> str:
    """The id of the first company that a saved plan changes."""
    return str(json.loads(saved.read_text(encoding="utf-8").splitlines()[1])["id"])


def _digests(saved: Path) -> str:
    """The keys of a plan file's header and lines, and its text's digest once what varies is taken out."""
    text = saved.read_text(encoding="utf-8")
    keys = dict.fromkeys(",".join(json.loads(line)) for line in text.splitlines())
    return "\n".join([*keys, f"{len(text.splitlines())} lines {_digest(_steady(text, saved.parent))}"])


def _state(folder: Path) -> str:
    """The files of a state directory: JSON by the digest of what does not vary, tables by their columns and height."""
    return "\n".join(_described(path, folder) for path in sorted(folder.rglob("*")) if path.is_file())


def _described(path: Path, folder: Path) -> str:
    named_runs = re.sub(r"\d{8}T\d{6}Z-[0-9a-f]{6}", "RUN", str(path.relative_to(folder)))
    name = re.sub(r"[0-9a-f]{8,}", "HEX", named_runs)
    if path.suffix == ".parquet":
        frame = pl.read_parquet(path)
        return f"{name} {frame.height} {' '.join(frame.columns)}"
    if path.suffix == ".db":
        with open_ledger(sqlite_address(path)).read_transaction() as connection:
            counts = {
                table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
                for table in METADATA.sorted_tables
            }
        return f"{name} {' '.join(f'{table}:{counts[table]}' for table in sorted(counts))}"
    text = path.read_text(encoding="utf-8")
    documents = text.splitlines() if path.suffix == ".jsonl" else [text] if text.startswith("{") else []
    return f"{name} {len(documents)} {sorted({key for document in documents for key in json.loads(document)})}"


def _steady(text: str, folder: Path) -> str:
    text = text.replace(str(folder), "FOLDER").replace(str(ROOT), "ROOT")
    for pattern, instead in _VARYING:
        text = re.sub(pattern, instead, text, flags=re.DOTALL)
    return text


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def write(folder: Path = FOLDER, profiles: Collection[str] = tuple(_PROFILES)) -> None:
    """Write the golden outputs of these profiles."""
    for name, text in outputs(profiles):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]) if sys.argv[1:] else FOLDER, sys.argv[2:] or tuple(_PROFILES))
