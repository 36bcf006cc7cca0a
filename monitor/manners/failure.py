"""Why a poll failed, as one word to count by."""

from __future__ import annotations

from enum import StrEnum


class Failure(StrEnum):
    """The kinds of failure; the sentence beside it says what happened."""

    TIMEOUT = "timeout"
    CONNECTION = "connection"
    CERTIFICATE = "certificate"
    REFUSED = "refused address"
    REDIRECTS = "redirects"
    HTTP = "http"
    TOO_LARGE = "too large"
    NOT_A_FEED = "not a feed"
    ERROR_PAGE = "error page"
    FILE = "file"
    CREDENTIALS = "credentials"
