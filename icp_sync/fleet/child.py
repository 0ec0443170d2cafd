"""One child process: started in its portal's state directory, its lines handed on, its document read."""

from __future__ import annotations

import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import IO, Any

import orjson

from icp_sync.fleet.command import Command
from icp_sync.fleet.outcome import Document, PortalOutcome, ended


@dataclass(slots=True)
class Child:
    """A portal's process that has started; `output` is its stdout, `sent` the signals we sent it."""

    command: Command
    process: subprocess.Popen[str]
    output: IO[bytes]
    began: float
    sent: list[int] = field(default_factory=list)

    def send_signal(self, number: int) -> None:
        """Pass a signal on; none to a process that has ended."""
        self.sent.append(number)
        self.process.send_signal(number)

    def follow(self, on_line: Callable[[str], None]) -> PortalOutcome:
        """Hand on each line the process says until it ends; what came of it."""
        with self.output:
            for line in self.process.stderr or ():
                on_line(line.rstrip("\n"))
            code = self.process.wait()
            if self.process.stderr:
                self.process.stderr.close()
            self.output.seek(0)
            document = _document(self.output.read())
        portal = self.command.portal
        return ended(portal.name, portal.portal_id, code, document, time.monotonic() - self.began, self.sent)


def start_child(command: Command, environment: Mapping[str, str]) -> Child:
    """Start the process in the state directory, which is there. Raises OSError.

    Its stdout goes to a file without a name, so that one thread can read its stderr to the end.
    """
    output = tempfile.TemporaryFile()  # noqa: SIM115 - `follow` closes it
    try:
        process = subprocess.Popen(  # noqa: S603 - our own command line
            command.arguments(),
            env=dict(environment),
            cwd=command.state,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
            # A terminal sends Ctrl-C to its whole group, and a second one makes a child leave its calls: ours get one.
            process_group=0,
        )
    except OSError:
        output.close()
        raise
    return Child(command, process, output, time.monotonic())


def _document(text: bytes) -> Document | None:
    """The document on stdout; None where there is none, or only a part."""
    try:
        document: Any = orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
    return document if isinstance(document, dict) else None
