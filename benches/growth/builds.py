"""What waits for a compiler: the README's first command, the release build, and how fast the fuzz targets run.

These parts take minutes each, so that a run has them only when they are named: `--only builds fuzz`.
"""

import subprocess
from collections.abc import Iterator
from pathlib import Path

from growth.bench import Bench, Limits, Part, Row
from growth.measured import Runs, once

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples" / "zhengdong-2021"
# What cargo-fuzz asks of the compiler but for the sanitizer, which only its nightly has.
COVERAGE = " ".join(["--cfg fuzzing", "-Cpasses=sancov-module", *(f"-Cllvm-args=-sanitizer-coverage-{option}" for option in (
    "level=4", "inline-8bit-counters", "pc-table", "trace-compares"))])
FUZZED = ("csv", "fix", "yaml")


def cargo(bench: Bench, folder: str, words: list[str], **settings: str) -> list[str]:
    """A command of cargo whose target folder is one of the bench's own."""
    settings |= {"CARGO_TARGET_DIR": str(bench.place(folder)), "CARGO_INCREMENTAL": "0"}
    return ["env", *(f"{name}={value}" for name, value in settings.items()), "cargo", *words]


def builds(bench: Bench) -> Iterator[Row]:
    """From an empty target folder, once: seconds on the clock."""
    draft = ["draft", "bulletin", "-C", str(EXAMPLE), "--period", "2021-08", "--as-of", "2021-08-20", "-o", str(bench.place("first"))]
    for work, words, most in (
        ("README's first command, on the clock", ["run", "--quiet", "--locked", "--", *draft], 100),
        ("release build, on the clock", ["build", "--quiet", "--locked", "--release"], 150),
    ):
        took = once(cargo(bench, words[0], words), ROOT)
        yield Row(work, Runs([took]), Limits(seconds=most), told=f"{took.seconds:.0f} s of processor time", is_on_the_clock=True)


def fuzz(bench: Bench, runs: int = 5000) -> Iterator[Row]:
    """A thousand runs of each target, from its corpus and the same seed."""
    targets = [word for name in FUZZED for word in ("--bin", name)]
    # With a platform named, the flags are not those of build scripts.
    host = subprocess.run(["rustc", "--print", "host-tuple"], capture_output=True, text=True, check=True).stdout.strip()
    words = ["build", "--quiet", "--locked", "--release", "--manifest-path", "fuzz/Cargo.toml", "--target", host, *targets]
    once(cargo(bench, "fuzzed", words, RUSTFLAGS=COVERAGE), ROOT)
    for name in FUZZED:
        found = bench.place(f"corpus-{name}")
        found.mkdir(exist_ok=True)
        target = [str(bench.place("fuzzed") / host / "release" / name), f"-runs={runs}", "-seed=1", "-len_control=0", "-verbosity=0"]
        took = once([*target, str(found), str(ROOT / "fuzz" / "corpus" / name)])
        thousand = took._replace(seconds=took.seconds / runs * 1000, wall=took.wall / runs * 1000)
        yield Row(f"1,000 runs of the fuzz target `{name}`", Runs([thousand]), Limits(seconds=1))


PARTS = {"builds": Part([], builds), "fuzz": Part([], fuzz)}
