"""``evaluate``: precision and recall of the rules on labelled items, with every mistake explained."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rich.text import Text

from monitor.commands.context import Context, Exit, Format, print_json
from monitor.commands.labelled import read_labelled
from monitor.evaluation.keyword_baseline import keyword_pairs
from monitor.evaluation.score import Mistake, Scores, Share, Tally, score
from monitor.match.item_reader import Readout, read_item
from monitor.model import Stance
from monitor.report.terminal import simple_table


def evaluate(context: Context, file: Path, rules_paths: list[Path], baseline: bool, output: Format) -> int:
    rules = context.rules(rules_paths)
    labelled = read_labelled(file)
    readouts = [read_item(rules, one.item, closely=True) for one in labelled]
    ours = score(zip(labelled, (readout.pairs for readout in readouts), strict=True))
    theirs = score((one, keyword_pairs(rules, one.item)) for one in labelled) if baseline else None
    if output is Format.JSON:
        print_json({"scores": _record(ours), **({"keyword_alert": _record(theirs)} if theirs else {})})
        return Exit.DONE
    _show(context, ours, theirs)
    by_item = {one.item: readout for one, readout in zip(labelled, readouts, strict=True)}
    for mistake in ours.mistakes:
        _show_mistake(context, mistake, by_item[mistake.labelled.item])
    return Exit.DONE


def _show(context: Context, ours: Scores, theirs: Scores | None) -> None:
    heads = ("", "Precision", "Recall", "F1", "Right", "Wrong", "Missed", *(("Alert F1",) if theirs else ()))
    rows: list[tuple[str | Text, ...]] = []
    for name, tally, other in _tallies(ours, theirs):
        figures = (f"{tally.precision:.3f}", f"{tally.recall:.3f}", f"{tally.f1:.3f}")
        counts = (str(tally.right), str(tally.wrong), str(tally.missed))
        rows.append((Text(name, style="bold"), *figures, *counts, *((f"{other.f1:.3f}",) if other else ())))
    context.console.print(Text(f"{ours.items} labelled items", style="bold"))
    context.console.print(simple_table(heads, rows))
    for name, share, other_share in (
        ("words taken for deeds", ours.words_for_deeds, theirs and theirs.words_for_deeds),
        ("false alarms", ours.false_alarms, theirs and theirs.false_alarms),
    ):
        beside = f"   (keyword alert: {other_share.count} of {other_share.of})" if other_share else ""
        context.console.print(Text(f"{name}: {share.count} of {share.of}{beside}"))
    _show_confusion(context, ours)


def _tallies(ours: Scores, theirs: Scores | None) -> list[tuple[str, Tally, Tally | None]]:
    rows: list[tuple[str, Tally, Tally | None]] = [
        ("pairs", ours.pairs, theirs.pairs if theirs else None),
        ("deeds", ours.deeds, theirs.deeds if theirs else None),
        ("relevance", ours.relevance, theirs.relevance if theirs else None),
    ]
    rows += [
        (name, tally, theirs.conditions.get(name, Tally()) if theirs else None)
        for name, tally in sorted(ours.conditions.items())
    ]
    rows += [
        (stance.value, tally, theirs.stances.get(stance, Tally()) if theirs else None)
        for stance, tally in sorted(ours.stances.items())
    ]
    return rows


def _show_confusion(context: Context, scores: Scores) -> None:
    stances: list[Stance | None] = [*(s for s in Stance if s is not Stance.MENTION), None]
    names = [stance.value if stance else "nothing" for stance in stances]
    rows: list[tuple[str | Text, ...]] = [
        (Text(name, style="bold"), *(str(scores.confusion.get((wanted, found), 0) or "·") for found in stances))
        for name, wanted in zip(names, stances, strict=True)
    ]
    context.console.print(Text("\nLabelled (rows) against found (columns)", style="bold"))
    context.console.print(simple_table(("", *names), rows))


def _show_mistake(context: Context, mistake: Mistake, readout: Readout) -> None:
    console = context.console
    item = mistake.labelled.item
    console.print(Text.assemble(("\n✘ ", "red"), (item.title, "bold")), soft_wrap=True)
    if item.text:
        console.print(Text(f"  {item.text}"), soft_wrap=True)
    for condition, stance in sorted(mistake.missed):
        console.print(Text(f"  missed {condition}:{stance.value}", style="yellow"))
        for near in [n for n in readout.near_misses if n.condition == condition][:4]:
            console.print(Text(f"    {near.signal}: {near.missing}", style="bright_black"), soft_wrap=True)
    for condition, stance in sorted(mistake.wrong):
        console.print(Text(f"  wrong {condition}:{stance.value}", style="red"))
        for finding in [f for f in readout.findings if (f.condition, f.stance) == (condition, stance)]:
            reasons = "; ".join(str(step) for step in finding.steps)
            console.print(Text(f"    {finding.signal}: {reasons}", style="bright_black"), soft_wrap=True)


def _record(scores: Scores) -> dict[str, Any]:
    return {
        "items": scores.items,
        **{name: _tally(getattr(scores, name)) for name in ("pairs", "deeds", "relevance")},
        "words_for_deeds": _share(scores.words_for_deeds),
        "false_alarms": _share(scores.false_alarms),
        "conditions": {name: _tally(tally) for name, tally in sorted(scores.conditions.items())},
        "stances": {stance.value: _tally(tally) for stance, tally in sorted(scores.stances.items())},
        "confusion": [
            {"labelled": wanted.value if wanted else None, "found": found.value if found else None, "count": count}
            for (wanted, found), count in sorted(scores.confusion.items(), key=str)
        ],
        "mistakes": [
            {
                "id": mistake.labelled.item.id,
                "title": mistake.labelled.item.title,
                "wrong": [f"{condition}:{stance.value}" for condition, stance in sorted(mistake.wrong)],
                "missed": [f"{condition}:{stance.value}" for condition, stance in sorted(mistake.missed)],
            }
            for mistake in scores.mistakes
        ],
    }


def _tally(tally: Tally) -> dict[str, float]:
    names = ("precision", "recall", "f1")
    rounded: dict[str, float] = {name: round(getattr(tally, name), 4) for name in names}
    return rounded | {"right": tally.right, "wrong": tally.wrong, "missed": tally.missed}


def _share(share: Share) -> dict[str, int]:
    return {"count": share.count, "of": share.of}
