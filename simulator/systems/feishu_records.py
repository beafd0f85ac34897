"""How Feishu writes a posting, for its tenants and for ByteDance alike."""

from __future__ import annotations

import random
from typing import Any, NamedTuple

from simulator.board import Board
from simulator.places import CITIES
from simulator.posting import Posting

CITY_CODES = {"haidian": ("CT_11", "北京", "Beijing"), "xuhui": ("CT_125", "上海", "Shanghai"),
              "yuhang": ("CT_52", "杭州", "Hangzhou"), "nanshan": ("CT_128", "深圳", "Shenzhen")}  # fmt: skip


class Category(NamedTuple):
    """A branch of the categories' tree.

    Attributes:
        id: Its id.
        name: Its name in Chinese.
        en_name: Its name in English.
        leaves: The ids of the leaves below it, by name.
    """

    id: str
    name: str
    en_name: str
    leaves: dict[str, str]


CATEGORIES = (
    Category(
        "6704215862603155720",
        "研发",
        "R&D",
        {"算法": "6704215956018694411", "后端": "6704215862557018372", "运维": "6704217321877014787"},
    ),
    Category("6704215882479962371", "运营", "Operations", {"产品运营": "6704216057269192973"}),
    Category("6704215864629004552", "产品", "Product", {"产品经理": "6704215864591255820"}),
    Category("6704215913488451847", "职能/支持", "Corporate", {"人力": "6704216386916321540"}),
    Category("6709824272514156812", "设计", "Design", {"交互设计": "6704216925762750724"}),
    Category("6709824272505768200", "销售", "Sales", {"销售": "6704215938645887239"}),
)
"""The upper branches of ByteDance's tree, with some leaves."""

_BRANCHES = {
    "product-operations": 1,
    "annotation": 1,
    "product-management": 2,
    "analytics": 2,
    "corporate": 3,
    "elsewhere": 3,
    "product-design": 4,
    "go-to-market": 5,
}
"""The branch of each role; other roles belong to the first."""

_RECRUIT_TYPES = {"full-time": ("101", "全职", "Full-time"), "either": ("101", "全职", "Full-time"),
                  "intern": ("202", "实习", "Intern"), "graduate": ("201", "正式", "Regular")}  # fmt: skip
_POOLS = {"1": ("社招", "Experienced"), "2": ("校招", "Campus")}


def identifier(dice: random.Random) -> str:
    """Return a posting's id: nineteen digits, more than a double can distinguish."""
    return str(7_000_000_000_000_000_001 + dice.randrange(10**18))


def pools(posting: Posting) -> tuple[str, ...]:
    """Return the pools that list a posting, ``1`` experienced and ``2`` campus; a few are in both."""
    if posting.serial % 50 == 13:
        return ("1", "2")
    return ("2",) if posting.kind in ("intern", "graduate") else ("1",)


def branch(posting: Posting) -> tuple[Category, str]:
    """Return the category of a posting: the branch and the leaf's name."""
    category = CATEGORIES[_BRANCHES.get(posting.role, 0)]
    leaves = sorted(category.leaves)
    return category, leaves[posting.serial % len(leaves)]


def categories(posting: Posting) -> set[str]:
    """Return the ids of the categories by which a posting is found."""
    category, leaf = branch(posting)
    return {category.id, category.leaves[leaf]}


def tree() -> list[dict[str, Any]]:
    """Return the categories as the filters show them."""
    return [
        {
            **_node(category.id, category.name, category.en_name, 1),
            "children": [_node(key, leaf, leaf, 2) for leaf, key in category.leaves.items()],
        }
        for category in CATEGORIES
    ]


def list_record(board: Board, posting: Posting, day: int, *, function: bool, with_city: bool) -> dict[str, Any]:
    """Return a posting as the list shows it.

    Args:
        board: Its board.
        posting: The posting.
        day: The simulated day.
        function: Whether the category stands under ``job_function``, as some channels have it.
        with_city: Whether ``city_info`` is filled, as at ByteDance.
    """
    wording = posting.wording(day)
    kind, name, en_name = _RECRUIT_TYPES[posting.kind]
    pool = pools(posting)[-1]
    category, leaf = branch(posting)
    parent = _node(category.id, category.name, category.en_name, 1)
    labelled = _node(category.leaves[leaf], leaf, leaf, 2) | {"parent": parent}
    cities = [_city(key) for key in posting.places]
    duties, requirements = "\n".join(wording.duties), "\n".join(wording.requirements)
    return {
        "id": posting.identifier,
        "title": wording.title,
        "sub_title": None if posting.serial % 2 else "",
        "description": f"{board.company.about}\n{duties}",
        "requirement": None if posting.serial % 17 == 3 else requirements,
        "job_category": None if function else labelled,
        "city_info": cities[0] if with_city else None,
        "recruit_type": {
            **_node(kind, name, en_name, 2),
            "parent": _node(pool, *_POOLS[pool], 1),
            "active_status": 1,
            "selectability": 1,
        },
        "publish_time": int(posting.published(day).timestamp() * 1000) + posting.serial % 1000,
        "job_hot_flag": 2 if posting.serial % 19 == 5 else None,
        "job_subject": None,
        "code": f"A{posting.serial + 100_000}" if with_city else None,
        "department_id": None,
        "job_function": labelled if function else None,
        "job_process_id": str(6_900_000_000_000_000_000 + posting.serial),
        "recommend_id": None,
        "city_list": cities,
        "job_post_info": {
            "min_salary": None,
            "max_salary": None,
            "currency": None,
            "head_count": None,
            "education": None,
            "experience": None,
            "expiry_time": None,
            "job_post_object_value_map": {},
        },
        "storefront_mode": 1,
        "storefront_list": None,
        "process_type": 2,
    }


def detail_record(board: Board, posting: Posting, day: int, *, function: bool) -> dict[str, Any]:
    """Return a posting as its own page shows it: what it has no value for is left out."""
    record = list_record(board, posting, day, function=function, with_city=False)
    category = "job_function" if function else "job_category"
    kept = ("id", "title", "description", "requirement", "recruit_type", "publish_time", "city_list", category)
    return {key: record[key] for key in kept if record[key] is not None} | {
        "channel_online_status": 1,
        "job_id": str(int(record["job_process_id"]) + 1),
        "job_post_info": {"job_post_object_value_map": {}, "address_list": []},
        "storefront_list": [],
        "tag_list": [],
    }


def _node(key: str, name: str, en_name: str, depth: int) -> dict[str, Any]:
    return {"id": key, "name": name, "en_name": en_name, "i18n_name": name, "depth": depth, "parent": None,
            "children": None}  # fmt: skip


def _city(key: str) -> dict[str, Any]:
    city = CITIES[key]
    code, name, en_name = CITY_CODES.get(key, (f"CT_{city.code or 163}", city.locality_zh or city.locality, city.name))
    return {"code": code, "name": name, "en_name": en_name, "location_type": None, "i18n_name": name,
            "py_name": None, "mdm_code": None, "node_status": None}  # fmt: skip
