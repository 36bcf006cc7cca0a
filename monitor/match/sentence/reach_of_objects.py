"""Where a thing may stand that a deed is done to: the words near the deed, as far as its clause goes."""

from __future__ import annotations

from monitor.match.lookup.patterns import Place
from monitor.match.sentence.annotated_sentence import View, headline_colon, is_boundary
from monitor.text.cue_table import Cue
from monitor.text.lexicon import words

# Verbs after which a clause of their own may follow: "claims that", "promised that".
OPENS_A_CLAUSE = frozenset({Cue.REPORT, Cue.PROMISE, Cue.DEMAND})
# How far from its deed, in words, a thing may stand that the deed is done to.
_REACH = 18


def near_tokens(view: View, deed: Place) -> tuple[int, int]:
    """The tokens ``[low, high)`` near the deed, up to the ends of its clause."""
    low = deed.start
    while low > 0 and deed.start - low < _REACH and not is_boundary(view, low - 1):
        low -= 1
    if low > 1 and view.tokens[low - 1].norm == "where":  # "in Northland, where rebels set up camps"
        place = view.mention_at(low - 3 if view.tokens[low - 2].norm == "," else low - 2)
        low = place.start if place is not None else low
    dateline = view.mention_at(0)
    if dateline is not None and headline_colon(view) == low - 1 == dateline.end:
        low = 0  # "Northland: two flights take off"
    high = deed.end
    while high < len(view.tokens) and high - deed.end < _REACH and not is_boundary(view, high):
        opens = any(hit.start < high <= hit.end and hit.cue in OPENS_A_CLAUSE for hit in view.before)
        if view.tokens[high].norm == "that" and opens and high > deed.end:
            break  # "those who fought them and pledged that"; of "claims that" the clause is the object
        if _opens_with_subject(view, high):
            break  # "while crews were let in, the drivers are still out"
        high += 1
    return low, high


def _opens_with_subject(view: View, comma: int) -> bool:
    """Whether a clause of its own follows a comma: at most two words, none of them a link, and an auxiliary."""
    if view.tokens[comma].norm != ",":
        return False
    behind = view.tokens[comma + 1 : comma + 4]
    verb = next((k for k, token in enumerate(behind) if token.stem in words("auxiliary")), 0)
    links = words("relative") | words("complement") | words("coordination") | words("preposition") | words("adverb")
    return verb > 0 and all(token.is_word and token.stem not in links for token in behind[:verb])
