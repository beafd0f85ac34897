"""The tokenizer: Chinese is segmented with a dictionary, other scripts are split into lower-case words."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from itertools import pairwise

from classifier.text.chinese import simplify
from classifier.text.segmentation import SEGMENTER, segment

# Whether words that are not in the dictionary are guessed with a hidden Markov model instead of being split into single
# characters. It makes the tagger a little better and segmentation a little slower (`benchmarks/segmentation.py`).
GUESS_UNKNOWN_WORDS = True

HAN = "㐀-䶿一-鿿"
"""The Han characters, as ranges of a regular expression's class."""

MARKS = "+#"
"""The symbols that end names such as "c++" and "c#"."""

# Runs of Han characters, or words of other scripts. Everything else is a separator.
_RUN = re.compile(rf"[{HAN}]+|[^\W_{HAN}]+[{MARKS}]*")
_FIRST_HAN, _LAST_HAN = "㐀", "鿿"

# Characters that numpy strings or UTF-8 cannot store.
_UNWRITABLE = re.compile("[\x00\ud800-\udfff]")

# Chinese punctuation that NFKC would replace; nearly every Chinese text has some, and NFKC is slow on texts with any.
_WIDE = dict(zip("，；：（）！？", ",;:()!?", strict=True))

# Sentences that show whether two tokenizers differ: each has something that tokenizers and their versions are known to
# segment differently (numbers with hyphens, unknown names, mixed scripts, long compounds).
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
    "徵資料庫韌體工程師，負責伺服器維運與網路資安",
)


def tokenize(texts: Iterable[str]) -> list[list[str]]:
    """Split texts into tokens.

    Texts are folded first (full-width ``ＡＩ`` becomes ``ai``); punctuation is dropped.

    Args:
        texts: Texts in any language, of any length.

    Returns:
        The tokens of each text, in order.
    """
    return [tokens(fold(text)) for text in texts]


def tokens(folded: str) -> list[str]:
    """Return the tokens of a text that `fold` returned."""
    runs: list[str] = _RUN.findall(folded)
    if max(runs, default="") < _FIRST_HAN:
        return runs  # no run is Chinese
    found: list[str] = []
    for run in runs:
        if _FIRST_HAN <= run[0] <= _LAST_HAN:
            found += segment(run, guess=GUESS_UNKNOWN_WORDS)
        else:
            found.append(run)
    return found


def with_pairs(words: list[str]) -> list[str]:
    """Return the words followed by each pair of neighbours, as one term with a space.

    >>> with_pairs(["machine", "learning", "engineer"])
    ['machine', 'learning', 'engineer', 'machine learning', 'learning engineer']
    """
    return words + [f"{first} {second}" for first, second in pairwise(words)]


def fold(text: str) -> str:
    """Return the text in lower case, in Unicode's normalisation form NFKC, and in simplified Chinese."""
    if not _is_writable(text):
        text = _UNWRITABLE.sub(" ", text)
    if text.isascii():
        return text.lower()
    text = simplify(text)
    for wide, narrow in _WIDE.items():
        text = text.replace(wide, narrow)
    return unicodedata.normalize("NFKC", text).lower()


def _is_writable(text: str) -> bool:
    """Return whether numpy strings and UTF-8 can store a text; encoding it is faster than a search by a pattern."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in text


def tokenizer() -> dict[str, str]:
    """Return the name, version and digest of the installed tokenizer."""
    return {"name": SEGMENTER, "version": tokenizer_version(), "digest": tokenizer_digest()}


def other_tokens(pinned: Mapping[str, str]) -> str:
    """Describe how a tokenizer differs from the installed one; empty if both split text alike.

    Args:
        pinned: What `tokenizer` returned when the model was trained or the texts were counted.
    """
    if pinned["digest"] == tokenizer_digest():
        return ""
    then, now = (f"{each['name']} {each['version']}" for each in (pinned, tokenizer()))
    return f"the tokens of {then}, and the installed {now} splits text differently"


def tokenizer_version() -> str:
    """Return the installed version of the tokenizer, for messages; only `tokenizer_digest` is compared."""
    return version(SEGMENTER)


def tokenizer_digest() -> str:
    """Return the SHA-256 (hex) of the tokens of a few fixed sentences.

    A model can only be used with the tokens that it was trained on, so two tokenizers with different digests must not
    share one.
    """
    lines = ("\t".join(found) for found in tokenize(_PROBES))
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
