"""The portal and the hosts of one history, and what each command is held against."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import ClassVar, Final

from hypothesis.stateful import RuleBasedStateMachine

from icp_sync.errors import GuardrailHeld, NothingToUndo, PartlyApplied
from icp_sync.plan import plan_file
from icp_sync.plan.change_frame import iter_changes
from icp_sync.portal.client.proxy_and_certificates import ignore_proxy_variables
from icp_sync.runs.portal_session import RunOptions
from icp_sync.runs.run import apply_saved_plan
from icp_sync.runs.undo import undo
from icp_sync.runs.undo_source import UndoRequest
from icp_sync.state.ledger.runs import RunStore
from tests.drills.histories.edition import INPUTS, STRICT, Edition
from tests.drills.histories.host import Host, Memory, unequal
from tests.drills.histories.inputs import Inputs
from tests.drills.histories.members import Members
from tests.drills.histories.records import live, members
from tests.drills.histories.undone import unrestored
from tests.drills.histories.writes import Overwriting, untold
from tests.drills.scene import Ended, scene
from tests.read_ledger import RecordedRun

HELD: Final = GuardrailHeld.exit_code


@contextmanager
def ledger_file() -> Iterator[str]:
    """The address of a ledger that two state directories share."""
    with tempfile.TemporaryDirectory() as folder:
        yield f"sqlite:///{folder}/ledger.db"


class World(RuleBasedStateMachine):
    """One portal, and one or two hosts that run on it; `shared` makes the ledger of those without one of their own."""

    shared: ClassVar[Callable[[], AbstractContextManager[str]]] = staticmethod(ledger_file)

    def __init__(self) -> None:
        super().__init__()
        self.open = ExitStack()
        # The certificates of this machine take as long to load as a plan to draw, and nothing here speaks TLS.
        self.open.enter_context(ignore_proxy_variables())
        self.stage = self.open.enter_context(scene(0))
        self.portal = self.stage.portal
        self.folder = Path(self.open.enter_context(tempfile.TemporaryDirectory()))
        self.edition, self.steps = Edition(), 0
        self.hosts: list[Host] = []
        self.aka: dict[int, int] = {}

    def teardown(self) -> None:
        self.open.close()

    @property
    def now(self) -> float:
        """The portal's time in seconds."""
        return self.portal.now() / 1000

    def add_hosts(self, count: int, *, share: bool) -> None:
        """So many hosts, each with a ledger on its disk; where they `share` one, it outlives their disks."""
        url = self.open.enter_context(type(self).shared()) if share else None
        memory, together = Memory(url=url), Members()
        for number in range(count):
            own = (memory, together) if share else (Memory(), Members())
            inputs, writes = Inputs(), Overwriting(self.portal)
            self.hosts.append(Host(self.portal, self.folder / str(number), own[0], inputs, writes, own[1]))

    def host(self, place: int) -> Host:
        """The host in a place; where there is one only, that."""
        return self.hosts[place % len(self.hosts)]

    def id_at(self, place: int) -> int:
        """The company in a place; the places of those that went are taken by others."""
        ids: list[int] = self.portal.companies_frame()["id"].to_list()
        return ids[place % len(ids)]

    def touch(self, *companies: int) -> None:
        """Somebody edited companies."""
        for host in self.hosts:
            host.inputs.edited(live(self.portal), self.now)
            for company in companies:
                host.memory.taken.forget(company)

    def doubt_members(self) -> None:
        """What runs know of the members of the list is not known here."""
        for host in self.hosts:
            host.members.unsure = True

    def run_on(self, host: Host, allow: Collection[str] = ()) -> Ended:
        """A run, which may be held."""
        host.begin()
        ended = self.stage.run(host.state, loaded=self.edition.loaded, allow=allow, url=host.memory.url)
        if ended.code == HELD:
            self.require_rightly_held(host, ended)
            return ended
        assert ended.code == 0, ended.printed
        require_nothing(host.after_run(ended, self.edition, allowed=allow))
        self.require_ledger()
        self.tell_others(host)
        again = self.stage.plan(host.state, self.edition.loaded, host.memory.url)
        assert not again.pending, list(iter_changes(again.report.plan.changes)) if again.report else again
        return ended

    def apply_plan_of(self, blocked: Ended, host: Host, allow: Collection[str]) -> None:
        """Approve a held plan; what was edited since is left alone, and the plan is refused for another profile."""
        assert blocked.report is not None
        assert isinstance(blocked.report.refused, GuardrailHeld)
        assert blocked.report.refused.plan is not None
        saved = plan_file.parse_plan_file(blocked.report.refused.plan.read_bytes().splitlines(keepends=True))
        host.begin()
        options = RunOptions("apply", allow=frozenset(allow))
        ended = self.stage.do(lambda session: apply_saved_plan(session, saved), host.home, options, self.edition.loaded)
        assert ended.code in (0, PartlyApplied.exit_code), ended.printed
        require_nothing(host.writes.wrong(self.edition, self.now))
        self.require_ledger()
        self.doubt_members()
        if "undone" in allow:
            host.memory.taken.clear()

    def undo_on(self, host: Host, undone: RecordedRun, request: UndoRequest) -> None:
        """Take a run back, whole or in part, and try it once more."""
        host.begin()
        before, chosen = host.before, frozenset[int]() if request.list_name else request.companies
        overridden = host.set_by_others()
        later = [run for run in host.runs() if (run.run.row_id or 0) > (undone.run.row_id or 0)]
        ended = self._undo(host, request)
        if ended.report is None:
            assert ended.code == NothingToUndo.exit_code, ended.printed
        elif ended.code == HELD:
            self.require_rightly_held(host, ended, looked=False)
        else:
            assert ended.code == 0, ended.printed
            after, there = live(self.portal), members(self.portal) or frozenset[int]()
            require_nothing(unrestored(undone, chosen, before, after, later, overridden))
            require_nothing(host.writes.wrong(self.edition, self.now))
            if not host.members.unsure:
                require_nothing(host.members.trampled(host.on_list or (), there, after))
            self.require_ledger()
            self.tell_others(host)
            # Their inputs may change without an edit, once a hold ends.
            spared = {company for company, texts in after.items() if not all(texts[name] for name in INPUTS)}
            last = RunStore(host.store().ledger, self.portal.portal_id, "histories").last()
            assert last is not None
            host.memory.taken.undo(
                last.run_id, undone.run.run_id, before, after, spared=spared, named=request.companies
            )
            again = self._undo(host, request)
            assert not again.pending or again.report is None, again

    def _undo(self, host: Host, request: UndoRequest) -> Ended:
        options = RunOptions("undo")
        return self.stage.do(lambda session: undo(session, request).result, host.home, options, self.edition.loaded)

    def require_rightly_held(self, host: Host, ended: Ended, *, looked: bool = True) -> None:
        """A held plan has written nothing, and a guardrail that may hold here held it."""
        assert ended.report is not None
        require_nothing([*host.after_hold(looked=looked), *unequal(ended)])
        blocking = {check.name for check in ended.report.plan.blocked_by}
        may = {"undone"} if host.memory.taken.in_force else set()
        may |= {"changed"} if self.edition.changed == STRICT else set()
        # Two that share nothing are two branches to each other once the profile is edited between their runs.
        may |= {"other_writer"} if len({id(one.memory) for one in self.hosts}) > 1 else set()
        assert blocking <= may, (blocking, ended.printed)

    def require_ledger(self) -> None:
        """All ledgers together tell of every write of ours since the oldest of them began."""
        memories = {id(host.memory): host for host in self.hosts}
        runs = [run for host in memories.values() for run in host.runs()]
        require_nothing(untold(self.portal, runs, max(host.memory.since for host in self.hosts), self.aka))

    def tell_others(self, host: Host) -> None:
        """A run of one host moved members: the others take it for people's moves, unless they share the ledger."""
        for other in self.hosts:
            if other.members is not host.members:
                other.members.unsure = True


def require_nothing(wrong: Iterable[str]) -> None:
    """AssertionError with everything that is wrong."""
    faults = list(wrong)
    assert not faults, "\n".join(faults)
