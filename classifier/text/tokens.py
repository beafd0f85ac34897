"""From text to tokens: Chinese cut by a dictionary, other scripts split into lower-cased words."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from itertools import pairwise

import rjieba

TOKENIZER = "rjieba"
"""The distribution whose dictionary and algorithm cut Chinese text."""

# Whether words that the dictionary lacks are guessed with a hidden Markov model rather than left in single
# characters: it makes the tagger a little better and cutting a little slower (`benchmarks/segmentation.py`).
GUESS_UNKNOWN_WORDS = True

# Runs of Han characters, or words with the marks that end names such as "c++" and "c#". Everything else
# separates.
_RUN = re.compile(r"[㐀-䶿一-鿿]+|[^\W_㐀-䶿一-鿿]+[+#]*")
_FIRST_HAN, _LAST_HAN = "㐀", "鿿"

# What numpy and UTF-8 do not keep.
_UNWRITABLE = re.compile("[\x00\ud800-\udfff]")

# The punctuation of Chinese that NFKC replaces. NFKC is slow on a text that holds any, and nearly every text does.
_WIDE = dict(zip("，；：（）！？", ",;:()!?", strict=True))

# Sentences of our own whose segmentation stands for the tokenizer's: each holds something that tokenizers and
# their versions are known to cut differently (numbers with hyphens, unknown names, mixed scripts, long
# compounds).
_PROBES = (
    "负责大模型训练框架的研发与性能优化，熟悉 PyTorch、CUDA 和 C++ 者优先",
    "在察哈尔右翼前旗建设智算中心，负责暖通、供配电与服务器交付",
    "招聘数据百晓生若干名，3-5年经验，每周到岗4天",
    "AI产品经理（法律方向）：梳理需求，推动大语言模型落地",
    "分布式存储与数据库内核工程师，参与RDMA高性能网络建设",
    "林小满和欧阳若溪共同维护推荐算法与广告投放系统",
    "研究生命科学的同学可以为我们撰写评测题目",
    "Senior Site Reliability Engineer, Kubernetes & CI/CD (m/f/d)",
    "Wir suchen eine Fachkraft für Rechenzentrumsbetrieb in Fürth",
)


def tokenize(texts: Iterable[str]) -> list[list[str]]:
    """Cut texts into tokens.

    Texts are folded first (full-width ``ＡＩ`` becomes ``ai``), punctuation is dropped.

    Args:
        texts: Texts in any language, of any length.

    Returns:
        The tokens of each text, in order.
    """
    return [tokens(fold(text)) for text in texts]


def tokens(folded: str) -> list[str]:
    """Return the tokens of one text that was folded already."""
    runs: list[str] = _RUN.findall(folded)
    if max(runs, default="") < _FIRST_HAN:
        return runs  # none is Chinese
    found: list[str] = []
    for run in runs:
        if _FIRST_HAN <= run[0] <= _LAST_HAN:
            found += rjieba.cut(run, GUESS_UNKNOWN_WORDS)
        else:
            found.append(run)
    return found


def with_pairs(words: list[str]) -> list[str]:
    """Return words, and each two that follow one another as one term."""
    return words + [f"{first} {second}" for first, second in pairwise(words)]


def fold(text: str) -> str:
    """Return the text in lower case, compatibility characters replaced (Unicode's NFKC)."""
    text = _UNWRITABLE.sub(" ", text)
    for wide, narrow in _WIDE.items():
        text = text.replace(wide, narrow)
    return unicodedata.normalize("NFKC", text).lower()


def tokenizer() -> dict[str, str]:
    """Return what stands for the installed tokenizer: its name, version and digest."""
    return {"name": TOKENIZER, "version": tokenizer_version(), "digest": tokenizer_digest()}


def other_tokens(pinned: Mapping[str, str]) -> str:
    """Return in words how what `tokenizer` once returned differs from the installed one; empty where it cuts alike."""
    if pinned["digest"] == tokenizer_digest():
        return ""
    was, now = (f"{one['name']} {one['version']}" for one in (pinned, tokenizer()))
    return f"the tokens of {was}, and the installed {now} cuts text otherwise"


def tokenizer_version() -> str:
    """Return the installed version of the tokenizer, for a person to read; `tokenizer_digest` decides."""
    return version(TOKENIZER)


def tokenizer_digest() -> str:
    """Return the SHA-256 (hex) of how the tokenizer cuts a few fixed sentences: it stands for its behaviour.

    A model is only as good as the tokens that it was trained on: two tokenizers whose digests differ must not
    share a model.
    """
    lines = ("\t".join(cut) for cut in tokenize(_PROBES))
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
