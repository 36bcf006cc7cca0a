"""From an item to what it says of the conditions.

For each sentence and each signal that could stand in it: find the deed and what it is done to, see whose deed it is,
apply the cues that govern it, and note every step, so that ``monitor explain`` can show the reasoning.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from monitor.match.actors import Mention, Naming
from monitor.match.agency import Agent, Hands, Surroundings, find_agent
from monitor.match.clause import Clause, Form, View, clause_around, is_boundary, is_finite_past
from monitor.match.compiled import CompiledRules, CompiledSignal
from monitor.match.governing import governing_cues
from monitor.match.patterns import Place, find_deeds
from monitor.match.speaker import Speaker, find_speaker, is_outside
from monitor.match.stance import apply_cue, plain_reading, stance_of
from monitor.model import Asserter, Finding, Item, Span, Stance
from monitor.text.lexicon import Cue, CueHit, find_cues, tells_of_the_past, words
from monitor.text.sentences import Sentence, read_sentence, sentence_spans
from monitor.text.stems import is_gerund

# How far from its deed, in words, a thing may stand that the deed is done to.
_REACH = 16
_SILENT = frozenset({Cue.REPORT, Cue.CAUSATION})
# Pronouns that may stand for a thing named before; "them" only within the sentence.
_THEY = frozenset({"they", "them", "who", "whom", "themselves"})
_HOW = frozenset({"how", "why", "what"})


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A signal whose deed stands in the text and which still is no evidence, with what was missing."""

    ruleset: str
    condition: str
    signal: str
    quote: str
    missing: str


@dataclass(slots=True)
class Readout:
    """All that was found in an item."""

    findings: list[Finding] = field(default_factory=list)
    near_misses: list[NearMiss] = field(default_factory=list)


def read_item(rules: CompiledRules, item: Item) -> Readout:
    """What ``item`` says of the conditions. A signal and stance count once an item, at their first place."""
    body = item.body
    sentences = [read_sentence(body, *span) for span in sentence_spans(body)]
    candidates = rules.candidates(token for sentence in sentences for token in sentence.tokens)
    out = Readout()
    if not candidates:
        return out
    for ruleset in {c.ruleset.ruleset: c.ruleset for c in candidates}.values():
        views = [_view(rules, ruleset.ruleset, sentence) for sentence in sentences]
        names = frozenset(m.actor for view in views for m in view.mentions)
        for compiled in (c for c in candidates if c.ruleset is ruleset):
            reader = _Reader(compiled, item, views, names, out)
            for number in range(len(views)):
                reader.read(number)
    out.findings = _first_of_each(_most_specific(out.findings))
    found = {(f.ruleset, f.condition, f.signal) for f in out.findings if f.stance is not Stance.MENTION}
    out.near_misses = [n for n in dict.fromkeys(out.near_misses) if (n.ruleset, n.condition, n.signal) not in found]
    return out


def _view(rules: CompiledRules, ruleset: str, sentence: Sentence) -> View:
    tokens = sentence.tokens
    return View(
        sentence, rules.actors[ruleset].mentions(tokens), find_cues(tokens, "before"), find_cues(tokens, "after")
    )


def _most_specific(findings: Sequence[Finding]) -> list[Finding]:
    """Where one condition's phrases overlap, the longer one is meant ("will not recognise" holds "recognise")."""

    def covered(finding: Finding) -> bool:
        inner = set(finding.deed)
        return any(
            inner < set(o.deed) for o in findings if (o.ruleset, o.condition) == (finding.ruleset, finding.condition)
        )

    return [finding for finding in findings if not covered(finding)]


def _first_of_each(findings: Sequence[Finding]) -> list[Finding]:
    kept: dict[tuple[str, str, str, Stance], Finding] = {}
    for finding in sorted(findings, key=lambda f: f.span.start):
        kept.setdefault((finding.ruleset, finding.condition, finding.signal, finding.stance), finding)
    return list(kept.values())


class _Reader:
    """One signal against the sentences of one item."""

    def __init__(
        self, compiled: CompiledSignal, item: Item, views: list[View], names: frozenset[str], out: Readout
    ) -> None:
        self._compiled = compiled
        self._item = item
        self._views = views
        self._names = names
        self._out = out

    def read(self, number: int) -> None:
        view = self._views[number]
        found: list[tuple[Form, Finding]] = []
        deeds = find_deeds(self._compiled.deeds, view.tokens)
        for deed in (d for d in deeds if not any(set(d.inner) < set(other.inner) for other in deeds)):
            objects = self._objects(number, deed)
            if isinstance(objects, str):
                self._miss(view, deed, objects)
            else:
                found.extend(self._judge(number, deed, objects))
        # Where a verb tells the deed, a noun in the same sentence only names it again.
        told = any(form is not Form.NOMINAL for form, _ in found)
        self._out.findings.extend(finding for form, finding in found if not told or form is not Form.NOMINAL)

    def _objects(self, number: int, deed: Place) -> list[tuple[str, Place]] | str:
        """Where each ``what`` list is found near the deed, or what is missing."""
        view = self._views[number]
        low, high = _window(view, deed)
        found: list[tuple[str, Place]] = []
        pronoun_used = False
        for name, patterns in zip(self._compiled.group_names, self._compiled.groups, strict=True):
            taken = {k for _, place in found for k in place.inner} | set(deed.inner)
            places = [p for p in patterns.find(view.tokens) if low <= p.start < high and taken.isdisjoint(p.inner)]
            if places:
                found.append((name, min(places, key=lambda p: (_distance(p, deed), p.start))))
                continue
            pronoun = next((k for k in range(low, high) if view.tokens[k].norm in _THEY), None)
            before = self._views[max(0, number - 1) : number]
            earlier = [view.tokens[: pronoun or 0]]
            if pronoun is not None and view.tokens[pronoun].norm == "they":
                earlier += [other.tokens for other in before]
            if pronoun_used or pronoun is None or not any(next(patterns.find(t), None) for t in earlier):
                return f"no word of {name} stands near “{self._text(view, deed)}”"
            pronoun_used = True
            found.append((name, Place(pronoun, pronoun + 1, (pronoun,))))
        return found

    def _judge(self, number: int, deed: Place, objects: list[tuple[str, Place]]) -> list[tuple[Form, Finding]]:
        view = self._views[number]
        compiled = self._compiled
        taken = frozenset(k for _, place in objects for k in range(place.start, place.end))
        clause = clause_around(view, deed, taken)
        if _is_denied_clause(view, clause):
            self._miss(view, deed, f"“{self._text(view, deed)}” denies the clause that follows it")
            return []
        things = frozenset(k for group in compiled.groups for p in group.find(view.tokens) for k in p.inner)
        around = Surroundings(self._last_named(number), self._names, things | taken)
        agent = find_agent(view, clause, compiled.who, taken, around)
        if agent.hands in (Hands.FOREIGN, Hands.NOWHERE):
            named = f" (“{self._slice(view, agent.start, agent.end)}”)" if agent.end > agent.start else ""
            self._miss(view, deed, f"not a deed of {compiled.who}: {agent.reason}{named}")
            return []
        speaker = find_speaker(view, clause, compiled.ruleset.addressee, compiled.ruleset.issuer, around)
        stance, cues = self._stance(view, clause, speaker, around, taken)
        return [(clause.form, self._finding(view, clause, objects, agent, speaker, stance, cues))]

    def _stance(
        self, view: View, clause: Clause, speaker: Speaker, around: Surroundings, taken: frozenset[int]
    ) -> tuple[Stance, list[tuple[CueHit, str]]]:
        addressee = self._compiled.ruleset.addressee
        reading = plain_reading(self._compiled.signal.stance, clause.form is Form.NOMINAL)
        applied: list[tuple[CueHit, str]] = []
        by_addressee = speaker.asserter is Asserter.ADDRESSEE
        hits = governing_cues(view, clause, taken)
        outer = [
            h for h in view.after if h.start >= clause.deed.end and h.cue not in _SILENT and is_outside(view, clause, h)
        ]
        outer = [h for h in outer if h.cue in (Cue.DENIAL, Cue.PROMISE, Cue.THREAT, Cue.DEMAND, Cue.UNREAL)]
        timed = [h for h in view.after if h.cue is Cue.FUTURE and clause.deed.end <= h.start]
        refused = _is_refusal(view, hits) and speaker.asserter in (Asserter.OTHER, Asserter.ISSUER)
        for hit in (*timed, *hits, *outer):
            if hit.cue in _SILENT or (refused and hit.cue is Cue.FUTURE):
                continue
            if hit.cue is Cue.DENIAL and not _denied_by(view, clause, hit, addressee, around):
                continue
            after = apply_cue(hit.cue, reading)
            if after != reading:
                applied.append((hit, f"{hit.cue.value}: now {'good' if after.good else 'bad'}, {after.mode.value}"))
            reading = after
        stance = stance_of(reading, by_addressee)
        if stance in (Stance.FULFILMENT, Stance.BREACH, Stance.PLEDGE, Stance.THREAT) and _is_question(view):
            stance = Stance.MENTION
        if stance.is_deed and self._is_history(view, clause):
            stance = Stance.MENTION
        return stance, applied

    def _is_history(self, view: View, clause: Clause) -> bool:
        """A deed dated two years or more before the item, or told as of another time, is history."""
        places = [k for k in range(clause.start, clause.end) if k not in clause.skipped]
        if tells_of_the_past(tuple(view.tokens[k] for k in places)):
            return True
        if self._item.published is None:
            return False
        for place in dict.fromkeys([*range(min(4, len(view.tokens))), *places]):
            digits = view.tokens[place].norm.removesuffix("s")
            if len(digits) != 4 or not digits.isdigit() or not place:
                continue
            dated = view.tokens[place - 1].norm in ("in", "of", "during", "early", "late", "back", "by")
            told_of_another = any(is_finite_past(t) for t in view.tokens[clause.deed.end : place])
            if dated and not told_of_another and 1900 <= int(digits) <= self._item.published.year - 2:
                return True
        return False

    def _last_named(self, number: int) -> Mention | None:
        for view in reversed(self._views[:number]):
            named = [m for m in view.mentions if m.naming is Naming.NAME]
            own = [m for m in named if m.actor == self._compiled.who]
            if named:
                return (own or named)[-1]
        return None

    def _finding(
        self,
        view: View,
        clause: Clause,
        objects: list[tuple[str, Place]],
        agent: Agent,
        speaker: Speaker,
        stance: Stance,
        cues: list[tuple[CueHit, str]],
    ) -> Finding:
        compiled = self._compiled
        reasons = [f"deed “{self._text(view, clause.deed)}” ({clause.form.value})"]
        reasons += [f"{name}: “{self._text(view, place)}”" for name, place in objects]
        named = f"“{self._slice(view, agent.start, agent.end)}” " if agent.end > agent.start else ""
        reasons.append(f"whose deed: {named}{agent.reason}")
        reasons += [f"cue “{self._slice(view, hit.start, hit.end)}” {effect}" for hit, effect in cues]
        said = self._slice(view, speaker.start, speaker.end)
        reasons.append(f"who says so: {speaker.asserter.value}" + (f" (“{said}”)" if said else ""))
        places = [clause.deed, *(place for _, place in objects)]
        spans = {Span(view.tokens[k].start, view.tokens[k].end) for p in places for k in p.inner}
        spans |= {Span(view.tokens[h.start].start, view.tokens[h.end - 1].end) for h, _ in cues}
        sentence = view.sentence
        return Finding(
            ruleset=compiled.ruleset.ruleset,
            condition=compiled.condition,
            signal=compiled.signal.id,
            stance=stance,
            asserted_by=speaker.asserter,
            speaker=said,
            quote=self._item.body[sentence.start : sentence.end],
            span=Span(sentence.start, sentence.end),
            deed=tuple(Span(view.tokens[k].start, view.tokens[k].end) for k in clause.deed.inner),
            words=tuple(sorted(spans, key=lambda s: (s.start, s.end))),
            reasons=tuple(reasons),
        )

    def _miss(self, view: View, deed: Place, missing: str) -> None:
        quote = self._item.body[view.sentence.start : view.sentence.end]
        compiled = self._compiled
        self._out.near_misses.append(
            NearMiss(compiled.ruleset.ruleset, compiled.condition, compiled.signal.id, quote, missing)
        )

    def _text(self, view: View, place: Place) -> str:
        return self._slice(view, place.start, place.end)

    def _slice(self, view: View, start: int, end: int) -> str:
        if end <= start:
            return ""
        return self._item.body[view.tokens[start].start : view.tokens[end - 1].end]


def _window(view: View, deed: Place) -> tuple[int, int]:
    """Tokens near the deed, up to the ends of its clause."""
    low = deed.start
    while low > 0 and deed.start - low < _REACH and not is_boundary(view, low - 1):
        low -= 1
    high = deed.end
    while high < len(view.tokens) and high - deed.end < _REACH and not is_boundary(view, high):
        high += 1
    return low, high


def _distance(place: Place, deed: Place) -> int:
    return max(deed.start - place.end, place.start - deed.end, 0)


def _is_question(view: View) -> bool:
    words_only = [t for t in view.tokens if t.is_word]
    return view.tokens[-1].norm == "?" and bool(words_only) and words_only[0].norm not in _HOW


def _is_refusal(view: View, hits: list[CueHit]) -> bool:
    """ "They will not let them leave", said by somebody else, tells a refusal and not a plan."""
    cues = {hit.cue for hit in hits}
    modal = any(view.tokens[h.start].norm in ("will", "would") for h in hits if h.cue is Cue.FUTURE)
    return modal and Cue.NEGATION in cues and not cues & {Cue.PROMISE, Cue.THREAT}


def _is_denied_clause(view: View, clause: Clause) -> bool:
    """ "Deny" with a whole clause behind it contests; with a thing behind it, it withholds."""
    if not any(h.cue is Cue.DENIAL and h.start == clause.deed.start for h in view.before):
        return False
    if clause.deed.end < clause.end and is_gerund(view.tokens[clause.deed.end].norm):
        return True
    return any(
        view.tokens[k].stem in words("auxiliary") or view.tokens[k].norm == "that"
        for k in range(clause.deed.end, clause.end)
    )


def _denied_by(view: View, clause: Clause, hit: CueHit, addressee: str, around: Surroundings) -> bool:
    """Whether it is the addressee who denies: anybody else's denial is not the addressee's word."""
    low = hit.start
    while low > 0 and not is_boundary(view, low - 1):
        low -= 1
    high = hit.start if hit.start < clause.deed.start else min(len(view.tokens), hit.end + 5)
    mentions = [m for m in view.mentions if low <= m.start < high and m.naming is Naming.NAME]
    if any(m.actor == addressee for m in mentions):
        return True
    if mentions:
        return False
    pronoun = any(view.tokens[k].norm in ("they", "it", "he", "she") for k in range(low, high))
    if pronoun and around.last_named is not None:
        return around.last_named.actor == addressee
    organ = any(view.tokens[k].stem in words("organ") for k in range(low, high))
    return (organ or pronoun) and addressee in around.names
