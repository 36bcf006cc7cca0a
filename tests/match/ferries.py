"""A ruleset on an island's ferries, with lists that share words, particles and places."""

from __future__ import annotations

from datetime import UTC, datetime

from monitor.match.lookup.compiled import CompiledRules
from monitor.rules.ruleset import Ruleset

NOW = datetime(2024, 5, 1, tzinfo=UTC)
RULES = CompiledRules(
    [
        Ruleset.model_validate(
            {
                "ruleset": "ferries",
                "title": "Ferries",
                "issuer": "envoys",
                "addressee": "junta",
                "consequence": {
                    "id": "recognition",
                    "title": "Recognition",
                    "requires": "passage",
                    "signals": [
                        {
                            "id": "recognised",
                            "stance": "fulfilment",
                            "who": "anyone",
                            "does": ["recognise", "accept as lawful"],
                            "what": [["junta", "junta government"]],
                        }
                    ],
                },
                "actors": {
                    "junta": {"names": ["junta"], "context": ["Westisle", "Port Ann"]},
                    "rebels": {"names": ["rebel group"]},
                },
                "conditions": {
                    "passage": {
                        "title": "People may leave",
                        "signals": [
                            {
                                "id": "blocked",
                                "stance": "breach",
                                "does": ["turn back", "bar", "deny", "clear", "pose"],
                                "what": [
                                    ["bus", "evacuee", "islander", "coast", "order"],
                                    ["evacuee", "ferry", "danger"],
                                ],
                            },
                            {
                                "id": "sailed",
                                "stance": "fulfilment",
                                "does": ["land", "up", "reopen"],
                                "what": [["ferry", "crossing"]],
                            },
                            {
                                "id": "report-topic",
                                "stance": "mention",
                                "does": ["report", "claim"],
                                "what": [["ferry", "danger"]],
                            },
                            {
                                "id": "refuge-word",
                                "stance": "pledge",
                                "does": ["enjoy"],
                                "what": [["refuge"]],
                            },
                            {
                                "id": "departed",
                                "stance": "fulfilment",
                                "does": ["depart"],
                                "what": [["ferry"], ["Westisle", "Port Ann"]],
                            },
                        ],
                    }
                },
            }
        )
    ]
)
