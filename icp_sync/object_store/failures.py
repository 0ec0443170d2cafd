"""Why a store did not do what it was asked, in one sentence: its own words hold keys and requests, and are left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from icp_sync.errors import ObjectStoreUnusable
from icp_sync.object_store.address import ObjectAddress

_CODE: Final = re.compile(r"<Code>([A-Za-z]{1,60})</Code>|\"(?:code|reason)\": ?\"([A-Za-z]{1,60})\"")
_STATUS: Final = re.compile(r"status code: (\d{3})")
_NO_BUCKET: Final = frozenset({"NoSuchBucket", "ContainerNotFound", "InvalidBucketName"})
_UNKNOWN: Final = 501
_NOT_ALLOWED: Final = frozenset({401, 403})
_CREDENTIALS: Final = {
    "s3": "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or the role of this machine",
    "gs": "GOOGLE_APPLICATION_CREDENTIALS, or the account of this machine",
    "az": "AZURE_STORAGE_ACCOUNT_NAME and AZURE_STORAGE_ACCOUNT_KEY, or the identity of this machine",
}


@contextmanager
def translate_store_errors(address: ObjectAddress) -> Iterator[None]:
    """Turn what obstore or Polars raises inside the block into ObjectStoreUnusable about that address."""
    try:
        yield
    except ObjectStoreUnusable:
        raise
    except Exception as error:
        if not is_store_error(error):
            raise
        # Not as its cause: a traceback would print the answer of the service.
        raise store_unusable_error(address, error) from None


def is_store_error(error: BaseException) -> bool:
    """Whether a store, and not what was read of it, is at fault."""
    text = str(error)
    return type(error).__module__.startswith("obstore") or "object-store error" in text or "Debug source" in text


def lacks_conditional_writes(error: BaseException) -> bool:
    """Whether the store knows no conditional write, rather than that the condition did not hold."""
    return type(error).__name__ in {"NotSupportedError", "NotImplementedError"} or _http_status(str(error)) == _UNKNOWN


def is_bucket_missing(error: BaseException) -> bool:
    """Whether the whole bucket is not there, rather than one object of it."""
    return _error_code(str(error)) in _NO_BUCKET


def store_unusable_error(address: ObjectAddress, error: BaseException) -> ObjectStoreUnusable:
    """The sentence about an error of a store. `is_missing` where the bucket or the object is not there."""
    text = str(error)
    code, status = _error_code(text), _http_status(text)
    if code in _NO_BUCKET or (status == 404 and code != "NoSuchKey" and not address.key):
        return ObjectStoreUnusable(
            f"{address}: there is no bucket {address.bucket}; make it, or name another", is_missing=True
        )
    if status == 404 or isinstance(error, FileNotFoundError):
        return ObjectStoreUnusable(f"{address} is not there; name what is", is_missing=True)
    if status in _NOT_ALLOWED:
        return ObjectStoreUnusable(
            f"{address}: access was refused ({code or status}); set {_key_names(address)}, and grant it the bucket"
        )
    if status is not None:
        return ObjectStoreUnusable(f"{address}: the store answered {status}{f' ({code})' if code else ''}; try again")
    if "sending request" in text or "HTTP error" in text or "timed out" in text:
        return ObjectStoreUnusable(f"{address}: the store cannot be reached; look at the network and the endpoint")
    return ObjectStoreUnusable(
        f"{address} cannot be used ({type(error).__name__}); look at the address, and set {_key_names(address)}"
    )


def _error_code(text: str) -> str | None:
    """The store's own word for an error."""
    match = _CODE.search(text)
    return (match[1] or match[2]) if match else None


def _http_status(text: str) -> int | None:
    answered = _STATUS.search(text)
    return int(answered[1]) if answered else None


def _key_names(address: ObjectAddress) -> str:
    scheme = address.root.partition("://")[0]
    return _CREDENTIALS.get("az" if scheme.startswith("abfs") else scheme, "a folder this user may write to")
