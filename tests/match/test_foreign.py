"""Signals in other languages: exact and phrase matching in any script, inflection where Snowball knows the language."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from commandline import Monitor
from hypothesis import given
from hypothesis import strategies as st

from monitor.match.item_reader import read_item
from monitor.match.lookup.compiled import CompiledRules
from monitor.model import Item, Stance
from monitor.rules.ruleset import Ruleset
from monitor.text.language import language_of

SIGNALS = [
    {"lang": "fr", "does": ["interdit", "ferment"], "what": [["femme", "fille"], ["université", "école"]],
     "unless": ["promettre", "promis", '"ne"']},
    {"lang": "de", "does": ["schließen", "verboten"], "what": [["Frau", "Mädchen"], ["Schule", "Hochschule"]]},
    {"lang": "ru", "does": ["запретили", "закрыли"], "what": [["женщина", "девочка"], ["школа", "университет"]]},
    {"lang": "fa", "does": ["بستند", "ممنوع"], "what": [["زنان"], ["دانشگاه"]], "unless": ["نخواهند"]},
    {"lang": "ps", "does": ["وتړل", "بند کړل"], "what": [["نجونو", "ښځو"], ["ښوونځي"]]},
    {"lang": "ar", "does": ["تغلق", "تمنع"], "what": [["النساء", "الفتيات"], ["الجامعات", "المدارس"]]},
    {"lang": "zh", "does": ["禁止"], "what": [["女性", "女孩"], ["大学", "学校"]]},
    {"lang": "ja", "does": ["禁止"], "what": [["女性"], ["大学"]]},
    {"lang": "th", "does": ["ห้าม"], "what": [["ผู้หญิง"], ["มหาวิทยาลัย"]]},
]  # fmt: skip
NAMES = ["Taliban", "talibans", "Талибан", "талибы", "طالبان", "طالبانو", "塔利班", "タリバン", "ตาลีบัน"]


def rules() -> CompiledRules:
    signals = [{"id": f"closed-{s['lang']}", "stance": "breach", **s} for s in SIGNALS]
    english = {"id": "closed", "stance": "breach", "does": ["ban", "bar"], "what": [["woman"], ["university"]]}
    return CompiledRules(
        [
            Ruleset.model_validate(
                {
                    "ruleset": "test",
                    "title": "Test",
                    "issuer": "issuer",
                    "addressee": "regime",
                    "consequence": {"id": "aid", "title": "Aid", "requires": "schools"},
                    "actors": {"regime": {"names": NAMES}},
                    "conditions": {"schools": {"title": "Schools", "signals": [english, *signals]}},
                }
            )
        ]
    )


RULES = rules()


def found(title: str, text: str = "") -> list[str]:
    return [f.signal for f in read_item(RULES, Item(id="x", title=title, text=text)).evidence]


@pytest.mark.parametrize(
    ("text", "signal"),
    [
        ("Les talibans ont interdit aux femmes d'entrer dans les universités", "closed-fr"),
        ("Les talibans interdisent l'école aux filles à Kaboul", None),
        ("Les talibans ferment l’université : les étudiantes et les femmes sont renvoyées", "closed-fr"),
        ("Die Taliban schließen die Hochschulen für die Frauen im ganzen Land", "closed-de"),
        ("Die Taliban haben den Mädchen die Schulen verboten", "closed-de"),
        ("Талибан закрыл университеты", None),
        ("Талибы запретили женщинам учиться в университетах", "closed-ru"),
        ("طالبان دانشگاه‌ها را به روی زنان بستند", "closed-fa"),
        ("طالبانو د نجونو ښوونځي وتړل", "closed-ps"),
        ("طالبان تغلق الجامعات أمام النساء", "closed-ar"),
        ("塔利班禁止女性上大学", "closed-zh"),
        ("タリバンは女性の大学教育を禁止した", "closed-ja"),
        ("ตาลีบันห้ามผู้หญิงเรียนมหาวิทยาลัย", "closed-th"),
        ("Taliban ban women from universities", "closed"),
        # Whose deed, and what makes it none.
        ("L'Iran a interdit aux femmes d'entrer dans les universités de la ville", None),
        ("Les talibans ont promis de ne pas interdire les universités aux femmes", None),
        ("طالبان دانشگاه را به روی زنان نخواهند بست و ممنوع نیست", None),
        ("伊朗禁止女性上大学", None),
        # All in one sentence.
        ("塔利班禁止集会。女性仍在上大学。", None),
        ("Les talibans ont interdit la musique. Les femmes vont à l'université.", None),
    ],
)
def test_signals_of_every_language_find_what_they_should(text: str, signal: str | None) -> None:
    assert found(text) == ([signal] if signal else [])


def test_a_finding_shows_its_words_where_they_stand() -> None:
    item = Item(id="x", title="Kaboul", text="Les talibans ont interdit aux femmes d'entrer dans les universités.")
    (finding,) = read_item(RULES, item).findings
    assert [span.of(item.body) for span in finding.words] == ["interdit", "femmes", "universités"]
    assert (finding.quote, finding.stance) == (item.text, Stance.BREACH)
    assert "taken as it stands" in str(finding.steps[-1])


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The army of Northland shelled a village in the night", "en"),
        ("Les talibans ont fermé les écoles de filles dans le pays", "fr"),
        ("Die Regierung hat das Gesetz nicht in den Bundestag eingebracht", "de"),
        ("El gobierno de los talibanes prohíbe a las mujeres que estudien en la universidad", "es"),
        ("De regering heeft het besluit van de rechter niet aangenomen", "nl"),
        ("Il governo ha deciso che le scuole sono chiuse per gli studenti", "it"),
        ("Правительство закрыло границу", "ru"),
        ("Уряд закрив кордон із сусідньою країною", "uk"),
        ("طالبان دانشگاه‌ها را بستند و گفتند", "fa"),
        ("طالبانو ښوونځي وتړل", "ps"),
        ("طالبان تغلق الجامعات أمام النساء", "ar"),
        ("طالبان نے لڑکیوں کے اسکول بند کر دیے", "ur"),
        ("塔利班关闭学校", "zh"),
        ("タリバンが学校を閉鎖", "ja"),
        ("탈레반이 학교를 폐쇄했다", "ko"),
        ("Kabul 2021", ""),
        ("", ""),
        ("12345 !!!", ""),
    ],
)
def test_the_language_of_a_text(text: str, language: str) -> None:
    assert language_of(text) == language


@given(st.text(max_size=300))
def test_no_text_makes_it_stumble_and_spans_lie_in_the_text(text: str) -> None:
    item = Item(id="x", title=text)
    for finding in read_item(RULES, item).findings:
        assert all(0 <= span.start < span.end <= len(item.body) for span in finding.words)


def test_hostile_text_costs_linear_time() -> None:
    started = time.process_time()
    for text in ("طالبان " * 20_000, "禁止" * 50_000, "塔利班" + "女性大学" * 20_000, "les talibans " * 10_000):
        read_item(RULES, Item(id="x", title="x", text=text))
    assert time.process_time() - started < 20


def test_rules_in_another_language_are_checked_and_proved_like_others(folder: Path, monitor: Monitor) -> None:
    (folder / "rules").mkdir()
    text = """\
ruleset: test
title: Test
issuer: i
addressee: regime
consequence: {id: aid, title: Aid, requires: schools}
actors:
  regime: {names: [talibans]}
conditions:
  schools:
    title: Schools are open
    signals:
      - id: closed
        stance: breach
        lang: fr
        does: [ferment]
        what: [[école]]
        unless: [promettre, promis]
        examples:
          - {text: Les talibans ferment les écoles dans le nord, expect: breach}
          - {text: Les talibans ont promis que jamais ils ne ferment les écoles, expect: none}
"""
    file = folder / "rules" / "test.yaml"
    file.write_text(text)
    assert monitor("rules", "check", "--strict").code == 0
    assert "taken as it stands" in monitor("explain", "Les talibans ferment les écoles dans le nord").out
    file.write_text(text.replace("        lang: fr\n", ""))
    assert "`unless` is for other languages" in monitor("rules", "check").out
    file.write_text(text.replace("lang: fr", "lang: french"))
    assert "test.yaml:14:" in monitor("rules", "check").out
