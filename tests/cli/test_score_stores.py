"""`score` from and to an object store: the same rows as from files, and each fault one sentence."""

from __future__ import annotations

import io
import json
from pathlib import Path

import polars as pl
import pytest

from icp_sync.object_store.address import parse_address
from icp_sync.object_store.folder import ObjectFolder
from icp_sync.object_store.opening import open_folder
from icp_sync.tables.locations import ObjectLocation, open_result_file
from tests.cli.conftest import Command
from tests.object_store.s3 import KEY, S3, SECRET, Environ

COMPANIES = pl.DataFrame(
    {
        "Name": ["Alpha", "Beta", "Gamma", "Delta"],
        "Domain": ["alpha.de", "beta.at", "gamma.de", "delta.fr"],
        "Country/Region": ["Deutschland", "Österreich", "DE", "France"],
        "Number of Employees": ["800", "250", "800", "250"],
    }
)


def parquet(frame: pl.DataFrame) -> bytes:
    content = io.BytesIO()
    frame.write_parquet(content)
    return content.getvalue()


@pytest.fixture
def objects(bucket: S3) -> ObjectFolder:
    """A universe of two parts, one of them in a folder, and what is no data beside them."""
    assert bucket.url
    objects = open_folder(parse_address("s3://acme"))
    objects.write("u/a.parquet", parquet(COMPANIES[:3]))
    objects.write("u/year=2026/b c.parquet", parquet(COMPANIES[3:]))
    objects.write("u/_SUCCESS.json", b"{}")
    objects.write("u/_old/c.parquet", parquet(COMPANIES))
    return objects


def names(objects: ObjectFolder, prefix: str) -> list[str]:
    return [entry.name for entry in objects.entries() if entry.name.startswith(prefix)]


def read(objects: ObjectFolder, name: str) -> bytes:
    answer = objects.read(name)
    assert answer
    return answer[0]


def test_rows_are_those_of_files_and_the_manifest_comes_last(score: Command, objects: ObjectFolder, bucket: S3) -> None:
    for number, part in enumerate((COMPANIES[:3], COMPANIES[3:])):
        part.write_parquet(f"{number}.parquet")
    assert score("0.parquet", "1.parquet", "--out", "here").code == 0
    bucket.requests.clear()
    assert score("s3://acme/u", "--out", "s3://acme/scored", "--quiet").code == 0
    assert names(objects, "scored/") == [f"scored/{path.name}" for path in sorted(Path("here").iterdir())]
    for path in Path("here").glob("part-*"):
        assert pl.read_parquet(read(objects, f"scored/{path.name}")).equals(pl.read_parquet(path))
    manifest = Path("here/_SUCCESS.json").read_bytes()
    assert json.loads(read(objects, "scored/_SUCCESS.json")) == json.loads(manifest)
    written = [path for method, path in bucket.requests if method == "PUT"]
    assert written[-1] == "/acme/scored/_SUCCESS.json"


@pytest.mark.parametrize(
    ("sources", "rows"),
    [
        (["s3://acme/u/**"], 4),
        (["s3://acme/u/*"], 3),
        (["s3://acme/u/_*/*"], 4),
        pytest.param(["s3://acme/u/*.parquet"], 3, marks=pytest.mark.slow),
        (["s3://acme/u/year=*/b*.parquet", "s3://acme/u/a.parquet"], 4),
        (["s3://acme/u", "s3://acme/u/a.parquet"], 4),
        (["s3://acme/u/year=2026/b c.parquet"], 1),
    ],
)
@pytest.mark.usefixtures("objects")
def test_folders_patterns_and_objects_are_named_as_on_a_disk(score: Command, sources: list[str], rows: int) -> None:
    ended = score(*sources, "--out", "all.csv", "--json")
    assert (ended.code, ended.document["written"]) == (0, rows)


def test_a_folder_of_partitions_is_read_with_the_columns_on_its_path(score: Command, objects: ObjectFolder) -> None:
    for country in ("DE", "FR"):
        objects.write(f"p/country={country}/a.parquet", parquet(COMPANIES[:1].drop("Country/Region")))
    assert score("s3://acme/p", "--out", "all.csv").code == 0
    assert pl.read_csv("all.csv").select("country", "icp_outcome").rows() == [("DE", "tiered"), ("FR", "not_icp")]


@pytest.mark.parametrize("name", ["t/a.csv", "t.parquet/part-0.parquet"])
def test_csv_is_read_too_and_a_folder_may_be_called_like_a_file(
    score: Command, objects: ObjectFolder, name: str
) -> None:
    objects.write(name, COMPANIES.write_csv().encode() if name.endswith("csv") else parquet(COMPANIES))
    assert score(f"s3://acme/{name.partition('/')[0]}", "--top", "1", "--out", "best.csv").code == 0
    assert pl.read_csv("best.csv")["Name"].to_list() == ["Alpha"]


@pytest.mark.parametrize(
    ("words", "code", "problem"),
    [
        (["s3://nowhere/u", "--out", "x"], 2, "s3://nowhere/u: there is no bucket nowhere; make it, or name another"),
        (["s3://acme/u"], 2, "nothing is written beside s3://acme/u unasked; say where the result goes with --out"),
        (["s3://acme/u", "--out", "s3://acme/u"], 2, "s3://acme/u holds files to read, and is never written over"),
        (["s3://acme/u/a.parquet", "--out", "s3://acme/done"], 2, "holds a result already (unfinished: it has no _S"),
        (["s3://acme/bad", "--out", "x"], 2, "s3://acme/bad/x.parquet is no Parquet file that can be read (parquet:"),
        (
            ["s3://acme/u/a.parquet", "s3://acme/odd", "--out", "x"],
            2,
            's3://acme/odd/x.parquet lacks "Name", beside s3:',
        ),
        (["s3://acme/u", "--out", "x", "--storage-option", "no=s3cret"], 2, "--storage-option no=…: s3://acme has no"),
        (["s3://k:s3cret@acme/u", "--out", "x"], 2, "it holds credentials; leave them out"),
        pytest.param(
            *(
                ["s3://acme/none", "--out", "x"],
                2,
                "s3://acme/none is no object, and no folder with a .csv, .tsv or .parq",
            ),
            marks=pytest.mark.slow,
        ),
        pytest.param(
            *(["s3://acme/u/*.csv", "--out", "x"], 2, "s3://acme/u/*.csv matches no object; name what is there"),
            marks=pytest.mark.slow,
        ),
        pytest.param(
            *(["s3://acme/u", "--out", "s3://acme/bad/x.parquet"], 2, "s3://acme/bad/x.parquet exists already; name"),
            marks=pytest.mark.slow,
        ),
        pytest.param(
            *(["s3://acme/u/a.parquet", "--out", "s3://acme/u/a.parquet", "--overwrite"], 2, "is the file to read, an"),
            marks=pytest.mark.slow,
        ),
        pytest.param(
            *(["s3://acme/u", "--out", "s3://nowhere/x.csv"], 1, "s3://nowhere/x.csv: there is no bucket nowhere"),
            marks=pytest.mark.slow,
        ),
        pytest.param(
            *(["s3://acme/u", "--for-import", "s3://acme/x.csv"], 2, "it is written on this machine, not to a store"),
            marks=pytest.mark.slow,
        ),
        pytest.param(
            *(["s3://acme/u/a.parquet", "--out", "s3://acme/mine"], 2, "holds notes.txt, which is no part of a result"),
            marks=pytest.mark.slow,
        ),
        pytest.param(
            *(["s3://acme/u/a.parquet", "--out", "s3://nowhere/x"], 1, "s3://nowhere/x: there is no bucket nowhere"),
            marks=pytest.mark.slow,
        ),
        pytest.param(
            *(["s3://acme/u", "--out", "x", "--storage-option", "s3cret"], 2, "--storage-option takes KEY=VALUE"),
            marks=pytest.mark.slow,
        ),
    ],
)
def test_what_cannot_be_read_or_written_is_one_sentence(
    score: Command, objects: ObjectFolder, words: list[str], code: int, problem: str
) -> None:
    objects.write("done/part-00000.parquet", b"")
    objects.write("mine/notes.txt", b"")
    objects.write("bad/x.parquet", b"PAR1 and nothing else")
    objects.write("odd/x.parquet", parquet(COMPANIES.drop("Name")))
    ended = score(*words)
    assert (ended.code, problem in ended.err) == (code, True), ended.err
    assert "s3cret" not in ended.out + ended.err
    assert not Path("x").exists()
    assert names(objects, "done/") == ["done/part-00000.parquet"]


@pytest.mark.parametrize("name", ["best.csv", "best.parquet"])
def test_one_file_is_written_as_on_a_disk(score: Command, objects: ObjectFolder, name: str) -> None:
    assert score("s3://acme/u", "--top", "2", "--out", name).code == 0
    ended = score("s3://acme/u", "--top", "2", "--out", f"s3://acme/{name}", "--json")
    assert (ended.code, ended.document["out"], ended.document["written"]) == (0, f"s3://acme/{name}", 2)
    assert read(objects, name) == Path(name).read_bytes()


def test_of_one_file_nothing_is_there_where_it_did_not_get_whole(objects: ObjectFolder) -> None:
    half = (1 // (2 - number) * b"half of it" for number in (1, 2))
    with pytest.raises(ZeroDivisionError), open_result_file(ObjectLocation(parse_address("s3://acme/all.csv"))) as file:
        file.writelines(half)
    assert names(objects, "all.csv") == []


@pytest.mark.usefixtures("objects")
def test_one_file_needs_room_on_this_machine(score: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", "nowhere")
    ended = score("s3://acme/u", "--out", "s3://acme/all.csv")
    assert ended.code == 1
    assert "s3://acme/all.csv cannot be written, since it is put together in nowhere first (No such file" in ended.err


def test_a_result_is_replaced_where_that_is_said(score: Command, objects: ObjectFolder) -> None:
    objects.write("done/part-00000.parquet", b"")
    objects.write("done/part-00007.parquet", b"")
    assert score("s3://acme/u/a.parquet", "--out", "s3://acme/done", "--overwrite").code == 0
    assert names(objects, "done/") == ["done/_SUCCESS.json", "done/part-00000.parquet"]


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/acme"), pytest.param("GET", ".parquet", marks=pytest.mark.slow), ("PUT", "part-0")]
)
@pytest.mark.usefixtures("objects")
def test_credentials_that_are_refused_are_not_shown(
    score: Command, bucket: S3, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, method: str, path: str
) -> None:
    """The service sends the keys back, as S3 does; they stand in no output, log or file."""
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    bucket.before = lambda environ: (
        "SignatureDoesNotMatch" if environ["REQUEST_METHOD"] == method and path in environ["PATH_INFO"] else None
    )
    options = ["--storage-option", f"aws_secret_access_key={SECRET}", f"--storage-option=aws_access_key_id={KEY}"]
    ended = score("s3://acme/u", "--out", "s3://acme/scored", "--json", *options)
    assert (ended.code, ended.document["error"]["code"]) == (1, "object_store")
    assert "access was refused (SignatureDoesNotMatch)" in ended.document["error"]["message"]
    files = [file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()]
    seen = [ended.out.encode(), ended.err.encode(), *files]
    assert not [secret for secret in (KEY, SECRET) if any(secret.encode() in text for text in seen)]


def test_a_store_lost_in_the_middle_leaves_no_manifest(score: Command, objects: ObjectFolder, bucket: S3) -> None:
    def lose(environ: Environ) -> str | None:
        is_late = ("PUT", "/acme/scored/part-00000.parquet") in bucket.requests
        return "ExpiredToken" if is_late and "b c.parquet" in environ["PATH_INFO"] else None

    bucket.before = lose
    ended = score("s3://acme/u", "--out", "s3://acme/scored")
    assert (ended.code, "s3://acme/u/year=2026/b c.parquet: access was refused (ExpiredToken)" in ended.err) == (
        1,
        True,
    )
    assert names(objects, "scored/") == ["scored/part-00000.parquet"]
    bucket.before = lambda _: None
    assert "unfinished: it has no _SUCCESS.json" in score("s3://acme/u", "--out", "s3://acme/scored").err


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        ("az://container/u", "set AZURE_STORAGE_ACCOUNT_NAME and AZURE_STORAGE_ACCOUNT_KEY"),
        ("gs://acme/u", "set GOOGLE_APPLICATION_CREDENTIALS, or the account of this machine"),
    ],
)
def test_other_clouds_say_what_they_take(
    score: Command, monkeypatch: pytest.MonkeyPatch, address: str, problem: str
) -> None:
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", "/nowhere.json")
    ended = score(address, "--out", "x")
    assert (ended.code, problem in ended.err) == (1, True), ended.err


@pytest.mark.usefixtures("objects")
def test_a_crash_shows_no_storage_option(score: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("icp_sync.cli.score._print_file_notes", lambda *_: 1 / 0)
    options = ["--storage-option", f"aws_secret_access_key={SECRET}", f"--storage-option=aws_session_token={KEY}"]
    assert score("s3://acme/u", "--out", "s3://acme/scored", *options, "--state", tmp_path).code == 1
    (crash,) = tmp_path.glob("crash-*.txt")
    text = crash.read_text()
    assert "--out s3://acme/scored --storage-option *** --storage-option=*** --state" in text
    assert not [secret for secret in (KEY, SECRET) if secret in text]


@pytest.mark.parametrize("words", [["s3://acme/u", "--out", "x"], ["a.csv", "--out", "s3://acme/x"]])
def test_without_the_extra_it_says_how_to_install_it(
    score: Command, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    COMPANIES.write_csv("a.csv")
    monkeypatch.setattr("icp_sync.cli.extras.find_spec", lambda _: None)
    ended = score(*words)
    assert (ended.code, "pip install 'icp-sync[object-store]'" in ended.err) == (2, True)
