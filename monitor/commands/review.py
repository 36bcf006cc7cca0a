"""``review``: a person's verdict on evidence and statuses, with name and reason."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing

import typer
from rich.text import Text

from monitor.clock import utc_now
from monitor.commands.context import Context, Exit, Format, print_json
from monitor.commands.moment import parse_option
from monitor.model import Evidence, Phase, Review, Stance, Status, Verdict
from monitor.moment import END_OF_DAY
from monitor.pipeline.judge import (
    Judged,
    Refused,
    Signature,
    date_item,
    group_evidence,
    judge_evidence,
    set_status,
    undo,
)
from monitor.problem import Problem, Unusable
from monitor.proof.save import expected_reading, save_test
from monitor.report.passage import in_context
from monitor.report.queue import Waiting, review_queue
from monitor.report.records import evidence_record, review_record
from monitor.report.terminal import simple_table, transition_text
from monitor.report.wording import STANCE_COLOURS, count, dated, day, minute, status_name
from monitor.store.database import Store
from monitor.store.reviews import all_reviews
from monitor.store.rule_versions import rules_in_force

_KEYS = "[c]onfirm  [r]eject  re[k]lassify  [s]kip  [u]ndo the last one  [q]uit"
_SAVE = "[t] saves it as a test of the rules, Enter goes on"


def desk(context: Context, reviewer: str, output: Format) -> int:
    """Go through the queue one at a time, or print it as records."""
    with closing(context.store(context.config())) as store:
        with store.read() as connection:
            queue = review_queue(connection, utc_now())
        if output is Format.JSON:
            print_json([{**evidence_record(entry.piece), "why": entry.why} for entry in queue])
            return Exit.DONE
        if not queue:
            context.console.print(Text("Nothing waits to be reviewed.", style="bright_black"))
            return Exit.DONE
        return _go_through(context, store, queue, reviewer)


def _go_through(context: Context, store: Store, queue: list[Waiting], reviewer: str) -> int:
    console = context.console
    name = reviewer or typer.prompt("Your name (it stands beside every verdict)")
    done: list[Review] = []
    for number, entry in enumerate(queue, start=1):
        _show(context, entry, f"{number} of {len(queue)}")
        while True:
            key = typer.prompt(_KEYS, default="s", show_default=False).strip().lower()[:1]
            if key == "q":
                return _leave(context, done, len(queue) - number + 1)
            if key == "s":
                break
            try:
                judged = _on_key(store, key, entry.piece, name, done)
            except Refused as error:
                console.print(Text(str(error), style="red"))
                continue
            if judged is None:
                continue
            _show_judged(context, judged)
            if judged.review.verdict is Verdict.UNDO:
                done.pop()
                continue
            done.append(judged.review)
            if typer.prompt(_SAVE, default="", show_default=False).strip().lower() == "t":
                _save_as_test(context, store, entry.piece, judged.review)
            break
    return _leave(context, done, 0)


def _on_key(store: Store, key: str, piece: Evidence, name: str, done: list[Review]) -> Judged | None:
    """Act on one key; ``None`` for a key that means nothing."""
    if key == "u":
        if not done:
            raise Refused("there is no verdict of this sitting to take back")
        return undo(store, utc_now(), done[-1].number, Signature(name, typer.prompt("Why take it back")))
    verdict = {"c": Verdict.CONFIRM, "r": Verdict.REJECT, "k": Verdict.RECLASSIFY}.get(key)
    if verdict is None:
        return None
    stance = None
    if verdict is Verdict.RECLASSIFY:
        stance = _stance(typer.prompt(f"As ({', '.join(stance.value for stance in Stance)})"))
    return judge_evidence(store, utc_now(), piece.id, verdict, Signature(name, typer.prompt("Why")), stance)


def _save_as_test(context: Context, store: Store, piece: Evidence, review: Review) -> None:
    with store.read() as connection:
        ruleset = next(r for r in rules_in_force(connection) if r.ruleset == piece.ruleset)
    folder = context.config().rules_path
    try:
        path = save_test(folder, ruleset.ruleset, piece, expected_reading(ruleset, piece, review), review)
    except OSError as error:
        context.console.print(Text(f"{error.filename}: cannot be written: {error.strerror}", style="red"))
        return
    context.console.print(Text.assemble(("✔ ", "green"), f"saved in {path}; `monitor rules test` runs it"))


def _stance(text: str) -> Stance:
    try:
        return Stance(text.strip().lower())
    except ValueError as error:
        raise Refused(f"`{text}` is no stance; choose one of {', '.join(stance.value for stance in Stance)}") from error


def _show(context: Context, entry: Waiting, place: str) -> None:
    piece, console = entry.piece, context.console
    console.print()
    console.rule(Text(f"{place}  {piece.condition}", style="bold"), align="left", style="bright_black")
    status, phase = entry.standing.status, entry.standing.phase
    told = status_name(entry.part, status)
    now = told if status is Status.UNKNOWN and phase is Phase.CONFIRMED else f"{told} {phase.value}"
    console.print(Text(f"{now} since {day(entry.standing.holds_from)}; {entry.why}", style="bright_black"))
    line = Text.assemble((piece.stance.value, f"bold {STANCE_COLOURS[piece.stance]}"), f"  by signal {piece.signal}")
    line.append(f" · {piece.publisher or 'unnamed'}, grade {piece.grade} · {dated(piece)}", style="bright_black")
    console.print(line)
    passage = in_context(piece)
    console.print(Text.assemble(passage.before, (passage.quote, "bold underline"), passage.after))
    if piece.link:
        console.print(Text(piece.link, style="bright_black underline"))


def _leave(context: Context, done: list[Review], left: int) -> int:
    context.console.print(Text(f"\n{count(len(done), 'verdict')} given, {left:,} left.", style="bright_black"))
    return Exit.DONE


def list_reviews(context: Context, output: Format) -> int:
    """The queue and every review ever given."""
    with context.reading(context.config()) as connection:
        queue = review_queue(connection, utc_now())
        given = list(all_reviews(connection))
    if output is Format.JSON:
        print_json(
            {
                "waiting": [{**evidence_record(entry.piece), "why": entry.why} for entry in queue],
                "reviews": [review_record(review) for review in given],
            }
        )
        return Exit.DONE
    console = context.console
    if queue:
        console.print(Text("Waiting", style="bold"))
        rows = [
            (e.piece.id, e.piece.condition, e.piece.stance.value, f"{e.piece.publisher}: {e.piece.title}", e.why)
            for e in queue
        ]
        console.print(simple_table(("Evidence", "Condition", "Stance", "Report", "Why"), rows))
    if given:
        console.print(Text("Given", style="bold"))
        told = [(str(r.number), minute(r.recorded), r.reviewer, _what(r), r.reason) for r in given]
        console.print(simple_table(("#", "When", "By", "What", "Reason"), told))
    if not queue and not given:
        console.print(Text("Nothing waits to be reviewed, and no review was given yet.", style="bright_black"))
    return Exit.DONE


def _what(review: Review) -> str:
    if review.verdict is Verdict.SET:
        status = review.status.value if review.status else ""
        return f"{review.condition} set to {status} until {day(review.expires)}"
    if review.verdict is Verdict.UNDO:
        return f"review {review.undoes} taken back"
    if review.verdict.groups:
        apart = "one event" if review.verdict is Verdict.JOIN else "two events"
        return f"{review.evidence[:8]} and {review.other[:8]} are {apart} ({review.condition})"
    if review.dated is not None:
        return f"date {review.evidence[:8]} {minute(review.dated)} ({review.condition})"
    stance = f" as {review.stance.value}" if review.stance else ""
    return f"{review.verdict.value} {review.evidence[:8]}{stance} ({review.condition})"


def judge(
    context: Context, key: str, verdict: Verdict, stance: str | None, reviewer: str, reason: str, output: Format
) -> int:
    """Confirm, reject or reclassify one piece of evidence."""
    return _enter(
        context,
        output,
        key,
        lambda store: judge_evidence(
            store, utc_now(), key, verdict, Signature(reviewer, reason), _stance(stance) if stance is not None else None
        ),
    )


def group(context: Context, key: str, other: str, together: bool, reviewer: str, reason: str, output: Format) -> int:
    """Say whether two pieces of evidence tell of one event."""
    return _enter(
        context,
        output,
        key,
        lambda store: group_evidence(store, utc_now(), key, other, together, Signature(reviewer, reason)),
    )


def date_evidence(context: Context, key: str, date: str, reviewer: str, reason: str, output: Format) -> int:
    """Date the item in which a piece of evidence stands."""
    dated = parse_option(date, "DATE")
    if dated is None:
        raise Unusable([Problem("DATE", 0, 0, "is missing: write 2026-03-12")])
    return _enter(
        context, output, key, lambda store: date_item(store, utc_now(), key, dated, Signature(reviewer, reason))
    )


def set_by_hand(
    context: Context, condition: str, status: Status, until: str, reviewer: str, reason: str, output: Format
) -> int:
    """Set a status by hand until a day."""
    expires = parse_option(until, "--until", END_OF_DAY)
    if expires is None:
        raise Unusable([Problem("--until", 0, 0, "is missing: a status set by hand needs an end")])
    return _enter(
        context,
        output,
        condition,
        lambda store: set_status(store, utc_now(), condition, status, expires, Signature(reviewer, reason)),
    )


def take_back(context: Context, number: int, reviewer: str, reason: str, output: Format) -> int:
    """Undo a review by a further entry."""
    return _enter(
        context, output, f"review {number}", lambda store: undo(store, utc_now(), number, Signature(reviewer, reason))
    )


def _enter(context: Context, output: Format, about: str, act: Callable[[Store], Judged]) -> int:
    with closing(context.store(context.config())) as store:
        try:
            judged = act(store)
        except Refused as error:
            raise Unusable([Problem(about, 0, 0, str(error))]) from error
    if output is Format.JSON:
        changed = [entry.record() for entry in judged.transitions]
        print_json({"review": review_record(judged.review), "transitions": changed})
    else:
        _show_judged(context, judged)
    return Exit.DONE


def _show_judged(context: Context, judged: Judged) -> None:
    console = context.console
    console.print(Text.assemble(("✔ ", "green"), f"review {judged.review.number} by {judged.review.reviewer}"))
    for entry in judged.transitions:
        console.print(
            Text.assemble("  ", (f"{day(entry.holds_from)}  ", "bright_black"), (f"{entry.condition}  ", "bold"),
                          transition_text(entry, judged.consequences))
        )  # fmt: skip
    if not judged.transitions:
        console.print(Text("  no status changed", style="bright_black"))
