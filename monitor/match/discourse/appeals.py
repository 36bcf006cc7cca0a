"""An appeal that points back: "The envoys urged the army to reverse the decision."

What is to be reversed stands in a sentence before; the appeal itself holds no word of any signal's object.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from monitor.match.discourse.denials import told_in
from monitor.match.roles.attributed_source import Speaker, speaker_near
from monitor.match.roles.attribution import Surroundings
from monitor.match.sentence.annotated_sentence import CHAIN, NEAR, Names, View
from monitor.model import Asserter, Finding, Item, Span, Stance, Step
from monitor.text.cue_table import Cue, CueHit
from monitor.text.lexicon import words

# How many sentences back the ban may stand that is to be lifted.
_BACK = 2
# "reverse the ban on trade": one with an object of its own is not the one before.
_OWN_OBJECT = frozenset({"of", "on", "against", "for", "that", "to", "which", "barring", "banning", "in"})


def find_appeals(
    item: Item, views: Sequence[View], findings: Sequence[Finding], addressee: str, issuer: str
) -> Iterator[Finding]:
    """The demands in ``item`` that ``addressee`` undo a breach told before them.

    ``findings`` are those of one ruleset. A sentence in which a demand was found already speaks for itself.
    """
    breaches = [finding for finding in findings if finding.stance is Stance.BREACH]
    for number, view in enumerate(views if breaches else ()):
        told = [told_in(before, breaches) for before in reversed(views[max(0, number - _BACK) : number])]
        meant = next(filter(None, told), None)
        if meant is None or any(finding.stance is Stance.DEMAND for finding in told_in(view, findings)):
            continue
        asked = _asks_to_undo(view, addressee)
        if asked is not None:
            around = Surroundings(None, Names(views), earlier=tuple(views[:number]))
            speaker = _who_asks(view, asked, addressee, issuer, around)
            yield from (_demand(item, view, asked, speaker, finding) for finding in meant)


def _asks_to_undo(view: View, addressee: str) -> tuple[CueHit, CueHit, int] | None:
    """The cue that asks, the one that undoes, and the place of what is to be undone: "urged … to lift the ban",
    "demanded that the ban be lifted"."""
    for asks in (hit for hit in view.before if hit.cue is Cue.DEMAND):
        if asks.start and any(hit.cue is Cue.NEGATION for hit in view.cues_at(asks.start - 1)):
            continue
        undoing = [hit for hit in (*view.before, *view.after) if hit.cue is Cue.REVERSAL and hit.start >= asks.end]
        for undoes in sorted(undoing, key=lambda hit: hit.start):
            rule = _rule_undone(view, asks, undoes)
            if rule is not None and _is_asked(view, asks, undoes, addressee):
                return asks, undoes, rule
    return None


def _rule_undone(view: View, asks: CueHit, undoes: CueHit) -> int | None:
    behind = range(undoes.end, min(undoes.end + NEAR, len(view.tokens)))
    before = range(max(asks.start - 1, undoes.start - NEAR, 0), undoes.start)  # "the ban must be lifted"
    places = [k for k in (*behind, *before) if view.tokens[k].stem in words("rule") and _points_back(view, k)]
    course = undoes.end < len(view.tokens) and view.tokens[undoes.end].norm == "course"  # "urged it to reverse course"
    return undoes.end if course else next(iter(places), None)


def _points_back(view: View, place: int) -> bool:
    """ "the ban", "this latest decision"."""
    start = place - 1
    while start > 0 and view.tokens[start].norm in ("latest", "new", "recent"):
        start -= 1
    following = next((token.norm for token in view.tokens[place + 1 :]), "")
    if [token.norm for token in view.tokens[place + 1 : place + 3]] == ["to", "be"]:
        following = ""  # "called for the ban to be lifted"
    definite = start >= 0 and view.tokens[start].norm in ("the", "this", "that", "its", "their", "these", "such")
    return definite and following not in _OWN_OBJECT


def _is_asked(view: View, asks: CueHit, undoes: CueHit, addressee: str) -> bool:
    """Whether it is the addressee who is asked, or nobody is named, and somebody else who asks."""
    between = [m for m in view.mentions if asks.end <= m.start < undoes.start]
    asking = [m for m in view.mentions if asks.start - CHAIN <= m.start < asks.start]
    near = undoes.start - asks.end <= CHAIN
    return near and all(m.actor == addressee for m in between) and not any(m.actor == addressee for m in asking[-1:])


def _who_asks(
    view: View, asked: tuple[CueHit, CueHit, int], addressee: str, issuer: str, around: Surroundings
) -> Speaker | None:
    """The subject of "urged"; of "must" it is whoever says so."""
    asks, undoes, _ = asked
    if view.tokens[asks.start].stem not in words("auxiliary"):
        return speaker_near(view, asks, addressee, issuer, around)
    before = [hit for hit in view.before if hit.cue is Cue.REPORT and hit.end <= asks.start]
    behind = [hit for hit in view.after if hit.cue is Cue.REPORT and hit.start >= undoes.end]
    if before:
        return speaker_near(view, before[-1], addressee, issuer, around)
    return speaker_near(view, behind[0], addressee, issuer, around, floor=undoes.end) if behind else None


def _demand(
    item: Item, view: View, asked: tuple[CueHit, CueHit, int], speaker: Speaker | None, meant: Finding
) -> Finding:
    asks, undoes, rule = asked
    said = view.tokens[speaker.start : speaker.end] if speaker else ()
    named = item.body[said[0].start : said[-1].end] if said else ""
    asserter = speaker.asserter if speaker else Asserter.NARRATOR
    asking, undoing, ruled = (
        Span(view.tokens[start].start, view.tokens[end - 1].end)
        for start, end in ((asks.start, asks.end), (undoes.start, undoes.end), (rule, rule + 1))
    )
    steps = (
        Step("deed", ruled.of(item.body), ruled, f"what was said before: “{meant.quote}”"),
        Step("cue", undoing.of(item.body), undoing, f"{Cue.REVERSAL.value} over “{ruled.of(item.body)}”"),
        Step("cue", asking.of(item.body), asking, f"{Cue.DEMAND.value} over “{undoing.of(item.body)}”"),
    )
    sentence = view.sentence
    return replace(
        meant,
        stance=Stance.DEMAND,
        asserted_by=asserter,
        speaker=named,
        quote=item.body[sentence.start : sentence.end],
        span=Span(sentence.start, sentence.end),
        deed=(ruled,),
        words=(asking, undoing, ruled),
        steps=steps,
    )
