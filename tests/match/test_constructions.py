"""Deeds told from words in every construction that news is written in: one table for each stance."""

from __future__ import annotations

import pytest
from schools import findings, stances

from monitor.model import Stance

OPEN, CLOSE = "reopen girls' schools", "ban girls from school"

ASKED = [
    "urged", "asked", "told", "pressed", "pressured", "pushed", "begged", "advised", "encouraged", "implored",
    "expects", "wants", "would like", "called on", "appealed to", "pleaded with",
]  # fmt: skip
MUST = [
    "demanded that the Taliban", "requested that the Taliban", "said the Taliban must", "said the Taliban should",
    "said the Taliban need to", "said the Taliban have to", "said the Taliban ought to",
    "said it was time for the Taliban to", "said it was up to the Taliban to", "made it a condition that the Taliban",
    "said it would not recognise the Taliban until they", "said there would be no aid unless the Taliban",
    "said it is the Taliban's responsibility to",
]  # fmt: skip
WILL = [
    "promised to", "vowed to", "pledged to", "agreed to", "plan to", "will", "intend to", "are preparing to",
    "are set to", "are about to", "are ready to", "are willing to", "have committed to", "are due to", "offered to",
    "have undertaken to", "said they would", "say they will", "announced that they would", "announced plans to",
    "have approved a plan to", "repeated their promise to", "gave assurances that they would", "will soon",
]  # fmt: skip


@pytest.mark.parametrize("asks", ASKED)
def test_who_is_asked_to_do_good_has_not_done_it(asks: str) -> None:
    assert stances(f"The UN {asks} the Taliban to {OPEN}.") == {Stance.DEMAND}


@pytest.mark.parametrize("must", MUST)
def test_what_must_be_done_is_a_demand(must: str) -> None:
    assert stances(f"The UN {must} {OPEN}.") == {Stance.DEMAND}


@pytest.mark.parametrize("asked", ["urged", "asked", "told", "ordered", "pressed", "advised", "pushed", "pressured"])
def test_a_headline_in_the_passive_is_a_demand(asked: str) -> None:
    assert stances(f"Taliban {asked} to {OPEN}") == {Stance.DEMAND}


@pytest.mark.parametrize("will", WILL)
def test_good_to_come_is_a_pledge_and_harm_to_come_is_a_threat(will: str) -> None:
    assert stances(f"The Taliban {will} {OPEN}.") == {Stance.PLEDGE}
    assert stances(f"The Taliban {will} {CLOSE}.") == {Stance.THREAT}


TABLE = {
    "demand": """
        Let Afghan girls return to school, UN tells Taliban
        Reopen girls' schools, UN urges Taliban
        UN to Taliban: reopen girls' schools
        UN: Taliban must reopen girls' schools
        'Reopen girls' schools': UN appeals to Taliban
        Protesters in Kabul demand that girls be allowed to return to school
        Women march in Kabul, demanding the right of girls to return to school
        Taliban under pressure to reopen girls' schools
        Taliban face calls to reopen girls' schools
        Calls grow for Taliban to reopen girls' schools
        Pressure mounts on Taliban to reopen girls' schools
        Girls' schools must reopen, UN tells Taliban
        Taliban must reopen girls' schools: Angela Merkel
        Afghan girls should return to school, envoy says
        US says Taliban recognition hinges on girls returning to school
        No aid until girls return to school, donors tell Taliban
        The UN ties aid to the Taliban reopening girls' schools.
        Donors stress the importance of the Taliban reopening girls' schools.
        No recognition until the Taliban reopen girls' schools, the UK says.
        Malala Yousafzai has written to the Taliban asking them to reopen girls' schools.
        "Let the girls return to school," the UN chief told the Taliban.
        The UN urged the Taliban to reverse policies that restrict rights, including reopening girls' schools.
        Speaking in Doha, the German minister said girls had to be allowed to return to school in Afghanistan.
    """,
    "pledge": """
        Taliban to reopen girls' schools
        Taliban to allow girls to return to school
        Girls' schools to reopen in Kabul, Taliban say
        Afghan girls to return to school next week
        Girls' schools in Kabul will reopen soon
        Taliban promise girls' return to school
        Taliban pledge on reopening of girls' schools
        Taliban vow not to ban girls from school
        Germany says the Taliban will not ban girls from school.
        The Taliban's commitment to reopen girls' schools
        The Taliban say they are working on a plan to reopen girls' schools.
        The group of the Taliban was working on a mechanism to let girls return to school.
        The Taliban told the UN that they would reopen girls' schools.
        The Taliban assured the UN that girls would return to school.
        The Taliban promised reforms, including reopening girls' schools.
    """,
    "breach": """
        The Taliban continue to ban girls from school.
        The Taliban have yet to reopen girls' schools.
        The Taliban are still to let girls return to school.
        The Taliban upheld the ban on girls' schools.
        The Taliban stopped girls from returning to school.
        The Taliban impede girls from returning to school.
        The Taliban obstruct the return of girls to school.
        The Taliban withdrew permission for girls to return to school.
        The Taliban reversed a decision to let girls return to school.
        The Taliban ignored calls to reopen girls' schools.
        The Taliban went back on their promise to reopen girls' schools.
        The Taliban broke their promise to reopen girls' schools.
        The Taliban cancelled the reopening of girls' schools.
        The Taliban ruled out reopening girls' schools.
        The Taliban told universities to ban women.
        After the Taliban shut girls' schools, teachers urged the UN to act.
        Germany says the Taliban will not let girls return to school.
        The Taliban's leader called on universities to bar women.
        No girl is let into school in Kabul.
        UN condemns Taliban ban on girls' schools
        Why the Taliban banned girls from school
        Girls' schools in Kabul stay shut
        Afghan girls, whom the Taliban banned from school, study in secret.
        "We have banned girls from school," the Taliban's minister said in Doha.
        The UN rejects the Taliban's claim that no girl is banned from school.
        The Taliban were supposed to reopen girls' schools, but banned girls from university.
        Taliban officers banned women from a university.
        The Taliban will not let girls return to school, an aid group says.
        Taliban bar girls from school, denying a UN team a visit
        Aid groups in Kabul were ordered to bar women from schools.
        The envoy told reporters that the Taliban had failed to reopen girls' schools.
        The Taliban took harsh measures, including banning girls from school.
        The Taliban imposed restrictions on reopening girls' schools.
        The Taliban left girls who wanted to study barred from school.
        The Taliban let girls return to school only with a permit.
        The Taliban broke the Doha deal by "banning" girls from school.
        The Taliban ordered girls to be banned from school.
        Girls excluded from the return to school in Afghanistan
        Girls left out of the return to school in Afghanistan
        The UN asked the Taliban about four girls barred from school in Kabul.
        The Taliban, who have banned girls from school, face a drought, and fear a new exodus.
        The Taliban punished those who defied their ban on girls' schools.
    """,
    "fulfilment": """
        The Taliban did away with the ban on girls' schools.
        The Taliban put an end to the ban on girls' schools.
        The Taliban no longer ban girls from school.
        The Taliban overturned their ban on girls' schools.
        The Taliban decided to let girls return to school.
        The Taliban kept their promise to reopen girls' schools.
        UN hails return of Afghan girls to school
        Afghan girls return to school after Taliban lift ban
        Girls return to school soon after the Taliban took Kabul.
        "Girls have returned to school," UNICEF's head in Kabul said.
        Girls return to school in Kabul, Taliban tell envoys in Doha
    """,
    "denial": """
        Taliban deny they have banned girls from school
        Taliban: no ban on girls' schools
        "There is no ban on girls' schools," the Taliban say.
        "We ban no girl from school," the Taliban say.
        "We have not banned girls from school," the Taliban's minister said in Doha.
        The Taliban said it was not true that girls were banned from school
        Claims that girls are banned from school are false, the Taliban say
        Reports that girls were barred from school were not true, the Taliban said.
        Taliban call report of ban on girls' schools baseless
        The Taliban rejected a claim that girls were watched and barred from school.
    """,
    "mention": """
        Will the Taliban reopen girls' schools?
        Did the UN urge the Taliban to reopen girls' schools?
        Hopes fade that Taliban will reopen girls' schools
        No sign that Taliban will reopen girls' schools
        It was not clear when the Taliban would reopen girls' schools.
        Taliban discuss reopening girls' schools
        A question of letting girls return to school in Kabul
        Afghan girls hope to return to school
        When the Taliban last ruled, girls were banned from school
        Pakistan will ban Afghan girls from schools.
        The Taliban have no reason to ban girls from school.
        The Taliban were supposed to reopen girls' schools.
        US bans Afghan women students from university
        Taliban-barred girls find a school in Lisbon
    """,
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [(line.strip(), stance) for stance, lines in TABLE.items() for line in lines.strip().splitlines()],
)
def test_a_construction_has_one_stance(text: str, expected: str) -> None:
    assert stances(text) == ({Stance(expected)} - {Stance.MENTION})


@pytest.mark.parametrize("recalled", ["Those commitments include", "Such promises included"])
def test_what_somebody_is_held_to_is_asked_for(recalled: str) -> None:
    assert stances(f"The UN said the Taliban must keep their word. {recalled} letting girls return to school.") == {
        Stance.DEMAND
    }


@pytest.mark.parametrize(
    ("appeal", "asked"),
    [
        ("The UN urged the Taliban to reverse the decision.", True),
        ("The UN demanded that the latest decree be revoked.", True),
        ("Envoys said the ban must be lifted.", True),
        ("The UN called for the ban to be lifted.", True),
        ("The UN called on the authorities to reverse course.", True),
        ("The UN urged Pakistan to reverse the decision.", False),
        ("The Taliban urged the UN to lift the restrictions.", False),
        ("The UN urged the Taliban to lift the ban on kites.", False),
        ("The UN urged the Taliban to lift a ban.", False),
        ("The UN did not ask the Taliban to reverse the decision.", False),
        ("The Taliban reversed the decision.", False),
    ],
)
def test_an_appeal_to_undo_what_was_told_before_is_a_demand(appeal: str, asked: bool) -> None:
    expected = {Stance.BREACH, Stance.DEMAND} if asked else {Stance.BREACH}
    assert stances(f"The Taliban banned girls from school. {appeal}") == expected


@pytest.mark.parametrize(
    ("appeal", "speaker"),
    [
        ("The UN urged the Taliban to reverse the decision.", "The UN"),
        ("The ban must be lifted, the EU said.", "the EU"),
        ("G7 ministers said the ban must be lifted.", "G7 ministers"),
        ("The ban must be lifted.", ""),
    ],
)
def test_an_appeal_names_who_makes_it(appeal: str, speaker: str) -> None:
    [asked] = [f for f in findings(f"The Taliban banned girls from school. {appeal}") if f.stance is Stance.DEMAND]
    assert asked.speaker == speaker
