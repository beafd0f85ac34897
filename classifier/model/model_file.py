"""The model file and its manifest.

Loading a model file cannot execute code: it is an uncompressed zip archive of JSON, lines of text and little-endian
numbers. The manifest beside it holds its SHA-256, which is checked before anything is parsed.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path

from postings.errors import RolemixError

FORMAT = 2
"""The version of the model file format that is written and read."""

MANIFEST = "tagger.json"
"""The name of the manifest; the model file has the same name with the suffix ``.zip``."""

LARGEST = 64 * 2**20
"""The size in bytes above which a model file is not read."""


class ModelError(RolemixError):
    """A model that cannot be used; the message gives the reason and a remedy."""


def pack(members: Mapping[str, bytes]) -> bytes:
    """Return the bytes of a model file; the same members in any order give the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(members):
            # ZipInfo's default date is fixed; writestr with a name alone would use the current time.
            archive.writestr(zipfile.ZipInfo(name), members[name])
    return buffer.getvalue()


def short_name(packed: bytes) -> str:
    """Return the name of a model: the first 12 hex digits of its file's SHA-256."""
    return hashlib.sha256(packed).hexdigest()[:12]


def write_model(folder: Path, packed: bytes) -> Path:
    """Write a model file and its manifest.

    Args:
        folder: Where to write them; created if it does not exist.
        packed: The bytes that `pack` returned.

    Returns:
        The manifest's path.
    """
    folder.mkdir(parents=True, exist_ok=True)
    manifest = folder / MANIFEST
    entries = {
        "format": FORMAT,
        "model": short_name(packed),
        "bytes": len(packed),
        "sha256": hashlib.sha256(packed).hexdigest(),
    }
    manifest.with_suffix(".zip").write_bytes(packed)
    manifest.write_text(json.dumps(entries, indent=2) + "\n", encoding="utf-8")
    return manifest


def read_model(path: Path) -> bytes:
    """Read a model file and check it against its manifest.

    Args:
        path: The folder of both files, or one of the two.

    Returns:
        The bytes of the model file.

    Raises:
        ModelError: One of the two is missing or unreadable, or the checksum does not match.
    """
    manifest = path / MANIFEST if path.is_dir() else path.with_suffix(".json")
    file = manifest.with_suffix(".zip")
    try:
        entries = json.loads(manifest.read_text(encoding="utf-8"))
        with file.open("rb") as opened:
            packed = opened.read(LARGEST + 1)
    except OSError as error:
        raise ModelError(f"no model at {path}: {error.filename}: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise ModelError(f"the model's manifest {manifest} is not valid JSON: download the model again") from error
    if not isinstance(entries, dict) or entries.get("format") != FORMAT:
        raise ModelError(
            f"the model's manifest {manifest} is not of format {FORMAT}: use the version of rolemix that wrote it"
        )
    if len(packed) > LARGEST:
        raise ModelError(f"the model {file} is larger than {LARGEST} bytes, so rolemix did not write it")
    if hashlib.sha256(packed).hexdigest() != entries.get("sha256"):
        raise ModelError(
            f"the model {file} is damaged or was replaced: its checksum is not the one in {manifest.name}; "
            "download both again, or train again"
        )
    return packed


def unpack(packed: bytes) -> dict[str, bytes]:
    """Return the members of a model file.

    Raises:
        ModelError: It is not an archive that `pack` wrote.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            infos = archive.infolist()
            # Uncompressed members are no larger than the archive, so that a small file cannot fill the memory.
            stored = all(info.compress_type == zipfile.ZIP_STORED for info in infos)
            if not stored or sum(info.file_size for info in infos) > len(packed):
                raise ModelError("the model file has compressed or overlapping members, so rolemix did not write it")
            return {info.filename: archive.read(info) for info in infos}
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as error:
        raise ModelError(f"the model file is not an archive that rolemix wrote: {error}") from error
