"""Who gets in, and what nobody can make another's browser do."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from ipaddress import ip_network
from pathlib import Path

import pytest
from browsing import Client, dashboard_of
from commandline import Monitor

TOKEN = "correct-horse-battery-staple"


@pytest.fixture
def guarded(demo: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    """A dashboard that asks for a token."""
    monkeypatch.setenv("MONITOR_DOOR", TOKEN)
    with dashboard_of(demo, token="env:MONITOR_DOOR") as address:
        yield Client(address)


@pytest.mark.parametrize("listen", ["0.0.0.0:0", "[::]:0"])
def test_beyond_this_machine_it_does_not_start_without_a_door(
    demo: Path, monitor: Monitor, monkeypatch: pytest.MonkeyPatch, listen: str
) -> None:
    monkeypatch.chdir(demo)
    ran = monitor("serve", "--listen", listen)
    assert ran.code == 2
    assert "would be open to everybody" in ran.err
    assert "`token` or `user_header`" in ran.err


def test_a_token_that_can_be_guessed_is_refused_without_being_told(
    demo: Path, monitor: Monitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(demo)
    monkeypatch.setenv("MONITOR_DOOR", "hunter2")
    (demo / "config.toml").write_text((demo / "config.toml").read_text() + '[serve]\ntoken = "env:MONITOR_DOOR"\n')
    ran = monitor("serve", "--listen", "127.0.0.1:0")
    assert ran.code == 2
    assert "anybody could guess it" in ran.err
    assert "hunter2" not in ran.err


def test_the_doctor_says_who_would_get_in(demo: Path, monitor: Monitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(demo)
    settings = (demo / "config.toml").read_text()
    assert "127.0.0.1:9388 for everybody on this machine" in monitor("doctor").out
    (demo / "config.toml").write_text(settings + '[serve]\nlisten = "0.0.0.0:9388"\n')
    said = monitor("doctor").out
    assert "✘ dashboard" in said
    assert "set a way in under [serve]" in said


def test_without_the_token_there_is_only_the_door(guarded: Client) -> None:
    for path in ("/feeds.atom", "/deadlines.ics", "/claimreview.json", "/metrics", "/healthz"):
        answer = guarded.ask(path)
        assert (answer.status, answer.headers["WWW-Authenticate"][:6]) == (401, "Basic "), path
    for path in ("/", "/evidence", "/review", "/report.html"):
        answer = guarded.ask(path)
        assert answer.status == 303, path
        assert answer.headers["Location"].startswith("/login?next=")
    assert guarded.ask("/api/overview").status == 401
    assert guarded.ask("/api/stamp").headers["WWW-Authenticate"].startswith("Bearer ")
    assert guarded.post("/api/reviews", {}).status == 401
    assert guarded.ask("/static/monitor.css").status == 200


def test_the_token_opens_the_door_and_a_name_is_said_with_it(guarded: Client) -> None:
    assert guarded.send("/login", name="Ana", token="wrong-wrong-wrong-wrong").status == 403
    assert guarded.send("/login", name="", token=TOKEN).status == 403
    before = [cookie.value for cookie in guarded.cookies]
    entered = guarded.send("/login", name="Ana\x00 B\n", token=TOKEN, next="/evidence")
    assert (entered.status, entered.headers["Location"]) == (303, "/evidence")
    assert "Ana B" in guarded.ask("/").text
    assert [cookie.value for cookie in guarded.cookies] != before


def test_whoever_leaves_has_to_come_in_again(guarded: Client) -> None:
    assert guarded.send("/login", name="Ana", token=TOKEN).status == 303
    assert guarded.ask("/").status == 200
    assert guarded.send("/logout").headers["Location"] == "/login"
    assert guarded.ask("/").status == 303


def test_behind_a_proxy_that_gives_its_own_host_forms_of_the_site_are_ours(demo: Path) -> None:
    with dashboard_of(demo, url="http://monitor.example.org") as address:
        client = Client(address)
        assert client.send("/login", {"Origin": "http://monitor.example.org"}, name="Ana").status == 303
        assert client.send("/login", {"Origin": "http://evil.example"}, name="Ana").status == 403
        assert client.send("/login", {"Origin": "null"}, name="Ana").status == 403


def test_programs_send_the_token_themselves(guarded: Client) -> None:
    bearer = {"Authorization": f"Bearer {TOKEN}"}
    assert guarded.ask("/api/overview", headers=bearer).status == 200
    assert guarded.ask("/metrics", headers=bearer).status == 200
    assert guarded.ask("/api/overview", headers={"Authorization": "Bearer nonsense"}).status == 403
    login = base64.b64encode(f"Ana:{TOKEN}".encode()).decode()
    assert guarded.ask("/feeds.atom", headers={"Authorization": f"Basic {login}"}).status == 200
    for wrong in ("Basic !", "Basic " + base64.b64encode(b"Ana:nonsense").decode(), "Basic /w==", "Nothing"):
        assert guarded.ask("/feeds.atom", headers={"Authorization": wrong}).status == 403


def test_a_cookie_that_was_made_up_opens_nothing(guarded: Client) -> None:
    assert guarded.ask("/", headers={"Cookie": "monitor=eyJpbiI6dHJ1ZX0=.0000"}).status == 303


@pytest.mark.parametrize("target", ["//evil.example/", "https://evil.example/", "/\\evil.example"])
def test_the_door_leads_nowhere_else(client: Client, target: str) -> None:
    assert client.send("/login", name="Ana", next=target).headers["Location"] == "/"


def test_a_proxy_names_who_asks_and_nobody_else_can(demo: Path) -> None:
    with dashboard_of(demo, user_header="X-Forwarded-User") as address:
        client = Client(address)
        assert "Ana of the desk" in client.ask("/", headers={"X-Forwarded-User": "Ana of the desk"}).text
        assert client.ask("/").status == 403
    elsewhere = (ip_network("192.0.2.0/24"),)
    with dashboard_of(demo, user_header="X-Forwarded-User", proxies=elsewhere) as address:
        assert Client(address).ask("/", headers={"X-Forwarded-User": "Mallory"}).status == 403


def test_another_site_can_send_nothing(client: Client) -> None:
    client.send("/login", name="Ana")
    evil = {"Origin": "https://evil.example"}
    assert client.send("/review", evil, piece="x", verdict="reject", reason="x", seen="0").status == 403
    assert client.send("/review", {"Sec-Fetch-Site": "cross-site"}, piece="x").status == 403
    assert (
        client.post("/api/reviews", {"evidence": "x", "verdict": "reject", "reason": "x", "by": "x"}, evil).status
        == 403
    )
    without_token = client.ask("/review", b"piece=x&verdict=reject&reason=x&seen=0")
    assert without_token.status == 403
    assert "out of date" in without_token.text
    as_text = client.ask("/api/reviews", b'{"evidence":"x"}', {"Content-Type": "text/plain"})
    assert as_text.status in (415, 422)


def test_a_name_of_its_own_for_loopback_is_not_answered(client: Client) -> None:
    assert client.ask("/", headers={"Host": "evil.example"}).status == 403


def test_a_form_too_long_is_not_read(client: Client) -> None:
    assert client.send("/login", name="x" * 100_000).status == 403


@pytest.mark.parametrize("path", ["/", "/review", "/api/overview", "/nothing", "/static/monitor.js", "/feeds.atom"])
def test_every_answer_forbids_what_no_page_needs(client: Client, path: str) -> None:
    headers = client.ask(path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(demo: Path) -> None:
    with dashboard_of(demo) as address:
        cookie = Client(address).ask("/").headers["Set-Cookie"]
    assert cookie.startswith("monitor=")
    for part in ("HttpOnly", "Path=/", "SameSite=lax"):
        assert part in cookie
    with dashboard_of(demo, url="https://monitor.example.org") as address:
        cookie = Client(address).ask("/").headers["Set-Cookie"]
    assert cookie.startswith("__Host-monitor=")
    assert "Secure" in cookie
