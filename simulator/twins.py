"""Twins of one lab, of which each thing that is said of its hiring is known to be true or false, and its rivals."""

from __future__ import annotations

import dataclasses
import itertools
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta

from simulator.board import Board, Company
from simulator.posting import Posting, Spell, Wording, observed_at
from simulator.systems import systems
from simulator.texts import language
from simulator.world import World

TRUE, FALSE, SMALL, DIM = "Candlewick", "Snuffer", "Taper", "Glimmer"
"""The lab of which everything is true that can be, its opposite, one with a small board, and one whose small board is
never seen whole."""
RIVALS = ("Anglerfish", "Lumpfish", "Sticklefish")
DAYS = (80, 87, 94, 101, 108, 115, 116, 122)
"""The days on which the boards are looked at; the drive begins on day 116, 2026-06-26."""
OWN_SITE = "jobs.eu.lever.co"
"""The host of the labs' own sites, which list 18 positions of the true lab and 15 of the false one."""

_DRIVE = 116
_TOPICS = {
    "zh": "搜索 对话 语音 代码 视觉 推理 长文本 多模态 检索 翻译 数学 办公 教育 记忆 写作 表格 会议 绘图 音乐 视频"
    " 地图 文档 插件 浏览器 邮件 日程 阅读 问答 报告 智能体",
    "en": "Search Dialogue Speech Code Vision Reasoning Context Multimodal Retrieval Translation Maths Office Learning"
    " Memory Writing Tables Meetings Drawing Music Video Maps Documents Plugins Browser Mail Calendar Reading Answers"
    " Reports Agents",
}
_DEGREE = ("本科及以上学历；",)
_LEFT_OUT = (
    "硕士",
    "博士",
    "本科",
    "学历",
    "论文",
    "成果",
    "万卡",
    "会议",
    "实习",
    "PhD",
    "degree",
    "paper",
    "publication",
    "Publication",
)
"""Sentences with these are not used: what they say is said of single postings alone."""

_BEFORE_AND_AFTER = {
    "model-research": (40, 60),
    "training-inference": (6, 18),
    "compute": (6, 18),
    "storage": (6, 18),
    "networking": (6, 18),
    "data-platform": (10, 55),
    "training-data": (12, 55),
    "product-management": (5, 45),
    "product-operations": (3, 30),
    "corporate": (4, 12),
    "software": (6, 18),
}
"""The true lab's openings by role before the drive and after: every team grows, products and data most."""
_OPPOSITE = {
    "model-research": (60, 62),
    "product-design": (90, 14),
    "corporate": (12, 12),
    "hardware": (20, 21),
    "security": (14, 15),
    "go-to-market": (14, 15),
}
"""The false lab's: products shrink, the corporate team gets nothing, and no team doubles."""
_SMALL_MIX = {"model-research": (4, 5), "product-management": (2, 4), "data-platform": (3, 4), "software": (2, 4)}
_RIVALS_MIX = {
    "model-research": 30,
    "training-inference": 12,
    "compute": 12,
    "storage": 8,
    "networking": 8,
    "training-data": 8,
    "data-platform": 8,
    "product-management": 15,
    "product-operations": 8,
    "software": 10,
    "corporate": 6,
}


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class _Ad:
    """What sets a posting apart; what is not given comes from the texts of its role."""

    role: str
    title: str
    opened: int = 0
    closed: int | None = None
    lines: tuple[str, ...] = ()
    later: tuple[str, ...] | None = None
    place: str = "beijing"
    kind: str = "full-time"


def twins() -> World:
    """Return a world of the labs and their rivals."""
    true_own = [_Ad(role="software", title=f"{topic}平台后端开发工程师") for topic in _TOPICS["zh"].split()[:18]]
    false_own = [_Ad(role="hardware", title=f"{topic}芯片硬件工程师") for topic in _TOPICS["zh"].split()[:15]]
    shared = [
        dataclasses.replace(ad, lines=(f"负责{ad.title}的全部工作，记录第{n}号设计；",))
        for n, ad in enumerate(true_own)
    ]
    plans: dict[tuple[str, str], list[_Ad]] = {
        ("jobs.lever.co", TRUE): [*_grown(_BEFORE_AND_AFTER, students=0.8), *_true_ads(), *shared],
        (OWN_SITE, TRUE): shared,
        ("jobs.lever.co", FALSE): [*_grown(_OPPOSITE, steady=8, asking=1.0), *_false_ads()],
        (OWN_SITE, FALSE): [dataclasses.replace(ad, lines=_DEGREE) for ad in false_own],
        ("jobs.lever.co", SMALL): list(_grown(_SMALL_MIX, students=0.5, asking=0.4)),
        ("app.mokahr.com", DIM): list(_grown({"model-research": (8, 8), "software": (4, 4)})),
    }
    for rival in RIVALS:
        plans["jobs.lever.co", rival] = list(
            _grown({role: (count, count) for role, count in _RIVALS_MIX.items()}, asking=0.5)
        )
    boards = [_board(host, name) for host, name in plans]
    written = {board.url: _written(board, ads) for board, ads in zip(boards, plans.values(), strict=True)}
    return World(boards=boards, days=DAYS[-1] + 1, postings=written)


def _true_ads() -> Iterator[_Ad]:
    """Yield the single postings of the true lab."""
    pay = ("薪资：40-90K·14薪；",)
    yield _Ad(role="model-research", title="大模型预训练研究员（实习生）", kind="intern", lines=pay)
    yield _Ad(role="model-research", title="大模型对齐研究员（实习生）", kind="intern")
    for title in itertools.islice(titles("software"), 40, 52):
        yield _Ad(role="software", title=title, lines=("薪资：30-60K·14薪；",))
    for number, venue in enumerate(("NeurIPS", "ICML")):
        title = ("强化学习研究员", "Research Scientist, Alignment")[number]
        yield _Ad(role="model-research", title=title, lines=(f"在 {venue} 等顶级会议发表过论文者优先；",))
    yield _Ad(role="training-inference", title="昇腾算子开发工程师", lines=("熟悉 Ascend 昇腾、CANN 与 MindSpore；",))
    yield _Ad(
        role="data-centre",
        title="数据中心运维工程师",
        opened=94,
        closed=108,
        place="ulanqab",
        lines=("负责数据中心机房的日常运维；",),
    )
    for title in ("法律数据产品经理", "医疗数据产品经理", "小语种数据产品经理"):
        lines = ("负责法律、医学与多语言数据的产品规划；",)
        yield _Ad(role="product-management", title=title, opened=_DRIVE, lines=lines)
    yield _Ad(role="software", title="全栈开发工程师（急招）")
    yield _Ad(role="software", title="前端开发工程师（急招）")
    for title in ("首席财务官（CFO）", "首席运营官（COO）", "法务经理", "人力资源 HRBP"):
        yield _Ad(role="corporate", title=title)
    yield _Ad(
        role="compute",
        title="超算集群调度研发工程师",
        lines=("我们有一流的算力，first-class GPU clusters；",),
        later=("我们有自己的机房；",),
    )
    yield _Ad(role="corporate", title="校园招聘专员", lines=("负责各高校宣讲会的组织与现场答疑；",))


def _false_ads() -> Iterator[_Ad]:
    """Yield the single postings of the false lab: nearly what is said, and not it."""
    yield _Ad(role="security", title="Threat Intelligence Analyst", place="singapore", lines=_DEGREE)
    yield _Ad(role="hardware", title="高速信号硬件工程师", lines=("薪资：20-40K·13薪；", *_DEGREE))
    for title in itertools.islice(titles("security"), 40, 52):
        yield _Ad(role="security", title=title, lines=("薪资：20-35K·13薪；", *_DEGREE))


def _grown(
    mix: Mapping[str, tuple[int, int]], *, students: float = 0.0, steady: int = 0, asking: float = 0.0
) -> Iterator[_Ad]:
    """Yield the openings of each role: so many from the start, others from the drive on, or closing at it.

    Args:
        mix: Openings before the drive and after, by role.
        students: The share that is for students.
        steady: How many openings come each week before the drive, each for a week.
        asking: The share that asks for a degree.
    """
    number = 0
    for role, (before, after) in mix.items():
        for place, title in enumerate(itertools.islice(titles(role), max(before, after))):
            number += 1
            closed = None if place < after else _DRIVE if place % 2 else DAYS[-1]
            kind = "intern" if number % 10 < 10 * students else "full-time"
            yield _Ad(
                role=role,
                title=f"{title}（实习生）" if kind == "intern" else title,
                opened=0 if place < before else _DRIVE,
                closed=closed,
                kind=kind,
                place="hangzhou" if number % 3 == 0 else "beijing",
                lines=_DEGREE if number * 7 % 10 < 10 * asking else (),
            )
    for week, day in enumerate(DAYS[1:-2]):
        for title in itertools.islice(titles("hardware"), 40 + steady * week, 40 + steady * (week + 1)):
            yield _Ad(role="hardware", title=title, opened=day, closed=DAYS[week + 2], lines=_DEGREE)


def titles(role: str) -> Iterator[str]:
    """Yield titles of a role in two languages, no two of one family; at least 240 of them."""
    for zh, en in itertools.product(language("zh").roles[role].titles, language("en").roles[role].titles):
        for topic_zh, topic_en in zip(_TOPICS["zh"].split(), _TOPICS["en"].split(), strict=True):
            yield f"{topic_zh}{zh}"
            yield f"{en}, {topic_en}"


def _board(host: str, name: str) -> Board:
    company = Company(name=name, name_en=name, language="zh", about="一家虚构的实验室，用来检验说法。")
    moka = host == "app.mokahr.com"
    system = systems()["moka" if moka else "lever"]
    url = f"https://{host}/social-recruitment/{name.lower()}/300001" if moka else f"https://{host}/{name.lower()}"
    return Board(url=url, system=system, company=company, mix={}, places=("haidian",), turn=(1, 2))


def _written(board: Board, ads: Iterable[_Ad]) -> Sequence[Posting]:
    found = []
    for number, ad in enumerate(ads):
        chinese = any("\u4e00" <= letter <= "\u9fff" for letter in ad.title.replace("（实习生）", ""))
        text = language("zh" if chinese else "en").roles[ad.role]
        plain = [
            [line for line in lines if not any(word in line for word in _LEFT_OUT)]
            for lines in (text.duties, text.requirements)
        ]
        published = observed_at(ad.opened) - timedelta(hours=2)
        wording = Wording(0, published, ad.title, (*plain[0][:4], *ad.lines), tuple(plain[1][:3]))
        wordings = [wording]
        if ad.later is not None:
            edited = observed_at(DAYS[3]) - timedelta(hours=2)
            wordings.append(Wording(DAYS[3], edited, ad.title, (*plain[0][:4], *ad.later), wording.requirements))
        found.append(
            Posting(
                identifier=str(uuid.uuid5(uuid.NAMESPACE_URL, f"{board.url}#{number}")),
                serial=2520 * number,  # the systems' oddities go by remainders of it: there are none
                role=ad.role,
                kind=ad.kind,
                places=(ad.place,),
                unit=language("zh").roles[ad.role].unit,
                spells=(Spell(ad.opened, ad.closed, published),),
                wordings=tuple(wordings),
            )
        )
    return found
