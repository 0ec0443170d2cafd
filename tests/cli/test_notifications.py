"""Who is told how a run ended: messages, ping and metrics, which never change its end."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from icp_sync.sandbox import SandboxPortal
from icp_sync.sandbox.store.history_sources import person_source
from icp_sync.state.home import StateHome
from icp_sync.state.ledger.pins import Pin
from tests.cli.conftest import PROFILES, Command
from tests.cli.test_plan import hold
from tests.cli.test_several import other
from tests.notify.server import Inbox, inbox


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Inbox]:
    """A chat service that takes messages."""
    with inbox() as service:
        monkeypatch.setenv("ICP_SYNC_NOTIFY", f"json://{service.address}/hook?retry=0")
        yield service


@pytest.fixture
def switch(monkeypatch: pytest.MonkeyPatch) -> Iterator[Inbox]:
    """A dead-man's switch that takes pings."""
    with inbox() as switch:
        monkeypatch.setenv("ICP_SYNC_PING", f"http://{switch.address}/uuid")
        yield switch


@pytest.fixture
def metrics(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file for Prometheus."""
    file = tmp_path / "icp_sync.prom"
    monkeypatch.setenv("ICP_SYNC_METRICS", str(file))
    return file


def test_an_address_that_takes_no_ping_is_one_warning(icp_sync: Command, switch: Inbox) -> None:
    switch.status = 500
    ended = icp_sync("run")
    assert (ended.code, pings(switch), ended.err.count("did not take the ping")) == (0, ["/start", ""], 1)


def messages(service: Inbox) -> list[tuple[str, str]]:
    documents = [json.loads(body) for _, _, body in service.requests]
    return [(document["title"], document["message"]) for document in documents]


def pings(switch: Inbox) -> list[str]:
    return [path.removeprefix("/uuid") for _, path, _ in switch.requests]


def values(metrics: Path) -> dict[str, float]:
    """Metric with its own label, if it has one → its value."""
    lines = [line.rpartition(" ") for line in metrics.read_text().splitlines() if not line.startswith("#")]
    labels = re.compile(r'(profile|portal_id)="[^"]*",?')
    return {labels.sub("", name).replace(",}", "}"): float(value) for name, _, value in lines}


@pytest.mark.slow
def test_a_good_run_is_silent_pings_and_counts(icp_sync: Command, service: Inbox, switch: Inbox, metrics: Path) -> None:
    ended = icp_sync("run", "--json")
    assert (ended.code, ended.document["notified"], messages(service)) == (0, None, [])
    assert pings(switch) == ["/start", ""]
    figures = values(metrics)
    assert figures["icp_sync_exit_code{}"] == 0
    assert figures['icp_sync_companies_by_tier{tier="tier_1"}'] == ended.document["tiers"]["tier_1"]
    assert figures['icp_sync_companies_by_outcome{outcome="not_icp"}'] == ended.document["outcomes"]["not_icp"]
    assert figures["icp_sync_calls{}"] == ended.document["calls"]["total"]
    assert figures["icp_sync_last_run_timestamp_seconds{}"] == figures["icp_sync_last_success_timestamp_seconds{}"]
    assert metrics.stat().st_mode & 0o777 == 0o644


@pytest.mark.slow
def test_a_held_plan_is_told_once_with_the_way_on(
    icp_sync: Command, portal: SandboxPortal, service: Inbox, switch: Inbox
) -> None:
    hold(icp_sync, portal)
    service.requests.clear()
    switch.requests.clear()
    ended = [icp_sync("run", "--json") for _ in range(2)]
    assert [(one.code, one.document["notified"]) for one in ended] == [(4, True), (4, None)]
    ((title, body),) = messages(service)
    number = ended[0].document["portal_id"]
    assert title == f"icp_sync held: small, portal {number}"
    assert "leaving_tier_1: " in body
    assert "Causes: " in body
    assert f"/contacts/{number}/record/0-2/" in body
    assert f"Run {ended[0].document['run_id']} on " in body
    run_id = ended[0].document["run_id"]
    assert re.search(rf'Next: icp-sync show {run_id}, then icp-sync apply .*\.jsonl --allow .* --because "…"$', body)
    assert pings(switch) == ["/start", "/4"] * 2


@pytest.mark.slow
def test_a_refused_key_is_told_in_the_document_too(
    icp_sync: Command, portal: SandboxPortal, monkeypatch: pytest.MonkeyPatch, service: Inbox, switch: Inbox
) -> None:
    monkeypatch.setenv("ICP_SYNC_PORTAL_ID", str(portal.portal_id))
    good = portal.tokens.copy()
    portal.tokens.clear()
    ended = [icp_sync("run", "--json") for _ in range(2)]
    assert [(one.code, one.document["notified"]) for one in ended] == [(1, True), (1, None)]
    portal.tokens.update(good)
    assert icp_sync("run", "--json").document["notified"] is True
    assert [title.partition(":")[0] for title, _ in messages(service)] == ["icp_sync failed", "icp_sync recovered"]
    assert pings(switch) == ["/start", "/1", "/start", "/1", "/start", ""]


@pytest.mark.slow
def test_a_run_that_never_knew_its_portal_is_told_once_too(
    icp_sync: Command, service: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert icp_sync("run").code == 0
    monkeypatch.setenv("HUBSPOT_ACCESS_TOKEN", "pat-eu1-revoked")
    for _ in range(2):
        assert icp_sync("run").code == 1
    assert len(service.requests) == 1, "the ledger knows the only portal the profile has run on"


@pytest.mark.slow
def test_a_run_that_failed_keeps_the_time_of_the_last_success(
    icp_sync: Command, portal: SandboxPortal, monkeypatch: pytest.MonkeyPatch, metrics: Path
) -> None:
    monkeypatch.setenv("ICP_SYNC_PORTAL_ID", str(portal.portal_id))
    icp_sync("run")
    portal.tokens.clear()
    assert icp_sync("run").code == 1
    figures = values(metrics)
    assert figures["icp_sync_exit_code{}"] == 1
    last_run, last_success = (
        figures[f"icp_sync_last_{what}_timestamp_seconds{{}}"] for what in ("run", "success")
    )  # fmt: skip
    assert 0 < last_success < last_run


def test_a_bad_profile_is_told_although_the_portal_is_never_asked(
    icp_sync: Command, portal: SandboxPortal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, service: Inbox
) -> None:
    bad = tmp_path / "dach.yaml"
    bad.write_text((PROFILES / "small.yaml").read_text().replace("schema: 1", "schema: 9"))
    monkeypatch.setenv("ICP_SYNC_PROFILE", str(bad))
    ended = icp_sync("run", "--json")
    assert (ended.code, ended.document["notified"], portal.calls.total) == (2, True, 0)
    ((title, body),) = messages(service)
    assert title == "icp_sync failed: dach"
    assert body.endswith("Next: icp-sync check")


def test_a_crash_is_told_pinged_and_counted(
    icp_sync: Command, monkeypatch: pytest.MonkeyPatch, service: Inbox, switch: Inbox, metrics: Path
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ValueError("value of a company")

    monkeypatch.setattr("icp_sync.runs.plan_inputs.build_plan", fail)
    assert icp_sync("run", "--json").code == 1
    ((title, body),) = messages(service)
    assert title.startswith("icp_sync failed: small")
    assert "value of a company" not in body
    assert pings(switch) == ["/start", "/1"]
    assert values(metrics)["icp_sync_exit_code{}"] == 1


@pytest.mark.slow
def test_a_plan_that_was_applied_is_told_by_the_run_that_applied_it(
    icp_sync: Command, portal: SandboxPortal, tmp_path: Path, service: Inbox
) -> None:
    icp_sync("plan", "--out", tmp_path / "plan.jsonl")
    portal.faults.reject_company(min(map(int, portal.filled_values())))
    ended = icp_sync("apply", tmp_path / "plan.jsonl", "--json")
    assert ended.code == 5
    applied = icp_sync("history", "--json").document["runs"][0]["run_id"]
    assert applied == ended.document["run_id"] != ended.document["plan_of"]
    body = messages(service)[0][1]
    assert f"Run {applied} on " in body
    assert body.endswith(f"Next: icp-sync show {applied}, then icp-sync run")
    assert icp_sync("show", applied).code == 0


@pytest.mark.slow
def test_the_next_command_names_the_profile_and_the_state_that_were_named(
    icp_sync: Command, portal: SandboxPortal, tmp_path: Path, service: Inbox
) -> None:
    portal.faults.reject_company(min(map(int, portal.filled_values())))
    named = ("--profile", str(PROFILES / "small.yaml"), "--state", str(tmp_path / "named"))
    assert icp_sync("run", *named).code == 5
    sent = dict(messages(service))
    assert {body.rpartition(" --profile ")[2] for body in sent.values()} == {" ".join(named[1:])}


def test_a_plan_file_that_cannot_be_read_is_told_and_pinged(
    icp_sync: Command, tmp_path: Path, service: Inbox, switch: Inbox
) -> None:
    ended = icp_sync("apply", tmp_path / "missing.jsonl", "--json")
    assert (ended.code, ended.document["error"]["code"], ended.document["notified"]) == (1, "plan_unusable", True)
    assert [title for title, _ in messages(service)] == ["icp_sync failed: small"]
    assert pings(switch) == ["/start", "/1"]


@pytest.mark.slow
def test_the_metrics_tell_what_stands_also_of_a_run_that_failed(
    icp_sync: Command, portal: SandboxPortal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, metrics: Path
) -> None:
    monkeypatch.setenv("ICP_SYNC_PORTAL_ID", str(portal.portal_id))
    icp_sync("run")
    company = min(map(int, portal.filled_values()))
    portal.edit_company(company, {"hs_ideal_customer_profile": "tier_3"}, person_source(12))
    icp_sync("run")
    store = StateHome(tmp_path / "state").open(portal.portal_id, "small")
    ours = next(record.id for record in store.lists.records().values() if record.id)
    store.membership_pins.save_new(
        [Pin(list_id, company, "in", dt.datetime.now(dt.UTC)) for list_id in (ours, "another's")]
    )
    portal.tokens.clear()
    assert icp_sync("run").code == 1
    figures = values(metrics)
    assert (figures["icp_sync_overrides{}"], figures["icp_sync_pins{}"]) == (1, 1)


@pytest.mark.parametrize("command", ["plan", "check", "doctor"])
def test_a_command_that_writes_nothing_alerts_nobody(
    icp_sync: Command, portal: SandboxPortal, service: Inbox, switch: Inbox, metrics: Path, command: str
) -> None:
    portal.tokens.clear()
    icp_sync(command)
    assert (service.requests, switch.requests, metrics.exists()) == ([], [], False)


@pytest.mark.slow
def test_who_says_no_is_not_told(
    icp_sync: Command, monkeypatch: pytest.MonkeyPatch, service: Inbox, switch: Inbox
) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("click.confirm", lambda *_, **__: False)
    ended = icp_sync("backfill", "--json")
    assert (ended.code, ended.document["error"]["code"], ended.document["notified"]) == (1, "declined", None)
    assert service.requests == []
    assert pings(switch) == ["/start", "/1"]


@pytest.mark.slow
def test_what_cannot_be_delivered_is_a_warning_and_never_another_exit_code(
    icp_sync: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, service: Inbox, switch: Inbox
) -> None:
    monkeypatch.setenv("ICP_SYNC_METRICS", str(tmp_path / "missing" / "icp_sync.prom"))
    service.status = switch.status = 500
    good = icp_sync("run", "--json")
    assert (good.code, good.document["notified"]) == (0, None)
    monkeypatch.setenv("HUBSPOT_ACCESS_TOKEN", "nobody")
    ended = icp_sync("run", "--json", "--quiet")
    assert (ended.code, ended.document["notified"]) == (1, False)
    warnings = [line for line in ended.err.splitlines() if line.startswith("icp-sync: warning: ")]
    assert ["ICP_SYNC_NOTIFY" in line for line in warnings].count(True) == 1
    assert any("metrics were not written" in line for line in warnings)


@pytest.mark.slow
def test_a_run_warns_of_an_address_of_no_known_service(icp_sync: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ICP_SYNC_NOTIFY", "nonsense://SECRET")
    ended = icp_sync("run", "--quiet")
    assert ended.code == 0
    assert ended.err == "icp-sync: warning: address 1 of ICP_SYNC_NOTIFY is of no service apprise knows\n"


@pytest.mark.slow
def test_a_fault_of_ours_in_the_alerts_is_a_warning(
    icp_sync: Command, monkeypatch: pytest.MonkeyPatch, service: Inbox
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ValueError("SECRET")

    monkeypatch.setattr("icp_sync.runs.notices.send.send_due_notices", fail)
    ended = icp_sync("run", "--quiet")
    assert (ended.code, service.requests) == (0, [])
    assert ended.err.startswith("icp-sync: warning: the run itself is not affected: ")
    assert "SECRET" not in ended.err


@pytest.mark.parametrize(("number", "code", "topics"), [(signal.SIGINT, 130, []), (signal.SIGTERM, 1, ["failed"])])
def test_whoever_pressed_ctrl_c_knows_and_a_stop_by_the_machine_is_told(
    icp_sync: Command, portal: SandboxPortal, service: Inbox, number: int, code: int, topics: list[str]
) -> None:
    def stop(_: int, route: str, phase: str) -> None:
        if route == "GET /crm/objects/companies" and phase == "before":
            os.kill(os.getpid(), number)

    portal.add_call_hook(stop)
    ended = icp_sync("run", "--json", "--full")
    assert (ended.code, ended.document["notified"]) == (code, True if topics else None)
    assert [title.partition(":")[0] for title, _ in messages(service)] == [f"icp_sync {state}" for state in topics]


def test_two_profiles_that_fail_together_are_one_message(
    icp_sync: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, service: Inbox, metrics: Path
) -> None:
    mirror = tmp_path / "mirror.yaml"
    mirror.write_text(other())
    monkeypatch.setenv("HUBSPOT_ACCESS_TOKEN", "nobody")
    assert icp_sync("run", "--profile", PROFILES / "small.yaml", "--profile", mirror).code == 1
    assert [title for title, _ in messages(service)] == ["icp_sync failed: small, mirror"]
    assert len(re.findall(r"^icp_sync_exit_code{", metrics.read_text(), re.MULTILINE)) == 2


@pytest.mark.slow
def test_every_line_of_the_log_names_its_run(icp_sync: Command, portal: SandboxPortal) -> None:
    ended = icp_sync("run", "--json")
    lines = [json.loads(line) for line in ended.err.splitlines()]
    names = {(line["run_id"], line["profile"], line["portal_id"]) for line in lines}
    assert names == {(ended.document["run_id"], "small", portal.portal_id)}
