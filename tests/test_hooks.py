"""Bad answers are refused before anything is written, each in one sentence that says what to type instead."""

from pathlib import Path

import pytest

from tests.conftest import cookiecutter, files

REFUSED = [
    ("project_slug", "a/b", "cannot name a Python package"),
    ("project_slug", "../up", "cannot name a Python package"),
    ("project_slug", "Clinic", "cannot name a Python package"),
    ("project_slug", "2nd_line", "cannot name a Python package"),
    ("project_slug", "line_", "cannot name a Python package"),
    ("project_slug", "clinic-line", "cannot name a Python package"),
    ("project_slug", "class", "is a word of the Python language"),
    ("project_slug", "match", "is a word of the Python language"),
    ("project_slug", "email", "is a module of Python's standard library"),
    ("project_slug", "calls", "is the name of another part of the project"),
    ("project_slug", "config", "is the name of another part of the project"),
    ("project_slug", "sessions", "is the name of an application that comes with Django"),
    ("project_slug", "environ", "is the name of a package that the project depends on"),
    ("project_slug", "cookiecutter", "is the name of an installed Python module"),
    ("domain_name", "https://ivr.example.com", "is not a host name"),
    ("domain_name", "ivr.example.com:8000", "is not a host name"),
    ("domain_name", "ivr.example.com/tropo", "is not a host name"),
    ("domain_name", "my_ivr.example.com", "is not a host name"),
    ("domain_name", "-ivr.example.com", "is not a host name"),
    ("domain_name", "ivr..example.com", "is not a host name"),
    ("domain_name", f"{'a' * 64}.example.com", "is not a host name"),
    ("domain_name", "bücher.example.com", "punycode"),
    ("email", "team.example.com", "is not an e-mail address"),
    ("email", "a@b@example.com", "is not an e-mail address"),
    ("email", "a team@example.com", "is not an e-mail address"),
    ("timezone", "Europe/Berln", "'Europe/Berlin'"),
    ("timezone", "../../etc/passwd", "is not an IANA time zone"),
    ("project_name", " ", "is empty"),
    ("description", "one\ntwo", "holds a control character"),
    ("author_name", "bell\a", "holds a control character"),
]


def sentences(stderr: str) -> list[str]:
    """The hook's own lines: cookiecutter's traceback comes after them."""
    return stderr.partition("ERROR: Stopping generation")[0].splitlines()


@pytest.mark.parametrize(("question", "answer", "reason"), REFUSED)
def test_a_bad_answer_is_refused_in_one_sentence(
    tmp_path: Path, question: str, answer: str, reason: str
) -> None:
    good = {"project_slug": "clinic_line", "email": "team@example.com", "domain_name": "ivr.example.com"}
    answers = good | {question: answer}
    output = tmp_path / "output"
    output.mkdir()
    done = cookiecutter(output, "--no-input", *(f"{name}={value}" for name, value in answers.items()))
    assert done.returncode == 1
    (sentence,) = sentences(done.stderr)
    assert sentence.startswith(question)
    assert reason in sentence
    assert sentence.endswith(".")
    assert ": type " in sentence
    # cookiecutter itself made the folder `a` of `a/b`, and removes only `b`.
    assert files(tmp_path) == []


def test_every_problem_is_told_at_once(tmp_path: Path) -> None:
    done = cookiecutter(tmp_path, "--no-input", "project_slug=tests", "email=nobody", "timezone=Mars")
    assert [line.split()[0] for line in sentences(done.stderr)] == ["project_slug", "email", "timezone"]


def test_an_answer_with_a_sign_of_the_template_is_refused(tmp_path: Path) -> None:
    """Typed at the prompt it would bake, and every later `cruft update` would fail on it."""
    done = cookiecutter(tmp_path, stdin="\n\nFlows << calls\n\n\n\n\n\n")
    assert done.returncode == 1
    assert sentences(done.stderr) == [
        "description 'Flows << calls' holds '<<', a sign of the template's own: type it without."
    ]
