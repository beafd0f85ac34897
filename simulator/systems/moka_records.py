"""How Moka writes a posting: in the list, in the detail, in the page's init-data and in the facets."""

from __future__ import annotations

import hashlib
import html
import json
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from simulator.board import Board
from simulator.places import CITIES
from simulator.posting import Posting, observed_at
from simulator.texts import language

BULK_EDIT_DAY = 10
"""On this day one edit stamps the same second on every posting then listed, and changes no text."""

_BEIJING = ZoneInfo("Asia/Shanghai")
_BULK_EDIT = observed_at(BULK_EDIT_DAY) - timedelta(hours=4, seconds=17)
_COMMITMENTS = {"full-time": "全职", "either": "全职", "intern": "实习", "graduate": "全职"}
_KIND_LINES = {"full-time": "全职", "either": "实习/全职", "intern": "实习", "graduate": "校招"}


def list_record(board: Board, posting: Posting, day: int, locale: str) -> dict[str, Any]:
    """Return a posting as the list shows it.

    Args:
        board: Its board.
        posting: The posting.
        day: The simulated day.
        locale: ``zh-CN`` or ``en-US``; changes the names of places only.
    """
    record = _common(board, posting, day)
    record["locations"] = locations(board, posting, chinese=locale == "zh-CN")
    if posting.serial % 20 == 2 or not (record["locations"] or board.text_in_list):
        del record["locations"]
    if board.text_in_list:
        empty = {5: "", 6: "<p><br></p>"}
        record["jobDescription"] = empty.get(posting.serial % 20, description(board, posting, day))
        if posting.urgent:
            record["prior"] = 1
    else:
        record |= {
            "commitment": commitment(board, posting),
            "department": department(board),
            "prior": int(posting.urgent),
            "publishedAt": _beijing(posting.published(day)),
        }
    return record | {
        "applicantLimitCheck": {"isSetting": False},
        "deptId": department(board)["id"],
        "showIsCampus": False,
    }


def detail_record(board: Board, posting: Posting, day: int, locale: str) -> dict[str, Any]:
    """Return a posting as its own endpoint shows it; arguments as for `list_record`."""
    places = [
        {key: value for key, value in place.items() if key != "provinceId"} | {"countryDescription": place["country"]}
        for place in locations(board, posting, chinese=locale == "zh-CN")
    ]
    unit = department(board)
    return (
        _common(board, posting, day)
        | {
            "jobDescription": description(board, posting, day),
            "locations": places,
            "commitment": commitment(board, posting) if not board.text_in_list else "全职",
            "createMethod": "手动添加",
            "customFields": {str(number(board, "field", 400_000)): {"name": "岗位类型", "value": []}},
            "department": unit,
            "departmentId": unit["id"],
            "departments": [unit],
            "locDepCampusList": [
                {
                    "campusSiteIds": [],
                    "departmentIds": [unit["id"]],
                    "locationIds": [place["id"] for place in places if "id" in place],
                    "storeIds": [],
                }
            ],
            "pipelineId": number(board, "pipeline", 9_000),
            "prior": int(posting.urgent),
            "publishedAt": _beijing(posting.published(day)),
            "recommendationBonus": 0,
            "showCampusSites": True,
            "showIsCampus": True,
            "useHeadhunter": 1,
            "virtual": 0,
        }
        | _terms(posting)
    )


def init_data(board: Board, rows: Sequence[Posting], day: int, jobs: int) -> dict[str, Any]:
    """Return what the page of a living board carries; its dates are UTC, unlike the API's.

    Args:
        board: The board.
        rows: Its postings.
        day: The simulated day.
        jobs: How many postings the page holds.
    """
    name = board.company.name
    site_name = f"{name}{'校园招聘' if board.campus else '招聘'}"
    mode = "campus" if board.campus else "social"
    places = Counter(
        (place["id"], place["cityName"], place["cityId"])
        for posting in rows
        for place in locations(board, posting, chinese=True)
        if "id" in place
    )
    return {
        "org": {
            "id": board.token,
            "name": name,
            "displayName": name,
            "siteId": board.site,
            "type": "camp" if board.campus else "social",
            "siteName": site_name,
            "customTitle": site_name,
        },
        "siteId": board.site,
        "mode": mode,
        "jobs": [_page_record(board, posting, day) for posting in rows[:jobs]],
        "jobStats": {"orgId": board.token, "total": len(rows)},
        "jobsGroupedByLocation": [
            {"id": place, "label": label, "cityId": city, "jobCount": count}
            for (place, label, city), count in sorted(places.items())
        ],
    }


def facets(board: Board, rows: Sequence[Posting], *, chinese: bool) -> dict[str, Any]:
    """Return the places and categories by which the site filters; nothing where it has no categories."""
    if not board.categories:
        return {}
    places = {
        place["id"]: place for posting in rows for place in locations(board, posting, chinese=chinese) if "id" in place
    }
    counts = Counter(posting.unit for posting in rows)
    return {
        "locationAggregation": {
            "locationList": [
                {
                    "cityId": place["cityId"],
                    "id": place["cityName"],
                    "label": place["cityName"],
                    "locationRows": [{"cityId": place["cityId"], "id": key}],
                }
                for key, place in sorted(places.items())
            ]
        },
        "provinceAggregation": {
            "provinceList": [
                *(
                    {
                        "id": name,
                        "jobCount": 0,
                        "label": name,
                        "locationRows": [
                            {"cityId": place["cityId"], "id": key}
                            for key, place in sorted(places.items())
                            if place["provinceName"] == name
                        ],
                    }
                    for name in sorted({place["provinceName"] for place in places.values()})
                ),
                {"id": "Others", "jobCount": 0, "label": "Others"},
            ]
        },
        "zhinengAggregation": {
            "zhinengList": [
                {
                    "id": category(board, unit)["id"],
                    "jobCount": counts[unit],
                    "label": unit,
                    "parentId": 0,
                    "sort": place,
                    "supplementaryLocales": json.dumps({"zh-CN": {"label": unit}}, ensure_ascii=False),
                }
                for place, unit in enumerate(sorted(counts))
            ]
        },
    }


def description(board: Board, posting: Posting, day: int) -> str:
    """Return the posting's HTML, or the bare link that is left of one that moved."""
    if posting.redirects(day):
        chinese = board.company.language == "zh"
        text = "该岗位已合并，投递请前往" if chinese else "This position has moved, please apply here: "
        return f'<p>{text}<a href="{board.url}#/job/{posting.redirects_to}" target="_blank">【新链接】</a></p>'
    wording = posting.wording(day)
    if board.company.language == "zh":
        heads = ("【团队介绍】", "【岗位职责】", "【任职要求】")
        number_sign = "、"
    else:
        heads = ("About us", "What you will do", "What we look for")
        number_sign = ". "
    parts = [f"<p><strong>{heads[0]}</strong></p><p>{html.escape(board.company.about)}</p>"]
    parts += [f"<p>{line}</p>" for line in _kind_line(board, posting)]
    for head, sentences in zip(heads[1:], (wording.duties, wording.requirements), strict=True):
        parts.append(f"<p><strong>{head}</strong></p>")
        parts += [f"<p>{n}{number_sign}{html.escape(text)}</p>" for n, text in enumerate(sentences, start=1)]
    return "".join(parts)


def commitment(board: Board, posting: Posting) -> str:
    """Return the kind of employment as the form's field has it, which the text may contradict."""
    return "实习" if board.campus and posting.serial % 3 == 0 else _COMMITMENTS[posting.kind]


def locations(board: Board, posting: Posting, *, chinese: bool) -> list[dict[str, Any]]:
    """Return the places; some postings name none, only a country, or the same district twice."""
    cities = [CITIES[key] for key in posting.places]
    oddity = posting.serial % 20
    if oddity == 1:
        return []
    if oddity == 3:
        return [{"country": cities[0].country_zh if chinese else cities[0].country}]
    if oddity == 4:
        cities = [cities[0], cities[0]]
    return [
        {
            "cityId": city.code or number(board, f"city {city.locality}", 90_000),
            "cityName": city.locality_zh if chinese else city.locality,
            "country": city.country_zh if chinese else city.country,
            "id": number(board, city.locality, 900_000),
            "provinceId": city.province_code,
            "provinceName": city.region_zh if chinese else city.region,
        }
        for city in cities
    ]


def department(board: Board) -> dict[str, Any]:
    """Return the one department under which all postings of a tenant stand."""
    return {"id": number(board, "department", 3_000_000), "name": board.company.name}


def category(board: Board, unit: str) -> dict[str, Any]:
    """Return the function category (``zhineng``)."""
    return {"id": number(board, unit, 300_000), "name": unit}


def number(board: Board, name: str, below: int) -> int:
    """Return a tenant's number for something, always the same."""
    digest = hashlib.sha256(f"{board.token} {name}".encode()).digest()
    return 1 + int.from_bytes(digest[:8], "big") % (below - 1)


def _common(board: Board, posting: Posting, day: int) -> dict[str, Any]:
    """Return what list and detail share."""
    record: dict[str, Any] = {
        "campusSites": [],
        "createdAt": _beijing(posting.created()),
        "hireMode": 2 if board.campus else 1,
        "id": posting.identifier,
        "multiLocale": '{"mainLocale":"zh-CN","secondLocale":""}',
        "openedAt": posting.published(day).astimezone(_BEIJING).strftime("%Y-%m-%dT00:00"),
        "orgId": board.token,
        "salaryUnit": 0,
        "status": "pause" if posting.paused(day) else "open",
        "title": _title(posting, day),
        "updatedAt": _beijing(_updated(posting, day)),
    }
    if board.categories:
        record["zhineng"] = category(board, posting.unit)
    if board.campus:
        folder = {"id": number(board, "folder", 90_000), "name": "2026届校园招聘"}
        record["projectFolder"] = folder
    return record


def _page_record(board: Board, posting: Posting, day: int) -> dict[str, Any]:
    """Return a posting as the board's page shows it: UTC dates, a few keys more."""
    record = list_record(board, posting, day, "zh-CN")
    moments = {
        "createdAt": posting.created(),
        "updatedAt": _updated(posting, day),
        "openedAt": posting.published(day),
        "publishedAt": posting.published(day),
    }
    dates = {key: f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.000Z" for key, value in moments.items()}
    more = {
        "pointTo": None,
        "sourceId": None,
        "closedAt": None,
        "recommendationBonus": 0,
        "mjCode": f"MJ{posting.serial:06}",
        "customFields": {},
        "department": department(board),
    }
    return record | dates | more


def _title(posting: Posting, day: int) -> str:
    """Return the title, sometimes with the doubled blank that hand-typed titles have."""
    title = posting.wording(day).title
    return title.replace(" ", "  ", 1) if posting.serial % 9 == 4 else title


def _updated(posting: Posting, day: int) -> datetime:
    """Return the last edit as seen on a day, the bulk edit included."""
    edited = max(posting.wording(day).edited, posting.published(day))
    if posting.redirects_from is not None and posting.redirects(day):
        edited = max(edited, observed_at(posting.redirects_from) - timedelta(hours=1))
    return max(edited, _BULK_EDIT) if day >= BULK_EDIT_DAY else edited


def _kind_line(board: Board, posting: Posting) -> list[str]:
    """Return the line that states the kind of employment, in one of the forms that Chinese postings use."""
    if board.company.language != "zh":
        return []
    kind = _KIND_LINES[posting.kind]
    if posting.serial % 3 == 0:
        return [f"【岗位类别】：{kind}"]
    if posting.serial % 3 == 1:
        directions = sorted(language("zh").roles[posting.role].titles)[:2]
        return [f"招聘方向【{kind}】：{'、'.join(f'{title}方向' for title in directions)}"]
    return []


def _terms(posting: Posting) -> dict[str, Any]:
    """Return pay, head-count and education, where the posting has them.

    Half of those who pay by the month write thousands, the other half yuan, and nothing shows which.
    """
    terms: dict[str, Any] = {}
    if posting.serial % 5 == 0:
        terms["number"] = 1 + posting.serial % 7
    if posting.serial % 2 == 0:
        terms["education"] = "本科" if posting.serial % 4 else "硕士"
    if pay := posting.pay:
        thousands = pay.unit == "MONTH" and posting.serial % 2 == 0
        divisor = 1000 if thousands else 1
        terms |= {"minSalary": pay.low // divisor, "maxSalary": pay.high // divisor}
        if pay.months:
            terms["payPeriod"] = pay.months
    return terms


def _beijing(moment: datetime) -> str:
    """Return a moment as Moka's API writes it: the wall clock in Beijing, without a zone."""
    return moment.astimezone(_BEIJING).strftime("%Y-%m-%dT%H:%M:%S")
