"""Error pages served as entries of a feed: bridges and proxies pass on their own failures as if they were news."""

from __future__ import annotations

import re

_REASON = (
    r"bad request|unauthorized|forbidden|not found|gone|too many requests|internal server error|bad gateway"
    r"|service unavailable|gateway time-?out"
)
# Whole titles only: a headline may well speak of a denied access or of an error.
_TITLES = re.compile(
    "|".join(
        f"(?:{pattern})"
        for pattern in (
            r"bridge returned error\b.*",
            rf"(?:http |server )?error:? ?[45]\d\d(?:[ :!.–-]+(?:{_REASON}))?[ .!]*(?:\(\d+\))?",
            rf"(?:http )?[45]\d\d[ :!–-]+(?:{_REASON})[ .!]*",
            rf"(?:error:? ?)?(?:{_REASON}|service temporarily unavailable|page not found)[ .!]*",
            r"just a moment[ .…]*",
            r"attention required! ?\| ?cloudflare",
            r"access denied[ .!]*",
            r"(?:checking your browser|verif(?:y|ying) (?:that )?you are (?:a )?human)\b.*",
            r"(?:php )?(?:fatal error|parse error|warning): .* in .*\.php\b.*",
            r"uncaught (?:exception|error)\b.*",
        )
    ),
    re.IGNORECASE,
)


def error_in_title(title: str) -> str:
    """Why an entry with this title is an error page, or nothing."""
    if _TITLES.fullmatch(title.strip()):
        return f'its title is that of an error page: "{title.strip()[:200]}"'
    return ""
