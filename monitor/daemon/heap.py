"""Little memory for long: what is free goes back to the system, and what stays is not looked through again and again.

glibc keeps what was freed, in a pool for each thread, unless it is told otherwise: mallopt(3) and malloc_trim(3). Other
C libraries have neither, and need neither.
"""

from __future__ import annotations

import ctypes
import gc
from functools import cache

_M_ARENA_MAX = -8
# Two threads at most work at the same time, whatever their number: one has the interpreter, one waits for the disk.
_POOLS = 2


def share_pools() -> None:
    """Let all threads that are started from now on share few pools of memory."""
    library = _glibc()
    if library is not None:
        library.mallopt(_M_ARENA_MAX, _POOLS)


def give_back() -> None:
    """Give memory that is free back to the system."""
    library = _glibc()
    if library is not None:
        library.malloc_trim(0)


def settle() -> None:
    """Tell the collector of garbage that all there is now will stay, such as libraries and rules: it then looks at the
    rest only, which is less work, and so sooner."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    give_back()


@cache
def _glibc() -> ctypes.CDLL | None:
    try:
        library = ctypes.CDLL(None)
    except OSError:
        return None
    return library if hasattr(library, "mallopt") and hasattr(library, "malloc_trim") else None
