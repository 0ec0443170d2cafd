"""Objects over HTTP: written whole, replaced under a condition, and every fault one sentence without a secret."""

from __future__ import annotations

import io

import pytest

from icp_sync.errors import ObjectChanged, ObjectStoreUnusable
from icp_sync.object_store.address import parse_address
from icp_sync.object_store.folder import ObjectFolder
from icp_sync.object_store.opening import open_folder
from tests.object_store.s3 import KEY, S3, SECRET, Environ


@pytest.fixture
def folder(bucket: S3) -> ObjectFolder:
    assert bucket.url
    return open_folder(parse_address("s3://acme/state"))


def test_objects_come_back_and_are_listed_at_any_depth(folder: ObjectFolder) -> None:
    folder.write("a b/ü%20.txt", b"1")
    folder.write("c", io.BytesIO(b"22"))
    assert [(entry.name, entry.size) for entry in folder.entries()] == [("a b/ü%20.txt", 1), ("c", 2)]
    assert (folder.read("a b/ü%20.txt") or (None,))[0] == b"1"
    assert (folder.read("none"), folder.version("none"), folder.subfolder_names()) == (None, None, ("a b",))
    folder.remove(["c", "none"])
    assert [entry.name for entry in folder.entries()] == ["a b/ü%20.txt"]


def test_a_large_object_is_read_in_blocks_and_from_any_place(folder: ObjectFolder) -> None:
    content = bytes(range(256)) * 40_000
    folder.write("large", content)
    with folder.open_object("large") as file:
        assert (file.read(3), file.seek(9_000_000), file.read()) == (content[:3], 9_000_000, content[9_000_000:])
    written = io.BytesIO()
    assert (folder.download("large", written), written.getvalue() == content) == (True, True)
    assert not folder.download("none", written)


def test_of_two_writers_the_second_is_refused(folder: ObjectFolder) -> None:
    first = folder.write_if_version("pointer", b"1", None)
    with pytest.raises(ObjectChanged):
        folder.write_if_version("pointer", b"2", None)
    second = folder.write_if_version("pointer", b"2", first)
    with pytest.raises(ObjectChanged, match="another run has replaced s3://acme/state/pointer since"):
        folder.write_if_version("pointer", b"3", first)
    assert folder.read("pointer") == (b"2", second)
    assert folder.probe_conditional_writes("probe")


def test_an_answer_that_was_lost_is_no_conflict(folder: ObjectFolder, bucket: S3) -> None:
    """The write arrived, its answer did not: sent again, it meets itself."""
    version = folder.write_if_version("pointer", b"1", None)
    twice = iter(["SlowDown"])

    def lose(environ: Environ) -> str | None:
        return next(twice, None) if environ["REQUEST_METHOD"] == "PUT" else None

    bucket.after = lose
    folder.write_if_version("pointer", b"2", version)
    assert (folder.read("pointer") or (None,))[0] == b"2"


@pytest.mark.slow
def test_a_store_without_conditions_is_looked_at_right_before(folder: ObjectFolder, bucket: S3) -> None:
    def refuse(environ: Environ) -> str | None:
        conditional = {"HTTP_IF_MATCH", "HTTP_IF_NONE_MATCH"} & environ.keys()
        return "NotImplemented" if environ["REQUEST_METHOD"] == "PUT" and conditional else None

    version = folder.write("pointer", b"1")
    bucket.before = refuse
    assert not folder.probe_conditional_writes("probe")
    folder.write_if_version("pointer", b"2", version)
    with pytest.raises(ObjectChanged):
        folder.write_if_version("pointer", b"3", version)


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        ("InvalidAccessKeyId", "access was refused (InvalidAccessKeyId); set AWS_ACCESS_KEY_ID and"),
        ("SignatureDoesNotMatch", "access was refused (SignatureDoesNotMatch)"),
    ],
)
def test_a_refusal_is_one_sentence_without_the_key(folder: ObjectFolder, bucket: S3, code: str, problem: str) -> None:
    bucket.before = lambda _: code
    for ask in (lambda: folder.read("a"), lambda: list(folder.entries()), lambda: folder.write("a", b"")):
        with pytest.raises(ObjectStoreUnusable) as refused:
            ask()
        assert problem in refused.value.message
        assert not [secret for secret in (KEY, SECRET) if secret in refused.value.message]
        assert refused.value.__cause__ is None


def test_a_bucket_that_is_not_there_is_said(bucket: S3) -> None:
    nowhere = open_folder(parse_address("s3://nowhere/state"))
    for ask in (lambda: nowhere.read("a"), lambda: list(nowhere.entries()), lambda: nowhere.write("a", b"")):
        with pytest.raises(ObjectStoreUnusable, match="there is no bucket nowhere; make it, or name another"):
            ask()
    assert bucket.requests
