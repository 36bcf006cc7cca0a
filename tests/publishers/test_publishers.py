"""Who published an entry, which agency it credits, and the file of publishers."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.publishers.attribution import ORDER, Clues, attribute
from monitor.publishers.credit import origin
from monitor.publishers.owner import owner_of, owner_of_listed, owners
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


PUBLISHED = {
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


@pytest.mark.parametrize(("clues", "organisation"), PUBLISHED.values(), ids=PUBLISHED)
def test_who_published_it(clues: Clues, organisation: str) -> None:
    assert attribute(clues, KNOWN).organisation == organisation


# One more field is told at a time, from the last step to the first; each decides before all that stand behind it.
STEPS = {
    7: Clues(feed="https://feeds.lantern.example/asia"),
    6: Clues(feed="https://feeds.lantern.example/asia", configured="Tide"),
    5: Clues(feed="https://feeds.lantern.example/asia", configured="Tide", link="https://gate.example/1"),
    4: Clues(feed="https://feeds.harbour.example/asia", configured="Tide", link="https://gate.example/1"),
    3: Clues(feed="https://feeds.harbour.example/asia", configured="BBC News", link="https://gate.example/1"),
    2: Clues("https://gate.example/1", "Reuters", "", "BBC News", "https://feeds.harbour.example/asia"),
    1: Clues("https://apnews.com/1", "Reuters", "", "BBC News", "https://feeds.harbour.example/asia"),
    0: Clues("https://planet.example/1", "", "", "Planet of Papers", "https://planet.example/feed"),
}


@pytest.mark.parametrize(("step", "clues"), STEPS.items())
def test_the_step_that_decides_is_the_first_that_tells(step: int, clues: Clues) -> None:
    assert attribute(clues, KNOWN).step == step


def test_every_step_of_the_order_is_tried() -> None:
    assert sorted(STEPS) == list(range(len(ORDER) + 1))


OWNERS = {
    "the settings name a known publisher": ("https://feeds.example/1", "The Harbour Post", "harbour"),
    "a known name decides before a known site": ("https://feeds.bbci.co.uk/asia", "Reuters", "reuters"),
    "a section's name on its paper's site": ("https://www.lantern.example/asia", "Lantern - Asia", "lantern.example"),
    "a section's name on a known site": ("https://feeds.bbci.co.uk/asia", "Asia today", "bbc"),
    "a domain, as the import writes it": ("https://feeds.example/1", "lantern.example", "lantern.example"),
    "a site of nobody": ("http://127.0.0.1/1", "Lantern", "lantern"),
    "no name": ("https://www.lantern.example/asia", "", "lantern.example"),
    "an aggregator, whatever its feed is called": ("https://planet.example/q=orvik", "Orvik", "planet"),
    "an aggregator's feed of one known publisher": ("https://planet.example/bbc", "BBC News", "bbc"),
}


@pytest.mark.parametrize(("feed", "name", "organisation"), OWNERS.values(), ids=OWNERS)
def test_whose_a_feed_is(feed: str, name: str, organisation: str) -> None:
    assert owner_of(feed, name, KNOWN).organisation == organisation


LISTED = {
    "by the site in the list": (
        "https://feeds.example/1",
        "https://www.lantern.example/asia",
        "Asia",
        "lantern.example",
    ),
    "by a known site in the list": ("https://feeds.example/1", "https://harbour.example/", "Asia", "Harbour Post"),
    "by its title, where that is known": ("https://feeds.example/1", "", "BBC News", "BBC"),
    "by the feed's own known site": ("https://feeds.bbci.co.uk/asia", "", "Asia today", "BBC"),
    "by the feed's own site, not its title": (
        "https://www.lantern.example/rss",
        "",
        "Lantern - Asia",
        "lantern.example",
    ),
    "by its title, where no site is told": ("http://127.0.0.1/1", "", "Lantern", "Lantern"),
    "through an aggregator": ("https://planet.example/1", "https://harbour.example", "Asia", "Harbour Post"),
    "of an aggregator": ("https://planet.example/1", "https://planet.example", "Orvik", "Planet of Papers"),
}


@pytest.mark.parametrize(("feed", "site", "title", "name"), LISTED.values(), ids=LISTED)
def test_whose_a_feed_in_somebody_s_list_is(feed: str, site: str, title: str, name: str) -> None:
    assert owner_of_listed(feed, site, title, KNOWN).name == name


def test_which_feeds_count_as_one() -> None:
    feeds = [
        (url, owner_of(url, name, KNOWN))
        for url, name in (
            ("https://www.lantern.example/asia", "Lantern - Asia"),
            ("https://planet.example/q=orvik", "Orvik"),
            ("https://feeds.bbci.co.uk/asia", "BBC"),
            ("https://lantern.example/world", "Lantern - World"),
        )
    ]
    assert [(one.organisation, len(one.feeds)) for one in owners(feeds, KNOWN)] == [("lantern.example", 2), ("bbc", 1)]


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
        ({"lantern": PublisherEntry(sites=("lantern.example",))}, "`lantern` needs a `name`"),
        ({"bbc": PublisherEntry(name="")}, "`bbc` needs a `name`"),
        (
            {"lantern": PublisherEntry(name="BBC News")},
            "“bbc news” stands among the names of two publishers, `bbc` and `lantern`",
        ),
        ({"lantern": PublisherEntry(name="Lantern", sites=("bbc.com",))}, "“bbc.com” stands among the sites of two"),
        ({"lantern": PublisherEntry(name="Lantern", credits=("AFP",))}, "“afp” stands among the credits of two"),
        ({"lantern": PublisherEntry(name="Lantern", sites=("co.uk",))}, "“co.uk” belongs to nobody"),
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
