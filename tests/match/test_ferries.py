"""Constructions with lists that share words, particles, places and dates: a ruleset on an island's ferries."""

from __future__ import annotations

import pytest
from ferries import NOW, RULES

from monitor.match.item_reader import read_item
from monitor.match.lookup.compiled import CompiledRules
from monitor.model import Asserter, Item, Stance
from monitor.rules.ruleset import Ruleset


@pytest.mark.parametrize(
    ("text", "stances"),
    [
        # Both lists hold "evacuee", which is nearest; the buses are left for the other.
        ("Buses of evacuees turned back by the junta in Port Ann", {"breach"}),
        ("Evacuees turned back by the junta in Port Ann", set()),
        # Who left its ground was on it, wherever he arrives.
        ("A ferry out of Port Ann with islanders has landed in Lisbon", {"fulfilment"}),
        ("A ferry has landed in Lisbon with islanders of Westisle", set()),
        # A preposition that belongs to another verb is no deed.
        ("Crossings up by a third in Westisle this spring", {"fulfilment"}),
        ("Crews of the junta at the crossing tear up their tickets", set()),
        # An adjective with a clause behind it is no deed.
        ("Envoys made it clear that evacuees on a ferry of the junta are islanders", set()),
        # What is named only to be ruled out.
        ("The coast poses no danger, the junta says", {"denial"}),
        # A plural noun that a place describes is what the verb acts on.
        ("The junta does not recognise Westisle consulates abroad", set()),
        ("Norway does not recognise the junta", {"breach"}),
        # A year before "when" dates what follows.
        ("The junta held Port Ann from 1991 to 1999, when islanders were barred from ferries", set()),
        ("The junta has held Port Ann since 2023, and islanders were barred from ferries", {"breach"}),
        # What is named only for contrast.
        ("The junta barred evacuees from buses, not ferries", set()),
        # A claim that somebody else rejects is a claim; the addressee's rejection is a denial.
        ("Norway rejects claims that the junta barred islanders from ferries", set()),
        ("The junta rejects claims that it barred islanders from ferries", {"denial"}),
        # Two that prevent, one beside the other, do not undo each other.
        ("The junta restricts islanders, preventing a ferry from landing in Port Ann", {"breach"}),
        # A relative clause about the last thing named asks for nothing.
        ("A ferry of the junta has landed in Port Ann with flour, which is essential to bakeries", {"fulfilment"}),
        # Whoever worries over a promise takes it for granted; talks and pleas promise nothing.
        ("Envoys are worried over the junta's promise to land ferries in Port Ann", {"pledge"}),
        ("Norway and the junta in talks to land a ferry in Port Ann", set()),
        ("Envoys make a plea for the junta to land ferries in Port Ann", {"demand"}),
        ("The islanders' bid for ferries was barred by the junta", {"breach"}),
        # Who is held to a promise is asked to keep it.
        ("Envoys will hold the junta to its promise to land ferries in Port Ann", {"demand"}),
        # What a verb and its particle enclose.
        ("Norway last week became the first state to accept the junta as its lawful government", {"fulfilment"}),
        # What whoever rules says that others may do is permitted; what it may do itself is open.
        ("Ferries may land in Port Ann, the junta said", {"pledge"}),
        ("The junta said it may land ferries in Port Ann", set()),
        # Whoever answers a charge is charged with it.
        ("The junta rejects Norway's charge of barring islanders from ferries", {"denial"}),
        # What a report says is the report's; who signs a headline answers it.
        ("The junta dismissed a report that ferries were sunk", {"denial"}),
        ("Monitors' report on sunk ferries baseless: junta", {"denial"}),
        # What something hangs on is asked for, however its verb ends.
        ("Norway will cancel the regatta unless the junta lands ferries in Port Ann", {"demand"}),
        # An infinitive that opens the sentence is its subject, or tells what for.
        ("To land ferries in Port Ann will be hard for the junta", set()),
        # The subject of a relative clause with an object of its own.
        ("Envoys met the junta, holding it to account for an islanders' ferry that barred the road", set()),
        # What is owned, with a word between.
        ("Westisle islanders and evacuees left ashore by Oslo's travel bar", set()),
        # A decision that is still to be taken.
        ("Norway says a decision on recognising the junta will be joint", set()),
        # People of its ground are not the junta.
        ("Westisle families honoured the dead by landing a ferry in Port Ann", set()),
        # A promise that was not kept, one that something is ensured, and a demand for rulers who do it.
        ("The junta has not kept its promise to land ferries in Port Ann", {"breach"}),
        ("The junta is committed to ensuring that ferries are landed in Port Ann", {"pledge"}),
        ("Envoys called on the junta to form a government that lands ferries in Port Ann", {"demand"}),
        ("Recognising the junta is not a priority", {"breach"}),
        ("Norway says recognising the junta is not on the agenda", {"breach"}),
        ("Recognising the junta is an option", set()),
        # What is a risk by being so is so.
        ("Envoys spoke of the risk posed by the junta barring islanders from ferries", {"breach"}),
        # Laws that do what whoever made them does.
        ("The junta passed laws that bar islanders from ferries", {"breach"}),
        # Who denies something else denies nothing of this.
        ("While the junta landed ferries in Port Ann, others denied the presence of envoys", {"fulfilment"}),
        # Denying that something was done withholds nothing.
        ("The junta denied the sudden detention of islanders on a ferry", set()),
        ("The junta denied the right of islanders to a ferry", {"breach"}),
        # A condition goes on behind an "and".
        ("Norway will pay if the junta repays its loans and lands ferries in Port Ann", set()),
        ("The junta repays its loans and lands ferries in Port Ann", {"fulfilment"}),
        # What is impossible is not done; what is imperative is asked for.
        ("It is all but impossible to recognise the junta", {"breach"}),
        ("It is imperative for the junta to land ferries in Port Ann", {"demand"}),
        # What is a long time off, or was promised in a clause of its own and not kept.
        ("Norway is some time away from recognising the junta", {"breach"}),
        ("The junta has not kept its promise that it would land ferries in Port Ann", {"breach"}),
        # What is not thought to be so is not announced.
        ("The junta says it does not consider ferries of islanders and evacuees to be barred", {"denial"}),
        # A number may have words before it.
        ("Islanders of a ferry in Westisle barred at least five crews", set()),
        ("Islanders in Westisle barred from at least five ferries", {"breach"}),
        # A clause that has its finite verb is no headline, whose infinitive would be its future.
        ("The junta has given ten days to crews of evacuees in Westisle to bar islanders from ferries", {"breach"}),
        # An answer behind a semicolon.
        ("Islanders barred from ferries in Westisle, envoys say; junta rejects claim", {"breach", "denial"}),
        # A promise that is sought is asked for, whomever "it" is to come from.
        ("Norway needs assurances from the junta that ferries will land in Port Ann", {"demand"}),
        ("Norway demanded assurances from the junta that it will land ferries in Port Ann", {"demand"}),
        ("Norway is looking for junta promises to land ferries in Port Ann", {"demand"}),
        # Whatever stands behind a verb of its own is not what was pledged before.
        ("Norway pledges loans to the junta, seeks its help to land ferries in Port Ann", {"demand"}),
        # What is alleged is not contested for that.
        ("The mission said it saw the junta barring islanders from ferries for alleged theft", {"breach"}),
        # A participle that describes whoever does it is no cue.
        ("Envoys spoke about the banned crews of the junta barring islanders from ferries", {"breach"}),
        # Who is told to do something by nobody that is named is told so by whoever rules.
        ("Ferries in Westisle were told not to land", {"breach"}),
        ("Ferries with islanders were told by envoys not to land in Westisle", set()),
        # What whoever rules declares to be its wish binds it.
        ("The junta announced its desire to land ferries in Port Ann", {"pledge"}),
        ("The junta told envoys of a desire to land ferries in Port Ann", set()),
        # Whoever is warned off harm is asked to leave it; a good deed that is warned off is asked of nobody.
        ("Norway warned the junta against barring islanders from ferries", {"demand"}),
        ("Norway warned others against recognising the junta", set()),
        # A time to come that only a negation takes.
        ("Norway will not recognise the junta anytime soon", {"breach"}),
        # Who rules is what a pronoun owns.
        ("Norway met the junta and has not recognised their government", {"breach"}),
        # What something is held out for is not asked for.
        ("Trust is a precondition for recognising the junta", set()),
        # A bare number is an object.
        ("Islanders of a ferry in Westisle barred seven in a raid", set()),
        # What somebody is exempted from is undone for him; what others fear is promised by nobody.
        ("The junta exempted crews from its bar on evacuees in ferries", {"fulfilment"}),
        ("Envoys reassured over the junta's bar on evacuees in ferries", set()),
        # Who says that there is no sign of it contests it.
        ("There was no sign that the junta barred islanders from ferries, it said", {"denial"}),
        # An order does what whoever gives it does.
        ("The junta imposed orders barring islanders from ferries", {"breach"}),
        # A verb that only goes on with the subject before the comma says nothing of what stands between.
        ("Norway, which was the first country to recognise the junta, has pledged aid", {"fulfilment"}),
        # Whoever is against a state is not of that state.
        ("Anti-Norway officials barred islanders from ferries in Westisle", {"breach"}),
        # "Nor" negates what follows it.
        ("Neither Norway, nor others have recognised the junta", {"breach"}),
        ("The junta lands no freight, nor does it land ferries in Port Ann", {"breach"}),
        # What somebody is held to have left undone is nobody's denial.
        ("The junta said it held crews for not barring islanders from ferries", set()),
        # What nobody in particular does is only spoken of.
        ("A bar on islanders in ferries by any state is a crime, the junta said", set()),
        # What is owned by those of the sentence before.
        ("Evacuees fled. The junta barred their ferry in Port Ann", {"breach"}),
        ("Crews fled. The junta barred their ferry in Port Ann", set()),
        # Whoever asks does not say on whose ground it is.
        ("The junta listened. The Iranian minister asked the group to land ferries", {"demand"}),
        # Who is given a deadline is asked; who is told something does not do it.
        ("Norway gave the junta a deadline to land ferries in Port Ann", {"demand"}),
        ("The junta told its Norwegian counterpart that no bar on evacuees in ferries was planned", {"denial"}),
        # What a noun denies is to come where its verb is.
        ("No bar will be put on evacuees in ferries, the junta said", {"pledge"}),
        ("No bar is put on evacuees in ferries, the junta said", {"denial"}),
        # Who looks for a way has not gone it; who changes course breaks his word.
        ("The junta said it was looking for a way to land ferries in Port Ann", {"pledge"}),
        ("The junta changed course on landing ferries in Port Ann", {"breach"}),
        ("Norway counts on the junta to land ferries in Port Ann", {"demand"}),
        # Those at risk are people, and nothing that may happen.
        ("Those at risk landed on ferries in Port Ann", {"fulfilment"}),
        # What stands in a list of conditions is asked for.
        ("The junta must fulfil two conditions: ferries will land in Port Ann; a vote is held", {"demand"}),
        ("The junta's conditions include landing ferries in Port Ann", set()),
        ("Its benchmarks for the junta include a vote and landing ferries in Port Ann", {"demand"}),
        ("Conditions on ferries are dire, and the junta landed ferries in Port Ann", {"fulfilment"}),
        ("Norway said its conditions were not met; the junta landed ferries in Port Ann", {"fulfilment"}),
        # Whoever will not let others do it refuses it, as long as he does not say so himself.
        ("The junta will not land ferries in Port Ann", {"breach"}),
        ("The junta said it will not land ferries in Port Ann", {"threat"}),
        # What is called a mistake is held off; what one moves towards is to come.
        ("Recognising the junta would be a mistake, Norway said", {"breach"}),
        ("Norway is moving towards recognising the junta", {"pledge"}),
        # What is prevented need no "from".
        ("The junta prevented islanders being barred from ferries", {"fulfilment"}),
        # "Within" says how far, and is no deed.
        ("The junta lands ferries within a bar on evacuees", {"fulfilment"}),
        # Who is told by whoever rules is told so by it.
        ("Crews ordered by the junta to bar evacuees from ferries", {"breach"}),
        # What is due to a deed is not to come.
        ("Norway lost trust due to a junta bar on evacuees in ferries", {"breach"}),
        ("Crews wait due to junta officials barring islanders from ferries", {"breach"}),
        # A capital that is told something is who rules there; people in it are not.
        ("Westisle told to land ferries", {"demand"}),
        ("Crews in Westisle told to land ferries", {"fulfilment"}),
        # Determiners part a negation from its noun no further.
        ("The junta's port must not be used for any such bar on islanders in ferries", {"demand"}),
        # Whoever warns somebody of what he does himself is not worried about it.
        ("Norway warns the junta that it has not recognised the junta government", {"breach"}),
        # What nobody is allowed may be named at length.
        (
            "A man, Mr Orr, said that no crew would be allowed to use the Westisle port to bar islanders from a ferry",
            {"pledge"},
        ),
        # A measure serves the purpose that it was made for; whoever has a purpose has still to do it.
        ("The junta passed laws intended to bar islanders from ferries", {"breach"}),
        ("The junta intended to bar islanders from ferries", {"threat"}),
        # A threat to undo something.
        ("The junta threatens to lift its bar on islanders in ferries", {"pledge"}),
        # What is said to be so is no promise, and what somebody is the third to do is done.
        ("Islanders are said to be barred from ferries in Westisle", {"breach"}),
        ("Norway becomes the third country to recognise the junta", {"fulfilment"}),
        # A promise may be broken in many words.
        ("The junta violated its solemn assurances that it would land ferries in Port Ann", {"breach"}),
        ("The junta has not honoured its many pledges to land ferries in Port Ann", {"breach"}),
        ("The junta acted contrary to its solemn promise to land ferries in Port Ann", {"breach"}),
        # What is decreed and talked about is in force; what is only weighed is not.
        ("Envoys discuss the junta's bar on islanders in ferries", {"breach"}),
        ("Envoys discuss a bar on islanders in ferries in Westisle", set()),
        # Who does not deny it leaves it standing.
        ("The junta has not denied that it barred islanders from ferries, envoys say", {"breach"}),
        # What a party is, said behind its name, is nobody else.
        ("The junta rebel group barred islanders from ferries", {"breach"}),
        ("A rebel group barred islanders from ferries near Port Ann", set()),
        # Who refuses to promise has promised nothing.
        ("The junta refused to guarantee that ferries would land in Port Ann", set()),
        # Who is asked to pass something on is not asked to do it.
        ("He asked us to tell envoys that the junta will not bar islanders from ferries", {"pledge"}),
        # Who is dealt with asks for nothing.
        ("Envoys plan to deal with the junta, with one condition being that it must land ferries", {"demand"}),
        # What whoever rules says that others have to do, it decrees.
        ("The junta says islanders have to be barred from ferries", {"breach"}),
        # An order that somebody has to comply with is in force.
        ("Captains have to comply with a new junta order barring islanders from ferries", {"breach"}),
        # What is not permitted may be named by a noun.
        ("The junta would not permit the bar on islanders in ferries", {"pledge"}),
        # Where somebody speaks is not where it happens.
        ('"Our ferries will land," said a captain, head of the junta\'s port, in Lisbon', {"pledge"}),
        # A name may stand inside a cue.
        ("Envoys will hold the junta accountable for its pledge to land ferries", {"demand"}),
        ("The junta will be held accountable for its actions on landing ferries", {"demand"}),
        # What is granted on terms only is withheld from whoever does not meet them.
        ("The junta will only let ferries land when islanders have permits", {"threat"}),
        # What is done to a party is not its own deed.
        ("Guards in Westisle turned back junta and rebel buses from ferries", set()),
        # How something may come to be is only discussed.
        ("Envoys are in talks with the junta to discuss how ferries will land in Port Ann", set()),
        ("The junta hints bar on islanders in ferries", {"threat"}),
        # One of its own who calls for something has done nothing yet.
        ("A junta officer calls for islanders' ferries to land in Port Ann", {"demand"}),
        # "Once again" begins no clause.
        ("Islanders were once again barred from ferries in Westisle", {"breach"}),
        # What is told of a thing in passing, and of another time, is not told of the deed.
        ("The junta barred islanders from ferries, a bar that was common in the 1990s", {"breach"}),
        ("The junta barred islanders from ferries, a move that threatens the harvest", {"breach"}),
        ("The junta barred crews from the harbour, further barring islanders from ferries", {"breach"}),
        # A gerund with an article and an adjective is a noun.
        ("He called for the immediate landing of ferries in Westisle", {"demand"}),
        ("Evacuee buses and ferries barred 12 of Westisle's roads", set()),
        # A participle between an owner and what he owns describes it.
        ("The junta landed the port's barred ferries with evacuees", {"fulfilment"}),
        # A bare verb in a list parted by semicolons goes on with the modal before it.
        ("The junta should free the crews; set up a council; and land ferries", {"demand"}),
        ("The junta will free the crews; and let ferries land in Westisle", {"pledge"}),
        ("The junta freed the crews; and let ferries land in Westisle", {"fulfilment"}),
        # A deed that depends on something is still to come.
        ("The landing of ferries in Westisle hinges on the weather", set()),
        # Whoever faces a bar has not imposed it.
        ("Crews of the rebel group have faced bars on evacuees' ferries in Westisle", {"breach"}),
        # To whom something is pledged does not do it.
        ("The junta has not honoured its pledge to the rebel group to land ferries", {"breach"}),
        # "By" belongs to the participle right before it.
        ("Evacuees were barred from ferries crewed by the rebel group in Westisle", {"breach"}),
        ("Evacuees were barred and beaten on ferries by the rebel group in Westisle", set()),
        # "Anymore" is not what a verb acts on.
        ("Ferries from Westisle can not depart anymore", {"breach"}),
        ("The junta landed a crossing for ferries", {"fulfilment"}),
        # "Committed" promises before "not to" as it does before "to".
        ("The junta is committed not to bar islanders from ferries", {"pledge"}),
        # A relative clause with a verb of its own ends before the verb of the whole.
        ("Envoys asked whether islanders who work in Westisle were barred from ferries", set()),
        ("Envoys met islanders who work in Westisle and were barred from ferries", {"breach"}),
        ("Envoys met islanders who said evacuees were barred from ferries in Westisle", {"breach"}),
        # What others say will happen is no threat of the addressee's.
        ("Crews in Westisle said evacuees would be barred from ferries", set()),
        ("The junta said evacuees would be barred from ferries", {"threat"}),
        # What another's order has caused, or what another gives, is not in its hands.
        ("Islanders in Westisle were barred from ferries due to a Lisbon decree", set()),
        ("Islanders in Westisle were barred from ferries due to a junta decree", {"breach"}),
        ("Islanders barred for visas on ferries in Westisle", {"breach"}),
        # A participle behind what somebody is kept from is not what he is kept from doing.
        ("Protests against the junta decree keeping islanders from ferries cleared", {"breach"}),
        # A demand goes on through a list, whatever stands in it.
        ("Lisbon called on the junta to free the rebel group, form a council, and reopen a crossing", {"demand"}),
        # Who calls for protest against a decision takes it for granted; who asks to have it dropped asks for good.
        (
            "Envoys called on crews to join a march against the junta's decision to bar islanders from ferries",
            {"breach"},
        ),
        ("Envoys called on the junta to drop its decision to bar islanders from ferries", {"demand"}),
        # A mere word that somebody is kept from is no word.
        ("The junta will let islanders enjoy refuge in Westisle", {"pledge"}),
        ("The junta stopped islanders from enjoying refuge in Westisle", set()),
        # A clause of its own has its own objects.
        ("While evacuees were turned back in Westisle, the ferry is full", set()),
        ("While evacuees were turned back in Westisle, from ferries too, it rained", {"breach"}),
        # What opens the sentence and is key is asked for.
        ("Landing the ferries that the junta holds is key to trade, Lisbon said of Westisle", {"demand"}),
        ("Landing ferries in Westisle, the junta kept its word", {"fulfilment"}),
        # A date behind a comma and a gerund is that verb's.
        ("Islanders were barred from ferries in Westisle, keeping to a rule of three years ago", {"breach"}),
        ("Islanders were barred from ferries in Westisle three years ago, keeping to a rule", set()),
        # Its rulers are the addressee, where only the place is named.
        ("Lisbon tells the Westisle regime to land ferries", {"demand"}),
    ],
)
def test_a_construction_has_these_stances(text: str, stances: set[str]) -> None:
    found = read_item(RULES, Item(id="x", title="", text=text, published=NOW)).findings
    assert {f.stance.value for f in found if f.stance is not Stance.MENTION} == stances


@pytest.mark.parametrize(
    ("title", "text", "stances"),
    [
        ("Junta lands ferries in Port Ann", "Ferries will land in Port Ann next month.", {"pledge"}),
        ("Junta lands ferries in Port Ann", "A ferry landed on Monday; ferries will land.", {"fulfilment", "pledge"}),
        ("Junta lands ferries in Port Ann", "It rained.", {"fulfilment"}),
        ("Junta bars islanders from ferries", "It will bar islanders from ferries, it announced.", {"breach"}),
        ("Junta lands ferries in Port Ann", "It will bar islanders from ferries.", {"fulfilment", "threat"}),
    ],
)
def test_a_headline_tells_of_a_promise_as_of_a_deed(title: str, text: str, stances: set[str]) -> None:
    found = read_item(RULES, Item(id="x", title=title, text=text, published=NOW)).findings
    assert {f.stance.value for f in found if f.stance is not Stance.MENTION} == stances


@pytest.mark.parametrize(("place", "stances"), [("Westisle", {"fulfilment"}), ("Lisbon", set())])
def test_the_dateline_of_a_headline_says_where(place: str, stances: set[str]) -> None:
    item = Item(id="x", title=f"{place}: ferry departs with islanders", text="", published=NOW)
    assert {f.stance.value for f in read_item(RULES, item).findings} == stances


def test_many_lists_are_filled_quickly() -> None:
    ruleset = RULES.rulesets[0].model_dump(mode="json", by_alias=True)
    ruleset["conditions"]["passage"]["signals"][0]["what"] = [["ferry"]] * 29 + [["nowhere"]]
    rules = CompiledRules([Ruleset.model_validate(ruleset)])
    text = "The junta barred " + "ferry " * 14 + "nowhere."
    assert not [f for f in read_item(rules, Item(id="x", title="", text=text)).findings if f.condition == "passage"]


def test_he_is_who_spoke_in_the_sentence_before() -> None:
    item = Item(
        id="x",
        title="Captain says junta is split",
        text="A captain said the junta is split. He said that ferries landed in Port Ann.",
        published=NOW,
    )
    (found,) = read_item(RULES, item).evidence
    assert (found.stance, found.asserted_by) == (Stance.FULFILMENT, Asserter.OTHER)
