#!/bin/sh
# Make an environment ready: environment.sh FOLDER book|all [PYTHON]
#
# "book" is what building the pages needs, "all" has PyTorch too. .venv is made if it is
# missing; another environment is used as it is. What was installed is noted in the
# environment, with a sum over this folder and the files that say what to install.
set -e
env=$1 what=$2 wanted=$3
sum=$({ pwd; cat requirements.txt pyproject.toml; } | cksum)
all=$env/.rnn-course-all book=$env/.rnn-course-book
works='import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))'
needs='This book needs Python 3.11, 3.12, 3.13 or 3.14'

say() { echo "$*" >&2; }
noted() { [ -f "$1" ] && [ "$(cat "$1")" = "$sum" ]; }
version() { "$1" -c 'import platform; print(platform.python_version())'; }

noted "$all" && exit
[ "$what" = book ] && noted "$book" && exit

if [ ! -x "$env/bin/python" ] && [ "$env" = .venv ]; then
  found=
  if [ -n "$wanted" ]; then candidates=$wanted
  else candidates='python3 python3.14 python3.13 python3.12 python3.11 python'; fi
  IFS_before=$IFS; [ -n "$wanted" ] && IFS=
  for candidate in $candidates; do
    if "$candidate" -c "$works" 2>/dev/null; then found=$candidate; break; fi
  done
  IFS=$IFS_before
  if [ -z "$found" ]; then
    there=$(version "${wanted:-python3}" 2>/dev/null || echo 'none was found')
    say "$needs; ${wanted:-python3}: $there."
    say 'Install one, or name it: make book PYTHON=/path/to/python3.12'
    exit 1
  fi
  if ! "$found" -c 'import ensurepip, venv' 2>/dev/null; then
    say "$found has no venv module. Debian and Ubuntu: apt install python3-venv"
    exit 1
  fi
  echo "Making .venv with Python $(version "$found")"
  "$found" -m venv .venv
fi
if [ ! -x "$env/bin/python" ]; then
  say "The active environment, $env, has no bin/python. Leave it, or mend it."
  exit 1
fi
if ! "$env/bin/python" -c "$works"; then
  say "$needs; the environment $env has $(version "$env/bin/python")."
  exit 1
fi

pip() { "$env/bin/python" -m pip --disable-pip-version-check --no-input "$@"; }
if [ "$what" = book ]; then
  grep -v '^torch==' requirements.txt > "$book.txt"
  pip install -r "$book.txt"
  echo "$sum" > "$book"
else
  if [ -n "$TORCH_INDEX" ]; then
    pip install --index-url "$TORCH_INDEX" "$(grep '^torch==' requirements.txt)"
  fi
  pip install -r requirements.txt
  echo "$sum" > "$all"
fi
