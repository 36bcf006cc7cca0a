"""Where a command begins. What is loaded stays loaded, so nothing need be collected meanwhile, or looked at later."""

from __future__ import annotations

import gc


def main() -> None:
    """The entry point."""
    gc.disable()
    from monitor.cli import main as run

    gc.freeze()
    gc.enable()
    run()
