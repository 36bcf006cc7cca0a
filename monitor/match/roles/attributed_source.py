"""Who says so: the narrator, the addressee itself, the issuer, or somebody else."""

from __future__ import annotations

from dataclasses import dataclass, replace

from monitor.match.lookup.actors import Mention, Naming
from monitor.match.roles.attribution import Surroundings
from monitor.match.sentence.annotated_sentence import CHAIN, THIRD_PERSON, View, headline_colon, is_boundary, is_organ
from monitor.match.sentence.clauses import Clause, is_outside
from monitor.model import Asserter
from monitor.text.cue_table import Cue, CueHit
from monitor.text.lexicon import words

# So many words name whoever speaks behind the colon of a headline.
_NAME = 4


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who asserts it, in the text's own words (tokens ``[start, end)``)."""

    asserter: Asserter
    start: int
    end: int


def find_speaker(view: View, clause: Clause, addressee: str, issuer: str, around: Surroundings) -> Speaker:
    """Who says what the clause tells: the subject of the reporting verb that governs it, or that follows it."""
    for hit in reversed(view.before):
        if _speaks(view, hit) and hit.end <= clause.deed.start:
            if any(view.tokens[k].norm in (";", ":") for k in range(hit.end, clause.deed.start)):
                break
            if _is_contested(view, hit):
                continue
            speaker = speaker_near(view, hit, addressee, issuer, around)
            if speaker is not None:
                return speaker
    for hit in view.after:
        if (
            hit.start >= clause.deed.end
            and hit.cue in (Cue.REPORT, Cue.DENIAL, Cue.PROMISE)
            and is_outside(view, clause, hit)
        ):
            speaker = speaker_near(view, hit, addressee, issuer, around, floor=clause.deed.end)
            if speaker is not None:
                return speaker
    return _headline_speaker(view, addressee, issuer) or Speaker(Asserter.NARRATOR, 0, 0)


def _headline_speaker(view: View, addressee: str, issuer: str) -> Speaker | None:
    """ "Army: no civilians were harmed": who stands before the colon of a headline says it."""
    if view.sentence.line:
        return None
    last = max((k for k, token in enumerate(view.tokens) if token.norm == ":"), default=len(view.tokens))
    if _names_a_speaker(view, range(last + 1, len(view.tokens))):  # "Army must withdraw: Kofi Annan"
        said = [m for m in view.mentions if m.start > last]
        return Speaker(_asserter(said[0].actor if said else "", addressee, issuer), last + 1, len(view.tokens))
    colon = headline_colon(view)
    if colon is None:
        return None
    told = next((k for k in range(colon) if view.tokens[k].norm == "to" or view.tokens[k].stem == "tell"), colon)
    named = [m for m in view.mentions if m.end <= told and m.naming is Naming.NAME]  # "mediators to army: ..."
    return Speaker(_asserter(named[-1].actor, addressee, issuer), 0, colon) if named else None


def _names_a_speaker(view: View, places: range) -> bool:
    """Whether a few words are a name and no clause; capitals do not tell it, since headlines may have them all."""
    closed = words("auxiliary") | words("preposition") | words("determiner") | words("pronoun")
    return 0 < len(places) <= _NAME and all(
        view.tokens[k].is_word
        and view.tokens[k].stem not in closed
        and all(hit.cue is Cue.REPORT for hit in view.cues_at(k))
        for k in places
    )


def _is_contested(view: View, hit: CueHit) -> bool:
    """ "The council rejects the army's claim that": whoever contests a claim speaks, and not whoever makes it."""
    contested = any(other.cue is Cue.DENIAL and 0 <= hit.start - other.end <= CHAIN for other in view.before)
    return contested and view.tokens[hit.start].stem in words("charge")


def _speaks(view: View, hit: CueHit) -> bool:
    """Whether a cue has a speaker before it: "the UN urged", but not "the army was urged to" or "must"."""
    following = view.tokens[hit.end].norm if hit.end < len(view.tokens) else ""
    if following == "to" and view.tokens[hit.start].stem in words("ordering"):
        return False  # "army told to withdraw": it is spoken to
    if hit.cue is not Cue.DEMAND:
        if hit.start > 0 and view.tokens[hit.start - 1].norm in ("must", "should"):
            return False  # "must deny rebels a haven"
        undone = any(h.cue in (Cue.REVERSAL, Cue.FAILURE) and 0 <= hit.start - h.end <= 1 for h in view.before)
        if hit.cue is Cue.PROMISE and undone:
            return False  # "failed to keep its promise": nobody speaks
        return hit.cue in (Cue.REPORT, Cue.DENIAL, Cue.PROMISE)
    return following != "to" and view.tokens[hit.start].stem not in words("auxiliary")


def speaker_near(
    view: View, hit: CueHit, addressee: str, issuer: str, around: Surroundings, floor: int = 0
) -> Speaker | None:
    """Whoever stands before a cue that somebody speaks by, or behind its "by" or "from", or behind ``floor``."""
    tokens = view.tokens
    start = hit.start
    while start > floor and not is_boundary(view, start - 1) and tokens[start - 1].norm not in (",", '"'):
        start -= 1
    spans = [(start, hit.start)]
    end = hit.end
    while end < len(tokens) and end < hit.end + 8 and not is_boundary(view, end) and tokens[end].norm not in (",", '"'):
        end += 1
    if floor or (hit.end < len(tokens) and tokens[hit.end].norm in ("by", "from")):
        spans.append((hit.end, end))
    for low, high in spans:
        mentions = [m for m in view.mentions if low <= m.start < high and not _is_place(view, m)]
        if mentions:
            own = next((m for m in mentions if m.actor == addressee), None)
            chosen = own or mentions[-1]
            return Speaker(_asserter(chosen.actor, addressee, issuer), low, high)
        if any(tokens[k].norm in ("he", "she") for k in range(low, high)):
            before = _spoke_before(addressee, issuer, around)
            if before is not None:
                return Speaker(before, low, high)
        if any(tokens[k].norm in THIRD_PERSON for k in range(low, high)):
            earlier = [m for m in view.mentions if m.end <= low and m.naming is Naming.NAME]
            named = around.last_named or (earlier[-1] if earlier else None)
            return Speaker(_asserter(named.actor if named else "", addressee, issuer), low, high)
        organ = next((k for k in range(low, high) if is_organ(view, k)), None)
        if organ is not None:
            placed = addressee in around.names
            return Speaker(Asserter.ADDRESSEE if placed else Asserter.OTHER, low, high)
        if any(tokens[k].is_word and tokens[k].stem not in words("auxiliary") for k in range(low, high)):
            return Speaker(Asserter.OTHER, low, high)
    return None


def _spoke_before(addressee: str, issuer: str, around: Surroundings) -> Asserter | None:
    """ "The envoy says the army has left. He told reporters that": who speaks in the sentence before goes on."""
    for earlier in around.earlier[-1:]:
        back = replace(around, earlier=around.earlier[:-1])
        for hit in earlier.before:
            if hit.cue is Cue.REPORT and _speaks(earlier, hit):
                speaker = speaker_near(earlier, hit, addressee, issuer, back)
                if speaker is not None:
                    return speaker.asserter
    return None


def _is_place(view: View, mention: Mention) -> bool:
    """ "the UN mission in Northland": a place that only tells where the speaker is."""
    before = view.tokens[mention.start - 1] if mention.start else None
    return mention.naming is Naming.CONTEXT and before is not None and before.stem in words("place")


def _asserter(actor: str, addressee: str, issuer: str) -> Asserter:
    if actor == addressee:
        return Asserter.ADDRESSEE
    return Asserter.ISSUER if actor == issuer else Asserter.OTHER
