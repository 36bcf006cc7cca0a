"""Matching: many signals, stance included, beside what merely finds their phrases.

Every signal asks for one phrase of three words; the peers get the same phrases as they are. They find letters, while we
read inflections, negations and who did it, so what they find is not counted.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping

import ahocorasick_rs
import hyperscan
import yara
import yara_x
from made_news import Wording, rulesets, some_news, wordings
from rich.table import Table
from side_by_side import CONSOLE, show, size, take_turns

from monitor.match.item_reader import read_item
from monitor.match.lookup.compiled import CompiledRules
from monitor.model import Item

SIGNALS = size((100, 1_000, 10_000, 100_000), (100, 10_000))
RELEVANT = 0.05
_ITEMS = size(2_000, 200)


def main() -> None:
    growth: dict[int, tuple[float, float, float]] = {}
    for count in SIGNALS:
        wanted = wordings(count)
        begun = time.perf_counter()
        rules = CompiledRules(rulesets(wanted))
        compiled = time.perf_counter() - begun
        items = some_news(wanted, RELEVANT, _ITEMS)
        # Reading that finds nothing would be quick, and no measure of anything.
        assert _read(rules, items) > 0.5 * RELEVANT * _ITEMS
        ways: dict[str, Callable[[], object]] = {"monitor": lambda rules=rules, items=items: _read(rules, items)}
        if count == 10_000:
            ways |= _peers(wanted, [item.body for item in items])
        results = take_turns(ways, _ITEMS)
        idle = some_news(wanted, 0, _ITEMS, seed=2)
        without = take_turns({"monitor": lambda rules=rules, idle=idle: _read(rules, idle)}, _ITEMS)["monitor"]
        growth[count] = compiled, results["monitor"].each, without.each
        if len(ways) > 1:
            show(f"{count:,} phrases, items of 60 words, {RELEVANT:.0%} relevant", results, "items", "monitor")
    _show_growth(growth)


def _read(rules: CompiledRules, items: Iterable[Item]) -> int:
    return sum(len(read_item(rules, item).findings) for item in items)


def _peers(wanted: Iterable[Wording], texts: list[str]) -> dict[str, Callable[[], object]]:
    phrases = [wording.phrase for wording in wanted]
    bodies = [text.encode() for text in texts]
    source = "\n".join(
        f'rule r{number} {{ strings: $p = "{phrase}" nocase fullword condition: $p }}'
        for number, phrase in enumerate(phrases)
    )
    compiler = yara_x.Compiler()
    compiler.add_source(source)
    scanner = yara_x.Scanner(compiler.build())
    old = yara.compile(source=source)
    database = hyperscan.Database()
    flags = hyperscan.HS_FLAG_CASELESS | hyperscan.HS_FLAG_SINGLEMATCH
    database.compile(
        expressions=[rf"\b{phrase}\b".encode() for phrase in phrases],
        ids=list(range(len(phrases))),
        flags=[flags] * len(phrases),
    )
    automaton = ahocorasick_rs.AhoCorasick(phrases)

    def hit(*_: object) -> None:
        pass

    return {
        "YARA-X": lambda: [scanner.scan(body) for body in bodies],
        "yara-python": lambda: [old.match(data=body) for body in bodies],
        "Hyperscan": lambda: [database.scan(body, match_event_handler=hit) for body in bodies],
        "ahocorasick-rs": lambda: [automaton.find_matches_as_indexes(text.casefold()) for text in texts],
    }


def _show_growth(growth: Mapping[int, tuple[float, float, float]]) -> None:
    table = Table(title="How the cost of an item grows with the signals", title_justify="left")
    for heading in ("signals", "compiled in", f"µs an item, {RELEVANT:.0%} relevant", "grown", "µs, none relevant"):
        table.add_column(heading, justify="right")
    first = growth[SIGNALS[0]][1]
    for count, (compiled, each, idle) in growth.items():
        row = f"{count:,}", f"{compiled:.2f} s", f"{each * 1e6:.1f}", f"{each / first:.2f} ×", f"{idle * 1e6:.1f}"
        table.add_row(*row)
    CONSOLE.print(table)


if __name__ == "__main__":
    main()
