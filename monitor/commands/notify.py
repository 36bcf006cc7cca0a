"""``notify list``, ``test``, ``preview`` and ``template``."""

from __future__ import annotations

import sys

from rich.text import Text

from monitor.commands.context import Context, Exit, Format, print_json
from monitor.config import Config, NotifyConfig
from monitor.notify.send import preview as preview_of
from monitor.notify.send import send
from monitor.notify.template import Message, default_template
from monitor.problem import Problem, Unusable, did_you_mean
from monitor.report.terminal import simple_table
from monitor.report.wording import count, minute
from monitor.store.outbox import announced_after, delivery
from monitor.store.transitions import read_log


def list_targets(context: Context, output: Format) -> int:
    config = context.config()
    with context.reading(config) as connection:
        known = {target.name: delivery(connection, target.name) for target in config.notify}
        waiting = {
            name: len(announced_after(connection, state.sent_seq)) if state else 0 for name, state in known.items()
        }
    if output is Format.JSON:
        print_json([_record(target, known[target.name], waiting[target.name]) for target in config.notify])
        return Exit.DONE
    if not config.notify:
        context.console.print(Text("nobody is told; `[[notify]]` in the settings names a target"))
        return Exit.DONE
    rows = []
    for target in config.notify:
        state = known[target.name]
        if state is not None and state.error:
            health = Text(f"✘ {count(state.failures, 'failure')}: {state.error}", "red")
        else:
            health = Text("✔ well", "green") if state else Text("? not asked yet", "bright_black")
        last = minute(state.sent_at if state else None)
        rows.append((Text(target.name, "bold"), _when(target), last, f"{waiting[target.name]:,}", health))
    context.console.print(simple_table(("Target", "When", "Last message", "Waiting", "Health"), rows))
    return Exit.DONE


def _when(target: NotifyConfig) -> str:
    zone = f" {target.timezone}" if target.digest or target.quiet_hours else ""
    if target.digest:
        return f"daily at {target.digest}{zone}"
    return f"at once, but for {target.quiet_hours}{zone}" if target.quiet_hours else "at once"


def _record(target: NotifyConfig, state: object, waiting: int) -> dict[str, object]:
    fields = ("sent_seq", "failures", "error")
    times = ("sent_at", "next_at")
    return {
        "name": target.name,
        "when": _when(target),
        "waiting": waiting,
        **{name: getattr(state, name, None) for name in fields},
        **{name: moment.isoformat() if (moment := getattr(state, name, None)) else None for name in times},
    }


def test(context: Context, name: str | None, output: Format) -> int:
    config = context.config()
    message = Message(
        "The condition monitor can reach you",
        "This is a test. From now on you hear here when the status of a condition changes.",
    )
    errors = {target.name: send(config, target, message) for target in _targets(config, name)}
    if output is Format.JSON:
        print_json([{"name": target, "error": error} for target, error in errors.items()])
    else:
        for target, error in errors.items():
            sign = Text("✘ ", "red") if error else Text("✔ ", "green")
            context.console.print(sign.append(target, "bold").append(f"  {error or 'sent'}", ""), soft_wrap=True)
    return Exit.FOUND if any(errors.values()) else Exit.DONE


def preview(context: Context, name: str | None, last: int, output: Format) -> int:
    config = context.config()
    messages = {}
    with context.reading(config) as connection:
        entries = read_log(connection)[-last:]
        for target in _targets(config, name):
            messages[target.name] = preview_of(connection, config, target, entries)
    if output is Format.JSON:
        print_json([{"name": n, "title": m.title, "text": m.text} for n, m in messages.items()])
        return Exit.DONE
    for target_name, message in messages.items():
        context.console.print(Text(f"to {target_name}", "bright_black"))
        context.console.print(Text(message.title, "bold"), soft_wrap=True)
        context.console.print(Text(f"\n{message.text}\n"), soft_wrap=True)
    return Exit.DONE


def _targets(config: Config, name: str | None) -> list[NotifyConfig]:
    found = [target for target in config.notify if name in (None, target.name)]
    if not config.notify:
        raise Unusable([Problem(str(config.file), 0, 0, "names nobody to tell; add a target under `[[notify]]`")])
    if not found:
        more = did_you_mean(str(name), [target.name for target in config.notify])
        raise Unusable([Problem(str(config.file), 0, 0, f"has no target `{name}`{more}")])
    return found


def template(context: Context, output: Format) -> int:
    if output is Format.JSON:
        print_json({"template": default_template()})
    else:
        sys.stdout.write(default_template())
    return Exit.DONE
