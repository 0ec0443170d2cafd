"""Who is told how a command that writes ended: a ping, messages to people, metrics. None of them changes its end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from icp_sync.cli.boundary import Boundary
from icp_sync.cli.output import warn
from icp_sync.errors import IcpSyncError, Interrupted, NotConfirmed, StateUnusable

if TYPE_CHECKING:
    from icp_sync.notify.metrics import RunFigures
    from icp_sync.notify.ping import Ping
    from icp_sync.runs.notices.facts import RunNotices
    from icp_sync.runs.ports import NoticeMemory
    from icp_sync.runs.run import RunResult
    from icp_sync.runs.session import PortalSession
    from icp_sync.settings import AlertSettings
    from icp_sync.state.ledger.overrides import Override
    from icp_sync.state.store import StateStore

# The commands at whose end somebody may have to act; whoever types another is looking at it.
ALERTING: Final = frozenset({"run", "apply", "backfill", "retry-failed", "undo"})


@dataclass(slots=True)
class Alerts:
    """The alerts of the one command this process runs; quiet until `begin`.

    `session` is None until the settings are read and the profiles loaded. `notified`: whether what was due was
    delivered, None where nothing was.
    """

    command: str | None = None
    profile: str = ""
    settings: AlertSettings | None = None
    session: PortalSession | None = None
    results: Sequence[RunResult] | None = None
    notified: bool | None = None

    def reset(self) -> None:
        """Forget the command before."""
        self.command, self.profile, self.settings, self.session = None, "", None, None
        self.results, self.notified = None, None

    def begin(self, command: str, profile: str, settings: AlertSettings) -> None:
        """Ping that a command begins; `profile`: its files, until their names are known."""
        self.command, self.profile, self.settings = command, profile, settings
        self._guard(lambda: self._ping(lambda ping: ping.started()))

    def report(self, results: Sequence[RunResult], *, interrupted: bool) -> bool | None:
        """Send what is due after runs that have a report. Whoever pressed Ctrl-C, or said no, knows."""
        if self.command is None:
            return None
        self.results = results
        if not interrupted:
            reports = [result for result in results if not isinstance(result.report.error, NotConfirmed)]
            self._guard(lambda: self._send([self._of_result(result) for result in reports]))
        return self.notified

    def fail(self, error: IcpSyncError) -> bool | None:
        """Send what is due after an error that left no report."""
        if self.command is not None and self.results is None and not isinstance(error, (Interrupted, NotConfirmed)):
            self._guard(lambda: self._send([self._of_error(error)]))
        return self.notified

    def end(self, exit_code: int) -> None:
        """Write the metrics and ping how the command ended."""
        if self.command is not None:
            self._guard(lambda: self._write_metrics(exit_code))
            self._guard(lambda: self._ping(lambda ping: ping.ended(exit_code)))

    def _guard(self, act: Callable[[], None]) -> None:
        """Do it; a fault of our own in it is a warning and a crash file, never another exit code."""
        with Boundary([str(self.command)], ()) as boundary:
            act()
        if boundary.error is not None:
            warn(f"the run itself is not affected: {boundary.error.message}")

    def _send(self, runs: Sequence[tuple[RunNotices, Sequence[NoticeMemory]]]) -> None:
        from icp_sync.runs.notices.send import send_due

        if self.settings is not None:
            now = self.session.now if self.session else dt.datetime.now(dt.UTC)
            delivery = send_due(self.settings.notify_urls, runs, now)
            self.notified = delivery.notified
            if delivery.warning:
                warn(delivery.warning)

    def _of_result(self, result: RunResult) -> tuple[RunNotices, Sequence[NoticeMemory]]:
        from icp_sync.runs.notices.facts import notices_of_result
        from icp_sync.views.links import record_link

        origin = result.report.plan.origin
        profiles = {loaded.profile.name: loaded.profile for loaded in self.session.profiles} if self.session else {}
        review_by = profiles[origin.profile_name].profile.review_by if origin.profile_name in profiles else None
        allow = self.session.options.allow if self.session else frozenset()
        stores = self._stores([origin.profile_name])
        overrides: list[Override] = []
        with suppress(StateUnusable):  # a ledger that cannot be read is what the message tells of
            overrides = [override for store in stores for override in store.overrides.list_open()]
        notices = notices_of_result(
            result,
            allow,
            review_by,
            lambda company: record_link(result.ui_domain, origin.portal_id, company),
            overrides,
        )
        return notices, [store.notices for store in stores]

    def _of_error(self, error: IcpSyncError) -> tuple[RunNotices, Sequence[NoticeMemory]]:
        from icp_sync.runs.notices.facts import notices_of_error

        names = self._names()
        return notices_of_error(error, ", ".join(names) or self.profile, self._portal_id()), [
            store.notices for store in self._stores(names)
        ]

    def _names(self) -> list[str]:
        return [loaded.profile.name for loaded in self.session.profiles] if self.session else []

    def _portal_id(self) -> int | None:
        return self.session.known_portal if self.session else None

    def _stores(self, profiles: Sequence[str]) -> list[StateStore]:
        """The state of each profile; none where the portal's number is not known, or the state cannot be opened."""
        portal_id = self._portal_id()
        if self.session is None or portal_id is None:
            return []
        try:
            return [self.session.state.open(portal_id, profile) for profile in profiles]
        except IcpSyncError:
            return []

    def _ping(self, send: Callable[[Ping], bool]) -> None:
        if self.settings is None or self.settings.icp_sync_ping is None:
            return
        from icp_sync.notify.ping import Ping
        from icp_sync.portal.client.network import path_to

        url = self.settings.icp_sync_ping.get_secret_value()
        try:
            path = path_to(url)
        except IcpSyncError as error:
            warn(f"nothing could be pinged: {error.message}")
            return
        proxy, headers = (path.proxy.address, path.proxy.headers) if path.proxy else (None, {})
        if not send(Ping(url, proxy, headers, path.trusted)):
            warn("the address in ICP_SYNC_PING did not take the ping; whoever watches it may take the run for missing")

    def _write_metrics(self, exit_code: int) -> None:
        if self.settings is None or self.settings.icp_sync_metrics is None:
            return
        from icp_sync.notify.metrics import metrics_text
        from icp_sync.state.files import write_public

        try:
            write_public(self.settings.icp_sync_metrics, [metrics_text(self._figures(exit_code))])
        except IcpSyncError as error:
            warn(f"the metrics were not written: {error.message}")

    def _figures(self, exit_code: int) -> list[RunFigures]:
        from icp_sync.runs.notices.figures import figures_of_failure, figures_of_result

        if self.results is None:
            names = self._names() or [self.profile]
            return [figures_of_failure(name, self.session, exit_code, self._last_success(name)) for name in names]
        return [
            figures_of_result(
                result,
                exit_code if len(self.results) == 1 else result.report.exit_code,
                self._last_success(result.report.plan.origin.profile_name),
            )
            for result in self.results
        ]

    def _last_success(self, profile: str) -> dt.datetime | None:
        with suppress(IcpSyncError):
            return next((store.runs.last_success() for store in self._stores([profile])), None)
        return None


ALERTS: Final = Alerts()
"""Of the one command this process runs; `main` resets it."""
