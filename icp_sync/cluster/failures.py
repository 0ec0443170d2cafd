"""Ray's errors as one of ours: an error a worker raised comes out as it is, any other as a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ray import exceptions

from icp_sync.errors import EngineFailed, IcpSyncError

_DIED = (
    "Ray's workers died again and again at the same block ({reason}); give them more memory, or fewer of them a machine"
)
_NODE_LOST = "what a machine of the Ray cluster had made was lost with it ({reason}); run it again"
_DISK_FULL = "the disk that Ray keeps its objects on is full; make room, or name another with RAY_TMPDIR"
_LOST = "the connection to Ray was lost ({reason}); run it again"


@contextmanager
def ray_errors() -> Iterator[None]:
    """Turns what Ray raises into an error of ours. Raises what a worker raised of those, and EngineFailed."""
    try:
        yield
    except IcpSyncError:
        raise
    except (exceptions.RayError, exceptions.RayTaskError) as error:
        raise unwrap_own_error(error) from None


def unwrap_own_error(error: BaseException) -> IcpSyncError:
    """The error of ours that lies behind one of Ray's. Raises the first cause where that is a fault of our own."""
    cause = _worker_error(error)
    if isinstance(cause, IcpSyncError):
        return cause
    if not isinstance(cause, exceptions.RayError):
        raise cause
    return EngineFailed(_ray_error_sentence(cause))


def _worker_error(error: BaseException) -> BaseException:
    """What a worker raised, below all that Ray wraps it in."""
    inner = error.cause if isinstance(error, exceptions.RayTaskError) else error.__cause__
    return error if not isinstance(inner, BaseException) or inner is error else _worker_error(inner)


def _ray_error_sentence(error: exceptions.RayError) -> str:
    reason = type(error).__name__
    if isinstance(error, exceptions.OutOfDiskError):
        return _DISK_FULL
    if isinstance(error, exceptions.WorkerCrashedError | exceptions.OutOfMemoryError | exceptions.NodeDiedError):
        return _DIED.format(reason=reason)
    if isinstance(error, exceptions.ObjectLostError):
        return _NODE_LOST.format(reason=reason)
    return _LOST.format(reason=reason)
