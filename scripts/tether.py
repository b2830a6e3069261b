"""Run a command that dies with the process that started it.

    python -I scripts/tether.py [--user NAME] [--signal NAME] [--parent PID] COMMAND [ARGUMENT...]

This process *becomes* the command (same id). On Linux the kernel sends it SIGNAL (default SIGTERM) when the thread that started it
ends, even by kill -9; elsewhere the command simply runs. ``--parent`` closes the race with a parent that died before this line.
``--user`` drops root's rights first. Standard library only, and no import of ours: it also runs for a user who cannot read the checkout.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main(arguments: list[str]) -> int:
    options, command = split(arguments)
    if not command:
        print(__doc__, file=sys.stderr)
        return 2
    os.get_exec_path()  # loads what execvp needs while we may still read Python's own files
    if options.get("user"):
        try:
            become(options["user"])
        except PermissionError:
            print(f"tether: this user may not run as {options['user']}", file=sys.stderr)
            return 1
    tie(signal.Signals[options.get("signal", "SIGTERM")])
    if os.getppid() != int(options.get("parent", os.getppid())):
        return 1  # the parent is already gone
    for name in ("SIGPIPE", "SIGXFSZ"):  # Python ignores them, and what is ignored stays so in the command
        signal.signal(signal.Signals[name], signal.SIG_DFL)
    try:
        os.execvp(command[0], command)  # noqa: S606 - the command is the caller's own
    except OSError as error:
        print(f"tether: {command[0]}: {error.strerror}", file=sys.stderr)
        return 127


def split(arguments: list[str]) -> tuple[dict[str, str], list[str]]:
    """Our own options come first; from the first word that is none of them on, everything is the command."""
    options: dict[str, str] = {}
    rest = list(arguments)
    while len(rest) > 1 and rest[0] in {"--user", "--signal", "--parent"}:
        name, value, *rest = rest
        options[name.removeprefix("--")] = value
    return options, rest


def become(name: str) -> None:
    """Drop root's rights for those of this user. It comes before ``tie``: a change of user undoes that."""
    import pwd

    user = pwd.getpwnam(name)
    os.initgroups(name, user.pw_gid)
    os.setgid(user.pw_gid)
    os.setuid(user.pw_uid)
    os.environ.update(HOME=user.pw_dir, USER=name, LOGNAME=name)


def tie(death_signal: int) -> None:
    """Ask the kernel for this signal when the parent ends. Where that does not exist the command is merely not tied."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, death_signal, 0, 0, 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
