#!/usr/bin/env bash
# duban beside other tools: the same data, the same answer, in one session.
#
#   benches/compare.sh                     all of it, about half an hour
#   benches/compare.sh --only tally        tally, check, letters, frames, start or linear; may be given again
#   benches/compare.sh --rows 375000       a tenth of the rows
#
# The peers are installed in a virtual environment. GNU time and Miller come with the system: apt install time miller
set -euo pipefail
cd "$(dirname "$0")/.."

work="${DUBAN_BENCH_DIR:-target/compare}"
mkdir -p "$work"
cargo build --release --locked --quiet
[[ -x $work/venv/bin/python ]] || python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check -r benches/peers/requirements.txt
command -v mlr > "$work/mlr" || echo "Miller is not installed: it is left out" >&2
exec "$work/venv/bin/python" benches/compare.py --work "$work" --duban "${CARGO_TARGET_DIR:-target}/release/duban" "$@"
