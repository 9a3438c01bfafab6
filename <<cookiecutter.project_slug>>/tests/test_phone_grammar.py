"""The simple grammar: the forms met in official samples, and how the fields of a result are filled."""

import pytest

from phone.grammar import GrammarError, Match, parse_grammar

FLOORS = "1st Floor (first, house wares, 1), 2nd Floor (second, bed and bath, 2)"


@pytest.mark.parametrize(
    ("grammar", "keys", "match"),
    [
        ("[5 DIGITS]", "10246", Match("10246", "10246", "10246")),
        ("[5 digits]", "10246", Match("10246", "10246", "10246")),
        ("[1 DIGIT]", "1", Match("1", "1", "1")),
        ("[4 DIGITS]", "12345", Match("1234", "1234", "1234")),
        ("[4-5 DIGITS]", "1234#", Match("1234", "1234", "1234")),
        ("[4-5 DIGITS]", "12345", Match("12345", "12345", "12345")),
        ("[4-5 DIGITS]", "123#", None),
        ("[5 DIGITS]", "1234", None),
        ("[5 DIGITS]", "1234*", None),
        ("[DIGITS]", "1234567890#", Match("1234567890", "1234567890", "1234567890")),
        ("[DIGITS]", "#", None),
        ("1,2,3,4", "3", Match("3", "3", "3", "3")),
        ("1,2,3,4", "5", None),
        ("1,2,3,4", "12", None),
        ("0, 1, *, #", "#", Match("#", "#", "#", "#")),
        ("yes(yes,y,1), no(no,n,2)", "1", Match("1", "1", "yes", "yes")),
        ("red(red,1), blue(blue,2)", "2", Match("2", "2", "blue", "blue")),
        ("sales( 1, sales), support( 2, support)", "2#", Match("2", "2", "support", "support")),
        (FLOORS, "2", Match("2", "2", "2nd Floor", "2nd Floor")),
    ],
)
def test_keys(grammar: str, keys: str, match: Match | None) -> None:
    assert parse_grammar(grammar).by_keys(keys, terminator="#") == match


@pytest.mark.parametrize(
    ("grammar", "words", "match"),
    [
        (
            "[5 DIGITS]",
            "nine four zero seven oh",
            Match("94070", "nine four zero seven oh", "nine four zero seven oh"),
        ),
        ("[5 DIGITS]", "ninety four thousand", None),
        ("[5 DIGITS]", "nine four", None),
        (FLOORS, "House  Wares", Match("house wares", "house wares", "1st Floor", "1st Floor")),
        (FLOORS, "1st Floor", None),
        ("BBQ (BBQ, Bar Bee Que)", "bar bee que", Match("bar bee que", "bar bee que", "BBQ", "BBQ")),
        ("PHP, Ruby(Ruby, Ruby on Rails),", "php", Match("php", "php", "PHP", "PHP")),
        ("yes(yes,1),\n no(no,2)", "no", Match("no", "no", "no", "no")),
        ("yes(1), no(2)", "two", Match("2", "two", "no", "no")),
    ],
)
def test_speech(grammar: str, words: str, match: Match | None) -> None:
    assert parse_grammar(grammar).by_speech(words) == match


@pytest.mark.parametrize(
    ("grammar", "text", "match"),
    [
        ("[ANY]", "Two, please", Match("Two, please", "Two, please", "Two, please")),
        ("[5 DIGITS]", " 90210 ", Match("90210", " 90210 ", " 90210 ")),
        ("yes(yes,y,1), no(no,n,2)", "Y", Match("y", "Y", "yes", "yes")),
        ("yes(yes,y,1), no(no,n,2)", "maybe", None),
    ],
)
def test_text(grammar: str, text: str, match: Match | None) -> None:
    assert parse_grammar(grammar).by_text(text) == match


@pytest.mark.parametrize(
    ("grammar", "keys", "over"),
    [
        ("[5 DIGITS]", "90210", True),
        ("[5 DIGITS]", "9021", False),
        ("[4-5 DIGITS]", "1234", False),
        ("[4-5 DIGITS]", "1234#", True),
        ("[DIGITS]", "123456789", False),
        ("1, 2, 10", "2", True),
        ("1, 2, 10", "1", False),
        ("1, 2, 10", "1#", True),
    ],
)
def test_the_platform_waits_for_another_key_only_where_one_could_follow(
    grammar: str, keys: str, over: bool
) -> None:
    assert parse_grammar(grammar).ends_with(keys, terminator="#") is over


@pytest.mark.parametrize(
    ("grammar", "problem"),
    [
        ("", "nothing to match"),
        (" , ", "nothing to match"),
        ("yes(yes", "from character 1"),
        ("red, yes(yes))", "from character 5"),
        ("red,, blue", "no name at character 5"),
        ("(yes)", "no name"),
        ("[6-5 DIGITS]", "6 to 5 digits"),
        ("[0 DIGITS]", "0 to 0 digits"),
        ("[CURRENCY]", "from character 1"),
        ("[5 DIGITS], help", "from character 1"),
    ],
)
def test_a_grammar_that_cannot_be_read(grammar: str, problem: str) -> None:
    with pytest.raises(GrammarError, match=problem):
        parse_grammar(grammar)
