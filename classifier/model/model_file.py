"""A trained model on disk: text and raw numbers, and a manifest that vouches for them.

Nothing in a model file can run: it is a zip archive, uncompressed, of JSON, lines of text and little-endian
numbers. The manifest beside it holds its SHA-256, which is compared before anything is parsed.
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
"""The layout of model files that this version writes and reads."""

MANIFEST = "tagger.json"
"""The manifest's name; the model file has the same name with ``.zip``."""

LARGEST = 64 * 2**20
"""Bytes; a larger model file is not read."""


class ModelError(RolemixError):
    """A model that cannot be used; the message says why and what to do."""


def pack(members: Mapping[str, bytes]) -> bytes:
    """Return the bytes of a model file: the same members give the same bytes, in whatever order."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(members):
            # ZipInfo's default date is fixed, where writestr given a bare name would take the clock's.
            archive.writestr(zipfile.ZipInfo(name), members[name])
    return buffer.getvalue()


def short_name(packed: bytes) -> str:
    """Return the name of a model: the first 12 hex digits of its file's SHA-256."""
    return hashlib.sha256(packed).hexdigest()[:12]


def write_model(folder: Path, packed: bytes) -> Path:
    """Write a model file and its manifest.

    Args:
        folder: Where to; made if need be.
        packed: What `pack` returned.

    Returns:
        The manifest's path.
    """
    folder.mkdir(parents=True, exist_ok=True)
    manifest = folder / MANIFEST
    vouched = {
        "format": FORMAT,
        "model": short_name(packed),
        "bytes": len(packed),
        "sha256": hashlib.sha256(packed).hexdigest(),
    }
    manifest.with_suffix(".zip").write_bytes(packed)
    manifest.write_text(json.dumps(vouched, indent=2) + "\n", encoding="utf-8")
    return manifest


def read_model(path: Path) -> bytes:
    """Read a model file that its manifest vouches for.

    Args:
        path: The folder that holds both, or either of the two.

    Returns:
        The bytes of the model file.

    Raises:
        ModelError: One of the two is missing or unreadable, or they do not belong together.
    """
    manifest = path / MANIFEST if path.is_dir() else path.with_suffix(".json")
    file = manifest.with_suffix(".zip")
    try:
        vouched = json.loads(manifest.read_text(encoding="utf-8"))
        with file.open("rb") as opened:
            packed = opened.read(LARGEST + 1)
    except OSError as error:
        raise ModelError(f"no model at {path}: {error.filename}: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise ModelError(f"the model's manifest {manifest} is not JSON") from error
    if not isinstance(vouched, dict) or vouched.get("format") != FORMAT:
        raise ModelError(f"the manifest {manifest} is not of format {FORMAT}: use the rolemix that wrote it")
    if len(packed) > LARGEST:
        raise ModelError(f"the model {file} is larger than {LARGEST} bytes, as no model of ours is")
    if hashlib.sha256(packed).hexdigest() != vouched.get("sha256"):
        raise ModelError(
            f"the model {file} is damaged or was exchanged: {manifest.name} vouches for another one; "
            "fetch both anew or train again"
        )
    return packed


def unpack(packed: bytes) -> dict[str, bytes]:
    """Return the members of a model file.

    Raises:
        ModelError: It is not an archive of our kind.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            infos = archive.infolist()
            # Uncompressed members cannot be larger than the archive, and no small file can fill the memory.
            stored = all(info.compress_type == zipfile.ZIP_STORED for info in infos)
            if not stored or sum(info.file_size for info in infos) > len(packed):
                raise ModelError("the model file holds compressed or overlapping members, as none of ours does")
            return {info.filename: archive.read(info) for info in infos}
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as error:
        raise ModelError(f"the model file is not an archive of our kind: {error}") from error
