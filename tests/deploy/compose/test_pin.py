"""deploy/docker/pin.sh prints a digest for every image, or nothing at all."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.compose_file import ROOT, TEXT

DIGEST = f"sha256:{'0' * 64}"


def pin(folder: Path, answer: str) -> subprocess.CompletedProcess[str]:
    """Run the script with a registry that gives ``answer`` for every image."""
    docker = folder / "docker"
    docker.write_text(f"#!/bin/sh\necho '{answer}'\n")
    docker.chmod(0o755)
    path = f"{folder}{os.pathsep}{os.environ['PATH']}"
    command: list[str | Path] = ["sh", ROOT / "deploy" / "docker" / "pin.sh"]
    return subprocess.run(command, cwd=ROOT, env={"PATH": path}, capture_output=True, text=True, check=False)


@pytest.mark.process
def test_every_image_of_the_composition_and_the_base_get_a_digest(tmp_path: Path) -> None:
    images = dict(re.findall(r"image: \$\{(PHAROS_[A-Z]+_IMAGE):-([^}]+)\}", TEXT))
    *lines, build = pin(tmp_path, DIGEST).stdout.splitlines()
    assert dict(line.split("=", 1) for line in lines) == {name: f"{tag}@{DIGEST}" for name, tag in images.items()}
    assert "--build-arg PYTHON=python:3.11" in build
    assert f"@{DIGEST} " in build


def test_every_foreign_image_can_be_pinned() -> None:
    images = re.findall(r"^ +image: (\S+)", TEXT, re.MULTILINE)
    assert [image for image in images if not image.startswith("${PHAROS_")] == []


@pytest.mark.process
@pytest.mark.parametrize("answer", ["", "manifest unknown"])
def test_nothing_is_pinned_where_a_registry_gives_no_digest(tmp_path: Path, answer: str) -> None:
    ended = pin(tmp_path, answer)
    assert (ended.returncode != 0, ended.stdout) == (True, "")
    assert "expected a digest" in ended.stderr
