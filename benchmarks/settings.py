"""The settings of the benchmarks: those of the baked project, with the contestants' addresses."""

from config.settings import *  # type: ignore[import-not-found]  # noqa: F403  the baked project

ROOT_URLCONF = "benchmarks.handwritten"
LOGGING = {"version": 1, "disable_existing_loggers": False, "root": {"level": "ERROR"}}
