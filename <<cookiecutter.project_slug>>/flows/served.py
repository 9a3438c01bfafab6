"""Grammars served as files: the addresses that questions give to the platform, and the view behind them.

An address is `/tropo/grammars/<flow>.<step>.<language>.<mode>[.<run>].<signature>.<hash>.grxml`. The
signature covers what stands before it, so that nobody else makes this project build a grammar; the hash is
that of the content, which may therefore be kept for ever.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Literal, NamedTuple, Protocol, TypeAlias, cast

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.signing import BadSignature, Signer
from django.db import connections
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from flows.grammars import Grammar, Hearing, Listening
from flows.grammars.fresh import Fresh, after_reading
from flows.languages import language

PATH = "/tropo/grammars/"
SUFFIX = ".grxml"
FOR_EVER = "max-age=31536000, immutable"
MOST_OF_RUNS = 100
"""Files of single runs that a worker keeps; another one is made again when it is asked for."""

Mode: TypeAlias = Literal["any", "dtmf", "speech"]
Commands: TypeAlias = Mapping[str, tuple[str, ...]]


class Asked(NamedTuple):
    """What a question listens for."""

    grammar: Grammar[Any]
    commands: Commands


class Find(Protocol):
    """Gives what a question listens for; None when there is no such question.

    `run` is the id of a run, in hex, when the question's grammar is a function of the flow: it is then made
    from what is stored of that run.
    """

    def __call__(self, flow: str, step: str, language: str, run: str | None) -> Asked | None: ...


class Name(NamedTuple):
    """What tells one grammar file from another. `run` is empty for a grammar that all runs share."""

    flow: str
    step: str
    language: str
    mode: Mode
    run: str = ""


@dataclass(frozen=True, slots=True)
class File:
    """A grammar file as it is served, and where."""

    path: str
    digest: str
    content: bytes


_shared: dict[tuple[Name, tuple[tuple[str, tuple[str, ...]], ...]], Fresh[File]] = {}
_of_runs: dict[Name, File] = {}

# A list that is read again beside the calls uses a connection of its own thread.
after_reading.append(connections.close_all)


def address(
    flow: str, step: str, grammar: Grammar[Any], listening: Listening, run: str | None = None
) -> str | None:
    """Where the platform gets a question's grammar; None without PUBLIC_URL.

    A run's id, in hex, is given when the grammar is a function of the flow. Such a file is made at once; any
    other is made by the first question that needs it, and again after five minutes.
    """
    base = settings.PUBLIC_URL.rstrip("/")
    if not base:
        return None
    name = Name(flow, step, listening.hearing.language.code, listening.mode, run or "")
    asked = Asked(grammar, listening.commands)
    file = _made_for_run(name, asked) if run else _kept(name, asked)
    return f"{base}{file.path}"


def view(find: Find) -> Callable[..., HttpResponseBase]:
    """The view of every grammar file, by the last part of its address. Anybody may read what is signed."""

    @login_not_required
    @require_safe
    def grammar(request: HttpRequest, name: str) -> HttpResponseBase:
        named, digest = _read(name)
        file = _found(named, digest, find)
        response = HttpResponse(file.content, content_type="application/srgs+xml")
        if file.digest != digest:
            # The data has moved on since the question was put: its new content belongs to another address.
            response.headers["Cache-Control"] = "no-store"
            return response
        response.headers["Cache-Control"] = f"{'private' if named.run else 'public'}, {FOR_EVER}"
        response.headers["ETag"] = etag = f'"{digest}"'
        return get_conditional_response(request, etag=etag, response=response) or response

    return grammar


def _read(name: str) -> tuple[Name, str]:
    """What an address names, and the hash in it. Raises Http404 for one that this project did not give."""
    signed, _, digest = name.removesuffix(SUFFIX).rpartition(".")
    try:
        flow, step, code, mode, *run = _signer().unsign(signed).split(".")
    except (BadSignature, ValueError):
        raise Http404 from None
    return Name(flow, step, code, cast("Mode", mode), *run[:1]), digest


def _found(name: Name, digest: str, find: Find) -> File:
    """The file of that name, and of that hash if it can still be had. Raises Http404 when it is gone."""
    held = _of_runs.get(name)
    if held is not None and held.digest == digest:
        return held
    asked = find(name.flow, name.step, name.language, name.run or None)
    if asked is None:
        raise Http404
    return _made_for_run(name, asked) if name.run else _kept(name, asked)


def _kept(name: Name, asked: Asked) -> File:
    key = (name, tuple(asked.commands.items()))
    fresh = _shared.get(key)
    if fresh is None:
        fresh = _shared.setdefault(key, Fresh(lambda: _made(name, asked)))
    return fresh.get()


def _made_for_run(name: Name, asked: Asked) -> File:
    file = _made(name, asked)
    _of_runs.pop(name, None)
    _of_runs[name] = file
    for oldest in list(_of_runs)[:-MOST_OF_RUNS]:
        _of_runs.pop(oldest, None)
    return file


def _made(name: Name, asked: Asked) -> File:
    hearing = Hearing(language(name.language), timezone.localtime())
    content = asked.grammar.rules(Listening(hearing, name.mode, asked.commands)).encode()
    digest = sha256(content).hexdigest()[:16]
    signed = _signer().sign(".".join(name if name.run else name[:-1]))
    return File(f"{PATH}{signed}.{digest}{SUFFIX}", digest, content)


def _signer() -> Signer:
    return Signer(salt="flows.served", sep=".")
