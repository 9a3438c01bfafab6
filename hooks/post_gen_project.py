"""Finish a new project: its `.env` with fresh secrets, its git repository, and what to type next."""

import json
import os
import shutil
import subprocess
import sys

# cookiecutter renders this file: JSON in a raw string survives quotes, backslashes and emoji in an answer.
ANSWERS: dict[str, str] = json.loads(r"""<< cookiecutter|tojson >>""")

# The owner's git configuration must not stop the first commit: no signing, no hooks, one branch name.
GIT_OPTIONS = {
    "init.defaultBranch": "main",
    "commit.gpgSign": "false",
    "core.hooksPath": os.devnull,
    "user.name": ANSWERS["author_name"],
    "user.email": ANSWERS["email"],
}
GIT_STEPS = (
    ("init", "--quiet", "--template="),
    ("add", "--all"),
    ("commit", "--quiet", "--message", "Begin from the tropo-django template"),
)


def write_environment() -> None:
    """Let the project write its `.env`, as a colleague's clone does: `-B` leaves no compiled file behind."""
    subprocess.run([sys.executable, "-B", "-m", "ops.dotenv"], check=True)


def make_repository() -> None:
    """Commit everything to a repository of the project's own; without git, that is no error."""
    git = shutil.which("git")
    if git is None:
        return
    options = [word for name, value in GIT_OPTIONS.items() for word in ("-c", f"{name}={value}")]
    # Inside a git hook GIT_DIR names the repository around us, and GIT_AUTHOR_NAME may name another author.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    for step in GIT_STEPS:
        done = subprocess.run(
            [git, *options, *step], env=environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            reason = " ".join(done.stderr.split()) or f"exit status {done.returncode}"
            print(f"The project is complete, but `git {step[0]}` failed: {reason}", file=sys.stderr)
            return


def say_what_is_next() -> None:
    """Tell a person, not a pipe: `cruft diff` runs this hook too, and its output is a patch."""
    print(
        f"\nNext:\n"
        f"  cd {ANSWERS['project_slug']}\n"
        f"  make phone    # be a caller, here in the terminal\n"
        f"  make run      # serve it at http://127.0.0.1:8000/",
        file=sys.stderr,
    )


write_environment()
make_repository()
say_what_is_next()
