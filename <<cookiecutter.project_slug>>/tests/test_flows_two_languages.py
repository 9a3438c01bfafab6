"""The engine's own words follow the language: that of the line, or that which the flow sets in mid-call."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from calls.models import Call, Line, Run, Turn
from flows import Audio, Flow, Leg, Next, ask, say, sound, transfer
from flows.grammars import Amount, Date, Digits, Number, Options, Phrases, Time, YesNo
from phone.testing import Caller
from tests.webhook import keyed, next_of, post, result, session

pytestmark = [pytest.mark.django_db, pytest.mark.once]

NUMBER = "+14075550100"
CITIES = ["Springfield", "Springdale", "Chicago"]
WELCOME: Any = Audio("welcome.wav", "Hello by voice.")


class Bilingual(Flow):
    """Says nothing of its own that is not the same in both languages."""

    person = "operator"

    @ask("English 1, español 2.", Options(english="1", spanish="2"))
    def start(self, answer: str) -> Next:
        if answer == "spanish":
            self.language = "es-us"
        return self.city

    @ask("1?", Phrases(CITIES), confirm=lambda flow: flow.own("confirm"), attempts=9)
    def city(self, answer: str) -> Next:
        return self.day

    @ask("2?", Date())
    def day(self, answer: object) -> Next:
        return self.hour

    @ask("3?", Time())
    def hour(self, answer: object) -> Next:
        return self.count

    @ask("4?", Number(0, 999))
    def count(self, answer: object) -> Next:
        return self.money

    @ask("5?", Amount(0, 999))
    def money(self, answer: object) -> Next:
        return self.sure

    @ask("6?", YesNo())
    def sure(self, answer: bool) -> Next:
        return self.code

    @ask("7?", Digits(3), validate=lambda flow, code: flow.own("refused") if code == "000" else None)
    def code(self, answer: str) -> Next:
        self.say("{answers.city}; {answers.day}; {answers.hour}; {answers.money}; {answers.sure}.")
        return None

    @transfer("+15550111")
    def operator(self, leg: Leg) -> Next:
        return None


class Voiced(Flow):
    """Is spoken by a voice actor, where there is a file."""

    @say(WELCOME)
    def start(self) -> Next:
        return self.more

    @ask(WELCOME, Options(yes="1"))
    def more(self, answer: str) -> Next:
        self.language = "es-us" if self.language == "en-us" else "en-us"
        return self.more


@pytest.fixture(autouse=True)
def voices(settings: Settings) -> None:
    settings.RECOGNIZER = "en-us"
    settings.VOICES = {"en-us": "Ava", "es-us": "Lola"}


def in_spanish(caller: Caller) -> Caller:
    """A caller who has chosen Spanish, at the question for a city."""
    return caller.at("2026-12-24 10:00").dials("bilingual").presses("2").hears("1?")


LADDER: dict[str, tuple[Callable[[Caller], Caller], str]] = {
    "silence": (lambda caller: caller.stays_silent(), "Perdón, no le escuché. 1?"),
    "not understood": (lambda caller: caller.presses("9"), "Perdón, no le entendí. 1?"),
    "doubt": (lambda caller: caller.says("chicago", confidence=50), "¿Dijo Chicago?"),
    "near misses": (
        lambda caller: caller.says("springfield", confidence=30),
        "¿Quiso decir Springfield, o Springdale? Para Springfield, oprima 1. Para Springdale, oprima 2. "
        "Para ninguna de estas opciones, oprima 3.",
    ),
    "help": (lambda caller: caller.says("ayuda"), "Para escuchar la pregunta otra vez, diga repetir"),
    "repetition": (lambda caller: caller.says("repetir"), "1?"),
    "repetition of help": (lambda caller: caller.says("ayuda").says("otra vez"), "1?"),
    "the way back": (lambda caller: caller.says("atrás"), "English 1, español 2."),
    "no in Spanish": (
        lambda caller: caller.says("chicago", confidence=50).says("no"),
        "1?",
    ),
    "yes in Spanish": (lambda caller: caller.says("chicago", confidence=50).says("claro que sí"), "2?"),
    "none of these": (
        lambda caller: caller.says("springfield", confidence=30).says("ninguna de estas"),
        "1?",
    ),
    "one of these": (lambda caller: caller.says("springfield", confidence=30).presses("2"), "2?"),
}


@pytest.mark.parametrize("rung", LADDER)
def test_the_ladder_speaks_spanish(rung: str, caller: Caller) -> None:
    act, expected = LADDER[rung]
    act(in_spanish(caller)).hears(expected).does_not_hear("Sorry")


def test_a_person_is_fetched_in_spanish(caller: Caller) -> None:
    in_spanish(caller).says("operadora")
    assert Run.objects.get().turns.filter(step="operator").exists()


def test_answers_are_spoken_and_said_back_in_spanish(caller: Caller) -> None:
    in_spanish(caller).says("chicago").hears("2?").says("mañana").hears("3?")
    caller.says("a las tres y media de la tarde").hears("4?").says("doscientos veintidós").hears("5?")
    caller.says("veinte dólares con cincuenta centavos").hears("6?").says("sí").hears("7?")
    caller.says("cero cero cero").hears("Perdón, eso no puede ser.").says("uno dos tres")
    caller.hears("Chicago; viernes, 25 de diciembre; 3:30 de la tarde; $20.50; sí.").hears_hang_up()
    assert list(Turn.objects.filter(result="answered").values_list("value", flat=True)) == [
        *("spanish", "Chicago", "2026-12-25", "15:30", "222", "20.50", "yes", "123")
    ]


def test_the_same_is_spoken_and_said_back_in_english(caller: Caller) -> None:
    caller.at("2026-12-24 10:00").dials("bilingual").presses("1").says("chicago").says("tomorrow")
    caller.says("half past three in the afternoon").says("two hundred twenty two")
    caller.says("twenty dollars and fifty cents").says("yes").says("one two three")
    caller.hears("Chicago; Friday, December 25").hears("$20.50; yes.").does_not_hear("diciembre")


def asked(response: Any) -> dict[str, Any]:
    found: dict[str, Any] = next(step["ask"] for step in response.json()["tropo"] if "ask" in step)
    return found


def test_the_document_names_the_recogniser_and_the_voice_of_the_language() -> None:
    first = post(session(), "/tropo/?flow=bilingual")
    assert (asked(first)["recognizer"], asked(first)["voice"]) == ("en-us", "Ava")
    second = post(result(keyed("start", "2")), next_of(first))
    assert (asked(second)["recognizer"], asked(second)["voice"]) == ("es-us", "Lola")
    assert (
        ".es" in asked(second)["choices"]["value"] or "chicago" in asked(second)["choices"]["value"].lower()
    )
    again = post(result({"name": "city", "disposition": "TIMEOUT"}), next_of(second))
    assert (asked(again)["recognizer"], asked(again)["voice"]) == ("es-us", "Lola")


def test_goodbye_and_its_voice_are_those_of_the_language() -> None:
    Line.objects.create(number=NUMBER, flow="voiced", language="es-us", is_closed=True)
    said = post(session(), "/tropo/").json()["tropo"][0]["say"]
    assert said == {"value": "Ahora estamos cerrados. Por favor llame de nuevo más tarde.", "voice": "Lola"}


def test_a_line_has_a_language_from_the_first_word(caller: Caller) -> None:
    Line.objects.create(number=NUMBER, flow="bilingual", language="es-us")
    caller.dials().stays_silent().hears("Perdón, no le escuché. English 1, español 2.")
    caller.presses("1").says("ayuda").hears("Para escuchar la pregunta otra vez")
    assert Call.objects.get().language == "es-us"
    assert "language" not in Run.objects.get().state, "it is the call's own"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("ayuda", "Responda la pregunta como se le hace. Responda STOP"),
        ("alto", "No recibirá más mensajes nuestros."),
        ("STOP", "No recibirá más mensajes nuestros."),
        ("nada de eso", "Perdón, no le entendí."),
    ],
)
def test_a_text_on_a_spanish_line_is_answered_in_spanish(words: str, expected: str, caller: Caller) -> None:
    Line.objects.create(number=NUMBER, flow="bilingual", language="es-us")
    caller.texts("1").hears("1?").texts(words).hears(expected)


@pytest.mark.parametrize(
    ("words", "expected"),
    [("ayuda", "Responda la pregunta"), ("alto", "No recibirá más"), ("STOP", "No recibirá")],
)
def test_a_conversation_that_went_over_to_spanish_is_stopped_in_spanish(
    words: str, expected: str, caller: Caller
) -> None:
    caller.texts("2", "bilingual").hears("1?").texts(words).hears(expected)


class Failing(Bilingual):
    """Goes over to Spanish and then fails."""

    @ask("8?", Digits(1))
    def city(self, answer: str) -> Next:
        raise RuntimeError("the owner's own fault")


def test_the_apology_is_in_the_language_of_the_conversation(caller: Caller) -> None:
    caller.dials("failing").presses("2").presses("7").hears("Lo sentimos, ocurrió un problema.")


def test_a_service_that_changed_says_so_in_the_language(
    caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_spanish(caller)
    monkeypatch.setattr(Bilingual, "steps", {k: v for k, v in Bilingual.steps.items() if k != "city"})
    caller.presses("1").hears("Acabamos de cambiar este servicio. Empecemos de nuevo. English 1")


@pytest.fixture
def sounds(tmp_path: Path, settings: Settings) -> Iterator[Path]:
    """A folder of sounds, with the welcome in Spanish alone."""
    settings.PUBLIC_URL = "https://ivr.example.com"
    settings.STATICFILES_DIRS = [tmp_path]
    (tmp_path / "sounds" / "es").mkdir(parents=True)
    (tmp_path / "sounds" / "es" / "welcome.wav").write_bytes(b"RIFF")
    sound._path.cache_clear()
    yield tmp_path
    sound._path.cache_clear()


FILE = "https://ivr.example.com/static/sounds/es/welcome.wav"


@pytest.mark.parametrize(
    ("language", "first", "then"),
    [
        ("es-us", FILE, "Hello by voice."),
        ("es-mx", FILE, "Hello by voice."),
        ("en-us", "Hello by voice.", FILE),
    ],
)
@pytest.mark.usefixtures("sounds")
def test_an_audio_file_is_that_of_the_language_or_else_its_words(
    language: str, first: str, then: str
) -> None:
    Line.objects.create(number=NUMBER, flow="voiced", language=language)
    asks = post(session(), "/tropo/")
    assert [say["value"] for say in asked(asks)["say"]] == [first, first]
    after = post(result(keyed("more", "1")), next_of(asks))
    assert [say["value"] for say in asked(after)["say"]] == [then]


@pytest.mark.usefixtures("sounds")
def test_on_text_an_audio_prompt_is_its_words(caller: Caller) -> None:
    Line.objects.create(number=NUMBER, flow="voiced", language="es-us")
    caller.texts("hola").hears("Hello by voice.").does_not_hear("wav")


def test_without_a_public_address_the_words_are_said(sounds: Path, settings: Settings) -> None:
    settings.PUBLIC_URL = ""
    Line.objects.create(number=NUMBER, flow="voiced", language="es-us")
    assert asked(post(session(), "/tropo/"))["say"][0]["value"] == "Hello by voice."
