#!/bin/sh
# make install: the pinned virtual environment .venv, from requirements/dev.txt, and the compiled translations.
# Does nothing when they are already there, complete: the environment for the same lock and the same Python, each catalogue newer than its source.
# PYTHON=/path/to/python3 chooses the interpreter.
set -eu
cd "$(dirname "$0")/.."
PATH="${PATH:-/usr/local/bin:/usr/bin:/bin}"
export PATH PIP_DISABLE_PIP_VERSION_CHECK=1

LOCK=requirements/dev.txt
STAMP=.venv/installed

say() { printf '%s\n' "$*" >&2; }

# 0 when this interpreter is new enough and can make a virtual environment with pip in it.
usable() { "$1" -c 'import sys; assert sys.version_info >= (3, 11); import ensurepip, venv' 2>/dev/null; }

choose() {
    for candidate in ${PYTHON:-python3 /usr/bin/python3 python3.14 python3.13 python3.12 python3.11}; do
        if usable "$candidate"; then
            printf '%s\n' "$candidate"
            return
        fi
    done
    return 1
}

install_python() {
    say "make install: installing Debian's python3 and python3-venv"
    PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"
    apt-get update -qq >/dev/null || true
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends python3 python3-venv </dev/null >/dev/null || true
}

explain() {
    found=$("${PYTHON:-python3}" -c 'import sys; print(sys.version.split()[0])' 2>/dev/null || true)
    case "$found" in
        '') say "make install: no Python found (looked for ${PYTHON:-python3}). Install Python 3.11 or newer, or name one: make install PYTHON=/path/to/python3" ;;
        2.* | 3.[0-9].* | 3.10.*) say "make install: Python $found is too old, 3.11 or newer is needed: make install PYTHON=/path/to/python3" ;;
        *) say "make install: Python $found cannot make virtual environments (venv or ensurepip is missing). On Debian or Ubuntu: apt-get install python3-venv" ;;
    esac
}

# What an environment is made from, as "version prefix lock". Nothing when there is no such interpreter.
signature() {
    "$1" - "$LOCK" 2>/dev/null <<'PYTHON' || true
import hashlib, sys
print(sys.version.split()[0], sys.base_prefix, hashlib.sha256(open(sys.argv[1], "rb").read()).hexdigest())
PYTHON
}

# A .po is what people edit, a .mo what the application reads.
compile_translations() {
    for source in feedback_app/translations/*/LC_MESSAGES/messages.po; do
        if [ -f "$source" ] && { [ ! -f "${source%.po}.mo" ] || [ "$source" -nt "${source%.po}.mo" ]; }; then
            say "make install: compiling $source"
            .venv/bin/python -m babel.messages.frontend --quiet compile --input-file "$source" --output-file "${source%.po}.mo"
        fi
    done
}

# Two makes at once in a fresh checkout: the second waits for the first.
if command -v flock >/dev/null; then
    exec 9<"$LOCK"
    flock 9
fi

# An environment that works keeps its own interpreter, whatever PATH says today, unless PYTHON names another one.
made_from=$(cat "$STAMP" 2>/dev/null || true)
wanted=$(signature "${PYTHON:-.venv/bin/python}")
if [ -n "$wanted" ] && [ "$wanted" = "$made_from" ]; then
    compile_translations
    exit 0
fi

if [ -z "$made_from" ] || [ "${wanted% *}" != "${made_from% *}" ]; then
    if ! python=$(choose); then
        if [ -z "${PYTHON:-}" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
            install_python
        fi
        if ! python=$(choose); then
            explain
            exit 1
        fi
    fi
    say "make install: making .venv with $("$python" --version)"
    "$python" -m venv --clear .venv
fi
rm -f "$STAMP"
say "make install: installing the pinned packages of $LOCK"
.venv/bin/python -m pip install --quiet --quiet --no-input --require-hashes --requirement "$LOCK" >&2
signature .venv/bin/python >"$STAMP"
compile_translations
