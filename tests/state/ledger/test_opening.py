"""A ledger is made private, migrated when older, refused when newer, and every fault of it is one sentence."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from icp_sync.errors import LockHeld, StateUnusable
from icp_sync.state.ledger import database_errors
from icp_sync.state.ledger.address import LedgerAddress, parse_ledger_address, sqlite_address
from icp_sync.state.ledger.lease import Lease
from icp_sync.state.ledger.ledger import Ledger
from icp_sync.state.ledger.opening import SHIPPED, Migrations, open_ledger
from icp_sync.state.ledger.overrides import Override, OverrideStore
from icp_sync.state.ledger.runs import RunStore
from tests.postgres import PASSWORD, Server
from tests.state.ledger.conftest import NIGHT, PORTAL, PROFILE, record

NEXT_MIGRATION = f"""
import sqlalchemy as sa
from alembic import op
revision, down_revision = "{SHIPPED.version + 1}", "{SHIPPED.version}"
def upgrade():
    op.add_column("run", sa.Column("mood", sa.String()))
"""
WRITES_ON_A_FULL_DISK = """
import pathlib, resource, sys
from icp_sync.errors import StateUnusable
from icp_sync.state.ledger.address import sqlite_address
from icp_sync.state.ledger.opening import open_ledger
from icp_sync.state.ledger.profile_texts import ProfileText, ProfileTextStore
path = pathlib.Path(sys.argv[1])
texts = ProfileTextStore(open_ledger(sqlite_address(path)))
limit = path.stat().st_size + 4096
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
try:
    texts.save(ProfileText("w", "d", "n", "x" * 1_000_000))
except StateUnusable as full:
    print(full.message)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
print(texts.find_by_file_digest("w"))
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.db"


@pytest.fixture
def migrations(tmp_path: Path) -> Migrations:
    """What a later icp-sync would ship: the migrations of this one, and the next."""
    scripts = tmp_path / "migrations"
    (scripts / "versions").mkdir(parents=True)
    for path in (SHIPPED.scripts / "env.py", *SHIPPED.scripts.glob("versions/*.py")):
        (scripts / path.relative_to(SHIPPED.scripts)).write_bytes(path.read_bytes())
    (scripts / "versions" / "next.py").write_text(NEXT_MIGRATION, encoding="utf-8")
    return Migrations(scripts, SHIPPED.version + 1)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("umask", [0o000, 0o077, 0o277])
def test_only_its_owner_reads_a_ledger_whatever_the_umask(path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        ledger = open_ledger(sqlite_address(path))
        with ledger.write_transaction() as connection:
            connection.execute(text("INSERT INTO profile_text VALUES ('w', 'd', 'n', 't')"))
            assert {mode(file) for file in path.parent.iterdir()} == {0o600}  # its rollback journal too
    finally:
        os.umask(before)
    assert mode(path) == 0o600


def test_what_others_could_do_with_an_existing_ledger_is_taken_back(path: Path) -> None:
    open_ledger(sqlite_address(path))
    path.chmod(0o644)
    open_ledger(sqlite_address(path))
    assert mode(path) == 0o600


def test_a_ledger_behind_a_link_is_refused(path: Path, tmp_path: Path) -> None:
    path.symlink_to(tmp_path / "elsewhere.db")
    with pytest.raises(StateUnusable, match="is no regular file"):
        open_ledger(sqlite_address(path))


def test_a_commit_is_on_disk_and_no_write_ahead_log_is_used(path: Path) -> None:
    with open_ledger(sqlite_address(path)).read_transaction() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "truncate"


def test_the_shipped_version_is_the_last_of_its_migrations_and_makes_the_same_tables(
    ledger: Ledger,
) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.config import Config
    from alembic.migration import MigrationContext
    from alembic.script import ScriptDirectory

    from icp_sync.state.ledger.schema import METADATA, VERSION_TABLE

    config = Config()
    config.set_main_option("script_location", str(SHIPPED.scripts))
    assert ScriptDirectory.from_config(config).get_current_head() == str(SHIPPED.version)
    with ledger.read_transaction() as connection:
        differences = compare_metadata(
            MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE}), METADATA
        )
    assert [found for found in differences if VERSION_TABLE not in str(found)] == []


def test_a_newer_ledger_is_refused(path: Path) -> None:
    with open_ledger(sqlite_address(path)).write_transaction() as connection:
        connection.execute(text("UPDATE ledger_version SET version_num = '7'"))
    with pytest.raises(StateUnusable, match="is of version 7, this icp-sync knows 2; install the newer icp-sync"):
        open_ledger(sqlite_address(path))


@pytest.mark.parametrize("number", ["v7", "", "0", "-1", "1.5"])
def test_a_ledger_of_no_version_is_damaged(path: Path, number: str) -> None:
    with open_ledger(sqlite_address(path)).write_transaction() as connection:
        connection.execute(text("UPDATE ledger_version SET version_num = :number"), {"number": number})
    with pytest.raises(StateUnusable, match="is damaged"):
        open_ledger(sqlite_address(path))


def test_an_older_ledger_is_migrated_under_the_lock_after_a_copy_beside_it(path: Path, migrations: Migrations) -> None:
    RunStore(open_ledger(sqlite_address(path)), PORTAL, PROFILE).save(record("a"))
    locked: list[bool] = []

    @contextmanager
    def lock() -> Iterator[None]:
        locked.append(True)
        yield

    later = open_ledger(sqlite_address(path), lock, migrations)

    with later.read_transaction() as connection:
        assert connection.execute(text("SELECT run_id, mood FROM run")).all() == [("a", None)]
        assert connection.execute(text("SELECT version_num FROM ledger_version")).scalars().all() == [
            str(SHIPPED.version + 1)
        ]
    copy = path.with_name(f"ledger.db.v{SHIPPED.version}")
    assert (locked, mode(copy)) == ([True], 0o600)
    assert [run.run_id for run in RunStore(open_ledger(sqlite_address(copy)), PORTAL, PROFILE).newest()] == ["a"]
    open_ledger(sqlite_address(path), lock, migrations)
    assert locked == [True]


def test_a_ledger_of_the_first_version_learns_which_runs_were_of_some_companies_only(path: Path) -> None:
    ledger = open_ledger(sqlite_address(path))
    runs, overrides = RunStore(ledger, PORTAL, PROFILE), OverrideStore(ledger, PORTAL, PROFILE)
    for name in ("run", "undo"):
        runs.save(record(name))
    kept = Override(
        company_id=17, property="icp_tier", value="tier_2", ours=None, kind="undo", since=NIGHT, found_by="undo"
    )
    overrides.save_new([kept, replace(kept, company_id=18, kind="person", found_by="run")])
    with ledger.write_transaction() as connection:
        connection.execute(text("ALTER TABLE run DROP COLUMN of_some"))
        connection.execute(text("UPDATE ledger_version SET version_num = '1'"))
    migrated = RunStore(open_ledger(sqlite_address(path)), PORTAL, PROFILE)
    assert {run.run_id: run.of_some for run in migrated.newest()} == {"run": False, "undo": True}


def test_an_older_ledger_is_left_alone_while_a_run_is_at_work(path: Path, migrations: Migrations) -> None:
    open_ledger(sqlite_address(path))

    @contextmanager
    def lock() -> Iterator[None]:
        raise LockHeld("another run is at work")
        yield

    with pytest.raises(LockHeld):
        open_ledger(sqlite_address(path), lock, migrations)
    assert [file.name for file in path.parent.glob("ledger.db.v*")] == []
    assert len(RunStore(open_ledger(sqlite_address(path)), PORTAL, PROFILE).newest()) == 0


def test_an_older_shared_ledger_is_migrated_once_no_host_is_at_work(
    shared: LedgerAddress, migrations: Migrations
) -> None:
    lease = Lease(open_ledger(shared), PORTAL, PROFILE)
    lease.acquire("a")
    with pytest.raises(LockHeld, match=r"run a on .* is at work, and this icp-sync has to change the ledger first"):
        open_ledger(shared, migrations=migrations)
    lease.release()
    with open_ledger(shared, migrations=migrations).read_transaction() as connection:
        assert connection.execute(text("SELECT mood FROM run")).all() == []


@pytest.mark.parametrize("content", [b"this is no database, " * 100, b"SQLite format 3\0" + b"\xff" * 5_000])
def test_a_damaged_file_is_said_and_kept(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(StateUnusable) as refused:
        open_ledger(sqlite_address(path))
    assert refused.value.message == f"the ledger {path} {database_errors.DAMAGED}"
    assert path.read_bytes() == content


def test_a_lost_table_or_a_value_nobody_wrote_is_damage(path: Path) -> None:
    ledger = open_ledger(sqlite_address(path))
    runs = RunStore(ledger, PORTAL, PROFILE)
    runs.save(record())
    for statement in ("UPDATE run SET started_at = 'yesterday'", "DROP TABLE run"):
        with ledger.write_transaction() as connection:
            connection.execute(text(statement))
        with pytest.raises(StateUnusable, match="is damaged"):
            runs.last()


def test_a_locked_file_is_said_after_a_wait(path: Path) -> None:
    runs = RunStore(open_ledger(sqlite_address(path), busy_timeout_s=0.05), PORTAL, PROFILE)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StateUnusable) as refused:
            runs.save(record())
    assert refused.value.message == f"the ledger {path} {database_errors.LOCKED}"
    runs.save(record())


def test_a_full_disk_is_said_and_nothing_of_the_transaction_stays(path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", WRITES_ON_A_FULL_DISK, str(path)], capture_output=True, text=True, check=False
    )
    full = {f"the ledger {path} {words}" for words in (database_errors.FULL, database_errors.FAILING)}
    answer, left = ended.stdout.splitlines()
    assert (answer in full, left, ended.stderr) == (True, "None", "")


@pytest.mark.slow
def test_a_folder_that_may_not_be_written_is_said(path: Path) -> None:
    program = (
        "import os, pathlib, sys\nfrom icp_sync.state.ledger.address import sqlite_address\n"
        "from icp_sync.state.ledger.opening import open_ledger\nfrom icp_sync.state.ledger.runs import RunStore\n"
        "from tests.state.ledger.conftest import record\nfrom icp_sync.errors import StateUnusable\n"
        "if os.geteuid() == 0: os.setuid(65534)\n"
        "try: RunStore(open_ledger(sqlite_address(pathlib.Path(sys.argv[1]))), 1, 'p').save(record())\n"
        "except StateUnusable as refused: print(refused.message)\n"
    )
    open_ledger(sqlite_address(path))
    for folder in (path.parent, path.parent.parent):
        folder.chmod(0o755)
    path.chmod(0o444)
    path.parent.chmod(0o555)
    ended = subprocess.run([sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=False)
    path.parent.chmod(0o755)
    assert ended.stderr == ""
    assert "make it" in ended.stdout
    assert "writable for this user" in ended.stdout


def test_a_database_that_goes_away_is_said_without_its_password(server: Server) -> None:
    with server.database() as url:
        runs = RunStore(open_ledger(parse_ledger_address(url)), PORTAL, PROFILE)
    # The janitor has dropped the database under the open ledger.
    refused = []
    for url_of in (
        None,
        f"postgresql://icp:{PASSWORD}@127.0.0.1:1/ledger",
        f"postgresql://icp:wrong-{PASSWORD}@{url[36:]}",
    ):
        with pytest.raises(StateUnusable) as error:
            runs.last() if url_of is None else open_ledger(parse_ledger_address(url_of))
        refused.append(error.value)
    assert not any(PASSWORD in f"{error!r}{error.__cause__!r}" for error in refused)
    assert refused[1].message == f"the ledger in PostgreSQL at 127.0.0.1:1/ledger {database_errors.UNREACHABLE}"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("login", "database", "words"),
    [
        ("icp:wrong", "postgres", database_errors.LOGIN_REFUSED),
        (f"nobody:{PASSWORD}", "postgres", database_errors.LOGIN_REFUSED),
        (f"icp:{PASSWORD}", "missing", database_errors.NO_DATABASE),
        (f"icp:{PASSWORD}", "postgres?sslmode=require", database_errors.NO_TLS),
    ],
)
def test_a_connection_that_is_refused_is_said_in_our_words(
    server: Server, login: str, database: str, words: str
) -> None:
    address = parse_ledger_address(f"postgresql://{login}@127.0.0.1:{server.port}/{database}")
    with pytest.raises(StateUnusable) as refused:
        open_ledger(address)
    assert refused.value.message == f"the ledger {address.name} {words}"
    assert login.partition(":")[2] not in refused.value.message


def test_a_user_without_rights_is_told_which(server: Server) -> None:
    with server.database() as url:
        admin = create_engine(parse_ledger_address(url).url)
        with admin.begin() as connection:
            connection.execute(text("DROP ROLE IF EXISTS reader"))
            connection.execute(text("CREATE ROLE reader LOGIN PASSWORD 'reader'"))
        admin.dispose()
        address = parse_ledger_address(url.replace(f"icp:{PASSWORD}", "reader:reader"))
        with pytest.raises(StateUnusable) as refused:
            open_ledger(address)
    assert refused.value.message == f"the ledger {address.name} {database_errors.NO_GRANT}"


def test_statements_are_not_prepared_so_that_pgbouncer_may_stand_between(shared: LedgerAddress) -> None:
    with open_ledger(shared).read_transaction() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        assert driver.prepare_threshold is None


@pytest.mark.parametrize(("by_url", "setting"), [(True, "ICP_SYNC_STATE_URL"), (False, "--state")])
def test_a_directory_that_cannot_be_used_is_named_with_what_named_it(
    tmp_path: Path, by_url: bool, setting: str
) -> None:
    path = tmp_path / "missing" / "ledger.db"
    address = parse_ledger_address(f"sqlite:///{path}") if by_url else sqlite_address(path)
    with pytest.raises(StateUnusable) as refused:
        open_ledger(address)
    assert refused.value.message == (
        f"the ledger's directory {path.parent} cannot be used (No such file or directory); make it writable for this "
        f"user, or name another with {setting}"
    )
