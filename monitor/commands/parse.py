"""``explain --parse``: how the words of a text hang together, and who does what to whom in each clause."""

from __future__ import annotations

from collections.abc import Iterator

from rich.text import Text

from monitor.commands.context import Context, Exit, Format, print_json
from monitor.match.lookup.compiled import CompiledRules
from monitor.match.roles.syntactic_roles import doer_of, done_to, party_of
from monitor.match.sentence.annotated_sentence import View
from monitor.match.sentence.verb_groups import is_passive
from monitor.model import Item
from monitor.text.sentences import Sentence, sentence_spans

# What hangs a clause on another word, in plain words.
_CLAUSES = {
    "root": "main clause",
    "conj": "goes on with",
    "parataxis": "beside",
    "acl:relcl": "relative clause of",
    "acl": "describes",
    "advcl": "says how, when or why of",
    "ccomp": "is what is told by",
    "xcomp": "completes",
    "csubj": "is the subject of",
}


def show_parse(context: Context, item: Item, rules: CompiledRules, output: Format) -> int:
    """Show the sentences of an item as the rules see them; the names are those of the first ruleset."""
    views = list(_views(item, rules))
    if output is Format.JSON:
        print_json([_record(view) for view in views])
        return Exit.DONE
    console = context.console
    for view in views:
        console.print(Text(view.sentence.text.strip(), style="bold"), soft_wrap=True)
        for verb in _verbs(view):
            console.print(_line(view, verb), soft_wrap=True)
    return Exit.DONE


def _views(item: Item, rules: CompiledRules) -> Iterator[View]:
    actors = next(iter(rules.actors.values()))
    for start, end, line in sentence_spans(item.body):
        yield View(Sentence(start, end, line, item.body[start:end]), actors)


def _verbs(view: View) -> list[int]:
    return [place for place, tag in enumerate(view.tree.tags) if tag == "VERB" and view.tree.labels[place] != "amod"]


def _line(view: View, verb: int) -> Text:
    tree = view.tree
    clause = _CLAUSES.get(tree.labels[verb], "part of")
    above = tree.heads[verb]
    where = f"{clause} “{view.tokens[above].norm}”" if above >= 0 else clause
    line = Text.assemble("  ", (view.tokens[verb].norm, "bold"), (f"  {where}", "bright_black"))
    for role, place in _roles(view, verb).items():
        line.append(f"  {role}: ", style="bright_black")
        line.append(_phrase(view, place))
    return line


def _roles(view: View, verb: int) -> dict[str, int]:
    """The words that head who does it, whom it is done to, and by whom."""
    passive = is_passive(view, verb)
    found = {"by whom" if passive else "who": doer_of(view, verb), "whom": done_to(view, verb)}
    return {role: place for role, place in found.items() if place is not None}


def _phrase(view: View, head: int) -> str:
    party = party_of(view, head)
    named = f" [{party.actor}]" if party is not None and party.actor != "*" else ""
    return view.tokens[head].norm + named


def _record(view: View) -> dict[str, object]:
    tree = view.tree
    words = [
        {"word": token.norm, "tag": tree.forms[place], "head": tree.heads[place], "label": tree.labels[place]}
        for place, token in enumerate(view.tokens)
    ]
    verbs = [{"verb": verb, "passive": is_passive(view, verb), **_roles(view, verb)} for verb in _verbs(view)]
    return {"sentence": view.sentence.text, "words": words, "verbs": verbs}
