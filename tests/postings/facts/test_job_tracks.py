"""The job tracks that a line of a posting's text lists."""

from __future__ import annotations

import pytest

from postings.facts.job_tracks import find_job_tracks
from tests.postings.hostile import assert_linear_time


@pytest.mark.parametrize(
    ("description", "names"),
    [
        ("招聘方向【实习/全职】：训练方向、推理方向", ("训练方向", "推理方向")),
        ("岗位方向: 训练、推理", ("训练", "推理")),
        ("职位方向（全职）：训练、推理等", ("训练", "推理")),
        ("- 招聘方向：训练、推理；", ("训练", "推理")),
        ("团队介绍\n招聘方向：训练、推理。\n职责", ("训练", "推理")),
        ("招聘方向：AI Infra（训练、推理）、数据", ("AI Infra（训练、推理）", "数据")),
        ("招聘方向：训练、训练、推理", ("训练", "推理")),
        ("招聘方向：前端方向/后端方向", ("前端方向", "后端方向")),
        ("招聘方向：" + "、".join(f"第{n}方向" for n in range(12)), tuple(f"第{n}方向" for n in range(12))),
        ("招聘方向：训练、" + "长" * 20, ("训练", "长" * 20)),
    ],
)
def test_listed_names(description: str, names: tuple[str, ...]) -> None:
    assert find_job_tracks(description).names == names


@pytest.mark.parametrize(
    "description",
    [
        "",
        "训练、推理",
        "招聘方向：训练",
        "招聘方向：训练、训练",
        "研究方向：训练、推理",
        "意向岗位方向：训练、推理",
        "招聘方向：前端/后端",
        "招聘方向：训练，优化推理性能",
        "招聘方向：1、2",
        "招聘方向：" + "、".join(f"第{n}方向" for n in range(13)),
        "招聘方向：训练、" + "长" * 21,
    ],
)
def test_no_list_of_jobs(description: str) -> None:
    assert find_job_tracks(description).names == ()


def test_the_end_is_that_of_the_line_whether_it_lists_several_or_not() -> None:
    for line in ("招聘方向：训练、推理", "招聘方向：训练方向"):
        assert find_job_tracks(f"团队\n{line}\n职责").end == len(f"团队\n{line}")
    assert find_job_tracks("团队\n职责").end == 0


@pytest.mark.parametrize("unit", ["招聘方向", "招聘方向：", "招聘方向：甲、", "招聘方向【", "、", "\n", " ", "方向（"])
def test_hostile_text_is_read_in_linear_time(unit: str) -> None:
    assert_linear_time(unit, find_job_tracks)
