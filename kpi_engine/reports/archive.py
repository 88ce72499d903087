"""The archive of a report: a ZIP of its files, the list of their digests, and a signature of that list.

It is a research object (RO-Crate 1.2): ``ro-crate-metadata.json`` describes it for programs. Every file but the list,
its signature and the key is in the list; a file that is not, or is another, makes the archive one that was altered.
"""

import json
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, TypeVar
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

from pydantic import BaseModel

from kpi_engine.errors import ReportError
from kpi_engine.export.hashed import Hashed
from kpi_engine.reports.frozen import FrozenFigure
from kpi_engine.reports.frozen_savings import FrozenSavings
from kpi_engine.reports.frozen_target import FrozenTarget
from kpi_engine.reports.signing import Signer, is_signed
from kpi_engine.reports.withholding import Withheld

Line = TypeVar("Line", bound=BaseModel)

MANIFEST: Final = "manifest.json"
SIGNATURE: Final = "manifest.sig"
KEY: Final = "signer.pem"
FIGURES: Final = "figures.jsonl"
SAVINGS: Final = "savings.jsonl"
TARGETS: Final = "targets.jsonl"
WITHHELD: Final = "withheld.jsonl"
REPORT: Final = "report.json"
_UNLISTED: Final = {MANIFEST, SIGNATURE, KEY}
_LARGEST: Final = 8 << 30  # bytes of all files together: beyond it is no report but a bomb
_LONGEST: Final = 256 << 20  # bytes of a figure with its inputs
_BLOCK: Final = 1 << 20
_SMALL: Final = 16 << 20
_UNREADABLE: Final = (BadZipFile, zlib.error, OSError, EOFError, RuntimeError, ValueError)  # of a ZIP that was altered


@dataclass
class ArchiveWriter:
    """Writes files into an archive, and remembers their digests."""

    archive: ZipFile
    signer: Signer
    files: dict[str, dict[str, Any]] = field(default_factory=dict)

    @contextmanager
    def file(self, name: str) -> Iterator[Hashed]:
        """Open a file to write."""
        with self.archive.open(_entry(name), "w", force_zip64=True) as target:
            hashed = Hashed(target)
            yield hashed
        self.files[name] = {"sha256": hashed.digest, "bytes": hashed.size}

    def write(self, name: str, content: str | bytes) -> None:
        """Write a file whole."""
        with self.file(name) as target:
            target.write(content.encode() if isinstance(content, str) else content)

    def seal(self) -> None:
        """Write the list of digests, and sign it."""
        manifest = json.dumps({"files": self.files}, indent=1, sort_keys=True).encode()
        for name, content in ((MANIFEST, manifest), (SIGNATURE, self.signer.sign(manifest))):
            self.archive.writestr(_entry(name), content)
        self.archive.writestr(_entry(KEY), self.signer.public_key)


@contextmanager
def writing(path: Path, signer: Signer) -> Iterator[ArchiveWriter]:
    """Open an archive to write; it has its name only when it is whole and sealed."""
    part = path.with_name(f"{path.name}.part")
    try:
        with ZipFile(part, "w", ZIP_DEFLATED) as archive:
            writer = ArchiveWriter(archive, signer)
            yield writer
            writer.seal()
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


class ReportArchive:
    """An archive to read: from anybody, so nothing in it is trusted before it is checked."""

    def __init__(self, path: Path, archive: ZipFile) -> None:
        self._path = path
        self._archive = archive
        names = archive.namelist()
        if missing := [name for name in (MANIFEST, SIGNATURE, KEY) if name not in names]:
            raise ReportError(f"{path} is no report: it has no {', '.join(missing)}")
        if sum(entry.file_size for entry in archive.infolist()) > _LARGEST:
            raise ReportError(f"{path} is no report: expected at most {_LARGEST >> 30} GiB of files")
        self._manifest = self._small(MANIFEST)
        self.key = self._small(KEY)

    def faults(self) -> list[str]:
        """Return in words what was altered since it was sealed; nothing where it is as it was."""
        if not is_signed(self._manifest, self._small(SIGNATURE), self.key):
            return ["the list of digests is not signed by the key in the archive"]
        listed = self._listed()
        names = self._archive.namelist()
        found = [f"{name} is there {names.count(name)} times" for name in sorted(set(names)) if names.count(name) > 1]
        found += [f"{name} is not in the list of digests" for name in sorted(set(names) - _UNLISTED - listed.keys())]
        for name, entry in listed.items():
            if name not in names:
                found.append(f"{name} is missing")
            elif (digest := self._digest(name)) != entry.get("sha256"):
                found.append(f"{name} was altered" if digest else f"{name} cannot be read")
        return found

    def report(self) -> dict[str, Any]:
        """Return what the report says of itself."""
        return self._json(REPORT)

    def figures(self) -> Iterator[FrozenFigure]:
        """Yield the figures one by one. Raises ReportError naming the line that is none."""
        if FIGURES not in self._archive.namelist():
            raise ReportError(f"{self._path} has no figures")
        yield from self._lines(FIGURES, FrozenFigure, "figure")

    def savings(self) -> Iterator[FrozenSavings]:
        """Yield what its baselines say, nothing where it has none. Raises ReportError as ``figures``."""
        if SAVINGS in self._archive.namelist():
            yield from self._lines(SAVINGS, FrozenSavings, "saving")

    def targets(self) -> Iterator[FrozenTarget]:
        """Yield the targets of the city, nothing where it has none. Raises ReportError as ``figures``."""
        if TARGETS in self._archive.namelist():
            yield from self._lines(TARGETS, FrozenTarget, "target")

    def withheld(self) -> Iterator[Withheld]:
        """Yield what a report for evaluators leaves out, nothing of another. Raises ReportError as ``figures``."""
        if WITHHELD in self._archive.namelist():
            yield from self._lines(WITHHELD, Withheld, "remark")

    def _lines(self, name: str, kind: type[Line], what: str) -> Iterator[Line]:
        number = 0
        try:
            with self._archive.open(name) as lines:
                while line := lines.readline(_LONGEST):
                    number += 1
                    yield kind.model_validate_json(line)
        except _UNREADABLE as error:  # a ValidationError is a ValueError
            raise ReportError(f"{self._path}: line {number + 1} of {name} is no {what}") from error

    def _listed(self) -> Mapping[str, Mapping[str, Any]]:
        files = self._json(MANIFEST).get("files")
        if not isinstance(files, dict) or not all(isinstance(one, dict) for one in files.values()):
            raise ReportError(f"{self._path}: expected {MANIFEST} to name files with their digests")
        return files

    def _json(self, name: str) -> dict[str, Any]:
        try:
            document = json.loads(self._small(name))
        except (ValueError, RecursionError) as error:
            raise ReportError(f"{self._path}: {name} is no JSON") from error
        if not isinstance(document, dict):
            raise ReportError(f"{self._path}: expected {name} to hold an object")
        return document

    def _small(self, name: str) -> bytes:
        try:
            with self._archive.open(name) as file:
                return file.read(_SMALL)
        except (KeyError, *_UNREADABLE) as error:
            raise ReportError(f"{self._path}: {name} cannot be read") from error

    def _digest(self, name: str) -> str | None:
        digest = sha256()
        try:
            with self._archive.open(name) as file:
                while block := file.read(_BLOCK):
                    digest.update(block)
        except _UNREADABLE:
            return None
        return digest.hexdigest()


@contextmanager
def reading(path: Path) -> Iterator[ReportArchive]:
    """Open an archive to read; raises ReportError where it is none."""
    try:
        with ZipFile(path) as archive:
            yield ReportArchive(path, archive)
    except _UNREADABLE as error:
        raise ReportError(f"{path} is no report: {error}") from error


def _entry(name: str) -> ZipInfo:
    """Return an entry without a time, so that the same report has the same bytes."""
    entry = ZipInfo(name)
    entry.compress_type = ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    return entry
