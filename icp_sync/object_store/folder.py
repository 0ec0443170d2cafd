"""The objects below an address: listed, read, written whole, removed. The one module that imports obstore."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any, Final, Self
from urllib.parse import quote

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError, PreconditionError, UnknownConfigurationKeyError
from obstore.store import ObjectStore, from_url

from icp_sync.errors import ObjectChanged, UsageError
from icp_sync.object_store.address import ObjectAddress
from icp_sync.object_store.failures import (
    is_bucket_missing,
    lacks_conditional_writes,
    store_unusable_error,
    translate_store_errors,
)
from icp_sync.object_store.options import StorageOptions

_CLIENT: Final = {"connect_timeout": "5s", "timeout": "120s"}
_RETRIES: Final = {"max_retries": 4, "retry_timeout": dt.timedelta(seconds=30)}
"""obstore's own three minutes are long for a run that may not begin without its snapshot."""
_BLOCK_BYTES: Final = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class ObjectVersion:
    """What tells one content of an object from the next: S3 and Azure go by `e_tag`, Google by `version`."""

    e_tag: str | None
    version: str | None

    @classmethod
    def from_metadata(cls, meta: Any) -> Self:
        return cls(meta["e_tag"], meta["version"])

    def as_condition(self) -> Any:
        """What a write is told that shall replace this version and no other."""
        return {name: text for name, text in asdict(self).items() if text}


@dataclass(frozen=True, slots=True)
class ObjectEntry:
    """An object below a folder. `name`: its key from there on; `modified_at`: by the store's clock."""

    name: str
    size: int
    modified_at: dt.datetime


@dataclass(frozen=True, slots=True)
class ObjectFolder:
    """The objects below `address`; thread-safe. Every method raises ObjectStoreUnusable."""

    address: ObjectAddress
    _store: ObjectStore = field(repr=False, compare=False)

    @classmethod
    def open(cls, address: ObjectAddress, options: StorageOptions) -> Self:
        """Open a folder; asks the store nothing yet. Raises UsageError for an option no store knows."""
        client: Any = _CLIENT | options.client_options()
        service: Any = options.service_options()
        try:
            store = from_url(
                f"{address.root}/{quote(address.key)}", config=service, client_options=client, retry_config=_RETRIES
            )  # type: ignore[call-overload]
        except UnknownConfigurationKeyError as error:
            name = next((key for key in service if f"'{key}'" in str(error)), "one of them")
            raise UsageError(f"--storage-option {name}=…: {address.root} has no such option") from None
        except BaseError as error:
            if service:
                named = ", ".join(service)
                raise UsageError(f"--storage-option: {address.root} takes another value of one of {named}") from None
            raise store_unusable_error(address, error) from None
        return cls(address, store)

    def entries(self) -> Iterator[ObjectEntry]:
        """Yields the objects at any depth below, by key."""
        with translate_store_errors(self.address):
            for batch in obstore.list(self._store):
                yield from (ObjectEntry(meta["path"], meta["size"], meta["last_modified"]) for meta in batch)

    def subfolder_names(self) -> tuple[str, ...]:
        """The names right below that have objects below them."""
        with translate_store_errors(self.address):
            return tuple(obstore.list_with_delimiter(self._store)["common_prefixes"])

    def version(self, name: str) -> ObjectVersion | None:
        """The version of an object; None where there is none."""
        with self._translate_errors(name):
            try:
                return ObjectVersion.from_metadata(obstore.head(self._store, name))
            except FileNotFoundError as error:
                _require_bucket(self.address, error)
        return None

    def read(self, name: str) -> tuple[bytes, ObjectVersion] | None:
        """An object's content and version; None where there is none."""
        with self._translate_errors(name):
            try:
                answer = obstore.get(self._store, name)
                return bytes(answer.bytes()), ObjectVersion.from_metadata(answer.meta)
            except FileNotFoundError as error:
                _require_bucket(self.address, error)
        return None

    def download(self, name: str, file: IO[bytes]) -> bool:
        """Write an object's content to a file, in blocks; False where there is none."""
        with self._translate_errors(name):
            try:
                answer = obstore.get(self._store, name)
            except FileNotFoundError as error:
                _require_bucket(self.address, error)
                return False
            for block in answer.stream(_BLOCK_BYTES):
                file.write(block)
        return True

    def open_object(self, name: str) -> IO[bytes]:
        """An object as a file to read and seek in, a block at a time."""
        with self._translate_errors(name):
            return io.BufferedReader(
                _RawObject(obstore.open_reader(self._store, name, buffer_size=_BLOCK_BYTES), self.address / name)
            )

    def write(self, name: str, content: bytes | Path | IO[bytes]) -> ObjectVersion:
        """Write an object whole, over one that is there; it is seen once all of it has arrived."""
        with self._translate_errors(name):
            return ObjectVersion.from_metadata(obstore.put(self._store, name, content))

    def write_if_version(self, name: str, content: bytes, version: ObjectVersion | None) -> ObjectVersion:
        """Write an object only while it has that version (None: is not there). Raises ObjectChanged where it has not.

        Where a store knows no such condition, the version is looked at right before instead.
        """
        mode: Any = "create" if version is None else version.as_condition()
        with self._translate_errors(name):
            try:
                return ObjectVersion.from_metadata(obstore.put(self._store, name, content, mode=mode))
            except (AlreadyExistsError, PreconditionError, FileNotFoundError):
                return self._version_if_written(name, content)
            except Exception as error:
                if not lacks_conditional_writes(error):
                    raise
                if self.version(name) != version:
                    raise self.changed_error(name) from None
                return self.write(name, content)

    def probe_conditional_writes(self, name: str) -> bool:
        """Whether the store refuses to replace an object by what was read of it before; `name`: of one to try it on."""
        with self._translate_errors(name):
            former = ObjectVersion.from_metadata(obstore.put(self._store, name, b"1"))
            obstore.put(self._store, name, b"2")
            try:
                obstore.put(self._store, name, b"3", mode=former.as_condition())
            except (AlreadyExistsError, PreconditionError):
                return True
            except Exception as error:
                if not lacks_conditional_writes(error):
                    raise
            return False

    def remove(self, names: Iterable[str]) -> None:
        """Remove objects; one that is gone already is no fault."""
        with translate_store_errors(self.address):
            for name in names:
                try:
                    obstore.delete(self._store, name)
                except FileNotFoundError:
                    continue

    def _version_if_written(self, name: str, content: bytes) -> ObjectVersion:
        """The version there is now where it is this content: an answer that was lost lets a write be sent twice."""
        now = self.read(name)
        if now is None or now[0] != content:
            raise self.changed_error(name)
        return now[1]

    def changed_error(self, name: str) -> ObjectChanged:
        """The error about an object that another writer has replaced."""
        return ObjectChanged(
            f"another run has replaced {self.address / name} since this one read it, and it is not written over; "
            "wait for that run to end, then run again"
        )

    @contextmanager
    def _translate_errors(self, name: str) -> Iterator[None]:
        with translate_store_errors(self.address / name):
            yield


def _require_bucket(address: ObjectAddress, error: FileNotFoundError) -> None:
    """Raise ObjectStoreUnusable where it is not one object that is missing, but all of them."""
    if is_bucket_missing(error):
        raise store_unusable_error(address, error) from None


class _RawObject(io.RawIOBase):
    """An object as Python's own files are, for what reads those."""

    def __init__(self, file: Any, address: ObjectAddress) -> None:
        self._file, self._address = file, address

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        return int(self._file.seek(offset, whence))

    def readinto(self, buffer: Any, /) -> int:
        with translate_store_errors(self._address):
            block = self._file.read(len(buffer))
        buffer[: len(block)] = memoryview(block)
        return len(block)
