"""schema.org ClaimReview in JSON-LD: what fact-checkers and search engines read (https://schema.org/ClaimReview).

The claim under review is that a condition is met; the speaker of the statement that it rests on set it. A status that
is unknown gets a name and no figure.
"""

from __future__ import annotations

from typing import Any

from monitor.model import Phase, Status
from monitor.report.dossier import Dossier
from monitor.report.link import web_link
from monitor.report.overview import Row, RulesetView
from monitor.report.wording import capfirst, status_name
from monitor.rules.ruleset import Consequence

_RATINGS = {Status.BREACHED: 1, Status.CONTESTED: 3, Status.MET: 5}


def claim_reviews(dossier: Dossier, address: str = "", only: tuple[str, str] | None = None) -> dict[str, Any]:
    """A review for each condition, or for the ruleset and condition of ``only``; ``address`` is where the dashboard is
    reached, if anywhere."""
    graph = [
        _review(row, view, dossier, address)
        for view in dossier.overview.rulesets
        for row in view.rows
        if only in (None, (view.ruleset.ruleset, row.id))
    ]
    return {"@context": "https://schema.org", "@graph": graph}


def _review(row: Row, view: RulesetView, dossier: Dossier, address: str) -> dict[str, Any]:
    standing = row.standing
    named = status_name(row.part, standing.status)
    rating: dict[str, Any] = {"@type": "Rating", "bestRating": 5, "worstRating": 1}
    rating["alternateName"] = f"{named}, {standing.phase.value}" if standing.status is not Status.UNKNOWN else named
    if standing.status in _RATINGS:
        rating["ratingValue"] = _RATINGS[standing.status]
    review: dict[str, Any] = {
        "@type": "ClaimReview",
        "claimReviewed": row.part.title,
        "datePublished": (standing.holds_from or dossier.overview.as_of).date().isoformat(),
        "dateModified": dossier.overview.as_of.isoformat(timespec="seconds"),
        "author": {"@type": "Organization", "name": "Condition monitor", **({"url": address} if address else {})},
        "itemReviewed": _claim(row, view, dossier),
        "reviewRating": rating,
        "reviewBody": f"{capfirst(standing.reason)}."
        + (" Not corroborated yet." if standing.phase is Phase.PENDING else ""),
        "citation": [piece.link for piece in row.support[:10] if web_link(piece.link)],
    }
    if address:
        review["url"] = f"{address}/conditions/{view.ruleset.ruleset}/{row.id}"
    return review


def _claim(row: Row, view: RulesetView, dossier: Dossier) -> dict[str, Any]:
    claim: dict[str, Any] = {"@type": "Claim", "name": row.part.title}
    found = None if isinstance(row.part, Consequence) else dossier.statement(view.ruleset, row.part)
    if found is not None:
        source, statement = found
        claim["author"] = {"@type": "Person", "name": statement.speaker, "jobTitle": statement.role}
        claim["datePublished"] = source.published.isoformat()
        claim["appearance"] = {
            "@type": "CreativeWork",
            "headline": source.title,
            "publisher": {"@type": "Organization", "name": source.publisher},
            **({"url": source.link} if source.link else {}),
        }
    return claim
