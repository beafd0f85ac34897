"""Model files: the same bytes each time, and a clear refusal of any that were touched."""

from __future__ import annotations

import io
import json
import pickle
import shutil
import zipfile
from pathlib import Path

import pytest

from classifier.model.model_file import ModelError, pack, read_model, unpack, write_model
from classifier.model.tagger import Tagger
from classifier.taxonomy import Taxonomy
from classifier.text import tokens

_MODELS = Path(__file__).resolve().parents[3] / "models"


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A copy of the shipped model, to tamper with."""
    for name in ("tagger.zip", "tagger.json"):
        shutil.copy(_MODELS / name, tmp_path / name)
    return tmp_path


def test_copy_of_the_shipped_model_loads(copied: Path) -> None:
    names = {Tagger.load(path).model for path in (None, copied, copied / "tagger.zip", copied / "tagger.json")}
    assert len(names) == 1


def test_members_survive_in_any_order() -> None:
    members = {"b.txt": "词".encode(), "a.f4": b"\0\1"}
    packed = pack(members)
    assert unpack(packed) == members
    assert packed == pack(dict(reversed(members.items())))


def test_flipped_byte_is_refused(copied: Path) -> None:
    file = copied / "tagger.zip"
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    with pytest.raises(ModelError, match="damaged or was replaced"):
        Tagger.load(copied)


def test_truncated_file_is_refused(copied: Path) -> None:
    file = copied / "tagger.zip"
    file.write_bytes(file.read_bytes()[:-1])
    with pytest.raises(ModelError, match="damaged or was replaced"):
        Tagger.load(copied)


def test_swapped_file_is_refused(copied: Path) -> None:
    (copied / "tagger.zip").write_bytes(pack({"config.json": b"{}"}))
    with pytest.raises(ModelError, match="damaged or was replaced"):
        Tagger.load(copied)


class _Mark:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return (Path.touch, (Path("touched"),))


@pytest.mark.parametrize("matching_manifest", [False, True])
def test_pickle_is_refused_and_never_run(
    copied: Path, matching_manifest: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(copied)
    hostile = pickle.dumps(_Mark())
    if matching_manifest:
        write_model(copied, hostile)
    else:
        (copied / "tagger.zip").write_bytes(hostile)
    with pytest.raises(ModelError):
        Tagger.load(copied)
    assert not (copied / "touched").exists()


def test_compressed_members_are_refused_even_with_a_matching_manifest(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("coefficients.f2", bytes(50_000_000))
    write_model(tmp_path, buffer.getvalue())
    with pytest.raises(ModelError, match="compressed or overlapping"):
        Tagger.load(tmp_path)


def test_file_without_the_expected_members_is_refused(tmp_path: Path) -> None:
    write_model(tmp_path, pack({"config.json": b"{}"}))
    with pytest.raises(ModelError, match="does not have the layout"):
        Tagger.load(tmp_path)


def test_coefficients_of_another_shape_are_refused(tmp_path: Path) -> None:
    members = unpack(read_model(_MODELS))
    members["whole.coefficients.f2"] = members["whole.coefficients.f2"][:-2]
    write_model(tmp_path, pack(members))
    with pytest.raises(ModelError, match="does not have the layout"):
        Tagger.load(tmp_path)


@pytest.mark.parametrize("manifest", ["", "[]", "{}", '{"format": 99}', "[" * 100_000, "\ud83d"])
def test_broken_manifest_is_refused(copied: Path, manifest: str) -> None:
    (copied / "tagger.json").write_text(manifest, encoding="utf-8", errors="surrogatepass")
    with pytest.raises(ModelError, match="manifest"):
        Tagger.load(copied)


@pytest.mark.parametrize("missing", ["tagger.zip", "tagger.json"])
def test_missing_file_is_named(copied: Path, missing: str) -> None:
    (copied / missing).unlink()
    with pytest.raises(ModelError, match=missing):
        Tagger.load(copied)


def test_another_tokenizer_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "GUESS_UNKNOWN_WORDS", not tokens.GUESS_UNKNOWN_WORDS)
    with pytest.raises(ModelError, match=r"trained on the tokens of rjieba \d.*splits text differently"):
        Tagger.load()


def test_taxonomy_without_one_of_the_roles_is_refused() -> None:
    shipped = Taxonomy.load()
    fewer = Taxonomy("2", shipped.focuses, tuple(role for role in shipped.roles if role.name != "storage"))
    with pytest.raises(ModelError, match="'storage'"):
        Tagger.load(taxonomy=fewer)


def test_shipped_model_is_small_and_plain() -> None:
    packed = read_model(_MODELS)
    assert len(packed) <= 15_000_000
    members = unpack(packed)
    assert json.loads(members["config.json"])["roles"] == list(Taxonomy.load().role_names)
    assert {Path(name).suffix for name in members} == {".json", ".txt", ".f2", ".f4"}
