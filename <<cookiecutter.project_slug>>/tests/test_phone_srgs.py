"""Grammar files in the XML form of SRGS: what they match, what their tags say, and what is refused."""

import pytest

from phone.grammar import GrammarError, Match
from phone.srgs import read_grammar

CITIES = b"""<?xml version="1.0" encoding="UTF-8"?>
<!-- the cities one may book in -->
<grammar xmlns="http://www.w3.org/2001/06/grammar" version="1.0" xml:lang="en-US" root="booking"
         mode="voice" tag-format="semantics/1.0">
  <rule id="booking" scope="public">
    <item repeat="0-1">in <item repeat="0-1">the city of</item></item>
    <ruleref uri="#city"/>
    <tag>out = rules.city;</tag>
    <item repeat="0-1">please</item>
  </rule>
  <rule id="city">
    <one-of>
      <item>chicago <tag>out = "ORD";</tag></item>
      <item>new york <tag>out = 'JFK'</tag></item>
      <item><token>gate</token> <one-of><item>1</item><item>2</item></one-of><tag>gate</tag></item>
    </one-of>
  </rule>
</grammar>"""

PIN = b"""<grammar xmlns="http://www.w3.org/2001/06/grammar" version="1.0" mode="dtmf" root="pin">
  <rule id="digit"><one-of><item>1</item><item>2</item><item>3</item></one-of></rule>
  <rule id="pin" scope="public">
    <tag>out = "";</tag>
    <item repeat="2-4"><ruleref uri="#digit"/><tag>out += rules.latest();</tag></item>
  </rule>
</grammar>"""

SPECIAL = b"""<grammar><rule id="all">
  <ruleref special="GARBAGE"/> help <ruleref special="NULL"/> <item repeat="2">me</item>
</rule></grammar>"""


@pytest.mark.parametrize(
    ("file", "words", "value"),
    [
        (CITIES, "Chicago", "ORD"),
        (CITIES, "in the city of New York please", "JFK"),
        (CITIES, "in chicago", "ORD"),
        (CITIES, "gate two", "gate"),
        (CITIES, "the city of chicago", None),
        (CITIES, "chicago chicago", None),
        (CITIES, "", None),
        (SPECIAL, "oh do help me me", "oh do help me me"),
        (SPECIAL, "help me", None),
        (PIN, "1 2", None),
    ],
)
def test_speech(file: bytes, words: str, value: str | None) -> None:
    said = " ".join(words.lower().split())
    assert read_grammar(file).by_speech(words) == (value and Match(said, said, value))


@pytest.mark.parametrize(
    ("keys", "value", "over"),
    [
        ("1", None, False),
        ("12", "12", False),
        ("12#", "12", True),
        ("1231", "1231", True),
        ("9", None, True),
        ("12312", None, True),
    ],
)
def test_keys(keys: str, value: str | None, over: bool) -> None:
    pin = read_grammar(PIN)
    found = pin.by_keys(keys, terminator="#")
    assert (found and found.value) == value
    assert pin.ends_with(keys, terminator="#") is over
    assert read_grammar(CITIES).by_keys(keys, terminator="#") is None


def test_a_message_is_words_or_keys() -> None:
    assert read_grammar(CITIES).by_text("Chicago") == Match("chicago", "chicago", "ORD")
    assert read_grammar(PIN).by_text("1 2") == Match("1 2", "1 2", "12")


BOTH = b"""<grammar mode="voice" root="menu"><rule id="menu"><one-of>
  <item>agent <tag>out = "person"</tag></item>
  <item>dtmf-0 <tag>out = "person"</tag></item>
  <item>dtmf-star dtmf-pound</item>
  <item repeat="2-3">dtmf-1</item>
  <item><ruleref special="GARBAGE"/> please</item>
</one-of></rule></grammar>"""


@pytest.mark.parametrize(
    ("keys", "value", "over"),
    [
        ("0", "person", True),
        ("*", None, False),
        ("*#", "dtmf-star dtmf-pound", True),
        ("1", None, False),
        ("11", "dtmf-1 dtmf-1", False),
        ("11#", "dtmf-1 dtmf-1", True),
        ("111", "dtmf-1 dtmf-1 dtmf-1", True),
        ("5", None, True),
    ],
)
def test_a_file_for_words_may_hold_keys(keys: str, value: str | None, over: bool) -> None:
    menu = read_grammar(BOTH)
    found = menu.by_keys(keys, terminator="#")
    assert (found and found.value) == value
    assert menu.ends_with(keys, terminator="#") is over


def test_keys_are_pressed_and_words_are_said() -> None:
    menu = read_grammar(BOTH)
    assert menu.by_speech("agent") == Match("agent", "agent", "person")
    assert menu.by_speech("dtmf-0") is None
    assert menu.by_text("dtmf-0 please") is None
    assert menu.by_speech("do please") == Match("do please", "do please", "do please")


MANY = "".join(f"<item>road {n}</item>" for n in range(30_000))
MANY += "<item>road<tag>short</tag></item><item>road 7<tag>late</tag></item>"
MANY += '<item><ruleref uri="#word"/><tag>out = "other"</tag></item>'
STREETS = f"""<grammar mode="voice" root="a"><rule id="a">
  <item repeat="0-1">on</item> <one-of>{MANY}</one-of> <item repeat="0-1">please</item>
</rule><rule id="word"><item repeat="0-1">x</item> y</rule></grammar>""".encode()


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("road 29999", "road 29999"),
        ("on road 7 please", "on road 7 please"),
        ("on road please", "short"),
        ("x y please", "other"),
        ("y", "other"),
        ("road 30000", None),
        ("please", None),
    ],
)
def test_a_long_list_is_matched_as_a_short_one(words: str, value: str | None) -> None:
    found = read_grammar(STREETS).by_speech(words)
    assert (found and found.value) == value


def test_a_long_list_of_keys_waits_for_what_may_follow() -> None:
    keys = "".join(f"<item>{n}</item>" for n in range(100, 400))
    grammar = read_grammar(
        f'<grammar mode="dtmf"><rule id="a"><one-of>{keys}</one-of></rule></grammar>'.encode()
    )
    assert [grammar.ends_with(pressed, "#") for pressed in ("1", "39", "399", "4", "40")] == [
        False,
        False,
        True,
        True,
        True,
    ]
    found = grammar.by_keys("399", "#")
    assert found is not None
    assert found.value == "3 9 9"


@pytest.mark.parametrize(
    ("inside", "words", "value"),
    [
        ('<rule id="a">x<tag>plain text</tag></rule>', "x", "plain text"),
        ('<rule id="a">x<tag>out.city = "X"; out += 5</tag></rule>', "x", "X5"),
        ('<rule id="a"><ruleref uri="#b"/></rule><rule id="b">x<tag>$ = "b"</tag></rule>', "x", "b"),
        ('<rule id="a"><ruleref uri="#a"/> x</rule>', "x x", None),
        ('<rule id="a">x <item repeat="0-1"><ruleref uri="#a"/></item></rule>', "x x x", "x"),
        ('<rule id="a"><item repeat="0-"><item repeat="0-">x</item></item></rule>', "x x x", "x x x"),
        ('<rule id="a"><item repeat="3">x</item><ruleref special="VOID"/></rule>', "x x x", None),
        ('<rule id="b">y</rule><rule id="a" scope="public">x</rule>', "x", "x"),
    ],
)
def test_tags_and_rules(inside: str, words: str, value: str | None) -> None:
    found = read_grammar(f"<grammar>{inside}</grammar>".encode()).by_speech(words)
    assert (found and found.value) == value


def test_a_file_that_would_take_for_ever_matches_nothing() -> None:
    deep = '<item repeat="0-">' * 30 + "a" + "</item>" * 30
    grammar = read_grammar(f'<grammar><rule id="a">{deep} b</rule></grammar>'.encode())
    assert grammar.by_speech("a " * 2000) is None


@pytest.mark.parametrize(
    ("file", "problem"),
    [
        (b"", "not XML"),
        (b"#ABNF 1.0;", "not XML"),
        (b"<html/>", "must be grammar"),
        (b"<grammar/>", "has no rule"),
        (b'<grammar root="b"><rule id="a">x</rule></grammar>', "'b' is not there"),
        (b'<grammar mode="fax"><rule id="a">x</rule></grammar>', "voice or dtmf"),
        (b'<grammar mode="dtmf"><rule id="a">x</rule></grammar>', "'x' is none"),
        (b"<grammar><rule>x</rule></grammar>", "no id"),
        (b'<grammar><rule id="a">x</rule><rule id="a">y</rule></grammar>', "taken"),
        (b'<grammar><rule id="a"><ruleref uri="#b"/></rule></grammar>', "'b', which is not there"),
        (b'<grammar><rule id="a"><ruleref uri="other.xml#b"/></rule></grammar>', "within the file"),
        (b'<grammar><rule id="a"><ruleref special="ALL"/></rule></grammar>', "none of NULL"),
        (b'<grammar><rule id="a"><one-of/></rule></grammar>', "no item"),
        (b'<grammar><rule id="a"><item repeat="2-1">x</item></rule></grammar>', "larger number first"),
        (b'<grammar><rule id="a"><item repeat="often">x</item></rule></grammar>', "range like 0-1"),
        (b'<grammar><rule id="a"><count number="2"/></rule></grammar>', "does not know"),
        (b'<!DOCTYPE grammar [<!ENTITY a "b">]><grammar/>', "declares entities"),
        (b" " * 16_000_001, "16000001 bytes"),
    ],
)
def test_a_file_that_cannot_be_used(file: bytes, problem: str) -> None:
    with pytest.raises(GrammarError, match=problem):
        read_grammar(file)
