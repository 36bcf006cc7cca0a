"""``rules new``: a commented ruleset from a few answers, which passes the check as it is written."""

from __future__ import annotations

from pathlib import Path

import typer
from rich.text import Text

from monitor.commands.context import Context, Exit
from monitor.draft.files import quoted, slug
from monitor.problem import Problem, Unusable
from monitor.proof.examples import check_examples
from monitor.rules.check import check_rule_book
from monitor.rules.read import read_rule_book

_TEMPLATE = """\
# yaml-language-server: $schema=ruleset.schema.json
# Words match their inflections (*ban* finds *banned*), several words are a phrase, "quotes" match to the letter.
ruleset: {name}
title: {title}
issuer: issuer  # who set the conditions
addressee: {party_id}
consequence:
  id: consequence
  title: What follows when the conditions are met
  requires: {condition_id}  # conditions joined by and, or, not and brackets
actors:
  {party_id}:
    names: [{party}]  # every name it goes by
    context: []  # places and words that put a report in its hands when no name stands there
conditions:
  {condition_id}:
    title: {condition}
    form: requires  # or `prohibits`: how silence reads
  # by: 2030-12-31  # a deadline
    confirm: {{publishers: 2, within: 14d}}  # two independent publishers confirm a status
    signals:
      - id: {does_id}-{what_id}
        stance: breach  # what such a report is
        does: [{does}]  # any of these
        what: [[{what}]]  # one of each list, near the deed
        lasts: 90d  # how long it counts; or `until-reversed`
        examples:  # `monitor rules check` proves them
          - {{text: {found}, expect: breach}}
          - {{text: {promised}, expect: pledge}}
          - {{text: {other}, expect: none}}
"""


def new(
    context: Context,
    name: str | None,
    addressee: str | None,
    condition: str | None,
    does: str | None,
    what: str | None,
) -> int:
    """Ask what was not given, write ``rules/NAME.yaml`` and say what to do next."""
    name = slug(name or typer.prompt("A name for these rules, such as northland-ceasefire")) or "rules"
    party = _words(addressee or typer.prompt("Who must meet the conditions (as news name them)"))
    wanted = _words(condition or typer.prompt("What is required, in a few words"))
    verb = _words(does or typer.prompt("A verb for what would break it, such as shell, ban, detain"))
    thing = _words(what or typer.prompt("What that is done to, such as village, journalist, school"))
    config = context.config_or_default()
    folder = config.rules_path if config else Path("rules")
    path = folder / f"{name}.yaml"
    if path.exists():
        raise Unusable([Problem(str(path), 0, 0, "is there already; choose another name")])
    text = _TEMPLATE.format(
        name=name,
        title=quoted(f"{party}: {wanted}"),
        party_id=slug(party) or "addressee",
        party=quoted(party),
        condition_id=slug(wanted) or "condition",
        condition=quoted(wanted),
        does_id=slug(verb) or "deed",
        what_id=slug(thing) or "object",
        does=quoted(verb),
        what=quoted(thing),
        found=quoted(f"{party} did {verb} the {thing} on Monday."),
        promised=quoted(f"{party} promised not to {verb} the {thing}."),
        other=quoted(f"A storm damaged the {thing}."),
    )
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    book = read_rule_book([path], path)
    problems = check_rule_book(book) + [p for file in book.rules for p in check_examples(file)]
    context.console.print(Text.assemble((f"  {path}", "bold"), "  written"))
    for problem in problems:
        context.console.print(Text(f"  {problem}", style="yellow"), soft_wrap=True)
    context.console.print(Text("\nNext: add words and examples, then: monitor rules check", style="bold"))
    return Exit.FOUND if problems else Exit.DONE


def _words(answer: str) -> str:
    words = " ".join(answer.split())
    if not any(char.isalpha() for char in words):
        raise Unusable([Problem("rules new", 0, 0, f"`{answer}` holds no word")])
    return words
