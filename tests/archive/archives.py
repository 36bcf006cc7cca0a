"""The same news in every kind of archive."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile
from collections.abc import Iterable
from html import escape
from pathlib import Path

News = dict[str, str]

NEWS: list[News] = [
    {
        "id": "1",
        "title": "Taliban ban women from universities",
        "publisher": "Northern Herald",
        "link": "https://herald.example/1",
        "published": "2022-12-20T18:30:00+00:00",
    },
    {
        "id": "2",
        "title": "Women barred from university lectures by the Taliban",
        "publisher": "Evening Post",
        "link": "https://post.example/2",
        "published": "2022-12-21T08:00:00+00:00",
    },
    {
        "id": "3",
        "title": "It rained in the hills for a week",
        "publisher": "Northern Herald",
        "link": "https://herald.example/3",
        "published": "2022-12-22T08:00:00+00:00",
    },
    {
        "id": "4",
        "title": "Taliban pledge to reopen girls' high schools in spring",
        "publisher": "Evening Post",
        "link": "https://post.example/4",
        "published": "2023-01-02T08:00:00+00:00",
    },
]


def many(number: int) -> list[News]:
    """News of many days: every seventh tells of a ban, every eleventh of a school that opens again."""
    out = []
    for n in range(number):
        title = f"Market report {n}"
        if n % 7 == 3:
            title = f"Taliban bar women from university number {n}"
        elif n % 11 == 5:
            title = f"Taliban reopen girls' high schools in district {n}"
        day = f"2022-{1 + n // 28 % 12:02}-{1 + n % 28:02}"
        paper = f"Paper {n % 5}"
        link = f"https://paper{n % 5}.example/{n}"
        out.append({"id": str(n), "title": title, "publisher": paper, "link": link, "published": f"{day}T08:00:00Z"})
    return out


def write_jsonl(path: Path, news: Iterable[News]) -> Path:
    text = "".join(json.dumps(each) + "\n" for each in news)
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())
    return path


def write_csv(path: Path, news: Iterable[News]) -> Path:
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, ["Headline", "source", "url", "date", "id"])
        writer.writeheader()
        for each in news:
            writer.writerow(
                {
                    "Headline": each["title"],
                    "source": each["publisher"],
                    "url": each["link"],
                    "date": each["published"],
                    "id": each["id"],
                }
            )
    return path


def write_parquet(path: Path, news: list[News]) -> Path:
    from pyarrow import Table, parquet

    parquet.write_table(Table.from_pylist(news), path, row_group_size=2)
    return path


def write_gkg(path: Path, news: Iterable[News]) -> Path:
    """GDELT's Global Knowledge Graph, zipped as GDELT publishes it."""
    lines = []
    for each in news:
        columns = [""] * 27
        moment = each["published"][:19].translate({ord(char): None for char in "-:T"})
        columns[0], columns[1], columns[3], columns[4] = each["id"], moment, each["publisher"], each["link"]
        columns[26] = f"<PAGE_LINKS>x</PAGE_LINKS><PAGE_TITLE>{escape(each['title'])}</PAGE_TITLE>"
        lines.append("\t".join(columns))
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr(path.stem, "\n".join(lines) + "\n")
    return path


def write_warc(path: Path, news: Iterable[News]) -> Path:
    """A crawl of news pages, one compressed record each, as crawlers write them."""
    out = io.BytesIO()
    for each in news:
        page = (
            f"<!doctype html><html><head><title>{escape(each['title'])}</title>"
            f"<meta property='og:site_name' content='{escape(each['publisher'])}'>"
            f"<meta property='article:published_time' content='{each['published']}'></head><body>"
            f"<nav><a href='/'>Home</a></nav><article><h1>{escape(each['title'])}</h1>"
            f"<p>{escape(each['title'])}, officials said. The report could not be checked at once.</p>"
            f"<p>The paper will tell more as it learns more of it in the days to come.</p></article></body></html>"
        ).encode()
        answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + page
        head = (
            "WARC/1.0\r\nWARC-Type: response\r\n"
            f"WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-{int(each['id']):012}>\r\n"
            f"WARC-Date: 2023-06-01T00:00:00Z\r\nWARC-Target-URI: {each['link']}\r\n"
            f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(answer)}\r\n\r\n"
        ).encode()
        out.write(gzip.compress(head + answer + b"\r\n\r\n"))
    path.write_bytes(out.getvalue())
    return path
