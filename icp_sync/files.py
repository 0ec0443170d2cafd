"""Files that are written whole or not at all, survive a crash, and are readable by their owner only."""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from icp_sync.errors import StateUnusable, UsageError


def open_private_file(path: Path, flag: int) -> IO[bytes]:
    """Open for writing (`flag`: `os.O_APPEND` or `os.O_TRUNC`), readable by the owner only from the first moment."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | flag, 0o600), "wb")


def make_private_folder(folder: Path) -> None:
    """Make a folder, and those above it that are missing, open to their owner only. Raises OSError."""
    for missing in [above for above in folder.parents if not above.exists()][::-1]:
        missing.mkdir(mode=0o700, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)


@contextmanager
def open_durable_file(path: Path) -> Iterator[IO[bytes]]:
    """A new private file to write: on disk when the block ends, removed again where it raises. Raises OSError."""
    with open_private_file(path, os.O_TRUNC) as file:
        try:
            yield file
            file.flush()
            os.fsync(file.fileno())
        except BaseException:
            # On a full disk the incomplete file would take the space other writes need.
            path.unlink(missing_ok=True)
            raise


@contextmanager
def open_replacement_file(path: Path, mode: int = 0o600, owner: tuple[int, int] | None = None) -> Iterator[IO[bytes]]:
    """A file to write that replaces `path` atomically when the block ends; where it raises, nothing changed.

    It is a temporary file beside `path`, fsynced, then renamed over it. `owner`: user and group it shall belong to,
    where they are not this process's own. Raises OSError.
    """
    # A name of its own for each writer, so that two of them at a time leave one whole file.
    temporary = path.with_name(f"{path.name}.{secrets.token_hex(4)}.new")
    with open_durable_file(temporary) as file:
        yield file
    try:
        made = temporary.stat()
        if owner not in {None, (made.st_uid, made.st_gid)}:
            os.chown(temporary, *owner)
        temporary.chmod(mode)
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    sync_directory(path.parent)


def replace_file(path: Path, chunks: Iterable[bytes], mode: int = 0o600, owner: tuple[int, int] | None = None) -> None:
    """Replace a file atomically by these chunks, as `open_replacement_file` does. Raises OSError."""
    with open_replacement_file(path, mode, owner) as file:
        file.writelines(chunks)


def is_same_path(path: Path, other: Path) -> bool:
    """Whether both name one file, whether it is there or not."""
    try:
        return path.samefile(other)
    except OSError:
        return path.resolve() == other.resolve()


def sync_directory(directory: Path) -> None:
    """Fsync a directory: a new or renamed file survives a crash only once its directory entry is on disk."""
    entries = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(entries)
    finally:
        os.close(entries)


def os_error_from_message(message: str) -> OSError:
    """The operating system's error behind a library's own, of which only the message tells a full disk."""
    return (
        OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) if "No space left" in message else OSError(errno.EIO, message)
    )


def _unwritable_error(path: Path, error: OSError) -> StateUnusable:
    full = error.errno in {errno.ENOSPC, errno.EDQUOT}
    remedy = (
        "make room there, or name a file elsewhere" if full else "name a file in a directory this user may write to"
    )
    return StateUnusable(f"{path} cannot be written ({error.strerror or error}); {remedy}")


@contextmanager
def open_user_file_to_write(path: Path, mode: int = 0o600) -> Iterator[IO[bytes]]:
    """A file for the user to write, whole or not at all. Raises StateUnusable.

    An existing path that is no regular file (a pipe, `/dev/stdout`) is written to, not replaced.
    """
    try:
        with path.open("wb") if path.exists() and not path.is_file() else open_replacement_file(path, mode) as file:
            yield file
    except OSError as error:
        raise _unwritable_error(path, error) from error


def write_private_file(path: Path, chunks: Iterable[bytes]) -> Path:
    """Write a user's file as `open_user_file_to_write` does, mode 0600, and return its path. Raises StateUnusable."""
    with open_user_file_to_write(path) as file:
        file.writelines(chunks)
    return path


def write_public_file(path: Path, chunks: Iterable[bytes]) -> Path:
    """Write a file whole or not at all that others may read, mode 0644 whatever the umask. Raises StateUnusable."""
    with open_user_file_to_write(path, 0o644) as file:
        file.writelines(chunks)
    return path


def write_new_file(path: Path, content: bytes) -> None:
    """Write a file for the user that is not there yet, mode 0600, whole or not at all.

    Raises UsageError where it is there, StateUnusable where it cannot be written.
    """
    try:
        with open_private_file(path, os.O_EXCL) as file:
            try:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            except BaseException:
                path.unlink(missing_ok=True)
                raise
    except FileExistsError as error:
        raise UsageError(f"{path} is already there; name another path") from error
    except OSError as error:
        raise _unwritable_error(path, error) from error
