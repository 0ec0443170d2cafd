"""One child process: started in its portal's state directory, its lines handed on, its document read."""

from __future__ import annotations

import errno
import subprocess
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import orjson

from icp_sync.errors import StateUnusable
from icp_sync.files import make_private_folder
from icp_sync.fleet.outcome import Document, PortalOutcome, ended_outcome
from icp_sync.fleet.portal_command import PortalCommand


@dataclass(slots=True)
class ChildProcess:
    """A portal's process that has started; `sent`: the signals we sent it."""

    command: PortalCommand
    process: subprocess.Popen[str]
    began: float
    sent: list[int] = field(default_factory=list)

    def send_signal(self, number: int) -> None:
        """Pass a signal on; none to a process that has ended."""
        self.sent.append(number)
        self.process.send_signal(number)

    def wait_for_outcome(self, on_line: Callable[[str], None]) -> PortalOutcome:
        """Hand on each line the process says until it ends; what came of it."""
        # Both pipes are read at once, since a process that fills one waits; a file would need room on a disk.
        with ThreadPoolExecutor(1) as reader, self.process:
            printed = reader.submit(self._read_stdout)
            for line in self.process.stderr or ():
                on_line(self.command.replace_variables_with_fleet_keys(line.rstrip("\n")))
            document, code = _parse_document(printed.result()), self.process.wait()
        portal, seconds = self.command.portal, time.monotonic() - self.began
        outcome = ended_outcome(portal.name, portal.portal_id, code, document, seconds, self.sent)
        return outcome.map_error_texts(self.command.replace_variables_with_fleet_keys)

    def _read_stdout(self) -> str:
        return self.process.stdout.read() if self.process.stdout else ""


def start_child(command: PortalCommand, environment: Mapping[str, str]) -> ChildProcess:
    """Start the process in the state directory, which is made. Raises StateUnusable."""
    try:
        make_private_folder(command.state)
        process = subprocess.Popen(  # noqa: S603 - our own command line
            command.arguments(),
            env=dict(environment),
            cwd=command.state,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
            # A terminal sends Ctrl-C to its whole group, and a second one makes a child leave its calls: ours get one.
            process_group=0,
        )
    except OSError as error:
        full = error.errno in {errno.ENOSPC, errno.EDQUOT}
        remedy = "free some space there" if full else "make it a directory this user may write to"
        raise StateUnusable(
            f"no process can be started in {command.state} ({error.strerror}); {remedy}, or name another with --state"
        ) from error
    return ChildProcess(command, process, time.monotonic())


def _parse_document(text: str) -> Document | None:
    """The document on stdout; None where there is none, or only a part."""
    try:
        document: Any = orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
    return document if isinstance(document, dict) else None
