"""The same job: found where it is the same, and not where only the company's words are."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

import postings.identity
from postings.identity import (
    Coverage,
    Ground,
    Job,
    Relation,
    coverage,
    find_links,
    find_mirrors,
    find_reposts,
    find_requisitions,
    groups,
)
from tests.postings.hostile import assert_linear_time
from tests.postings.identity.examples import ABOUT, CITIES, OFFER, OWN, VENDOR, different_roles, job, on, text_of

TEXT, OTHER_TEXT = (text_of(random.Random(seed)) for seed in (1, 2))


def as_vendors_write(text: str) -> str:
    """The same text as another system shows it: other bullets, one line a paragraph, a frame of its own."""
    lines = [line.removeprefix("- ") for line in text.splitlines()]
    return "\n\n".join(["Powered by Vendor. Apply in one minute.", *(f"• {line}" for line in lines if line), "Share"])


def mirrored(count: int, of: int) -> tuple[list[Job], list[Job]]:
    """A company's own board, and a vendor's mirror of some of it under other ids."""
    dice = random.Random(5)
    roles = different_roles(of)
    own = [job(f"a-{number}", title, text, places=(CITIES[number % 10],)) for number, (title, text) in enumerate(roles)]
    mirror = [
        job(
            f"v{number:04d}",
            f"{one.title} (m/w/d) - {one.places[0]}" if number % 3 else one.title,
            as_vendors_write(one.text),
            places=(f"{one.places[0]}, hybrid",) if number % 5 == 0 else one.places,
            board=VENDOR,
        )
        for number, one in enumerate(dice.sample(own, count))
    ]
    return own, mirror


@pytest.mark.parametrize(
    "changed",
    [
        lambda job: job,
        lambda job: replace(job, text=" ".join(job.text.split())),
        lambda job: replace(job, text=f"{job.text[:550]}…"),
        lambda job: replace(job, text=ABOUT),
        lambda job: replace(job, text=""),
        lambda job: replace(job, places=("53 Locations",), title=job.title.partition(" (")[0]),
    ],
    ids=["other lines", "on one line", "cut", "only boilerplate", "no text", "no place"],
)
def test_a_mirror_is_found_whole_and_nothing_else(changed: Callable[[Job], Job]) -> None:
    own, mirror = mirrored(592, 639)
    mirror = [changed(one) for one in mirror]
    links = find_mirrors([*own, *mirror])
    assert coverage([*own, *mirror], links) == [Coverage(OWN, VENDOR, 639, 592), Coverage(VENDOR, OWN, 592, 592)]
    assert [one.is_whole for one in coverage([*own, *mirror], links)] == [False, True]
    by_key = {one.key: one for one in [*own, *mirror]}
    assert len(links) == 592
    assert {link.second for link in links} | {link.first for link in links} >= {one.key for one in mirror}
    for link in links:
        pair = by_key[link.first], by_key[link.second]
        assert {one.board for one in pair} == {OWN, VENDOR}
        shorter, longer = sorted((one.title for one in pair), key=len)
        assert longer.startswith(shorter), link


def test_different_roles_that_share_boilerplate_are_never_merged() -> None:
    roles = different_roles(2_000)
    jobs = [
        job(number, title, text, board=(OWN, VENDOR)[number % 2], places=(CITIES[number % 10],))
        for number, (title, text) in enumerate(roles)
    ]
    assert find_mirrors(jobs) == []
    assert find_requisitions(jobs) == []
    closed = [job(number, *roles[number], closed=on(5)) for number in range(1_000)]
    opened = [job(number, *roles[number], opened=on(6)) for number in range(1_000, 2_000)]
    assert find_reposts([*closed, *opened]) == []


def families(count: int) -> list[tuple[str, str]]:
    """Sister roles: five titles over each text, told apart by one sentence that all families have."""
    fields = ("Data", "Data Center", "Payments", "Search", "Maps")
    dice = random.Random(3)
    return [
        (f"{field} Engineer, {number} Pier", f"{text}\n- You own the {field.lower()} of the fleet.")
        for number, text in ((number, text_of(dice, 12)) for number in range(count))
        for field in fields
    ]


def test_sister_roles_with_one_text_are_never_merged() -> None:
    roles = families(40)
    boards = [job(number, *role, board=(OWN, VENDOR)[number % 2]) for number, role in enumerate(roles)]
    assert find_mirrors(boards) == []
    own = [job(number, *role) for number, role in enumerate(roles)]
    mirror = [job(f"v{number}", *role, board=VENDOR) for number, role in enumerate(roles) if number % 3]
    titles = {one.key: one.title for one in [*own, *mirror]}
    links = find_mirrors([*own, *mirror])
    assert len(links) == len(mirror)
    assert all(titles[link.first] == titles[link.second] for link in links)


@pytest.mark.parametrize(
    ("title", "other"),
    [
        ("Data Engineer", "Data Center Engineer"),
        ("Payments Engineer", "Search Engineer"),
        ("Engineer, Lamps", "Engineer, Ropes"),
        ("搜索算法工程师-电商", "搜索算法工程师-综合"),
        ("Entwickler Leuchten", "Entwickler Taue"),
    ],
)
def test_one_text_under_titles_with_other_words_is_not_one_job(title: str, other: str) -> None:
    assert find_mirrors([job(1, title, TEXT), job(2, other, TEXT, board=VENDOR)]) == []


@pytest.mark.parametrize(
    ("title", "other"),
    [
        ("Engineer, Back-End", "Backend Engineer"),
        ("浮标-灯塔工程师", "灯塔工程师（浮标）"),
        ("灯塔工程师", "Lighthouse Engineer"),
    ],
)
def test_one_text_under_the_same_words_or_in_another_script_is_one_job(title: str, other: str) -> None:
    roles = [job(f"o{number}", *role) for number, role in enumerate(different_roles(40))]
    pair = [job(1, title, TEXT), job(2, other, TEXT, board=VENDOR)]
    [link] = find_mirrors([*roles, *pair])
    assert (link.ground, link.words) == (Ground.TEXT, f"{title} / {other}")
    assert find_mirrors([*roles, pair[0], replace(pair[1], text=OTHER_TEXT)]) == []
    # A board that has the other's title itself has that job, and another one beside it.
    assert find_mirrors([*roles, *pair, job(3, other, OTHER_TEXT)]) == []
    # Two titles of one board over one text: which is meant is not known.
    assert find_mirrors([*roles, *pair, job(4, "Keeper", TEXT)]) == []


@pytest.mark.parametrize(
    ("title", "other"),
    [
        ("Lamp Engineer I", "Lamp Engineer II"),
        ("Lamp Engineer 2", "Lamp Engineer 3"),
        ("Senior Lamp Engineer", "Lamp Engineer"),
        ("Lamp Engineer", "Lamp Engineer Intern"),
        ("灯塔工程师", "高级灯塔工程师"),
        ("灯塔工程师", "灯塔工程师（实习）"),
        ("Leuchtturmwärter", "Werkstudent Leuchtturmwärter"),
    ],
)
def test_titles_of_different_jobs_keep_the_same_text_apart(title: str, other: str) -> None:
    """A company describes the levels of a job in the same words."""
    mine, its = job(1, title, TEXT), job(2, other, TEXT, board=VENDOR)
    assert find_mirrors([mine, its]) == []
    here = job(3, other, TEXT, places=("Lyon",))
    assert find_requisitions([mine, here]) == []
    assert find_reposts([job(1, title, TEXT, closed=on(2)), job(4, other, TEXT, opened=on(3))]) == []


def test_the_same_title_in_two_teams_is_two_jobs() -> None:
    here = [job(1, text=TEXT, unit="Sea"), job(2, text=OTHER_TEXT, unit="Land", places=("Lyon",))]
    assert find_requisitions(here) == []
    same_text = [job(1, text=TEXT, unit="Sea"), job(2, text=TEXT, unit="Land", places=("Lyon",))]
    assert find_requisitions(same_text) == []
    assert find_mirrors([job(1, text=TEXT), job(2, text=OTHER_TEXT, board=VENDOR)]) == []


def test_titles_that_share_their_words_are_not_one_job() -> None:
    """A token set ratio of "Data Engineer" and "Data Center Engineer" is 100."""
    here = [job(1, "Data Engineer", TEXT), job(2, "Data Center Engineer", OTHER_TEXT, places=("Lyon",))]
    assert find_requisitions(here) == []
    there = [job(3, "Data Center Engineer", OTHER_TEXT, board=VENDOR)]
    assert {link.first for link in find_mirrors([*here, *there])} <= {here[1].key}


def test_one_requisition_in_ten_cities() -> None:
    jobs = [job(number, text=TEXT, places=(city,)) for number, city in enumerate(CITIES)]
    links = find_requisitions(jobs)
    assert groups([one.key for one in jobs], links) == [tuple(sorted(one.key for one in jobs))]
    assert {(link.relation, link.ground) for link in links} == {(Relation.PLACES, Ground.TEXT)}


def test_two_openings_in_each_of_ten_cities_are_two_requisitions() -> None:
    jobs = [job(f"{city}{number}", text=TEXT, places=(city,)) for city in CITIES for number in (1, 2)]
    found = groups([one.key for one in jobs], find_requisitions(jobs))
    assert [len(group) for group in found] == [10, 10]


def test_a_link_that_is_left_out_parts_its_group() -> None:
    jobs = [job(number, text=TEXT, places=(city,)) for number, city in enumerate(CITIES)]
    links = find_requisitions(jobs)
    keys = [one.key for one in jobs]
    assert len(links) == len(jobs) - 1
    for link in links:
        assert len(groups(keys, [other for other in links if other != link])) == 2
    assert groups(keys, []) == [(key,) for key in sorted(keys)]


def test_a_requisition_whose_place_was_reposted_stays_one() -> None:
    jobs = [job(number, text=TEXT, places=(city,)) for number, city in enumerate(CITIES)]
    jobs[0] = replace(jobs[0], closed=on(5))
    jobs.append(job("again", text=TEXT, places=jobs[0].places, opened=on(6)))
    assert len(groups([one.key for one in jobs], find_requisitions(jobs))) == 1
    assert len(find_reposts(jobs)) == 1


def test_places_of_one_requisition_may_be_remote() -> None:
    jobs = [job(number, text=TEXT, places=(place,)) for number, place in enumerate(("Oslo", "Remote", "Hamburg"))]
    assert len(groups([one.key for one in jobs], find_requisitions(jobs))) == 1


def test_a_title_may_name_the_city_that_the_board_does_not() -> None:
    own = [job(city, text=TEXT, places=(city,)) for city in ("Oslo", "Hamburg")]
    there = job(1, "Lamp Engineer - Hamburg", TEXT, places=("Multiple locations",), board=VENDOR)
    [link] = find_mirrors([*own, there])
    assert {link.first, link.second} == {own[1].key, there.key}


def test_a_title_may_name_its_city() -> None:
    jobs = [job(number, f"Lamp Engineer - {city}", TEXT, places=(city,)) for number, city in enumerate(CITIES)]
    assert len(groups([one.key for one in jobs], find_requisitions(jobs))) == 1


def test_two_postings_of_one_text_in_one_place_may_be_two_openings() -> None:
    assert find_requisitions([job(1, text=TEXT), job(2, text=TEXT)]) == []


def test_postings_that_were_never_open_together_are_not_one_requisition() -> None:
    before = job(1, text=TEXT, closed=on(3))
    after = job(2, text=TEXT, places=("Lyon",), opened=on(5))
    assert find_requisitions([before, after]) == []


@pytest.mark.parametrize(
    ("identifier", "other"), [("JR-120045", "JR120045-1"), ("R0012345", "r0012345"), ("4412233", "4412233-lamp")]
)
def test_a_requisition_number_on_two_hosts(identifier: str, other: str) -> None:
    pair = [
        job(identifier, text=TEXT),
        job(identifier[::-1], "Diver", OTHER_TEXT),
        job(other, text=as_vendors_write(TEXT), board=VENDOR, places=("Lyon",)),
    ]
    [link] = find_mirrors(pair)
    assert (link.ground, link.relation) == (Ground.REQUISITION, Relation.MIRROR)
    assert link.words.lower() in {"jr120045", "r0012345", "4412233"}


def test_a_number_of_two_different_jobs_is_no_requisition() -> None:
    assert find_mirrors([job("4412233", "Diver", TEXT), job("4412233", "Cook", OTHER_TEXT, board=VENDOR)]) == []
    assert find_mirrors([job("JR-4412", "Diver", TEXT), job("JR-4412", "Cook", OTHER_TEXT, board=VENDOR)]) == []


def test_the_number_of_a_board_in_every_address_is_no_requisition() -> None:
    where = "https://app.mokahr.com/social-recruitment/lantern/140576#/job/"
    jobs = [job(letter, text=TEXT, url=where + letter) for letter in "abc"]
    assert find_requisitions(jobs) == []


def test_boards_without_texts_are_linked_by_title_and_place_alone() -> None:
    jobs = [
        job(1, "Diver"),
        job(2, "Diver", places=("Lyon",)),
        job(3, "Diver", places=("Lyon, France",), board=VENDOR),
        job(4, "Diver", places=(), board=VENDOR),
    ]
    [link] = find_mirrors(jobs)
    assert {link.first, link.second} == {jobs[1].key, jobs[2].key}
    assert link.ground is Ground.TITLE_AND_PLACE


def test_boilerplate_alone_does_not_make_two_jobs_one() -> None:
    """Short texts of common sentences: the same title and place on two boards, and other sentences."""
    common = [f"You {verb} the lamps every single evening." for verb in ("light", "clean", "count", "carry", "draw")]
    jobs = [
        job(number, f"Keeper {number // 2}", "\n".join(common[number % 3 :][:3]), board=(OWN, VENDOR)[number % 2])
        for number in range(40)
    ]
    assert find_mirrors(jobs) == []


def test_each_posting_has_one_mirror_on_each_board() -> None:
    jobs = [job(number, text=TEXT) for number in (1, 2)] + [job(3, text=as_vendors_write(TEXT), board=VENDOR)]
    assert len(find_mirrors(jobs)) == 1


CHINESE = "岗位职责：\n1. 负责灯塔光源系统的设计与维护，保证夜间航行安全；\n2. 与港务团队规划浮标；\n3. 撰写观测月报。"
CHINESE_OTHER = "岗位职责：\n1. 负责船员餐食的采购与成本核算；\n2. 组织节日活动；\n3. 管理仓库并每周盘点库存。"


@pytest.mark.parametrize(
    ("title", "text", "places", "same"),
    [
        ("灯塔工程师", CHINESE.replace("；", ";"), ("北京市",), True),
        ("灯塔工程师（北京）", CHINESE, ("北京",), True),
        ("灯塔工程师", CHINESE_OTHER, ("北京",), False),
        ("灯塔工程师", CHINESE, ("上海",), False),
    ],
)
def test_chinese_texts_are_compared_by_characters(title: str, text: str, places: tuple[str, ...], same: bool) -> None:
    pair = [
        job(1, "灯塔工程师", CHINESE, places=("北京",)),
        job("f2", title, text, places=places, board="https://lanternfish.feishu.example"),
    ]
    assert bool(find_mirrors(pair)) is same


def test_german_titles_and_places() -> None:
    pair = [
        job(1, "Leuchtturmwärter:in", TEXT, places=("München",)),
        job(2, "Leuchtturmwärter (m/w/d)", TEXT, places=("Munich, Germany",), board=VENDOR),
    ]
    assert len(find_mirrors(pair)) == 1


# Reposts


def test_a_posting_that_closed_and_came_back_under_a_new_id() -> None:
    closed, opened = job("a", text=TEXT, closed=on(5)), job("b", text=TEXT, opened=on(5))
    [link] = find_reposts([opened, closed])
    assert (link.first, link.second, link.relation) == (closed.key, opened.key, Relation.REPOST)


@pytest.mark.parametrize(
    "changed",
    [
        {"opened": on(200)},
        {"opened": on(4)},
        {"text": OTHER_TEXT},
        {"places": ("Lyon",)},
        {"board": VENDOR},
        {"title": "Diver"},
    ],
)
def test_what_is_no_repost(changed: dict[str, object]) -> None:
    closed, opened = job("a", text=TEXT, closed=on(5)), job("b", **{"text": TEXT, "opened": on(5)} | changed)  # type: ignore[arg-type]
    assert find_reposts([closed, opened]) == []


def test_a_closing_that_was_noticed_late_is_told_by_when_the_posting_was_last_seen() -> None:
    closed, opened = job("a", text=TEXT, closed=on(9), last_seen=on(6)), job("b", text=TEXT, opened=on(7))
    assert len(find_reposts([closed, opened])) == 1
    assert find_reposts([replace(closed, last_seen=on(7)), opened]) == []
    assert find_reposts([replace(closed, last_seen=None), opened]) == []


def test_a_repost_may_name_its_places_otherwise() -> None:
    closed = job("a", text=TEXT, places=("Oslo | Hamburg",), closed=on(5))
    assert len(find_reposts([closed, job("b", text=TEXT, places=("Hamburg, DE", "Oslo"), opened=on(6))])) == 1


def test_many_reposts_at_once_are_told_apart_by_their_texts() -> None:
    texts = [text_of(random.Random(seed)) for seed in range(100)]
    closed = [job(f"old{number:02}", text=text, closed=on(5)) for number, text in enumerate(texts)]
    new = [number * 37 % 100 for number in range(100)]
    opened = [job(f"new{number:02}", text=text, opened=on(5)) for number, text in zip(new, texts, strict=True)]
    links = find_reposts([*closed, *opened])
    assert [(link.first[-2:], link.second[-2:]) for link in links] == [(f"{n:02}", f"{new[n]:02}") for n in range(100)]


def test_many_reposts_of_one_text_are_each_found() -> None:
    closed = [job(f"old{number}", text=TEXT, closed=on(5)) for number in range(200)]
    links = find_reposts([*closed, *(job(f"new{number}", text=TEXT, opened=on(6)) for number in range(200))])
    assert len(links) == len({link.first for link in links}) == len({link.second for link in links}) == 200


def test_a_posting_that_was_reposted_twice_is_a_chain() -> None:
    spells = [job("a", text=TEXT, closed=on(5)), job("b", text=TEXT, opened=on(6), closed=on(9))]
    links = find_reposts([*spells, job("c", text=TEXT, opened=on(12))])
    assert [(link.first[-1], link.second[-1]) for link in links] == [("a", "b"), ("b", "c")]


def test_the_longest_gap_is_a_choice() -> None:
    pair = [job("a", text=TEXT, closed=on(5)), job("b", text=TEXT, opened=on(40))]
    assert len(find_reposts(pair)) == 1
    assert find_reposts(pair, gap=timedelta(days=30)) == []


def test_five_that_closed_and_five_that_opened_are_five_reposts_beside_a_requisition_in_ten_cities() -> None:
    cities = [job(number, "Salesman", OTHER_TEXT, places=(city,)) for number, city in enumerate(CITIES)]
    closed = [job(f"old{number}", text=TEXT, closed=on(7)) for number in range(5)]
    opened = [job(f"new{number}", text=TEXT, opened=on(7)) for number in range(5)]
    links = find_reposts([*cities, *closed, *opened])
    assert {link.first for link in links} == {one.key for one in closed}
    assert {link.second for link in links} == {one.key for one in opened}
    assert len(links) == 5


def of_every_relation() -> list[Job]:
    own, mirror = mirrored(30, 40)
    own = [replace(one, closed=on(5)) if number < 5 else one for number, one in enumerate(own)]
    reposts = [
        replace(one, key=f"{one.key}r", identifier=f"r{one.identifier}", opened=on(6), closed=None) for one in own[:5]
    ]
    cities = [job(number, "Salesman", OTHER_TEXT, places=(city,)) for number, city in enumerate(CITIES)]
    return [*own, *mirror, *reposts, *cities]


def test_the_order_of_postings_does_not_matter() -> None:
    jobs = of_every_relation()
    shuffled = random.Random(3).sample(jobs, len(jobs))
    assert {link.relation for link in find_links(jobs)} == set(Relation)
    assert find_links(jobs) == find_links(shuffled)


def test_all_questions_at_once_have_the_answers_of_each() -> None:
    jobs = of_every_relation()
    assert find_links(jobs) == [*find_mirrors(jobs), *find_requisitions(jobs), *find_reposts(jobs)]


@pytest.mark.parametrize("seed", range(12))
def test_many_places_of_one_title_are_mirrored_whole(seed: int) -> None:
    """The vendor writes other words for the places, and around the text, of which some change its smallest hash."""
    text = text_of(random.Random(seed))
    frame = "Vendor finds work for sailors. Ask our friendly agents, who answer by pigeon, for a boat to the interview."
    own = [job(f"a{n}", text=text, places=(f"Lampwick {n}",)) for n in range(200)]
    mirror = [
        job(f"v{n}", text=f"{frame}\n{as_vendors_write(text)}", places=(f"Lampwick {n} pier side",), board=VENDOR)
        for n in range(200)
    ]
    links = find_mirrors([*own, *mirror])
    assert [link.first.rpartition("#a")[2] for link in links] == [link.second.rpartition("#v")[2] for link in links]
    assert len(links) == 200


def test_a_text_that_reuses_most_of_another_is_not_its_excerpt() -> None:
    dice = random.Random(4)
    duties = [text_of(dice, 7).split("Your work:")[1].split("We offer")[0].strip() for _ in range(3)]
    own = "- You answer the letters of the union of sailors."
    longer, shorter = "\n".join(duties), f"{duties[0]}\n{own}"
    assert find_mirrors([job(1, text=longer), job(2, text=shorter, board=VENDOR)]) == []
    assert len(find_mirrors([job(1, text=longer), job(2, text=duties[0], board=VENDOR)])) == 1


def test_texts_with_hardly_a_word_of_their_own_are_compared_whole() -> None:
    """A board that joins the lines of headings hides what is boilerplate."""
    names = ("Diver", "Cook", "Keeper", "Painter", "Rower", "Smith")

    def text(name: str) -> str:
        return f"{ABOUT}\nYour work\n{name}s are needed\nWhat we offer\n{OFFER}"

    own = [job(name, name, text(name)) for name in names]
    mirror = [job(f"v{name}", name, " ".join(text(name).split()), board=VENDOR) for name in names]
    assert len(find_mirrors([*own, *mirror])) == len(names)
    assert find_mirrors([*own, replace(mirror[0], text=OTHER_TEXT)]) == []


@pytest.mark.parametrize(
    ("title", "other"),
    [("Engineer I", "Engineer II"), ("Diver", "Senior Diver"), ("灯塔工程师", "Senior Lamp Engineer")],
)
def test_neither_number_nor_text_joins_two_ranks(title: str, other: str) -> None:
    number = {"url": "https://lanternfish.example/jobs/4412233"}
    for where in ({}, number):
        pair = [job(1, title, TEXT, **where), job(2, other, TEXT, board=VENDOR, **where)]
        assert find_mirrors([*pair, job(3, "Cook", OTHER_TEXT), job(4, "Smith", OTHER_TEXT, board=VENDOR)]) == []


def test_one_title_over_two_texts_in_two_places_is_two_jobs() -> None:
    assert find_requisitions([job(1, text=TEXT), job(2, text=OTHER_TEXT, places=("Lyon",))]) == []


@pytest.mark.parametrize(
    "unit", ["1", "(", "\u202e", "a\n", " ", "- ", "R1234-", "(m/", "·", "Job ID: ", "灯。", "：1"]
)
def test_hostile_words_are_compared_in_linear_time(unit: str) -> None:
    def compare(words: str) -> None:
        pair = [job(words, words, words, url=words, board=board, places=(words,)) for board in (OWN, VENDOR)]
        find_links(pair)

    assert_linear_time(unit, compare)


def test_the_note_of_the_package_names_all_that_it_gives() -> None:
    note = postings.identity.__doc__
    assert note
    for name in postings.identity.__all__:
        assert f"`{name}`" in note or f".{name}`" in note, name
        assert getattr(postings.identity, name).__doc__
