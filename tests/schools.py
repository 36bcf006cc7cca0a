"""A small ruleset on girls' schools and how its sentences read, for the tests of the linguistic core."""

from __future__ import annotations

from monitor.match.item_reader import read_item
from monitor.match.lookup.compiled import CompiledRules
from monitor.model import Finding, Item, Stance
from monitor.rules.ruleset import Ruleset

RULES = CompiledRules(
    [
        Ruleset.model_validate(
            {
                "ruleset": "test",
                "title": "Test",
                "issuer": "issuer",
                "addressee": "regime",
                "consequence": {"id": "aid", "title": "Aid", "requires": "schools"},
                "actors": {
                    "regime": {"names": ["Taliban"], "context": ["Kabul", "Afghan"], "not": ["Pakistani Taliban"]},
                    "issuer": {"names": ["UK"]},
                },
                "conditions": {
                    "schools": {
                        "title": "Schools are open to girls",
                        "signals": [
                            {
                                "id": "closed",
                                "stance": "breach",
                                "does": ["ban", "bar", "shut"],
                                "what": [["girl", "woman"], ["school", "university"]],
                            },
                            {
                                "id": "opened",
                                "stance": "fulfilment",
                                "does": ["reopen", "let", "return"],
                                "what": [["girl", "woman"], ["school", "university"]],
                                "reverses": ["closed"],
                            },
                        ],
                    }
                },
            }
        )
    ]
)


def findings(title: str, text: str = "") -> tuple[Finding, ...]:
    return read_item(RULES, Item(id="x", title=title, text=text)).findings


def stances(title: str, text: str = "") -> set[Stance]:
    return {f.stance for f in findings(title, text) if f.stance is not Stance.MENTION}
