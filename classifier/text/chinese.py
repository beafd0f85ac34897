"""Traditional Chinese in simplified characters and in the mainland's words, so that both are one language."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from opencc import OpenCC

_FIRST, _LAST = 0x3400, 0x9FFF
_LONG = 1000
_KANA = re.compile("[぀-ヿ]")

# Taiwan's words of work that OpenCC's table of phrases does not have, in simplified characters.
_WORDS = {
    "维运": "运维",
    "行销": "营销",
    "资安": "信息安全",
    "品保": "质量保证",
    "机构工程": "结构工程",
    "机构设计": "结构设计",
    "企划": "策划",
    "网管": "网络管理员",
    "业务": "销售",
    "门市": "门店",
    "约聘": "合同",
    "讯息": "信息",
}
_WORD = re.compile("|".join(_WORDS))


def simplify(text: str) -> str:
    """Return a text that is written in traditional Chinese in simplified Chinese; any other text as it is.

    Characters are replaced, and words that are said differently in Taiwan (``軟體`` becomes ``软件``), by OpenCC
    (https://github.com/BYVoid/OpenCC). A text is traditional if it has more characters that are only traditional than
    characters that are only simplified, and no Japanese kana.

    >>> simplify("資料庫韌體工程師")
    '数据库固件工程师'
    >>> simplify("数据库工程师"), simplify("資料エンジニア")
    ('数据库工程师', '資料エンジニア')
    """
    if len(text) > _LONG:  # a pattern would take longer to see that a long text has no such character
        codes = np.frombuffer(text.encode("utf-16-le", "surrogatepass"), dtype="<u2")
        if codes.max() < _FIRST:
            return text
    traditional, simplified = _only_in_one_script()
    found = len(traditional.findall(text))
    if not found or _KANA.search(text) or len(simplified.findall(text)) >= found:
        return text
    return _WORD.sub(lambda word: _WORDS[word[0]], _converter("tw2sp").convert(text))


@cache
def _only_in_one_script() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return patterns of the characters that only traditional and that only simplified Chinese has."""
    scripts = tomllib.loads(Path(__file__).with_name("scripts.toml").read_text(encoding="utf-8"))
    return re.compile(f"[{scripts['traditional']}]"), re.compile(f"[{scripts['simplified']}]")


def characters_of_one_script() -> tuple[str, str]:
    """Return the characters that OpenCC has for traditional and for simplified Chinese alone, as in ``scripts.toml``.

    To compare them takes too long for each start.
    """
    every = [chr(code) for code in range(_FIRST, _LAST + 1)]
    simpler, fuller = (_converter(name).convert("\n".join(every)).split("\n") for name in ("t2s", "s2t"))
    traditional = [character for character, other in zip(every, simpler, strict=True) if character != other]
    simplified = [
        character
        for character, other, own in zip(every, fuller, simpler, strict=True)
        if character != other and character == own
    ]
    return "".join(traditional), "".join(simplified)


@cache
def _converter(name: str) -> OpenCC:
    from opencc import OpenCC

    return OpenCC(name)
