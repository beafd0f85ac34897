"""The claims about DeepSeek that come with rolemix, answered on simulated companies whose truth is known.

    python -m benchmarks.claims

Three times fictional companies stand under the names that the claims use: once every claim is true of them that
postings can show, once each is false, and once little can be told, because boards were never seen whole. Texts are made
up. Printed is a row for each claim: its kind, and the answers.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from classifier.model.tagger import Tagger
from postings import BoardRun, JobPosting, Place, Verdict
from postings.store import Store
from postings.store.history import record
from rolemix.analysis.claims import Answer, check, load_claims
from rolemix.collecting.watchlist import shipped
from rolemix.tagging.facts import read_new
from rolemix.tagging.retag import tag_new

RUNS = [
    *(datetime(2025, 1, 29, 4, tzinfo=UTC) + timedelta(weeks=4 * number) for number in range(18)),
    *(datetime(2026, 6, 24, 4, tzinfo=UTC) + timedelta(days=number) for number in (0, 2, 9, 16, 23, 33)),
]
"""When boards are looked at: every four weeks, then about every week."""
START, LATER, DRIVE = RUNS[0], RUNS[2], RUNS[-5]
END = RUNS[-1]
CLAIMS = shipped().with_name("claims-deepseek.toml")
TOPICS = ("Reef", "Kelp", "Tide", "Coral", "Pearl", "Shoal", "Lagoon", "Fjord", "Atoll", "Delta", "Strait", "Cove")

UNDECIDABLE = "not decidable"
NEVER_DECIDABLE = {"poached", "ten-on-linkedin", "same-roles"}
"""What postings can show of nobody."""
PAID = {"million-dollars"}
"""What a posting can support and cannot refute."""
BY_ONE = {"mainland", "offices"}
"""What one posting refutes, whatever else there is."""


class Truth(StrEnum):
    """What is true of the companies."""

    HOLDS = "every claim holds"
    FAILS = "no claim holds"
    HIDDEN = "boards never seen whole"


def expected(claim: str, truth: Truth) -> str:
    """Return the right answer to a claim."""
    if truth is Truth.HIDDEN:
        return "refuted" if claim in BY_ONE else UNDECIDABLE
    if claim in NEVER_DECIDABLE or (claim in PAID and truth is Truth.FAILS):
        return UNDECIDABLE
    return "supported" if truth is Truth.HOLDS else "refuted"


class _Board:
    """One company's postings, each with the days on which it is open."""

    def __init__(self, company: str) -> None:
        self.company = company
        self._postings: list[tuple[datetime, datetime, JobPosting]] = []

    def add(self, title: str, *texts: str, since: datetime = START, until: datetime = END, **more: Any) -> None:
        """Add a posting that is open from one run to another one, maybe of a ``team`` and at a ``place``."""
        number = len(self._postings)
        posting = JobPosting(
            identifier=str(number),
            title=title,
            url=f"https://jobs.example.org/{number}",
            description="\n".join(texts),
            job_location=(Place(name=more.pop("place", "北京")),),
            employment_unit=more.pop("team", None),
            **more,
        )
        self._postings.append((since, until, posting))

    def several(self, count: int, title: str, *texts: str, **more: Any) -> None:
        """Add postings of families of their own."""
        for number in range(count):
            topic = f"{TOPICS[number % len(TOPICS)]} {TOPICS[number // len(TOPICS) % len(TOPICS)]}"
            self.add(f"{title}（{topic}）", *texts, **more)

    def write(self, store: Store, *, whole: bool) -> None:
        """Record its runs."""
        for at in RUNS:
            listed = [posting for since, until, posting in self._postings if since <= at <= until]
            run = BoardRun(
                board_url=f"https://jobs.example.org/{self.company}",
                system="moka",
                board_key=self.company,
                observed_at=at,
                verdict=Verdict.COMPLETE if whole else Verdict.INCOMPLETE,
                reason="simulated",
            )
            record(store, run, listed, company=self.company)


MODELS = "研究和训练大语言模型，探索新的模型结构与对齐方法，跟踪学术前沿。"
PRODUCT = "负责人工智能产品的规划、需求分析、产品设计与迭代，跟进数据和用户反馈。"
DATA = "负责训练数据的采集、清洗、去重和质量评估，建设数据处理流程。"
CLUSTER = "负责大规模GPU集群的调度、分布式存储、高速网络与训练框架的研发和优化。"
SALES = "开拓企业客户，完成销售目标，维护客户关系。"
STUDENTS = "面向在校生，每周到岗四天，可转正。"
WORKERS = "需要五年以上工作经验，社会招聘。"
DEGREE = "要求本科及以上学历。"


def deepseek_that_holds() -> _Board:
    """A lab of 18 openings that grows, and from a Friday on looks for products and machines in every team."""
    board = _Board("DeepSeek")
    board.several(16, "深度学习研究员", MODELS, STUDENTS, "发表过顶级会议论文者优先。", team="基础研究")
    board.add("全栈开发工程师", "负责网站前端与后端的开发。", STUDENTS, urgent=True)
    board.add("首席财务官（CFO）", "负责公司的财务管理与融资。", urgent=True)
    board.several(44, "大模型算法研究员", MODELS, STUDENTS, team="基础研究", since=LATER)
    board.several(10, "AI Infra 训练框架工程师", CLUSTER, STUDENTS, team="算力平台", since=LATER)
    board.several(10, "数据工程师", DATA, STUDENTS, team="数据", since=LATER)
    board.several(6, "AI产品经理", PRODUCT, STUDENTS, team="产品", since=LATER)
    board.add(
        "数据中心运维工程师",
        "负责数据中心机房的日常运维。",
        place="内蒙古乌兰察布市察哈尔右翼前旗",
        since=LATER,
        until=DRIVE,
    )
    board.add("法务专员", "负责合同审核与知识产权。", since=LATER)
    board.add("HR 招聘专员", "负责招聘，在多所大学举办校园宣讲会。", since=LATER)
    board.several(70, "深度学习研究员（实习）", MODELS, STUDENTS, team="基础研究", since=DRIVE)
    board.several(5, "分布式存储工程师", CLUSTER, "充足的算力，一流的GPU集群。", team="算力平台", since=DRIVE)
    board.several(
        35,
        "推理引擎研发工程师",
        CLUSTER,
        STUDENTS,
        "熟悉昇腾 CANN 或 MindSpore。",
        team="算力平台",
        since=DRIVE,
    )
    board.several(40, "训练数据工程师", DATA, STUDENTS, team="数据", since=DRIVE)
    board.several(70, "产品经理", PRODUCT, STUDENTS, team="产品", since=DRIVE)
    board.several(4, "产品运营", "负责产品运营、用户增长与内容运营。", STUDENTS, team="产品", since=DRIVE)
    for domain in ("法律", "医学", "语言学"):
        board.add(
            f"数据产品经理（{domain}方向）",
            PRODUCT,
            f"具有{domain}专业背景。",
            STUDENTS,
            team="产品",
            since=DRIVE,
        )
    board.add("深度学习研究员", MODELS, STUDENTS, "薪资：40-90K·14薪。", place="杭州", team="基础研究", since=DRIVE)
    board.add("Research Scientist", MODELS, STUDENTS, "Base salary: $1,350,000 - $1,500,000 per year.", since=DRIVE)
    return board


def deepseek_that_fails() -> _Board:
    """A company of designers and sellers that turns to research, for experienced people with degrees, and abroad."""
    board = _Board("DeepSeek")
    board.several(20, "交互设计师", "负责产品的交互设计与视觉设计。", WORKERS, DEGREE, team="设计")
    board.several(
        50,
        "产品设计师",
        "负责产品界面设计与用户体验。",
        WORKERS,
        DEGREE,
        team="设计",
        since=LATER,
        until=DRIVE,
    )
    board.several(30, "大客户销售经理", SALES, WORKERS, DEGREE, "薪资：20-30K·12薪。", team="销售")
    board.several(60, "渠道销售经理", SALES, WORKERS, DEGREE, team="销售", since=DRIVE)
    board.several(
        20, "机器学习算法研究员", MODELS, WORKERS, DEGREE, "熟悉 CUDA 与 NCCL。", place="Singapore", since=LATER
    )
    board.several(80, "深度学习研究科学家", MODELS, WORKERS, DEGREE, team="新团队", since=DRIVE)
    return board


def rivals(holds: bool) -> Iterator[_Board]:
    """Yield the companies that it is compared with: where claims hold, they look for other people."""
    for name in ("Moonshot AI", "Zhipu AI", "MiniMax"):
        board = _Board(name)
        board.several(40, "大客户销售经理", SALES, DEGREE)
        if holds:
            board.several(30, "产品经理", PRODUCT, DEGREE)
            board.add("推理引擎研发工程师", CLUSTER, DEGREE)
        else:
            board.several(40, "训练数据工程师", DATA)
            board.several(140, "深度学习研究员", MODELS)
            if name != "Zhipu AI":
                board.several(40, "AI Infra 训练框架工程师", CLUSTER)
        yield board


def write(store: Store, tagger: Tagger, truth: Truth) -> None:
    """Record all companies, tag them, and read their facts."""
    holds = truth is Truth.HOLDS
    for board in (deepseek_that_holds() if holds else deepseek_that_fails(), *rivals(holds)):
        board.write(store, whole=truth is not Truth.HIDDEN)
    tag_new(store, tagger)
    read_new(store)


def answers(folder: Path, tagger: Tagger, truth: Truth) -> list[Answer]:
    """Return the answers to the shipped claims on companies of a truth."""
    with Store.open(folder / f"{truth.name}.db") as store:
        write(store, tagger, truth)
        return check(store, tagger.info, load_claims(CLAIMS))


def main() -> None:
    """Print a row for each claim, and how many answers are right."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--figures", action="store_true", help="print the figures behind each answer too")
    options = parser.parse_args()
    tagger = Tagger.load()
    with tempfile.TemporaryDirectory() as name:
        found = {truth: answers(Path(name), tagger, truth) for truth in Truth}
    print(f"| claim | kind | {' | '.join(Truth)} |\n|---|---|---|---|---|")
    right = total = 0
    for index, claim in enumerate(load_claims(CLAIMS)):
        cells = []
        for truth in Truth:
            answer = found[truth][index]
            wanted = expected(claim.id, truth)
            total += 1
            right += answer.verdict == wanted
            cells.append(str(answer.verdict) if answer.verdict == wanted else f"**{answer.verdict}**, not {wanted}")
        print(f"| {claim.id} | {claim.kind} | {' | '.join(cells)} |")
        if options.figures:
            for truth in Truth:
                answer = found[truth][index]
                print(f"    {truth}: {answer.figures}; needed: {answer.needed}; {len(answer.evidence)} postings")
    print(f"\n{right} of {total} answers are right.")


if __name__ == "__main__":
    main()
