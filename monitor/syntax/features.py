"""What the tagger and the parser look at: features of words, and of words beside each other.

A feature is a text (tagger) or a number (parser) that names one observation. Training and reading share these.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from functools import lru_cache
from importlib.resources import files

WORDS = tomllib.loads((files("monitor.syntax") / "words.toml").read_text("utf-8"))
_WRITTEN: dict[str, str] = WORDS["written"]
_DIGIT = re.compile(r"\d")
# Letters of a word's possible kinds (see Lexicon): these are finite verbs, or may be.
_FINITE_KINDS = frozenset("vzd")
_EVENTS: dict[str, int] = WORDS["events"]
FINITE_FORMS = frozenset(form for form, event in _EVENTS.items() if event == 1)


@lru_cache(maxsize=10_000)
def plain(word: str) -> str:
    """A word as the lexicon and the weights know it: lower case, straight quotes, every digit a 0."""
    low = word.lower().replace("\u2019", "'")
    low = _WRITTEN.get(low, low)
    return _DIGIT.sub("0", low) if not low.isalpha() else low


def shape(word: str) -> str:
    """How a word is written: capitals, digits, hyphens, marks."""
    if not word[:1].isalpha():
        return "d" if word[:1].isdigit() else "p" + word[:1]
    if word.islower():
        return "x-" if "-" in word else "x"
    if word.isupper():
        return "X" if len(word) > 1 else "X1"
    return "Xx" if word[0].isupper() else "xX"


def manner(words: Sequence[str], headline: bool) -> str:
    """How a sentence is written, by its capitals (a usual, b most words, c none, d all); upper case: a headline."""
    letters = [word for word in words if word[:1].isalpha()]
    long = [word for word in letters if len(word) > 3]
    code = "a"
    if len(letters) > 2 and long and all(map(str.isupper, long)):
        code = "d"
    elif not any(word[0].isupper() for word in letters):
        code = "c"
    elif len(long) > 2 and sum(word[0].isupper() for word in long) * 4 >= len(long) * 3:
        code = "b"
    return code.upper() if headline else code


def word_features(word: str, kinds: str, written: str) -> list[str]:
    """What a word shows by itself."""
    low, form = plain(word), shape(word)
    return [
        "b" + written, "l" + low, f"w{written}{word}", "s1" + low[-1:], "s2" + low[-2:], "s3" + low[-3:],
        "s4" + low[-4:], "p1" + low[:1], "p2" + low[:2], "p3" + low[:3], f"c{written}{form}", f"d{form}{low[-2:]}",
        f"n{min(len(low), 6)}", f"k{kinds} {form}", f"K{kinds} {written}",
    ]  # fmt: skip


def neighbour_features(word: str, kinds: str, place: str) -> list[str]:
    """What a word shows to one beside it (``place``: P1 is the word before, N2 the second behind)."""
    low = plain(word)
    far = [f"{place}l{low}", f"{place}k{kinds}"]
    return far if place[1] == "2" else [*far, f"{place}s{low[-3:]}", f"{place}c{shape(word)}"]


def kinds_features(kinds: Sequence[str], at: int) -> list[str]:
    """The possible kinds of a word and of those around it; ``kinds`` has two places before and behind the words."""
    before, own, behind = kinds[at + 1], kinds[at + 2], kinds[at + 3]
    return [f"x{own} {behind}", f"y{own} {behind} {kinds[at + 4]}", f"z{before} {own} {behind}", f"u{before} {own}"]


def tag_features(low: str, behind: str, kinds: str, kinds_behind: str, last: str, second: str, verbs: str) -> list[str]:
    """A word with the tags of the two before it, and how many finite verbs there are and may be (``verbs``)."""
    end = low[-3:]
    return [
        "a" + last, f"e{second} {last}", f"f{last} {low}", f"g{second} {low}", f"h{last} {behind}", f"i{last} {end}",
        f"j{verbs}{low}", f"m{verbs}{end}", f"o{verbs}{last}", f"q{verbs}{kinds} {last}", f"r{verbs}{kinds} {behind}",
        f"t{last} {kinds} {kinds_behind}", f"v{second} {last} {kinds}",
    ]  # fmt: skip


def verbs_behind(kinds: Iterable[str]) -> list[str]:
    """For each word, how many behind it may be finite verbs and how many mostly are: each 0, 1 or more."""
    codes, maybe, mostly = [], 0, 0
    for kind in reversed(list(kinds)):
        codes.append(f"{min(maybe, 2)}{min(mostly, 2)}")
        maybe += not _FINITE_KINDS.isdisjoint(kind)
        mostly += kind.lstrip("~")[:1] in _FINITE_KINDS
    return codes[::-1]


def what_comes(tags: Sequence[str]) -> list[int]:
    """For each position, a number for the next three of commas, verbs and conjunctions behind it."""
    codes, code = [], 0
    for tag in reversed(tags):
        codes.append(code)
        kind, _, form = tag.partition("|")
        event = _EVENTS.get(form) or _EVENTS.get(kind)
        code = (event + code * 6) % 216 if event else code
    return [*codes[::-1], 0, 0, 0, 0]


class State:
    """Where the parser stands: words on a stack, the next word, and what already hangs on each (arc-hybrid).

    Lists have padding at their end, so that position -1, and the next words of the last, are nobody.
    """

    def __init__(self, words: list[int], tags: list[int], ahead: list[int], manner: int) -> None:
        """``words`` and ``tags`` as numbers, with four places of padding; ``ahead`` by :func:`what_comes`."""
        total = len(words)
        self.size = total - 4
        self.words, self.tags, self.ahead, self.manner = words, tags, ahead, manner
        self.stack: list[int] = []
        self.next = 0
        self.heads, self.labels, self.flags = [-1] * total, [0] * total, [0] * total
        # How many words hang on each, the last of them and the one before: to its left and to its right.
        self.left, self.right = (([0] * total, [-1] * total, [-1] * total) for _ in range(2))

    def shift(self) -> None:
        """Put the next word on the stack."""
        self.stack.append(self.next)
        self.next += 1

    def hang(self, left: bool, label: int, flag: int) -> None:
        """Hang the top of the stack on the next word (``left``) or on the word below it."""
        word = self.stack.pop()
        head = self.next if left else self.stack[-1]
        count, last, second = self.left if left else self.right
        self.heads[word], self.labels[word] = head, label
        self.flags[head] |= flag
        count[head] += 1
        second[head], last[head] = last[head], word

    def next_features(self) -> tuple[int, ...]:
        """What the next words show, whatever is on the stack."""
        w, t, i = self.words, self.tags, self.next
        w0, t0, w1, t1, t2 = w[i], t[i], w[i + 1], t[i + 1], t[i + 2]
        c = self.ahead[i]
        low = w0 << 22
        return (
            (1 << 46) + w0, (2 << 46) + t0, (3 << 46) + (w0 << 7 | t0), (4 << 46) + w1, (5 << 46) + t1,
            (6 << 46) + (w1 << 7 | t1), (7 << 46) + t2, (8 << 46) + (w[i + 2] << 7 | t2), (9 << 46) + (t0 << 7 | t1),
            (10 << 46) + (t0 << 14 | t1 << 7 | t2), (11 << 46) + low + c, (12 << 46) + (t0 << 22) + w1,
            (13 << 46) + low + w1, (14 << 46) + (t0 << 22) + c, (15 << 46) + (t0 << 22 | t[i - 1] << 7 | t1),
        )  # fmt: skip

    def features(self) -> tuple[int, ...]:
        """What the top of the stack shows with the next word and with the words below."""
        w, t, stack, i = self.words, self.tags, self.stack, self.next
        a, b, c, d = (*stack[:-5:-1], -1, -1, -1)[:4]
        lab, flags, ahead = self.labels, self.flags, self.ahead
        left_count, left, left2 = self.left
        right_count, right, right2 = self.right
        al, ar, nl, br = left[a], right[a], left[i], right[b]
        al2, ar2, nl2, bl = left2[a], right2[a], left2[i], left[b]
        aw, bw, nw, mw = w[a], w[b], w[i], w[i + 1]
        at, bt, ct, nt, mt, ot = t[a], t[b], t[c], t[i], t[i + 1], t[i + 2]
        alt, art, nlt, alw, arw, nlw = t[al], t[ar], t[nl], w[al], w[ar], w[nl]
        all_, arl, nll, brl = lab[al], lab[ar], lab[nl], lab[br]
        A, N, B = aw << 7 | at, nw << 7 | nt, bw << 7 | bt  # noqa: N806
        Ah, Bh, ah, wh = A << 22, B << 22, at << 22, aw << 22  # noqa: N806
        an, ba = (at << 7 | nt) << 22, (bt << 7 | at) << 22
        nh, nwh, bth, bwh, cwh, brh = nt << 22, nw << 22, bt << 22, bw << 22, w[c] << 22, w[br] << 22
        gap, gap2 = min(i - a, 9), min(a - b, 9) if b >= 0 else 0
        fa, fb, fn = flags[a], flags[b], flags[i]
        valency = min(left_count[a], 3) << 2 | min(right_count[a], 3)
        vn, vb, here = min(left_count[i], 3), min(right_count[b], 3), ahead[i]
        return (
            (20 << 46) + aw, (21 << 46) + at, (22 << 46) + A, (23 << 46) + bw, (24 << 46) + bt, (25 << 46) + B,
            (26 << 46) + ct, (27 << 46) + Ah + N, (28 << 46) + Ah + nt, (29 << 46) + ah + N, (30 << 46) + wh + nw,
            (31 << 46) + an, (32 << 46) + ba, (33 << 46) + bwh + aw, (34 << 46) + Bh + at, (35 << 46) + bth + A,
            (36 << 46) + an + mt, (37 << 46) + ba + nt, (38 << 46) + ba + ct, (39 << 46) + an + alt,
            (40 << 46) + an + art, (41 << 46) + an + nlt, (42 << 46) + ba + alt, (43 << 46) + ba + art,
            (44 << 46) + ba + t[br], (45 << 46) + Bh + nt, (46 << 46) + bwh + nw, (47 << 46) + ba + N,
            (48 << 46) + an + mw, (49 << 46) + alw, (50 << 46) + (alt << 6 | all_), (51 << 46) + arw,
            (52 << 46) + (art << 6 | arl), (53 << 46) + nlw, (54 << 46) + (nlt << 6 | nll),
            (55 << 46) + (t[al2] << 6 | lab[al2]), (56 << 46) + (t[ar2] << 6 | lab[ar2]),
            (57 << 46) + (t[nl2] << 6 | lab[nl2]), (58 << 46) + ah + (all_ << 6 | lab[al2]),
            (59 << 46) + ah + (arl << 6 | lab[ar2]), (60 << 46) + Ah + arl, (61 << 46) + nh + (nll << 6 | lab[nl2]),
            (62 << 46) + Bh + brl, (63 << 46) + bth + (brl << 6 | lab[bl]), (64 << 46) + ah + gap,
            (65 << 46) + an + gap, (66 << 46) + wh + gap, (67 << 46) + nwh + gap, (68 << 46) + ba + gap2,
            (69 << 46) + ah + valency, (70 << 46) + wh + valency, (71 << 46) + nh + vn, (72 << 46) + bth + vb,
            (73 << 46) + ah + fa, (74 << 46) + Ah + fa, (75 << 46) + an + (fa << 9 | fn), (76 << 46) + nh + fn,
            (77 << 46) + ba + (fb << 9 | fa), (78 << 46) + Bh + fb, (79 << 46) + bwh + alw, (80 << 46) + ba + alw,
            (81 << 46) + bwh + (alw << 7 | at), (82 << 46) + wh + (nw << 7 | mt), (83 << 46) + Ah + arw,
            (84 << 46) + an + (mt << 7 | ot), (85 << 46) + ba + (nt << 7 | mt), (86 << 46) + Ah + all_,
            (87 << 46) + nwh + nlw, (88 << 46) + ba + nw, (89 << 46) + an + here, (90 << 46) + wh + (here << 7 | nt),
            (91 << 46) + (ba | t[d] << 36) + ct, (92 << 46) + an + (t[a + 1] << 7 | t[i - 1]),
            (93 << 46) + ah + (w[a + 1] << 7 | nt), (94 << 46) + nh + (w[i - 1] << 7 | at), (95 << 46) + an + t[a - 1],
            (96 << 46) + ba + (ahead[a] % 36 << 6 | here % 36), (97 << 46) + an + self.manner,
            (98 << 46) + ba + (nt << 3 | self.manner), (99 << 46) + Bh + N, (100 << 46) + an + (fb << 7 | bt),
            (101 << 46) + wh + (nw << 7 | bt), (102 << 46) + bwh + (aw << 7 | nt), (103 << 46) + ba + (here << 9 | fa),
            (104 << 46) + bwh + (nw << 7 | at), (105 << 46) + bwh + (mw << 7 | nt), (106 << 46) + wh + (mw << 7 | nt),
            (107 << 46) + ba + mw, (108 << 46) + cwh + (aw << 7 | bt), (109 << 46) + cwh + (bt << 7 | at),
            (110 << 46) + bwh + (here << 7 | nt), (111 << 46) + brh + (aw << 7 | bt),
            (112 << 46) + brh + (nw << 7 | bt), (113 << 46) + ba + (t[br] << 7 | nt),
            (114 << 46) + bwh + (fb << 7 | nt), (115 << 46) + (alw << 22) + (bt << 7 | nt),
        )  # fmt: skip
