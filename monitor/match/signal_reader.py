"""One signal in one sentence: its deed, what it is done to, whose deed it is, who says so, and the verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice

from monitor.match.lookup.actors import Mention, Naming, is_what_it_is
from monitor.match.lookup.compiled import CompiledSignal
from monitor.match.lookup.patterns import Place
from monitor.match.roles.agent import find_agent
from monitor.match.roles.attributed_source import Speaker, find_speaker
from monitor.match.roles.attribution import Agent, Hands, Surroundings, placed
from monitor.match.roles.predication import Case
from monitor.match.sentence.annotated_sentence import Names, View, finite_looking, is_going_back
from monitor.match.sentence.clauses import Clause, clause_around
from monitor.match.sentence.reach_of_objects import OPENS_A_CLAUSE, near_tokens
from monitor.match.sentence.verb_groups import Form, is_attribute
from monitor.match.verdict import Verdict, is_denied_clause, judge
from monitor.model import Finding, Item, Span, Stance, Step
from monitor.rules.ruleset import ANYONE
from monitor.text.cue_table import Cue
from monitor.text.lexicon import words
from monitor.text.stems import is_gerund

# No honest sentence holds more deeds of one signal, nor more things; the rest of a hostile one is not read.
_MOST_DEEDS, _MOST_THINGS = 12, 64
# As many places of each of the last lists are tried, the nearest first; of those before them, only the nearest.
_ALTERNATIVES, _LAST_LISTS = 4, 4
# How many sentences back a pronoun may find whom it means.
_BACK = 4
# Pronouns that may stand for a thing named before; only "they" reaches back to the sentence before.
_DEFINITE = frozenset({"the", "those", "these", "such", "that"})
_THEY = frozenset({"they", "them", "who", "whom", "themselves", "their", "she", "her"})
_RELATIVE = frozenset({"who", "whom"})
_OBJECTS = frozenset({"it", "them", "him", "her"})


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A signal whose deed stands in the text and which still is no evidence, with what was missing."""

    ruleset: str
    condition: str
    signal: str
    quote: str
    missing: str


@dataclass(frozen=True, slots=True)
class Sighting:
    """What one sentence holds of one signal."""

    findings: tuple[Finding, ...]
    near_misses: tuple[NearMiss, ...]


def sight(compiled: CompiledSignal, item: Item, views: Sequence[View], number: int) -> Sighting:
    """Look for a signal in sentence ``number`` of ``item``, of which ``views`` are all the sentences."""
    return _Looker(compiled, item, views, number).look()


class _Looker:
    def __init__(self, compiled: CompiledSignal, item: Item, views: Sequence[View], number: int) -> None:
        self._compiled = compiled
        self._item = item
        self._view = views[number]
        self._before = views[max(0, number - _BACK) : number]
        self._names = Names(views)
        tokens = self._view.tokens
        self._things = [list(islice(patterns.find(tokens), _MOST_THINGS)) for patterns in compiled.groups]
        self._missed: list[NearMiss] = []

    def look(self) -> Sighting:
        deeds = list(islice(self._compiled.deeds.find(self._view.tokens), _MOST_DEEDS))
        found: list[tuple[Clause, Finding]] = []
        for deed in deeds:
            if any(set(deed.inner) < set(other.inner) for other in deeds) or self._only_governs(deed, deeds):
                continue
            objects = self._objects(deed)
            if isinstance(objects, str):
                self._miss(objects)
                continue
            judged = self._judge(deed, objects)
            if isinstance(judged, str):
                self._miss(judged)
            else:
                found.append(judged)
        return Sighting(tuple(_told_once(found)), tuple(self._missed))

    def _only_governs(self, deed: Place, deeds: Sequence[Place]) -> bool:
        """ "stopped blocking": a deed word that is a cue of the deed right behind it; "going back on its word to".

        So is one that only says how far: "within the limits of the law".
        """
        view = self._view
        if "within" in [token.norm for token in view.tokens[max(0, deed.start - 2) : deed.start]]:
            return True
        undone = [hit for hit in view.cues_at(deed.start) if hit.cue is Cue.REVERSAL and is_going_back(view, hit)]
        beyond = (k for hit in undone for k in range(hit.start, hit.end) if k not in deed.inner)
        if any(view.tokens[k].stem in words("preposition") for k in beyond):
            return True
        behind = any(other.start == deed.end and is_gerund(view.tokens[other.start].norm) for other in deeds)
        undoing = (Cue.REVERSAL, Cue.PREVENTION, Cue.FAILURE)
        return behind and any(hit.cue in undoing for hit in view.cues_at(deed.start))

    def _objects(self, deed: Place) -> list[tuple[str, Place]] | str:
        """Where each ``what`` list is found near the deed, or what is missing."""
        low, high = near_tokens(self._view, deed)
        near: list[list[Place]] = []
        for things in self._things:
            places = [p for p in things if low <= p.start < high]
            places = [p for p in places if not self._belongs_to_another(p) and not self._goes_on(p)]
            near.append(sorted(places, key=lambda p: (_distance(p, deed), -len(p.inner), p.start)))
        found = _each_its_own(near, frozenset(deed.inner))
        missing = [number for number in range(len(self._things)) if number not in found]
        for number in missing:
            # One thing may be meant by a pronoun, or by naming again what was named together with it.
            stands_for = self._stands_for(number, list(found.values()), deed, low, high) if len(missing) == 1 else None
            if stands_for is None:
                return f"no word of {self._compiled.group_names[number]} stands near “{self._text(deed)}”"
            found[number] = Place(stands_for, stands_for + 1, (stands_for,))
        return [(name, found[number]) for number, name in enumerate(self._compiled.group_names)]

    def _goes_on(self, place: Place) -> bool:
        """ "..., leaving them without help": a gerund behind a comma goes on and is no object of the deed."""
        tokens = self._view.tokens
        behind = place.start > 0 and tokens[place.start - 1].norm == ","
        return behind and len(place.inner) == 1 and is_gerund(tokens[place.start].norm)

    def _belongs_to_another(self, place: Place) -> bool:
        """ "from Northland's government" is not from Northland, and "army militants" are the army itself.

        The "Northland-Southland border" is nobody's ground.
        """
        view = self._view
        owned = place.end < len(view.tokens) and view.tokens[place.end].norm == "'s"
        if owned and len(place.inner) > 1 and view.tokens[place.start].stem in words("preposition"):
            return True
        named = view.mention_at(place.start - 1) if place.start else None
        here = view.mention_at(place.start)
        if named is not None and here is not None and named.actor != here.actor and here.naming is Naming.CONTEXT:
            joined = self._item.body[view.tokens[place.start - 1].end : view.tokens[place.start].start]
            if joined == "-":
                return True
        parties = (self._compiled.who, self._compiled.ruleset.addressee)
        own = named is not None and named.actor in parties and named.naming is Naming.NAME
        return own and is_what_it_is(tuple(view.tokens[k] for k in place.inner))

    def _stands_for(self, group: int, found: list[Place], deed: Place, low: int, high: int) -> int | None:
        """The token that stands for a thing of a list without naming it; there must be other things beside it.

        Only an object right behind the deed may stand alone: "after the office was stormed they reopened it".
        """
        tokens = self._view.tokens
        if not found:
            behind = deed.end
            while behind < len(tokens) and not tokens[behind].is_word:
                behind += 1
            patterns = self._compiled.groups[group]
            named = any(place.end <= deed.start for place in self._things[group]) or any(
                next(patterns.find(view.tokens), None) for view in self._before[-1:]
            )
            return behind if named and behind < len(tokens) and self._points_back(behind) else None
        pronoun = self._pronoun_for(group, low, high, found)
        return pronoun if pronoun is not None else self._named_before(group, found)

    def _points_back(self, place: int) -> bool:
        """ "reopened it", "recognise their government": the object is a pronoun, or what rules and is owned by one."""
        tokens = self._view.tokens
        owned = tokens[place].norm in ("their", "its") and place + 1 < len(tokens)
        return tokens[place].norm in _OBJECTS or (owned and tokens[place + 1].stem in words("heads"))

    def _pronoun_for(self, group: int, low: int, high: int, found: list[Place]) -> int | None:
        """A pronoun near the deed that stands for a thing of a list named before it."""
        tokens = self._view.tokens
        pronoun = next((k for k in range(low, high) if tokens[k].norm in _THEY and not self._acts(k)), None)
        if pronoun is None:
            return None
        before = [place for place in self._things[group] if place.end <= pronoun and not self._goes_on(place)]
        if tokens[pronoun].norm in _RELATIVE:  # "farmers who": it means the noun beside it
            return pronoun if any(pronoun - place.end <= 2 for place in before) else None
        if before:
            return pronoun
        patterns = self._compiled.groups[group]
        owns = tokens[pronoun].norm == "their" and any(place.start == pronoun + 1 for place in found)
        back = self._before[-1:] if owns or tokens[pronoun].norm in ("they", "she", "her") else ()
        return pronoun if any(next(patterns.find(view.tokens), None) for view in back) else None

    def _acts(self, pronoun: int) -> bool:
        """ "they ordered", "they said": whoever acts himself is nothing that a deed is done to."""
        verbs = self._view.cues_at(pronoun + 1)
        finite = pronoun + 1 < len(self._view.tokens) and finite_looking(self._view.tokens[pronoun + 1])
        return finite and any(hit.cue in (Cue.REPORT, Cue.CAUSATION) for hit in verbs)

    def _named_before(self, group: int, found: list[Place]) -> int | None:
        """ "reopen *the schools*": a thing already named in the sentence before, together with what is missing here."""
        patterns = self._compiled.groups[group]
        tokens = self._view.tokens
        for place in found:
            named = self._view.mention_at(place.start) is not None  # "the army" is definite by itself
            definite = not named and place.start > 0 and tokens[place.start - 1].norm in _DEFINITE
            for view in self._before[-1:] if definite else ():
                pointed = tokens[place.start - 1].norm != "the"  # "these policies" point back by themselves
                again = pointed or any(token.stem == tokens[place.end - 1].stem for token in view.tokens)
                if again and next(patterns.find(view.tokens), None):
                    return place.start
        return None

    def _judge(self, deed: Place, objects: list[tuple[str, Place]]) -> tuple[Clause, Finding] | str:
        """The finding that a deed and its objects amount to, or why they amount to none."""
        view, compiled = self._view, self._compiled
        taken = frozenset(k for _, place in objects for k in range(place.start, place.end))
        clause = clause_around(view, deed)
        if clause.form is Form.NOMINAL:
            apart = next((name for name, place in objects if self._stands_apart(deed, place)), None)
            if apart is not None:
                return f"no word of {apart} belongs to “{self._text(deed)}”"
        things = frozenset(k for places in self._things for place in places for k in place.inner)
        if is_attribute(view, deed, clause.form) or self._is_compound(deed, clause.form):
            return f"“{self._text(deed)}” only describes what follows it"
        if _is_particle(view, deed):
            return f"“{self._text(deed)}” belongs to another verb"
        if is_denied_clause(view, clause):
            return f"“{self._text(deed)}” denies the clause that follows it"
        addressee = compiled.ruleset.addressee
        around = Surroundings(self._last_named(), self._names, things | taken, tuple(self._before), addressee)
        topic = compiled.signal.stance is Stance.MENTION and compiled.who != ANYONE
        if topic:  # a topic is nobody's deed; it only has to lie in the right hands
            clause = replace(clause, form=Form.NOMINAL)
            agent = placed(view, clause, compiled.who, around, "it lies in its hands")
        else:
            agent = find_agent(view, clause, compiled.who, taken, around)
        if agent.hands in (Hands.FOREIGN, Hands.NOWHERE):
            named = f" (“{self._slice(agent.start, agent.end)}”)" if agent.end > agent.start else ""
            return f"not a deed of {compiled.who}: {agent.reason}{named}"
        speaker = find_speaker(view, clause, addressee, compiled.ruleset.issuer, around)
        own = compiled.signal.stance
        main = objects[0][1] if objects else None
        who, published = compiled.who, self._item.published
        case = Case(view, clause, own, who, addressee, speaker, agent, around, taken, main, published)
        verdict = judge(case)
        return clause, self._finding(clause, objects, agent, speaker, verdict)

    def _is_compound(self, deed: Place, form: Form) -> bool:
        """ "army-linked militants": a participle joined to a name only describes."""
        tokens = self._view.tokens
        if not deed.start or deed.end - deed.start > 1 or form is Form.NOMINAL or is_gerund(tokens[deed.start].norm):
            return False
        joined = self._item.body[tokens[deed.start - 1].end : tokens[deed.start].start] == "-"
        return joined and self._view.mention_at(deed.start - 1) is not None

    def _stands_apart(self, deed: Place, place: Place) -> bool:
        """ "curbs that cause anger abroad", "leaving home, under curbs": a noun is not done to what stands apart."""
        tokens = self._view.tokens
        if place.start >= deed.end:
            between = tokens[deed.end : place.start]
            if between and between[0].norm == "that" and self._opens_a_clause(deed.end):
                between = between[1:]  # "a report that the rebels are there"
            return any(t.stem in words("relative") or t.norm == "that" for t in between)
        there = deed.end < len(tokens) and tokens[deed.end].norm == "there"  # "in the capital, ... his presence there"
        between = tokens[place.end : deed.start]
        told = any(t.norm == "that" for t in between)  # "... of rebels and said that it damages ties"
        return told or (len(deed.inner) == 1 and not there and any(t.norm == "," for t in between))

    def _opens_a_clause(self, place: int) -> bool:
        return any(hit.end == place and hit.cue in OPENS_A_CLAUSE for hit in self._view.before)

    def _last_named(self) -> Mention | None:
        """The latest actor named in the sentences before, the signal's own if it stands there."""
        for view in reversed(self._before):
            named = [m for m in view.mentions if m.naming is Naming.NAME]
            own = [m for m in named if m.actor == self._compiled.who]
            if named:
                return (own or named)[-1]
        return None

    def _finding(
        self,
        clause: Clause,
        objects: list[tuple[str, Place]],
        agent: Agent,
        speaker: Speaker,
        verdict: Verdict,
    ) -> Finding:
        compiled, sentence = self._compiled, self._view.sentence
        steps = [self._step("deed", clause.deed.start, clause.deed.end, clause.form.value)]
        steps += [self._step("object", place.start, place.end, name) for name, place in objects]
        steps.append(self._step("agent", agent.start, agent.end, agent.reason))
        for cue in verdict.cues:
            scope = self._slice(cue.hit.end, clause.deed.end) or self._text(clause.deed)
            note = f"{cue.hit.cue.value} over “{scope}”: {cue.effect}"
            steps.append(self._step("cue", cue.hit.start, cue.hit.end, note))
        if verdict.note:
            steps.append(Step("note", "", None, verdict.note))
        steps.append(self._step("speaker", speaker.start, speaker.end, speaker.asserter.value))
        places = [clause.deed, *(place for _, place in objects)]
        spans = {self._span(k, k + 1) for p in places for k in p.inner}
        spans |= {self._span(cue.hit.start, cue.hit.end) for cue in verdict.cues}
        return Finding(
            ruleset=compiled.ruleset.ruleset,
            condition=compiled.condition,
            signal=compiled.signal.id,
            stance=verdict.stance,
            asserted_by=speaker.asserter,
            speaker=self._slice(speaker.start, speaker.end),
            quote=self._item.body[sentence.start : sentence.end],
            span=Span(sentence.start, sentence.end),
            deed=tuple(self._span(k, k + 1) for k in clause.deed.inner),
            words=tuple(sorted(spans, key=lambda s: (s.start, s.end))),
            steps=tuple(steps),
        )

    def _miss(self, missing: str) -> None:
        compiled, sentence = self._compiled, self._view.sentence
        quote = self._item.body[sentence.start : sentence.end]
        miss = NearMiss(compiled.ruleset.ruleset, compiled.condition, compiled.signal.id, quote, missing)
        self._missed.append(miss)

    def _step(self, role: str, start: int, end: int, note: str) -> Step:
        span = self._span(start, end) if end > start else None
        return Step(role, span.of(self._item.body) if span else "", span, note)

    def _span(self, start: int, end: int) -> Span:
        return Span(self._view.tokens[start].start, self._view.tokens[end - 1].end)

    def _text(self, place: Place) -> str:
        return self._slice(place.start, place.end)

    def _slice(self, start: int, end: int) -> str:
        return self._span(start, end).of(self._item.body) if end > start else ""


def _told_once(found: list[tuple[Clause, Finding]]) -> list[Finding]:
    """Where a verb tells the deed, a noun in the sentence, or a later infinitive of its clause, only names it again."""
    told = any(clause.form is not Form.NOMINAL for clause, _ in found)
    kept: list[tuple[Clause, Finding]] = []
    for clause, finding in found:
        again = clause.form is Form.INFINITIVE and any(earlier.start == clause.start for earlier, _ in kept)
        if not again and (not told or clause.form is not Form.NOMINAL):
            kept.append((clause, finding))
    return [finding for _, finding in kept]


def _each_its_own(near: list[list[Place]], taken: frozenset[int]) -> dict[int, Place]:
    """The nearest place of each list, so that no word serves two lists; as many lists as possible, the first first.

    "Buses of evacuees turned back": where "evacuees" is on both lists, the buses are what is left for the other.
    """
    if not near:
        return {}
    found: dict[int, Place] = {}
    tries = _ALTERNATIVES if len(near) <= _LAST_LISTS else 1
    for place in [p for p in near[0] if taken.isdisjoint(p.inner)][:tries]:
        others = _each_its_own(near[1:], taken | set(place.inner))
        if len(others) + 1 > len(found):
            found = {0: place, **{number + 1: other for number, other in others.items()}}
        if len(found) == len(near):
            return found
    return found or {number + 1: other for number, other in _each_its_own(near[1:], taken).items()}


def _is_particle(view: View, deed: Place) -> bool:
    """ "tear up their fields": a deed of one word that is a preposition ("prices up") has no object behind it."""
    one = deed.end - deed.start == 1 and view.tokens[deed.start].stem in words("preposition")
    behind = view.tokens[deed.end : deed.end + 2] if one else ()
    share = len(behind) > 1 and behind[1].stem in words("share")  # "crossings up a third"
    return bool(behind) and behind[0].stem in words("determiner") and not share


def _distance(place: Place, deed: Place) -> int:
    return max(deed.start - place.end, place.start - deed.end, 0)
