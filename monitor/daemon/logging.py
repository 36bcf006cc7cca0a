"""Structured log lines, as text for a person or JSON for a machine, on standard error."""

from __future__ import annotations

import logging
import sys
from typing import Any

import structlog

from monitor.config import LogConfig


def _visible(_logger: Any, _name: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Feed text is untrusted: no control character of it reaches a terminal or breaks a line."""
    return {key: _escaped(value) if isinstance(value, str) else value for key, value in event.items()}


def _escaped(text: str) -> str:
    return "".join(char if char.isprintable() else repr(char)[1:-1] for char in text)


def configure_logging(config: LogConfig) -> None:
    """Route structlog, and the warnings of libraries, to standard error."""
    shared: list[structlog.typing.Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _visible,
    ]
    last: structlog.typing.Processor
    if config.format == "json":
        last = structlog.processors.JSONRenderer(sort_keys=True)
    else:
        last = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), pad_event_to=20)
    structlog.configure(
        processors=[*shared, last],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, config.level.upper())),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    # The daemon itself reports what fails, is missed or does not answer, one structured line each.
    for library in ("apscheduler", "procrastinate", "psycopg.pool"):
        logging.getLogger(library).setLevel(logging.CRITICAL)
    logging.basicConfig(level=logging.ERROR, stream=sys.stderr, format="%(levelname)s %(name)s %(message)s")
