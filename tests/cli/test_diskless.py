"""Workers without a disk: what one night left in the object store, the next goes on with, whichever host it is on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl
import pytest

from icp_sync.object_store.address import parse_address
from icp_sync.object_store.opening import open_folder
from icp_sync.sandbox import SandboxPortal
from icp_sync.sandbox.store.history_sources import person_source
from tests.cli.conftest import DAY, Command, Ended, company_ids
from tests.marks import with_slow
from tests.object_store.s3 import KEY, S3, SECRET
from tests.postgres import Server

UPDATE = "POST /crm/objects/companies/batch/update"
SEARCH = "POST /crm/objects/companies/search"
Worker = Callable[..., Ended]


@pytest.fixture
def worker(icp_sync: Command, bucket: S3, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Worker:
    """A command on the worker of that name, whose directory is empty when it first works."""
    assert bucket.url
    monkeypatch.setenv("ICP_SYNC_SNAPSHOT_URL", "s3://acme/state")

    def command(name: str, *words: object) -> Ended:
        monkeypatch.setenv("ICP_SYNC_STATE", str(tmp_path / name))
        return icp_sync(*words)

    return command


def kept() -> list[str]:
    """The names of what is in the store, without portal and profile."""
    return [entry.name.split("/", 2)[2] for entry in open_folder(parse_address("s3://acme/state")).entries()]


@pytest.fixture(params=["ledgers of their own", pytest.param("one ledger", marks=pytest.mark.slow)])
def ledger(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The ledger, on each worker's own disk or in PostgreSQL, where it belongs then."""
    if request.param == "ledgers of their own":
        yield
        return
    server: Server = request.getfixturevalue("server")
    with server.database() as url:
        monkeypatch.setenv("ICP_SYNC_STATE_URL", url)
        yield


@pytest.mark.usefixtures("ledger")
def test_a_worker_with_an_empty_disk_goes_on_with_a_delta(worker: Worker, portal: SandboxPortal) -> None:
    assert worker("a", "run").code == 0
    portal.ahead += DAY
    portal.edit_company(company_ids(portal)[1], {"country": "Deutschland"}, person_source(12))
    ended = worker("b", "run")
    last = worker("c", "report", "last", "--json")
    assert (ended.code, "1 companies read anew, those that changed since the snapshot" in ended.out) == (0, True)
    assert "1 of 1 companies written" in ended.out
    assert len([name for name in kept() if name.startswith("reports/")]) == 2
    assert (last.code, last.document["applied"]["companies"]) == (0, 1)


def break_off(answer: str, methods: str) -> Callable[[S3, pytest.MonkeyPatch], None]:
    def strike(bucket: S3, _: pytest.MonkeyPatch) -> None:
        bucket.before = lambda environ: answer if environ["REQUEST_METHOD"] in methods.split() else None

    return strike


def no_network(_: S3, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")


def no_bucket(_: S3, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ICP_SYNC_SNAPSHOT_URL", "s3://nowhere/state")


@pytest.mark.parametrize(
    ("strike", "problem"),
    [
        (no_bucket, "there is no bucket nowhere"),
        (break_off("AccessDenied", "PUT"), "access was refused (AccessDenied)"),
        pytest.param(break_off("InvalidAccessKeyId", "GET"), "(InvalidAccessKeyId)", marks=pytest.mark.slow),
        pytest.param(no_network, "the store cannot be reached", marks=pytest.mark.slow),
    ],
)
def test_a_store_that_cannot_be_used_is_said_before_the_first_write(
    worker: Worker,
    portal: SandboxPortal,
    bucket: S3,
    monkeypatch: pytest.MonkeyPatch,
    strike: Callable[[S3, pytest.MonkeyPatch], None],
    problem: str,
) -> None:
    strike(bucket, monkeypatch)
    ended = worker("a", "run", "--json")
    assert (ended.code, ended.document["error"]["code"]) == (1, "object_store")
    assert problem in ended.document["error"]["message"]
    assert not any(route == UPDATE for route in portal.calls.by_route)
    files = [file.read_bytes() for file in Path().rglob("*") if file.is_file()]
    seen = [ended.out.encode(), ended.err.encode(), *files]
    assert not [secret for secret in (KEY, SECRET) if any(secret.encode() in content for content in seen)]


def test_the_second_of_two_runs_is_refused_before_it_writes(worker: Worker, portal: SandboxPortal) -> None:
    """Two workers with ledgers of their own, which is wrong, and still does no harm."""
    worker("a", "plan")
    portal.add_call_hook(lambda _, route, phase: route == SEARCH and phase == "before" and save_elsewhere())
    ended = worker("b", "run", "--json")
    assert (ended.code, ended.document["error"]["code"]) == (1, "snapshot_replaced")
    assert "another run has replaced s3://acme/state/" in ended.document["error"]["message"]
    assert not any(route == UPDATE for route in portal.calls.by_route)


@pytest.mark.slow
@pytest.mark.parametrize("lost", ["pointer", "store"])
def test_what_was_written_is_told_where_the_snapshot_cannot_follow(
    worker: Worker, portal: SandboxPortal, bucket: S3, lost: str
) -> None:
    def strike(_: object, route: str, phase: str) -> bool:
        if route == UPDATE and phase == "before":
            if lost == "pointer":
                save_elsewhere()
            else:
                bucket.before = lambda _: "ExpiredToken"
        return False

    portal.add_call_hook(strike)
    ended = worker("a", "run", "--json")
    assert (ended.code, ended.document["applied"]["companies"]) == (5, 5)
    assert {"pointer": "another run has replaced", "store": "access was refused"}[lost] in ended.document["error"][
        "message"
    ]
    bucket.before = lambda _: None
    assert worker("b", "run", "--json").document["applied"]["companies"] == 0


def save_elsewhere() -> bool:
    """Another run saves its snapshot: the pointer has another version from here on. False: the call goes on."""
    folder = open_folder(parse_address("s3://acme/state"))
    (pointer,) = [
        entry.name for entry in folder.entries() if "/snapshot." in entry.name and entry.name.endswith(".json")
    ]
    content = folder.read(pointer)
    assert content
    folder.write(pointer, content[0] + b"\n")
    return False


@pytest.mark.slow
def test_doctor_says_what_the_store_can_do(worker: Worker, bucket: S3) -> None:
    ended = worker("a", "doctor", "--json")
    (check,) = [check for check in ended.document["checks"] if check["name"] == "snapshot store"]
    assert check["message"].startswith("s3://acme/state/")
    assert "reached, may be written; of two runs at once the one that saves second is refused" in check["message"]
    assert "ICP_SYNC_STATE_URL" in check["fix"]
    assert kept() == []
    bucket.before = lambda environ: "AccessDenied" if environ["REQUEST_METHOD"] == "PUT" else None
    assert worker("a", "doctor").code == 1


def test_what_hubspot_holds_is_known_from_the_store(worker: Worker) -> None:
    worker("a", "plan")
    pl.DataFrame({"Domain": ["alpha.de", "new.de"], "Country/Region": ["DE", "DE"]}).write_csv("u.csv")
    ended = worker("b", "score", "u.csv", "--not-in-portal", "--json")
    assert (ended.code, ended.document["in_portal"], ended.document["written"]) == (0, 1, 1)


@pytest.mark.parametrize(
    "url", with_slow(["s3://key:s3cret@acme/state"], ["https://acme/s3cret", "s3://acme/x?sig=s3cret"])
)
def test_an_address_with_a_secret_in_it_is_refused(worker: Worker, monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("ICP_SYNC_SNAPSHOT_URL", url)
    ended = worker("a", "plan", "--json")
    assert (ended.code, "ICP_SYNC_SNAPSHOT_URL" in ended.err + ended.out) == (2, True)
    assert "s3cret" not in ended.out + ended.err


def test_without_the_extra_it_says_how_to_install_it(worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("icp_sync.cli.extras.find_spec", lambda _: None)
    ended = worker("a", "plan", "--json")
    assert (ended.code, "pip install 'icp-sync[object-store]'" in ended.document["error"]["message"]) == (2, True)
