"""A caller written on one line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phone.actions import HangUp, Keys, Silence, Words
from phone.script import Item, Script, ScriptError, Signal, parse_item, parse_script, write_item


def test_a_script_is_read_item_by_item() -> None:
    assert parse_script("1; chicago@55; -; 90210; *#; new york ; oh@0; ok @ 100; Signal: exit; Hangup") == [
        Keys("1"),
        Words("chicago", 55),
        Silence(),
        Keys("90210"),
        Keys("*#"),
        Words("new york", 90),
        Words("oh", 0),
        Words("ok", 100),
        Signal("exit"),
        HangUp(),
    ]


@pytest.mark.parametrize(
    ("script", "position", "problem"),
    [
        ("", 1, "is empty"),
        ("1;;2", 2, "is empty"),
        ("1; ", 2, "is empty"),
        ("1; chicago@101", 2, "from 0 to 100"),
        ("chicago@-1", 1, "from 0 to 100"),
        ("chicago@", 1, "from 0 to 100"),
        ("chicago@sure", 1, "from 0 to 100"),
        ("chicago@5.5", 1, "from 0 to 100"),
        ("@55", 1, "holds no words"),
        ("1; ?!", 2, "holds no words"),
        ("1; signal:", 2, "names no signal"),
        ("1@55", 1, "keys have no confidence"),
    ],
)
def test_an_item_that_cannot_be_played_is_named(script: str, position: int, problem: str) -> None:
    with pytest.raises(ScriptError, match=f"^item {position} of the script.*{problem}") as error:
        parse_script(script)
    assert error.value.position == position
    assert repr(error.value.item) in str(error.value)


def test_a_caller_whose_script_has_run_out_hangs_up() -> None:
    script = Script(parse_script("1"))
    played: list[Item] = [script(), script(), script()]
    assert played == [Keys("1"), HangUp(), HangUp()]
    assert not script.left


@given(st.text())
def test_what_was_read_can_be_written_and_read_again(text: str) -> None:
    try:
        item = parse_item(text)
    except ScriptError:
        return
    assert parse_item(write_item(item)) == item
