# Sourced by bin/up and bin/test: makes .venv with everything that uv.lock names. Needs Python 3.11 to 3.13 with venv, nothing else.
# A second run finds the stamp of the same lock file and touches neither the network nor the environment.

# This folder's code wins over whatever else the environment may have installed.
export PYTHONPATH="$PWD${PYTHONPATH:+:$PYTHONPATH}"

say() { if [[ -t 2 ]]; then printf '\033[1m==>\033[0m %s\n' "$*" >&2; else printf '==> %s\n' "$*" >&2; fi; }
fail() { printf '%s\n' "$@" >&2; exit 3; }

find_python() {
  local name
  for name in python3 python3.13 python3.12 python3.11; do
    if command -v "$name" >/dev/null && "$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null; then
      command -v "$name"
      return
    fi
  done
  fail 'Parley needs Python 3.11, 3.12 or 3.13, and found none. On Debian or Ubuntu: apt-get install python3 python3-venv'
}

# The stamp says which lock file, for which folder, is installed; a moved or copied project is installed again.
stamp_of() { { echo "$1 $PWD"; cat uv.lock; } | .venv/bin/python -c 'import hashlib, sys; print(hashlib.sha256(sys.stdin.buffer.read()).hexdigest())'; }

# prepare main|dev: installs what running (main) or checking (dev) needs.
prepare() {
  local kind=$1 uv stamp
  if ! .venv/bin/python -c 'import sys' 2>/dev/null; then
    say "Making .venv"
    local python; python=$(find_python)
    rm -rf .venv
    "$python" -m venv .venv >&2 || fail "$python has no venv. On Debian or Ubuntu: apt-get install python3-venv"
  fi
  stamp=$(stamp_of dev)
  if [[ $(cat .venv/.parley-dev 2>/dev/null) == "$stamp" ]]; then return; fi
  if [[ $kind == main ]]; then
    stamp=$(stamp_of main)
    if [[ $(cat .venv/.parley-main 2>/dev/null) == "$stamp" ]]; then return; fi
  fi
  if [[ -x .venv/bin/uv ]]; then uv=.venv/bin/uv
  elif command -v uv >/dev/null; then uv=uv
  else
    say "Installing uv"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check uv || fail 'uv could not be installed. The first run needs the network.'
    uv=.venv/bin/uv
  fi
  say "Installing Python packages (the first time this takes a few minutes)"
  local groups=(--no-dev)
  if [[ $kind == dev ]]; then groups=(--group dev); fi
  UV_PROJECT_ENVIRONMENT="$PWD/.venv" UV_PYTHON_DOWNLOADS=never UV_LINK_MODE=${UV_LINK_MODE:-copy} \
    "$uv" sync --frozen --inexact --compile-bytecode "${groups[@]}" || fail 'The packages could not be installed; see above. The first run needs the network.'
  stamp_of "$kind" > ".venv/.parley-$kind"
}
