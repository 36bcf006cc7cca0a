"""Who published an entry, which agency it credits, and the file of publishers."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.publishers.attribution import Clues, attribute
from monitor.publishers.credit import origin
from monitor.publishers.registry import Kind, Publisher, PublisherEntry, Publishers, name_key, shipped_publishers
from monitor.publishers.site import registrable_domain

SHIPPED = shipped_publishers()
KNOWN = SHIPPED.with_own(
    {
        "harbour": PublisherEntry(name="Harbour Post", names=("Harbour Post Online",), sites=("harbour.example",)),
        "planet": PublisherEntry(name="Planet of Papers", sites=("planet.example",), kind=Kind.AGGREGATOR),
    }
)


def test_the_file_covers_world_news_and_the_region() -> None:
    kinds = Counter(one.kind for one in SHIPPED.entries.values())
    assert sum(kinds.values()) - kinds[Kind.AGGREGATOR] >= 300
    assert {one.country for one in SHIPPED.entries.values()} >= {"AF", "PK", "IR", "IN", "TJ", "UZ", "KG", "KZ", "QA"}


@pytest.mark.parametrize("publisher", SHIPPED.entries.values(), ids=SHIPPED.entries)
def test_every_name_site_and_credit_belongs_to_one_publisher(publisher: Publisher) -> None:
    assert {SHIPPED.by_name(name) for name in (publisher.name, *publisher.names)} == {publisher}
    assert publisher.sites
    for site in publisher.sites:
        assert SHIPPED.by_site(f"any.{site}") == publisher
        # Nobody owns a public suffix.
        assert registrable_domain(site), site
    for form in publisher.credits:
        assert SHIPPED.credits[form.casefold()] == publisher
        assert SHIPPED.by_name(form) == publisher


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("news.bbc.co.uk", "bbc.co.uk"),
        ("www.herald.example", "herald.example"),
        ("herald.blogspot.com", "herald.blogspot.com"),
        ("WWW.Herald.EXAMPLE.", "herald.example"),
        ("127.0.0.1", ""),
        ("::1", ""),
        ("localhost", ""),
        ("co.uk", ""),
        ("", ""),
    ],
)
def test_whose_a_host_is(host: str, domain: str) -> None:
    assert registrable_domain(host) == domain


ORDER = {
    "the site of its link": (Clues("https://www.harbour.example/1", configured="Herald"), "harbour"),
    "a link with a counter, through a redirect": (
        Clues("https://www.google.com/url?url=https://m.harbour.example/1&sa=x", configured="Google Alerts"),
        "harbour",
    ),
    "an aggregator's link: the source it names, by its site": (
        Clues("https://planet.example/1", "Whoever", "https://harbour.example", "Planet of Papers"),
        "harbour",
    ),
    "an aggregator's link: the source it names, by its name": (
        Clues("https://news.google.com/rss/articles/x", "BBC News", "", "Google News"),
        "bbc",
    ),
    "a name that is a domain": (Clues("https://planet.example/1", "Reuters.com", "", ""), "reuters"),
    "a source nobody knows is a publisher of its own, by its domain": (
        Clues("https://planet.example/1", "Lantern", "https://www.lantern.example/rss", "Planet of Papers"),
        "lantern.example",
    ),
    "an unknown link, a known publisher in the settings": (
        Clues("https://static.example/1", configured="The Harbour Post"),
        "harbour",
    ),
    "an unknown link, a feed on a known site": (
        Clues("https://static.example/1", feed="https://feeds.harbour.example/world.xml"),
        "harbour",
    ),
    "an unknown link decides before an unknown name": (
        Clues("https://www.lantern.example/1", configured="Lantern - Asia"),
        "lantern.example",
    ),
    "no link: the settings": (Clues(configured="Lantern", feed="http://127.0.0.1/feed"), "lantern"),
    "no link, no name: the site of the feed": (Clues(feed="https://www.lantern.example/feed"), "lantern.example"),
    "an aggregator in the settings is no publisher": (
        Clues("https://www.lantern.example/1", configured="Google News", feed="https://news.google.com/rss"),
        "lantern.example",
    ),
    "nothing but an aggregator is told": (
        Clues("https://news.google.com/1", configured="Google News", feed="https://news.google.com/rss"),
        "google-news",
    ),
}


@pytest.mark.parametrize(("clues", "organisation"), ORDER.values(), ids=ORDER)
def test_who_published_it(clues: Clues, organisation: str) -> None:
    assert attribute(clues, KNOWN).organisation == organisation


def test_two_sections_of_one_unknown_paper_are_one_publisher() -> None:
    asia = attribute(Clues("https://www.lantern.example/asia/1", configured="Lantern - Asia"), KNOWN)
    world = attribute(Clues("https://lantern.example/world/2", configured="Lantern - World"), KNOWN)
    assert asia.organisation == world.organisation


def test_two_blogs_on_one_host_are_two_publishers() -> None:
    one, other = (attribute(Clues(f"https://{name}.blogspot.com/1"), KNOWN) for name in ("ana", "ben"))
    assert one.organisation != other.organisation


def test_a_feed_names_its_own_site_and_no_other() -> None:
    feed = "https://lantern.example/feed"
    assert attribute(Clues("https://www.lantern.example/1", configured="Lantern", feed=feed), KNOWN).name == "Lantern"
    elsewhere = attribute(Clues("https://tide.example/1", configured="Lantern", feed=feed), KNOWN)
    assert elsewhere.name == "tide.example"


@given(
    st.builds(Clues, *[st.sampled_from(["", "Harbour Post", "https://a.example/1", "http://[", "\ud800", "x y"])] * 5)
)
def test_somebody_always_published_it(clues: Clues) -> None:
    told = attribute(clues, KNOWN)
    assert told.organisation
    assert told.name
    assert told.by


def test_settings_renew_only_what_they_say() -> None:
    changed = SHIPPED.with_own({"bbc": PublisherEntry(voice=("Britain",))})
    bbc = changed.find("bbc")
    assert bbc is not None
    assert (bbc.name, bbc.voice) == ("BBC", ("Britain",))
    assert changed.by_site("bbc.co.uk") == bbc
    assert changed.digest != SHIPPED.digest


@pytest.mark.parametrize(
    ("own", "said"),
    [
        ({"lantern": PublisherEntry(sites=("lantern.example",))}, "give it a `name`"),
        ({"lantern": PublisherEntry(name="BBC News")}, "“bbc news” stands at two publishers: bbc and lantern"),
        ({"lantern": PublisherEntry(name="Lantern", sites=("bbc.com",))}, "the site “bbc.com” stands at two"),
    ],
)
def test_settings_that_contradict_are_refused(own: dict[str, PublisherEntry], said: str) -> None:
    with pytest.raises(ValueError, match=said.replace("(", r"\(")):
        SHIPPED.with_own(own)


def test_spellings_of_a_name() -> None:
    assert name_key("The  Harbour Post") == name_key("harbour post")


CREDITS = {
    "by its byline": ("Mary Smith and AP", "A bridge reopens", "", "ap"),
    "by a byline with By": ("By Reuters", "A bridge reopens", "", "reuters"),
    "by its dateline": ("", "A bridge reopens", "ORVIK, Northland (AP) — The bridge is open.", "ap"),
    "by its last words": ("", "A bridge reopens", "The bridge is open, the mayor said. — AFP", "afp"),
    "who is quoted is not credited": ("", "A bridge reopens", "The bridge is open, the mayor told Reuters.", "herald"),
    "a bracket far behind the dateline": (
        "",
        "A bridge",
        "The bridge is open. " * 20 + "(AP) was told so. Cars cross the river again today.",
        "herald",
    ),
}


@pytest.mark.parametrize(("author", "title", "text", "expected"), CREDITS.values(), ids=CREDITS)
def test_the_agency_that_a_report_credits(author: str, title: str, text: str, expected: str) -> None:
    assert origin("herald", author, title, text, SHIPPED) == expected


def test_an_agency_is_where_its_own_reports_come_from() -> None:
    assert origin("ap", "Reuters", "A bridge reopens", "", SHIPPED) == "ap"


def test_without_agencies_nobody_is_credited() -> None:
    assert origin("herald", "AP", "A bridge reopens", "ORVIK (AP) —", Publishers({})) == "herald"
