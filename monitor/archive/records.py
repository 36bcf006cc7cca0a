"""The records of a portion, from each kind of file: JSON Lines, CSV, Parquet, WARC of news crawls, GDELT's GKG."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import unescape
from typing import IO, TYPE_CHECKING

import fsspec
from fsspec.utils import read_block

from monitor.archive.portion import Format, Portion, format_of
from monitor.feeds.plain_text import plain_text

if TYPE_CHECKING:
    from fastwarc.warc import WarcRecord

# Bytes of one line or one page, beyond which it is no article.
_LONGEST = 5_000_000
# The columns of GDELT's Global Knowledge Graph 2.1 that name a document: see its codebook.
_GKG_COLUMNS = 27
_GKG_ID, _GKG_DATE, _GKG_SOURCE, _GKG_LINK, _GKG_EXTRAS = 0, 1, 3, 4, 26
_PAGE_TITLE = re.compile(r"<PAGE_TITLE>(.*?)</PAGE_TITLE>", re.DOTALL)
_SAID_IN_HEAD = re.compile(r"<title[^<>]*>([^<]*)|\bcontent=(?:\"([^\"<>]*)\"|'([^'<>]*)')", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A record that cannot be read: where in its file, and why."""

    place: str
    why: str


Records = Iterator[tuple[str, dict[str, object]] | Unreadable]


def records_of(portion: Portion, is_wanted: Callable[[str], bool]) -> Records:
    """The records of a portion, each with its place. Of web pages only those whose words are wanted are taken apart.

    Raises ``OSError`` or ``ValueError`` for a file that is not what its name says.
    """
    match portion.format:
        case Format.JSONL:
            yield from _json_lines(portion)
        case Format.CSV:
            yield from _csv(portion)
        case Format.PARQUET:
            yield from _parquet(portion)
        case Format.GDELT:
            yield from _gdelt(portion)
        case Format.WARC:
            yield from _warc(portion, is_wanted)


def _opened(portion: Portion) -> IO[bytes]:
    """The whole file, unpacked. Of a zip archive the first file, which is all that news archives put into one."""
    if portion.address.lower().endswith(".zip"):
        try:
            packed = zipfile.ZipFile(fsspec.open(portion.address, "rb").open())
            return packed.open(packed.namelist()[0])
        except (zipfile.BadZipFile, IndexError) as error:
            raise ValueError(f"is no zip archive with a file in it: {error}") from error
    file: IO[bytes] = fsspec.open(portion.address, "rb", compression="infer").open()
    return file


def _json_lines(portion: Portion) -> Records:
    if format_of(portion.address)[1]:
        file = _opened(portion)
    else:
        with fsspec.open(portion.address, "rb") as whole:
            # A line belongs to the portion that it begins in.
            file = io.BytesIO(read_block(whole, portion.start, portion.length, delimiter=b"\n"))
    with file:
        for number, line in enumerate(file, start=1):
            if not line.strip():
                continue
            place = f"line {number} from byte {portion.start:,} on"
            try:
                record = json.loads(line) if len(line) <= _LONGEST else None
            except ValueError as error:
                yield Unreadable(place, f"is not JSON: {error}")
                continue
            if isinstance(record, dict):
                yield place, record
            else:
                yield Unreadable(place, "is no JSON object, or a very long one")


def _csv(portion: Portion) -> Records:
    csv.field_size_limit(_LONGEST)
    with _opened(portion) as file:
        lines = io.TextIOWrapper(file, "utf-8-sig", "replace", newline="")
        rows = csv.DictReader(lines, delimiter="\t" if ".tsv" in portion.address.lower() else ",")
        while True:
            try:
                row = next(rows, None)
            except csv.Error as error:
                yield Unreadable(f"line {rows.line_num}", str(error))
                continue
            if row is None:
                return
            yield f"line {rows.line_num}", {name: value for name, value in row.items() if isinstance(name, str)}


def _parquet(portion: Portion) -> Records:
    from pyarrow import parquet

    with fsspec.open(portion.address, "rb") as file:
        group = parquet.ParquetFile(file).read_row_group(portion.start)
    number = 0
    for batch in group.to_batches(max_chunksize=1_000):
        for record in batch.to_pylist():
            number += 1
            yield f"row {number} of group {portion.start}", record


def _gdelt(portion: Portion) -> Records:
    with _opened(portion) as file:
        for number, line in enumerate(io.TextIOWrapper(file, "utf-8", "replace", newline="\n"), start=1):
            columns = line.rstrip("\r\n").split("\t")
            if len(columns) != _GKG_COLUMNS:
                yield Unreadable(f"line {number}", f"has {len(columns)} columns, and a GKG record {_GKG_COLUMNS}")
                continue
            title = _PAGE_TITLE.search(columns[_GKG_EXTRAS])
            yield (
                f"line {number}",
                {
                    "id": columns[_GKG_ID],
                    "title": unescape(title.group(1)) if title else "",
                    "published": columns[_GKG_DATE],
                    "publisher": columns[_GKG_SOURCE],
                    "link": columns[_GKG_LINK],
                },
            )


def _warc(portion: Portion, is_wanted: Callable[[str], bool]) -> Records:
    from fastwarc.warc import ArchiveIterator, WarcRecordType

    with fsspec.open(portion.address, "rb") as file:
        answers = ArchiveIterator(
            file, record_types=WarcRecordType.response, auto_decode="all", max_content_length=_LONGEST
        )
        for number, record in enumerate(answers, start=1):
            found = _article(record, is_wanted)
            if found is not None:
                yield f"response {number}", found


def _article(record: WarcRecord, is_wanted: Callable[[str], bool]) -> dict[str, object] | None:
    """The article on a page; ``None`` for what is no page, or has no words that are wanted."""
    http = record.http_headers
    if http is None or http.status_code != 200 or "html" not in (record.http_content_type or "html"):
        return None
    page = record.reader.read().decode(record.http_charset or "utf-8", "replace")
    head = " ".join(unescape("".join(said)) for said in _SAID_IN_HEAD.findall(page))
    if not is_wanted(f"{head}\n{plain_text(page, _LONGEST)}"):
        return {}
    import trafilatura

    address = record.headers.get("WARC-Target-URI") or ""
    article = trafilatura.bare_extraction(page, url=address, with_metadata=True, include_comments=False)
    if article is None:
        return {}
    told = article if isinstance(article, dict) else article.as_dict()
    return {
        "title": told["title"],
        "text": _prose(told["title"] or "", told["text"] or ""),
        "publisher": told["sitename"] or told["hostname"],
        "link": address,
        "published": told["date"] or record.headers.get("WARC-Date"),
    }


def _prose(title: str, text: str) -> str:
    """The paragraphs of an article, without the headline at their top; none runs on into the next."""
    paragraphs = [line.strip() for line in text.splitlines() if line.strip()]
    if paragraphs and paragraphs[0].casefold() == title.strip().casefold():
        paragraphs = paragraphs[1:]
    return " ".join(line if line[-1] in '.!?:;…"”’)' else f"{line}." for line in paragraphs)
