"""A document made to be slow, and one made to be large, are stopped without stopping anything else."""

from __future__ import annotations

import os
import time

import pytest
from monitor.daemon.apart import Stopped, apart


def test_work_apart_returns_what_it_found() -> None:
    assert apart(20, len, b"12345") == 5


def test_work_that_takes_too_long_is_stopped() -> None:
    began = time.monotonic()
    with pytest.raises(Stopped, match="stopped after 1 seconds"):
        apart(1, time.sleep, 600)
    assert time.monotonic() - began < 10


def test_work_whose_process_dies_is_known_to_have_died() -> None:
    with pytest.raises(Stopped, match="its process died"):
        apart(20, os._exit, 3)
