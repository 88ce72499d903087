"""The type check of our JavaScript, as `make lint` runs it: `python -m tests.javascript`.

Where TypeScript cannot be had, it says what was not checked and why, and passes.
"""

import subprocess
import sys
from pathlib import Path
from typing import Final

from tests import npm
from tests.stores import WASM

ROOT: Final = Path(__file__).parents[1]
COMPILER: Final = ROOT / "tests" / "typescript"


def main() -> int:
    """Check the console in place, and what runs under Node where the packages that it imports are installed."""
    compiler, missing = npm.installed(COMPILER)
    if missing:
        return _skip("JavaScript", missing)
    program = compiler / "node_modules" / ".bin" / "tsc"
    console = _check(program, ROOT)
    bridge, missing = npm.installed(WASM)
    return max(
        console, _skip(f"JavaScript of {WASM.relative_to(ROOT)}", missing) if missing else _check(program, bridge)
    )


def _check(program: Path, project: Path) -> int:
    sys.stdout.write(f"tsc --project {project}\n")
    sys.stdout.flush()  # before what the program says
    return subprocess.run([program, "--project", "."], cwd=project, check=False).returncode


def _skip(what: str, why: str) -> int:
    sys.stderr.write(f"{what} was NOT type-checked: {why}.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
