"""Who is told how a command that writes ended: a ping, messages to people, metrics. None of them changes its end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from icp_sync.cli.crash_handler import CrashHandler
from icp_sync.cli.output import warn
from icp_sync.errors import IcpSyncError, NothingToUndo, PlanDeclined, RunInterrupted, UnknownRun

if TYPE_CHECKING:
    from icp_sync.notify.ping import Ping
    from icp_sync.runs.portal_session import PortalSession
    from icp_sync.runs.run import RunResult
    from icp_sync.settings import AlertSettings

# The commands at whose end somebody may have to act; whoever types another is looking at it.
ALERTING: Final = frozenset({"run", "apply", "backfill", "retry-failed", "undo"})


@dataclass(slots=True)
class CommandAlerts:
    """The alerts of the one command this process runs; quiet until `begin`.

    `session` is None until the settings are read and the profiles loaded. `notified`: whether what was due was
    delivered, None where nothing was. `ping_failed`: the address did not take a ping, which was said.
    """

    command: str | None = None
    files: str = ""
    settings: AlertSettings | None = None
    session: PortalSession | None = None
    results: Sequence[RunResult] | None = None
    notified: bool | None = None
    ping_failed: bool = False

    def reset(self) -> None:
        """Forget the command before."""
        self.command, self.files, self.settings, self.session = None, "", None, None
        self.results, self.notified, self.ping_failed = None, None, False

    def ping_start(self, command: str, files: str, settings: AlertSettings) -> None:
        """Ping that a command begins; `files`: of its profiles, until their names are known."""
        self.command, self.files, self.settings = command, files, settings
        self._run_guarded(lambda: self._ping(lambda ping: ping.send_start()))

    def send_after_runs(self, results: Sequence[RunResult], *, interrupted: bool) -> bool | None:
        """Send what is due after runs that have a report. Whoever pressed Ctrl-C, or said no, knows."""
        if self.session is not None:
            self.results = results
            if not interrupted:
                self._run_guarded(self._send)
        return self.notified

    def send_after_error(self, error: IcpSyncError) -> bool | None:
        """Send what is due after an error that left no report. Whoever named a run to undo is looking at the answer."""
        seen = isinstance(error, (RunInterrupted, PlanDeclined, NothingToUndo, UnknownRun))
        if self.command is not None and self.results is None and not seen:
            self._run_guarded(lambda: self._send(error))
        return self.notified

    def write_metrics_and_ping(self, exit_code: int) -> None:
        """Write the metrics and ping how the command ended."""
        if self.command is not None:
            self._run_guarded(lambda: self._write_metrics(exit_code))
            self._run_guarded(lambda: self._ping(lambda ping: ping.send_end(exit_code)))

    def _run_guarded(self, act: Callable[[], None]) -> None:
        """Do it; a fault of our own in it is a warning and a crash file, never another exit code."""
        with CrashHandler([str(self.command)], ()) as boundary:
            act()
        if boundary.error is not None:
            warn(f"the run itself is not affected: {boundary.error.message}")

    def _send(self, error: IcpSyncError | None = None) -> None:
        """`error`: what left no report."""
        if self.settings is None or not self.settings.notify_urls:
            return
        from icp_sync.runs.notices.collect import collect_failure_notices, collect_result_notices
        from icp_sync.runs.notices.send import send_due_notices
        from icp_sync.views.links import record_link

        if error is not None:
            runs = collect_failure_notices(self.session, self.files, error)
        elif self.session is not None and self.results is not None:
            runs = collect_result_notices(self.session, self.results, record_link)
        else:
            return
        now = self.session.now if self.session else dt.datetime.now(dt.UTC)
        delivery = send_due_notices(self.settings.notify_urls, runs, now)
        self.notified = delivery.notified
        if delivery.warning:
            warn(delivery.warning)

    def _ping(self, send: Callable[[Ping], bool]) -> None:
        if self.settings is None or self.settings.icp_sync_ping is None:
            return
        from icp_sync.notify.ping import Ping
        from icp_sync.portal.client.proxy_and_certificates import network_path

        url = self.settings.icp_sync_ping.get_secret_value()
        try:
            path = network_path(url)
        except IcpSyncError as error:
            warn(f"nothing could be pinged: {error.message}")
            return
        proxy, headers = (path.proxy.address, path.proxy.headers) if path.proxy else (None, {})
        if not send(Ping(url, proxy, headers, path.trusted)) and not self.ping_failed:
            # An address that did not take the start mostly does not take the end either, which is one fault.
            self.ping_failed = True
            warn("the address in ICP_SYNC_PING did not take the ping; whoever watches it may take the run for missing")

    def _write_metrics(self, exit_code: int) -> None:
        if self.settings is None or self.settings.icp_sync_metrics is None:
            return
        from icp_sync.files import write_public_file
        from icp_sync.notify.metrics import metrics_text
        from icp_sync.runs.notices.collect import collect_run_figures

        figures = collect_run_figures(self.session, self.files, self.results, exit_code)
        try:
            write_public_file(self.settings.icp_sync_metrics, [metrics_text(figures)])
        except IcpSyncError as error:
            warn(f"the metrics were not written: {error.message}")


ALERTS: Final = CommandAlerts()
"""Of the one command this process runs; `main` resets it."""
