"""``feeds import``, ``feeds export`` and ``feeds quarantine``."""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path

from pydantic import ValidationError
from rich.text import Text

from monitor.clock import utc_now
from monitor.commands.context import Context, Exit, Format, print_json
from monitor.commands.feeds import append_feeds, count_as_one
from monitor.config import FeedConfig
from monitor.feeds.opml import NotAList, Subscription, read_opml, write_opml
from monitor.problem import Problem, Unusable
from monitor.publishers.owner import owner_of, owner_of_listed, owners
from monitor.report.terminal import simple_table
from monitor.report.wording import count, minute
from monitor.store.feeds import feed_states
from monitor.store.quarantine import Quarantined, quarantined, release


def import_opml(context: Context, file: Path, output: Format) -> int:
    """Append the feeds of an OPML file that are not configured yet. Only http and https: a list that somebody else
    made must not point into this machine."""
    config = context.config()
    try:
        listed = read_opml(file.read_bytes())
    except OSError as error:
        raise Unusable([Problem(str(file), 0, 0, f"cannot be read: {error.strerror or error}")]) from error
    except NotAList as error:
        raise Unusable([Problem(str(file), 0, 0, str(error))]) from error
    known = {feed.url for feed in config.feeds}
    new = [each for each in listed if each.url not in known]
    refused = {each.url: why for each in new if (why := _refusal(each))}
    added = [each for each in new if each.url not in refused]
    publishers = config.known_publishers()
    named = {each.url: owner_of_listed(each.url, each.site, each.title, publishers) for each in added}
    carried = {url for url, owner in named.items() if publishers.is_aggregator(owner.organisation)}
    append_feeds(
        context.config_path,
        # Who published what an aggregator carries is decided entry by entry.
        [{"url": url, "publisher": "" if url in carried else owner.name} for url, owner in named.items()],
    )
    before = [(feed.url, owner_of(feed.url, feed.publisher, publishers)) for feed in config.feeds]
    shared = [one for one in owners([*before, *named.items()], publishers) if len(one.feeds) > 1]
    shared = [one for one in shared if not named.keys().isdisjoint(one.feeds)]
    if output is Format.JSON:
        print_json(
            {
                "added": list(named),
                "known": len(listed) - len(new),
                "refused": refused,
                "publishers": {url: "" if url in carried else owner.name for url, owner in named.items()},
                "count_as_one": {one.name: list(one.feeds) for one in shared},
            }
        )
        return Exit.DONE
    for url, why in refused.items():
        context.console.print(Text.assemble(("✘ ", "red"), (url, "bold"), f"  {why}"), soft_wrap=True)
    summary = f"added {count(len(added), 'feed')} to {context.config_path}; {len(listed) - len(new)} were there already"
    context.console.print(Text.assemble(("✔ ", "green"), summary))
    for one in shared:
        context.console.print(Text.assemble(("◆ ", "yellow"), count_as_one(one)), soft_wrap=True)
    if carried:
        said = f"{count(len(carried), 'feed')} of aggregators: each entry counts for the publisher that it names"
        context.console.print(Text.assemble(("◆ ", "yellow"), said), soft_wrap=True)
    return Exit.DONE


def _refusal(subscription: Subscription) -> str:
    if not subscription.url.startswith(("http://", "https://")) or not subscription.url.isprintable():
        return "not an http or https address"
    try:
        FeedConfig(url=subscription.url)
    except ValidationError as error:
        return str(error.errors(include_url=False)[0]["msg"]).removeprefix("Value error, ")
    return ""


def export_opml(context: Context) -> int:
    config = context.config()
    with context.reading(config) as connection:
        states = feed_states(connection)
    feeds = [
        Subscription(feed.url, feed.publisher or (states[feed.url].title if feed.url in states else ""))
        for feed in config.feeds
        if not feed.is_file
    ]
    sys.stdout.write(write_opml("Feeds of the condition monitor", feeds, utc_now()))
    return Exit.DONE


def quarantine(context: Context, entry: str | None, output: Format) -> int:
    config = context.config()
    with closing(context.store(config)) as store:
        if entry is not None:
            with store.write() as connection:
                released = release(connection, entry, utc_now())
            if not released:
                raise Unusable([Problem(entry, 0, 0, "is not in quarantine; `monitor feeds quarantine` lists what is")])
        with store.read() as connection:
            held = quarantined(connection)
    if output is Format.JSON:
        print_json([_record(each) for each in held])
        return Exit.DONE
    if not held:
        context.console.print("nothing is in quarantine")
        return Exit.DONE
    rows = [
        (
            each.id,
            minute(each.seen),
            Text.assemble((each.title, "bold"), (f"\n{each.feed}", "bright_black")),
            Text("released, read at the next poll", "green") if each.released else Text(each.why, "yellow"),
        )
        for each in held
    ]
    context.console.print(simple_table(("Entry", "Seen", "Title", "Why"), rows))
    return Exit.DONE


def _record(each: Quarantined) -> dict[str, object]:
    return {
        "id": each.id,
        "feed": each.feed,
        "title": each.title,
        "text": each.text,
        "why": each.why,
        "seen": each.seen.isoformat(),
        "released": each.released.isoformat() if each.released else None,
    }
