"""Lists of names: where they come from, how they are listened for, and what is found among them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.grammars import Phrases, fresh, index
from flows.grammars.fresh import Fresh
from flows.grammars.names import folded, spoken
from phone.srgs import read_grammar
from tests.test_flows_grammars import COMMANDS, MENU, TEXT, VOICE, keyed, listening, written
from tests.test_flows_grammars import spoken as said
from tropo import Recognition

NAMES = ["Chicago", "New York", "St. Louis", "Springfield", "Springdale", "Barnes & Noble", "San José"]
CITIES = Phrases(NAMES)
ANSWERS = (*NAMES, *MENU.options)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("St. Louis", "SAINT LOUIS"),
        ("Barnes & Noble", "barnes and noble"),
        ("San José", "san jose"),
        ("O'Fallon", "OFallon"),
        ("Main St", "main street"),
        ("Winston-Salem", "winston salem"),
        ("Straße", "strasse"),
    ],
)
def test_names_that_are_compared_as_one(one: str, other: str) -> None:
    assert folded(one) == folded(other)


def test_a_key_is_compared_as_it_is() -> None:
    assert (folded("*"), folded("#"), folded("?!")) == ("*", "#", "")


@pytest.mark.parametrize(
    ("name", "code", "words"),
    [
        ("St. Louis", "en", "Saint Louis"),
        ("Port St. Lucie", "en", "Port Saint Lucie"),
        ("Main St.", "en", "Main Street"),
        ("Barnes & Noble", "en", "Barnes and Noble"),
        ("Pérez & Hijos", "es", "Pérez y Hijos"),
        ("Paris, Texas", "en", "Paris Texas"),
        ("Coeur d'Alene", "en", "Coeur d'Alene"),
        ("!?", "en", "!?"),
    ],
)
def test_names_as_they_are_said(name: str, code: str, words: str) -> None:
    assert spoken(name, code) == words


@pytest.mark.parametrize(
    ("heard", "answer"),
    [
        (said("chicago"), "Chicago"),
        (said("new york", value="New York"), "New York"),
        (said("saint louis", value="St. Louis"), "St. Louis"),
        (said("gotham"), None),
        (said("chicgo"), None),
        (keyed("244"), "Chicago"),
        (Recognition(mode="keypad", interpretation="dtmf-2 dtmf-4 dtmf-4"), "Chicago"),
        (Recognition(interpretation="244", value="244"), "Chicago"),
        (keyed("7856"), "St. Louis"),
        (keyed("72468"), "St. Louis"),
        (keyed("777"), None),
        (keyed("77746434"), "Springfield"),
        (keyed("24"), None),
        (keyed("999"), None),
    ],
)
def test_what_a_caller_means(heard: Recognition, answer: str | None) -> None:
    assert CITIES.match(heard, VOICE) == answer


def test_keys_that_spell_one_name_to_the_last_are_that_name() -> None:
    cities = Phrases(["Yorktown", "York"])
    assert cities.match(keyed("9675"), VOICE) == "York"
    assert cities.match(keyed("967"), VOICE) is None
    assert cities.near(keyed("9675"), VOICE) == ("York", "Yorktown")


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("san jose", "San José"),
        ("chicgo", "Chicago"),
        ("new yrok", "New York"),
        ("sant louis", "St. Louis"),
        ("spring", None),
        ("Chicago please", "Chicago"),
        ("um, I'd like St. Louis, thanks", "St. Louis"),
        ("not Chicago", None),
        ("Chicago or New York", None),
        ("Chicago Heights", None),
        ("cago", None),
        ("", None),
    ],
)
def test_what_a_message_means(text: str, answer: str | None) -> None:
    assert CITIES.match(written(text), TEXT) == answer


def test_a_slip_that_fits_two_names_decides_nothing() -> None:
    cities = Phrases(["Marion", "Marton"])
    assert cities.match(written("marxon"), TEXT) is None
    assert cities.near(written("marxon"), TEXT) == ("Marion", "Marton")


@pytest.mark.parametrize(
    ("heard", "near"),
    [
        (written("I live in Chicago"), ("Chicago",)),
        (written("spring"), ("Springdale", "Springfield")),
        (written("san"), ("San José",)),
        (said("springfield"), ("Springfield", "Springdale")),
        (said("spring feel"), ("Springfield", "Springdale")),
        (said("shikahgo"), ("Chicago",)),
        (said("gotham"), ()),
        (said(""), ()),
        (keyed("777"), ("Springfield", "Springdale")),
        (keyed("24499"), ("Chicago",)),
        (keyed("999"), ()),
    ],
)
def test_what_may_have_been_meant(heard: Recognition, near: tuple[str, ...]) -> None:
    assert CITIES.near(heard, TEXT if heard.mode == "text" else VOICE) == near


def test_no_more_than_five_are_offered_and_the_first_of_the_list_before_others() -> None:
    streets = Phrases([f"Elm {letter}" for letter in "zyxwvutsrq"])
    assert streets.near(keyed("356"), VOICE) == ("Elm z", "Elm y", "Elm x", "Elm w", "Elm v")
    assert len(streets.near(written("elm"), TEXT)) == 5


def test_other_spellings_lead_to_the_name() -> None:
    cities = Phrases({"St. Louis": ("saint looey", "STL"), "Chicago": ()})
    assert cities.match(said("Saint Looey"), VOICE) == "St. Louis"
    assert cities.match(keyed("785566"), VOICE) is None
    assert cities.match(keyed("724685"), VOICE) == "St. Louis"
    choices = cities.simple(listening())
    assert choices is not None
    assert choices.value == "St. Louis(Saint Louis, saint looey, STL), Chicago"
    file = read_grammar(cities.rules(listening()).encode())
    found = file.by_speech("saint looey")
    assert found is not None
    assert found.value == "St. Louis"


@pytest.mark.parametrize(
    ("names", "inline", "value"),
    [
        (["Chicago", " New  York "], 2, "Chicago, New York"),
        (["Chicago", "New York"], 1, None),
        (["Paris, Texas"], 9, None),
        (["Bourg (Ain)"], 9, None),
        (["x" * 8000, "y"], 9, None),
        (["Chicago", "CHICAGO", "", "chicago."], 1, "Chicago"),
    ],
)
def test_what_goes_into_the_question(names: list[str], inline: int, value: str | None) -> None:
    choices = Phrases(names, inline=inline).simple(listening())
    assert (choices and choices.value) == value


def test_commands_go_along() -> None:
    choices = Phrases(["Chicago"]).simple(listening(**COMMANDS))
    assert choices is not None
    assert (choices.value, choices.mode) == ("Chicago, help(help, *), person(operator, 0)", "any")


def test_keys_alone_need_a_file_only_beside_a_command() -> None:
    choices = CITIES.simple(listening("dtmf", help=("help",)))
    assert choices is not None
    assert (choices.value, choices.mode, choices.terminator) == ("[3-20 DIGITS]", "dtmf", "#")
    assert CITIES.simple(listening("dtmf", help=("help", "*"))) is None


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("chicago", "chicago"),
        ("saint louis", "St. Louis"),
        ("barnes and noble", "Barnes & Noble"),
        ("san josé", "san josé"),
        ("operator", "#person"),
        ("gotham", None),
    ],
)
def test_the_file_of_names_and_words(words: str, value: str | None) -> None:
    found = read_grammar(CITIES.rules(listening(**COMMANDS)).encode()).by_speech(words)
    assert (found and found.value) == value


@pytest.mark.parametrize(
    ("mode", "keys", "value"),
    [
        ("any", "*", "#help"),
        ("any", "244", None),
        ("dtmf", "244", "244"),
        ("dtmf", "244#", "244"),
        ("dtmf", "24", None),
        ("dtmf", "*", "#help"),
        ("dtmf", "0", "#person"),
        ("dtmf", "2" * 21, None),
    ],
)
def test_the_file_of_keys(mode: Any, keys: str, value: str | None) -> None:
    found = read_grammar(CITIES.rules(listening(mode, **COMMANDS)).encode()).by_keys(keys, "#")
    assert (found and found.value) == value


@pytest.mark.parametrize("name", ['The "Loop"', "A < B & C", "back\\slash", "nul\x00l", "Łódź", "東京"])
def test_any_name_can_stand_in_a_file_and_is_found_again(name: str) -> None:
    phrases = Phrases([name, "Chicago"])
    file = read_grammar(phrases.rules(listening()).encode())
    found = file.by_speech(spoken(phrases.index.names[0], "en"))
    assert found is not None
    assert phrases.match(said(found.utterance, found.value), VOICE) == phrases.index.names[0]


def test_names_that_are_not_there_are_refused() -> None:
    with pytest.raises(ValueError, match="a list gave none"):
        Phrases([])
    nothing = Phrases(lambda: [" "])
    with pytest.raises(ValueError, match="lambda> gave none"):
        nothing.match(said("chicago"), VOICE)
    pairs: Any = [("Chicago", 3)]
    with pytest.raises(TypeError, match="gave tuple, not a name; with values_list use flat=True"):
        Phrases(pairs)


@pytest.mark.django_db
def test_a_queryset_is_read_when_it_is_needed(django_assert_num_queries: Callable[..., Any]) -> None:
    Group.objects.create(name="Chicago")
    with django_assert_num_queries(0):
        cities = Phrases(Group.objects.values_list("name", flat=True))
        assert cities.spec() == {"phrases": "Group", "inline": 200}
    with django_assert_num_queries(1):
        assert cities.match(said("chicago"), VOICE) == "Chicago"
        assert cities.match(said("boston"), VOICE) is None
    Group.objects.create(name="Boston")
    fresh.forget()
    with django_assert_num_queries(1):
        assert cities.match(said("boston"), VOICE) == "Boston"


def test_what_a_list_is_stands_in_the_graph_without_its_names() -> None:
    def cities() -> list[str]:
        return NAMES

    assert CITIES.spec() == {"phrases": "a list", "inline": 200}
    assert Phrases(cities, inline=9).spec() == {"phrases": cities.__qualname__, "inline": 9}
    assert CITIES.value("Chicago") == CITIES.words("Chicago", VOICE) == "Chicago"


@settings(max_examples=300)
@given(st.text() | st.text("0123456789*#,. -abcst&"), st.sampled_from(["speech", "text", "keypad", ""]))
def test_nothing_that_is_said_or_written_can_break_a_list(words: str, mode: str) -> None:
    heard = Recognition(mode=mode, utterance=words, interpretation=words, value=words)
    hearing = TEXT if mode == "text" else VOICE
    for grammar in (CITIES, MENU):
        assert set(grammar.near(heard, hearing)) | {grammar.match(heard, hearing)} <= {*ANSWERS, None}


def test_a_large_list_is_made_ready_before_anything_is_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    streets = Phrases([f"Elm {number}" for number in range(1001)])
    monkeypatch.delattr(index, "Nearness")
    monkeypatch.delattr(index, "Spelling")
    assert "Elm 100" in streets.near(written("elmm 100"), TEXT)
    assert streets.match(keyed("356"), VOICE) is None


def test_a_long_text_is_looked_at_from_its_beginning() -> None:
    assert CITIES.near(written("chicago " + "x " * 50_000), TEXT) == ("Chicago",)
    assert CITIES.near(written("x " * 50_000 + "chicago"), TEXT) == ()


class Clock:
    """Seconds that a test counts."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def readings() -> list[str]:
    """What the source gives, one after the other."""
    return ["first", "second", "third"]


def test_data_is_read_anew_beside_those_who_ask(clock: Clock, readings: list[str]) -> None:
    data = Fresh(lambda: readings.pop(0), 300, clock)
    assert (data.get(), data.get(), len(readings)) == ("first", "first", 2)
    clock.now = 299.9
    assert (data.get(), len(readings)) == ("first", 2)
    clock.now = 300
    assert data.get() == "first"
    data.wait()
    assert (data.get(), len(readings)) == ("second", 1)


def test_a_reading_that_fails_keeps_the_old_data(
    clock: Clock, readings: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    data = Fresh(lambda: readings.pop(0), 300, clock)
    data.get()
    readings.clear()
    clock.now = 300
    data.get()
    data.wait()
    assert data.get() == "first"
    assert "could not be read again" in caplog.text
    readings.append("second")
    clock.now = 600
    data.get()
    data.wait()
    assert data.get() == "second"


def test_whoever_reads_beside_the_calls_is_followed_by_a_clean_up(
    clock: Clock, readings: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ended: list[str] = []
    monkeypatch.setattr(fresh, "after_reading", [lambda: ended.append("given back")])
    data = Fresh(lambda: readings.pop(0), 300, clock)
    data.get()
    assert ended == []
    clock.now = 300
    data.get()
    data.wait()
    assert ended == ["given back"]
