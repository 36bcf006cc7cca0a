"""Settings, from a TOML file and the environment, with every mistake named by file and line."""

from __future__ import annotations

import ipaddress
import os
import re
import tomllib
from collections.abc import Mapping, Sequence
from datetime import time, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from urllib.request import url2pathname
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator

from monitor.duration import Duration
from monitor.manners.state import Pace
from monitor.manners.timing import Timing
from monitor.problem import Problem, Unusable, did_you_mean
from monitor.publishers.registry import PublisherEntry, Publishers, WrongPublisher, shipped_publishers

DEFAULT_NAME = "config.toml"
# What a configuration holds that is not set in its file.
_RESERVED = frozenset({"root", "file"})
_HEADER = re.compile(r"\s*\[\[?\s*([\w.\-\"']+)\s*\]\]?\s*(?:#.*)?$")


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def _secret_name(text: str) -> str:
    if text and not re.fullmatch(r"(env|file):\S.*", text):
        raise ValueError("expected env:NAME or file:PATH; a secret itself does not belong in the settings")
    return text


SecretName = Annotated[str, AfterValidator(_secret_name)]


class FeedConfig(_Section):
    """A feed to poll. ``url`` is http, https, ``file:`` or a path; ``grade`` is its grade on the Admiralty scale.

    ``interval`` is how often to poll it, whatever its own rhythm; ``quiet_after`` is how long it may bring nothing new;
    ``secret`` names its "user:password", or what stands for ``{secret}`` in its address.
    """

    url: Annotated[str, Field(min_length=1, max_length=2000)]
    publisher: str = ""
    interval: Duration | None = None
    grade: Literal["A", "B", "C", "D", "E", "F"] = "C"
    quiet_after: Duration | None = None
    secret: SecretName = ""

    @field_validator("url")
    @classmethod
    def _known_scheme(cls, url: str) -> str:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https", "file", "") and len(parts.scheme) > 1:
            raise ValueError("expected an http or https address, or a path to a file")
        if parts.scheme in ("http", "https") and not parts.hostname:
            raise ValueError("expected an address with a host, such as https://example.org/feed.xml")
        if parts.username or parts.password:
            raise ValueError('holds a password, which belongs elsewhere: take it out and write `secret = "env:NAME"`')
        return url

    @property
    def is_file(self) -> bool:
        return urlsplit(self.url).scheme not in ("http", "https")


class MonitorConfig(_Section):
    """Where things are."""

    database: str = "monitor.db"
    rules: str = "rules"
    sources: str = "seeds"


def _host_and_port(text: str) -> str:
    if text:
        host, colon, port = text.rpartition(":")
        if not colon or not port.isdecimal() or int(port) > 65535:
            raise ValueError("expected an address and a port such as 127.0.0.1:9387, or nothing")
        if host != "localhost":
            ipaddress.ip_address(host.strip("[]"))
    return text


class DaemonConfig(_Section):
    """The rhythm of the daemon: between ``interval`` and ``longest_interval`` a feed is polled at its own."""

    interval: Duration = timedelta(minutes=30)
    longest_interval: Duration = timedelta(hours=6)
    concurrency: Annotated[int, Field(ge=1, le=200)] = 8
    listen: Annotated[str, AfterValidator(_host_and_port)] = "127.0.0.1:9387"


def _network(value: object) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    try:
        return ipaddress.ip_network(str(value), strict=False)
    except ValueError as error:
        raise ValueError("expected an address or a network such as 10.1.0.0/16") from error


Network = Annotated[ipaddress.IPv4Network | ipaddress.IPv6Network, BeforeValidator(_network)]


class FetchConfig(_Section):
    """What a fetch may cost, who we say we are, and how gently a host is treated.

    ``host_spacing`` is in seconds. ``allow_addresses`` are addresses of no public network that feeds may be on.
    """

    timeout: Duration = timedelta(seconds=30)
    max_bytes: Annotated[int, Field(ge=10_000, le=100_000_000)] = 10_000_000
    contact: str = ""
    host_concurrency: Annotated[int, Field(ge=1, le=50)] = 2
    host_spacing: Annotated[float, Field(ge=0, le=600)] = 1.0
    allow_addresses: tuple[Network, ...] = ()


def _a_month_at_least(span: timedelta | None) -> timedelta | None:
    if span is not None and span < timedelta(days=30):
        raise ValueError("expected 30d or more: what is younger may still be served, corrected or asked for")
    return span


_CLOCK_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")


def _clock_time(text: str) -> time:
    found = _CLOCK_TIME.fullmatch(text.strip())
    if found is None:
        raise ValueError("expected a time of day such as 08:30")
    return time(int(found.group(1)), int(found.group(2)))


class NotifyConfig(_Section):
    """Somebody to be told of status changes. ``url`` names the secret that holds an Apprise address."""

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,60}$")]
    url: Annotated[SecretName, Field(min_length=1)]
    quiet_hours: str = ""
    digest: str = ""
    timezone: str = "UTC"
    template: str = ""

    @field_validator("digest")
    @classmethod
    def _a_time(cls, text: str) -> str:
        if text:
            _clock_time(text)
        return text

    @field_validator("quiet_hours")
    @classmethod
    def _two_times(cls, text: str) -> str:
        if text:
            start, dash, end = text.partition("-")
            if not dash or _clock_time(start) == _clock_time(end):
                raise ValueError("expected two different times of day such as 22:00-07:00")
        return text

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, text: str) -> str:
        try:
            ZoneInfo(text)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError("expected a time zone such as Europe/London") from error
        return text

    @property
    def timing(self) -> Timing:
        """When this target is told."""
        start, _, end = self.quiet_hours.partition("-")
        quiet = (_clock_time(start), _clock_time(end)) if self.quiet_hours else None
        return Timing(ZoneInfo(self.timezone), _clock_time(self.digest) if self.digest else None, quiet)


def _address_of_a_site(text: str) -> str:
    parts = urlsplit(text)
    if text and (parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment):
        raise ValueError("expected the address of a site such as https://monitor.example.org")
    return text.rstrip("/")


class ServeConfig(_Section):
    """Where the dashboard is served, and who may use it.

    ``url`` is the address that people reach it under. ``token`` names the secret that lets somebody in. ``user_header``
    is the header in which a reverse proxy says who asks; it is believed from ``proxies`` only.
    """

    listen: Annotated[str, Field(min_length=1), AfterValidator(_host_and_port)] = "127.0.0.1:9388"
    url: Annotated[str, AfterValidator(_address_of_a_site)] = ""
    token: SecretName = ""
    user_header: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]*$")] = ""
    proxies: tuple[Network, ...] = (ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("::1/128"))


class RetentionConfig(_Section):
    """How long to keep what no status rests on; without a span, for ever."""

    items: Annotated[Duration | None, AfterValidator(_a_month_at_least)] = None
    polls: Annotated[Duration | None, AfterValidator(_a_month_at_least)] = None


class LogConfig(_Section):
    format: Literal["text", "json"] = "text"
    level: Literal["debug", "info", "warning", "error"] = "info"


def _publisher_id(text: str) -> str:
    if not re.fullmatch(r"[a-z0-9-]{1,60}", text):
        raise ValueError("expected a publisher's id of small letters, digits and hyphens")
    return text


class Config(_Section):
    """The whole configuration. ``root`` is the folder that relative paths count from."""

    monitor: MonitorConfig = MonitorConfig()
    daemon: DaemonConfig = DaemonConfig()
    fetch: FetchConfig = FetchConfig()
    serve: ServeConfig = ServeConfig()
    log: LogConfig = LogConfig()
    retention: RetentionConfig = RetentionConfig()
    feeds: tuple[FeedConfig, ...] = ()
    notify: tuple[NotifyConfig, ...] = ()
    publishers: dict[Annotated[str, AfterValidator(_publisher_id)], PublisherEntry] = {}
    root: Path = Path()
    file: Path | None = None

    @property
    def database_url(self) -> str:
        """An SQLAlchemy URL; a plain path in the settings is a SQLite file."""
        text = self.monitor.database
        if "://" in text:
            return text
        return f"sqlite:///{(self.root / text).resolve()}"

    def pace(self, feed: FeedConfig) -> Pace:
        """How often ``feed`` may be polled: at its own interval if it has one, else between the daemon's bounds."""
        if feed.interval:
            return Pace(feed.interval, feed.interval)
        return Pace(self.daemon.interval, max(self.daemon.interval, self.daemon.longest_interval))

    def known_publishers(self) -> Publishers:
        """The publishers that come with the monitor, with those of the settings."""
        return shipped_publishers().with_own(self.publishers) if self.publishers else shipped_publishers()

    def secret(self, name: str) -> str:
        """The secret that ``env:NAME`` or ``file:PATH`` names. Raises :class:`Unusable`, which names it only."""
        kind, _, where = name.partition(":")
        try:
            found = os.environ.get(where, "") if kind == "env" else (self.root / where).read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            message = f"the secret {name} cannot be read: {getattr(error, 'strerror', '') or 'it is not UTF-8 text'}"
            raise Unusable([Problem(str(self.file), 0, 0, message)]) from error
        if not found.strip():
            raise Unusable([Problem(str(self.file), 0, 0, f"the secret {name} is empty or not set")])
        return found.strip()

    @property
    def listen(self) -> tuple[str, int] | None:
        """Where health and metrics are served, if anywhere."""
        return host_and_port(self.daemon.listen) if self.daemon.listen else None

    @property
    def rules_path(self) -> Path:
        return self.root / self.monitor.rules

    @property
    def sources_path(self) -> Path:
        return self.root / self.monitor.sources

    def feed_path(self, feed: FeedConfig) -> Path:
        """The file of a feed that is a file."""
        parts = urlsplit(feed.url)
        return self.root / (url2pathname(parts.path) if parts.scheme == "file" else feed.url)


def host_and_port(text: str) -> tuple[str, int]:
    """The parts of an address to listen on, such as ``127.0.0.1:9387`` or ``[::1]:9387``."""
    host, _, port = text.rpartition(":")
    return host.strip("[]"), int(port)


def load_config(path: Path, environment: Mapping[str, str] = os.environ) -> Config:
    """Settings from ``path``; ``MONITOR_DATABASE`` overrides the database. Raises :class:`Unusable`."""
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError as error:
        message = "does not exist; `monitor init` writes one, or name another with --config"
        raise Unusable([Problem(str(path), 0, 0, message)]) from error
    except (OSError, UnicodeDecodeError) as error:
        raise Unusable([Problem(str(path), 0, 0, f"cannot be read as UTF-8 text: {error}")]) from error
    return parse_config(text, path, environment)


def parse_config(text: str, path: Path, environment: Mapping[str, str]) -> Config:
    """Settings from the text of a configuration file. Raises :class:`Unusable`."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line (\d+), column (\d+)", str(error))
        line, column = (int(found.group(1)), int(found.group(2))) if found else (0, 0)
        what = str(error).split(" (at")[0]
        raise Unusable([Problem(str(path), line, column, f"is not valid TOML: {what}")]) from error
    if environment.get("MONITOR_DATABASE"):
        data.setdefault("monitor", {})["database"] = environment["MONITOR_DATABASE"]
    for reserved in _RESERVED & data.keys():
        raise Unusable([Problem(str(path), 1, 1, f"`{reserved}` is not a setting")])
    try:
        config = Config.model_validate({**data, "root": path.parent, "file": path})
    except ValidationError as error:
        raise Unusable(_explain(text, path, error)) from error
    _refuse_doubles(text, path, "feeds", "url", [feed.url for feed in config.feeds])
    _refuse_doubles(text, path, "notify", "name", [target.name for target in config.notify])
    if config.publishers:
        try:
            config.known_publishers()
        except WrongPublisher as error:
            line = _line_of(text, ("publishers", *error.place))
            raise Unusable([Problem(str(path), line, 1, str(error))]) from error
    return config


def _refuse_doubles(text: str, path: Path, table: str, key: str, values: Sequence[str]) -> None:
    seen: set[str] = set()
    for number, value in enumerate(values):
        if value in seen:
            line = _line_of(text, (table, number, key))
            raise Unusable([Problem(str(path), line, 1, f"{key} {value} stands here a second time; keep one")])
        seen.add(value)


def _explain(text: str, path: Path, error: ValidationError) -> list[Problem]:
    problems = []
    for detail in error.errors(include_url=False):
        place = tuple(part for part in detail["loc"] if part != "[key]")
        name = str([part for part in place if isinstance(part, str)][-1])
        message = str(detail["msg"]).removeprefix("Value error, ")
        if detail["type"] == "extra_forbidden":
            message = "is not a setting that belongs here" + did_you_mean(name, _settings(place))
        elif detail["type"] == "missing":
            message = "is missing"
        elif detail["type"] == "tuple_type":
            message = 'expected a list, such as ["…"]'
        else:
            # An address may hold the very secret that has no business in it, and this goes to logs.
            found = "" if name in ("url", "secret") else f", found {detail.get('input')!r}"
            message = f"{message[:1].lower()}{message[1:]}{found}"
        problems.append(Problem(str(path), _line_of(text, place), 1, f"`{name}` {message}"))
    return problems


def _settings(place: tuple[int | str, ...]) -> list[str]:
    tables: dict[str, Any] = {"feeds": FeedConfig, "notify": NotifyConfig, "publishers": PublisherEntry}
    sections = {name: tables.get(name, field.annotation) for name, field in Config.model_fields.items()}
    for reserved in _RESERVED:
        del sections[reserved]
    section = sections.get(str(place[0]))
    return list(sections if len(place) == 1 or section is None else section.model_fields)


def _line_of(text: str, place: tuple[int | str, ...]) -> int:
    """The line of a setting: tomllib does not keep it, and TOML is regular enough to find it again."""
    names = [part for part in place if isinstance(part, str)]
    if names[0] == "publishers" and len(names) > 1:
        # Each has a table of its own, or is a line of the one table.
        own = _find(text, f"publishers.{names[1]}", 0, names[-1])
        return own or _find(text, "publishers", 0, names[1]) or 1
    wanted = int(place[1]) if len(place) > 1 and isinstance(place[1], int) else 0
    return _find(text, names[0], wanted, names[-1], anywhere=len(place) == 1) or 1


def _find(text: str, table: str, wanted: int, key: str, anywhere: bool = False) -> int:
    """The line of ``key`` in the ``wanted``-th table of a name, or else the line at which that begins; 0 for none."""
    seen = -1
    header = inside = 0
    for number, line in enumerate(text.splitlines(), start=1):
        found = _HEADER.match(line)
        if found:
            name = found.group(1).replace('"', "").replace("'", "")
            seen += name == table
            inside = name == table and (table not in ("feeds", "notify") or seen == wanted)
            header = number if inside else header
        elif (inside or anywhere) and re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=", line):
            return number
    return header
