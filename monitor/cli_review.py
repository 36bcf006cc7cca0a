"""The command line of ``monitor review``: parse arguments, call."""

from __future__ import annotations

from typing import Annotated

import typer

from monitor.cli_options import ByOption, EvidenceArgument, FormatOption, ReasonOption
from monitor.commands.context import Format
from monitor.model import Status, Verdict

OtherArgument = Annotated[str, typer.Argument(help="The evidence that it is compared with, by its id.")]

review_app = typer.Typer(help="Confirm, reject or reclassify evidence, with a reason.", invoke_without_command=True)


@review_app.callback()
def review(ctx: typer.Context, by: ByOption = "", output: FormatOption = Format.TEXT) -> None:
    """Go through the evidence that moved or nearly moved a status, one at a time."""
    if ctx.invoked_subcommand is None:
        from monitor.commands.review import desk as call

        raise typer.Exit(call(ctx.obj, by, output))


@review_app.command("list")
def review_list(ctx: typer.Context, output: FormatOption = Format.TEXT) -> None:
    """What waits to be reviewed, and every review that was given."""
    from monitor.commands.review import list_reviews as call

    raise typer.Exit(call(ctx.obj, output))


def _judge(
    ctx: typer.Context, evidence: str, verdict: Verdict, stance: str | None, by: str, reason: str, output: Format
) -> None:
    from monitor.commands.review import judge as call

    raise typer.Exit(call(ctx.obj, evidence, verdict, stance, by, reason, output))


@review_app.command("confirm")
def review_confirm(
    ctx: typer.Context,
    evidence: EvidenceArgument,
    by: ByOption = "",
    reason: ReasonOption = "",
    output: FormatOption = Format.TEXT,
) -> None:
    """The evidence was read rightly."""
    _judge(ctx, evidence, Verdict.CONFIRM, None, by, reason, output)


@review_app.command("reject")
def review_reject(
    ctx: typer.Context,
    evidence: EvidenceArgument,
    by: ByOption = "",
    reason: ReasonOption = "",
    output: FormatOption = Format.TEXT,
) -> None:
    """The evidence is none: it no longer counts."""
    _judge(ctx, evidence, Verdict.REJECT, None, by, reason, output)


@review_app.command("reclassify")
def review_reclassify(
    ctx: typer.Context,
    evidence: EvidenceArgument,
    stance: Annotated[str, typer.Argument(help="fulfilment, breach, pledge, threat, denial, demand or mention")],
    by: ByOption = "",
    reason: ReasonOption = "",
    output: FormatOption = Format.TEXT,
) -> None:
    """The evidence says something else."""
    _judge(ctx, evidence, Verdict.RECLASSIFY, stance, by, reason, output)


@review_app.command("join")
def review_join(
    ctx: typer.Context,
    evidence: EvidenceArgument,
    other: OtherArgument,
    by: ByOption = "",
    reason: ReasonOption = "",
    output: FormatOption = Format.TEXT,
) -> None:
    """Two reports tell of one event: they are counted as one event."""
    from monitor.commands.review import group as call

    raise typer.Exit(call(ctx.obj, evidence, other, True, by, reason, output))


@review_app.command("split")
def review_split(
    ctx: typer.Context,
    evidence: EvidenceArgument,
    other: OtherArgument,
    by: ByOption = "",
    reason: ReasonOption = "",
    output: FormatOption = Format.TEXT,
) -> None:
    """Two reports tell of two events: they are counted as two events."""
    from monitor.commands.review import group as call

    raise typer.Exit(call(ctx.obj, evidence, other, False, by, reason, output))


@review_app.command("date")
def review_date(
    ctx: typer.Context,
    evidence: EvidenceArgument,
    date: Annotated[str, typer.Argument(help="When it was published, such as 2026-03-12 or 2026-03-12T08:00.")],
    by: ByOption = "",
    reason: ReasonOption = "",
    output: FormatOption = Format.TEXT,
) -> None:
    """Date an item whose own date cannot be read: until then its deeds do not count."""
    from monitor.commands.review import date_evidence as call

    raise typer.Exit(call(ctx.obj, evidence, date, by, reason, output))


@review_app.command("set")
def review_set(
    ctx: typer.Context,
    condition: Annotated[str, typer.Argument(help="A condition, or ruleset/condition.")],
    status: Annotated[Status, typer.Argument(help="unknown, met, breached or contested")],
    until: Annotated[str, typer.Option("--until", metavar="DATE", help="The last day of it.")],
    by: ByOption = "",
    reason: ReasonOption = "",
    output: FormatOption = Format.TEXT,
) -> None:
    """Set a status by hand until a day; it is shown as such everywhere."""
    from monitor.commands.review import set_by_hand as call

    raise typer.Exit(call(ctx.obj, condition, status, until, by, reason, output))


@review_app.command("undo")
def review_undo(
    ctx: typer.Context,
    number: Annotated[int, typer.Argument(help="The number of the review.")],
    by: ByOption = "",
    reason: ReasonOption = "",
    output: FormatOption = Format.TEXT,
) -> None:
    """Take a review back, by a further entry."""
    from monitor.commands.review import take_back as call

    raise typer.Exit(call(ctx.obj, number, by, reason, output))
