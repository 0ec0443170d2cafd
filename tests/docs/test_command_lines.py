"""What README and the first pages tell a user to type is typed here, in their order, against a portal in a box."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from click.testing import CliRunner

from icp_sync.cli import cli, main
from icp_sync.sandbox import KINDS, SandboxPortal, generate_companies, load_company_file, serve_in_thread
from icp_sync.settings import Settings
from tests.docs.pages import PAGES, README, ROOT, blocks, inline, name_of
from tests.project.commands import command_of, problems

TYPED = [
    *sorted((ROOT / "docs" / "start").glob("*.md")),
    ROOT / "docs" / "sandbox.md",
    ROOT / "docs" / "guides" / "look-at-it.md",
]
EXPORT = ROOT / "tests" / "sandbox" / "data" / "export.csv"
STANDS_FOR = {"example.com": "200000000001"}
"""A company of the reader's own, and one of the export."""
BY_OTHER_TESTS = re.compile(r"make [a-z-]+|\. \.venv/bin/activate")
"""Targets have tests of their own, and .ci/run makes them all."""
MOST = 300


class Reader:
    """Somebody who types what a page says: in a clone of theirs, with a HubSpot export beside it."""

    def __init__(self, folder: Path, environment: pytest.MonkeyPatch, open_portals: ExitStack) -> None:
        self.folder, self.environment, self.open_portals = folder, environment, open_portals

    def begins(self) -> None:
        """A clone has the shipped profile; HubSpot's state of the user lies in the folder too."""
        (self.folder / "config").mkdir()
        (self.folder / "config" / "icp.yaml").write_bytes((ROOT / "config" / "icp.yaml").read_bytes())
        (self.folder / "export.csv").write_bytes(EXPORT.read_bytes())
        self.environment.chdir(self.folder)
        self.environment.setenv("ICP_SYNC_STATE", str(self.folder / "state"))
        self.starts(SandboxPortal(), from_file=True, companies=0)

    def starts(self, portal: SandboxPortal, *, from_file: bool, companies: int) -> None:
        """Another portal, and the two variables exported; what was remembered is the old one's."""
        load_company_file(portal, EXPORT) if from_file else generate_companies(portal, min(companies, MOST))
        address = self.open_portals.enter_context(serve_in_thread(portal))
        self.environment.setenv("HUBSPOT_BASE_URL", address.url)
        self.environment.setenv("HUBSPOT_ACCESS_TOKEN", address.token)
        self.environment.setenv("ICP_SYNC_STATE", str(self.folder / f"state-{address.url.rpartition(':')[2]}"))

    def saves(self, text: str) -> None:
        """A whole profile, under the name that is used from then on."""
        for name in ("config/icp.yaml", "my.yaml"):
            (self.folder / name).write_text(text, encoding="utf-8")

    def types(self, line: str) -> int:
        """How a line ends."""
        words = shlex.split(line, comments=True)
        if not words or BY_OTHER_TESTS.fullmatch(" ".join(words)):
            return 0
        if words[0] == "export":
            return self.exports(*words[1].split("="))
        assert words[0] == "icp-sync", f"nobody tries {line!r}"
        if words[1] == "sandbox":
            return self.serves(words[2:])
        asked = ["--yes"] if words[1] == "backfill" else []
        return main([*(STANDS_FOR.get(word, word) for word in words[1:]), *asked])

    def exports(self, name: str, value: str) -> int:
        """A setting we know. The key and the portal are the reader's own, the sandbox has others."""
        assert name.lower() in Settings.model_fields
        if name == "ICP_SYNC_PROFILE":
            self.environment.setenv(name, value)
        return 0

    def serves(self, words: list[str]) -> int:
        """`icp-sync sandbox`, which would not come back. That runs outlive its faults is for the drills."""
        asked = command_of("sandbox").make_context("sandbox", words).params
        assert {fault.partition("=")[0] for fault in asked["faults"]} <= {*KINDS}
        self.starts(SandboxPortal(), from_file=asked["source"] is not None, companies=asked["companies"])
        return 0


@pytest.fixture
def reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Reader]:
    with ExitStack() as open_portals:
        reader = Reader(tmp_path, monkeypatch, open_portals)
        reader.begins()
        yield reader


@pytest.mark.parametrize("page", [README, *(pytest.param(page, marks=pytest.mark.slow) for page in TYPED)], ids=name_of)
def test_every_line_works_in_the_order_of_the_page(page: Path, reader: Reader) -> None:
    ended: dict[str, int] = {}
    for block in blocks(page):
        if block.language == "yaml":
            reader.saves(block.text)
        if block.language == "sh":
            ended |= {line: code for line in block.text.splitlines() if (code := reader.types(line))}
    assert ended == {}


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_the_command_line_knows_every_command_that_is_named(page: Path) -> None:
    named = [said.removeprefix("icp-sync ") for said in inline(page) if said.startswith("icp-sync ")]
    wrong = [problems(shlex.split(said)) for said in named if not said.startswith("--")]
    assert [one for one in wrong if one] == []


def test_a_line_that_does_not_work_is_found(reader: Reader) -> None:
    assert reader.types("icp-sync check --profile nowhere.yaml") == 2
    assert CliRunner().invoke(cli, ["plam"]).exit_code == 2
