"""Which texts are addresses of objects, and what is refused without being repeated."""

from __future__ import annotations

import pytest

from icp_sync.errors import UsageError
from icp_sync.object_store.address import ObjectAddress, is_url, parse_address
from icp_sync.object_store.opening import open_folder
from icp_sync.object_store.options import parse_storage_options


@pytest.mark.parametrize(
    ("text", "root", "key"),
    [
        ("s3://acme", "s3://acme", ""),
        ("s3://acme/", "s3://acme", ""),
        ("S3://acme/universe/part 1.parquet", "s3://acme", "universe/part 1.parquet"),
        ("gs://acme/a/b/", "gs://acme", "a/b"),
        ("az://container/a", "az://container", "a"),
        ("abfs://c@acme.dfs.core.windows.net/a", "abfs://c@acme.dfs.core.windows.net", "a"),
    ],
)
def test_an_address_is_a_bucket_and_a_key(text: str, root: str, key: str) -> None:
    assert (is_url(text), parse_address(text)) == (True, ObjectAddress(root, key))


@pytest.mark.parametrize(
    "text",
    [
        "s3://key:s3cret@acme/a",
        "s3://s3cret@acme/a",
        "s3://key:s3c/ret@acme/a",
        "abfs://c:s3cret@acme.dfs.core.windows.net/a",
        "az://c/a?sv=2&sig=s3cret",
        "s3://acme/a?X-Amz-Signature=s3cret",
        "https://acme.example/s3cret",
        "s3:///s3cret",
        "s3://ac me/s3cret",
        "file:///s3cret",
    ],
)
def test_what_is_no_address_or_holds_a_secret_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(UsageError) as refused:
        parse_address(text)
    assert "s3c" not in str(refused.value)


@pytest.mark.parametrize("text", ["universe/", "a.csv", "c:/x", "", "s3:/acme"])
def test_a_path_is_no_address(text: str) -> None:
    assert not is_url(text)


def test_an_address_knows_what_lies_below_it() -> None:
    folder = parse_address("s3://acme/scored")
    assert folder.contains(folder / "part-0.parquet")
    assert not folder.contains(parse_address("s3://acme/scored-2/part-0.parquet"))
    assert not folder.contains(parse_address("gs://acme/scored/part-0.parquet"))
    assert parse_address("s3://acme").contains(folder)


def test_options_part_into_those_of_the_service_and_of_the_connection() -> None:
    options = parse_storage_options(["AWS_REGION=eu", "aws_allow_http=true", "timeout=9s", "aws_secret_access_key=a=b"])
    assert options.service_options() == {"aws_region": "eu", "aws_secret_access_key": "a=b"}
    assert options.client_options() == {"allow_http": "true", "timeout": "9s"}
    assert "a=b" not in repr(options)


@pytest.mark.parametrize("key", ["allow_invalid_certificates", "AWS_Allow_Invalid_Certificates"])
def test_no_option_switches_the_check_of_certificates_off(key: str) -> None:
    with pytest.raises(UsageError, match=f"--storage-option {key}: nothing switches the check of certificates off"):
        parse_storage_options([f"{key}=true"])


@pytest.mark.parametrize("provider", ["AWS", "AZURE", "GOOGLE"])
def test_no_variable_switches_it_off_either(provider: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both obstore and Polars read these by themselves."""
    monkeypatch.setenv(f"{provider}_ALLOW_INVALID_CERTIFICATES", "true")
    with pytest.raises(UsageError, match=f"{provider}_ALLOW_INVALID_CERTIFICATES: nothing switches the check"):
        open_folder(parse_address("s3://acme/state"))


@pytest.mark.parametrize("option", ["s3cret", "=s3cret", "a b=s3cret", "--x=s3cret"])
def test_an_option_is_a_key_and_a_value(option: str) -> None:
    with pytest.raises(UsageError, match="KEY=VALUE") as refused:
        parse_storage_options([option])
    assert "s3cret" not in str(refused.value)
