"""Facts read from a posting's words: each kind with what only looks like it, and hostile text in linear time."""

from __future__ import annotations

from datetime import date

import pytest

from postings.facts import FACTS_VERSION, read_facts
from postings.facts.domains import domains
from postings.facts.hiring import deadline, head_count, urgency
from postings.facts.languages import posting_language, wanted_languages
from postings.facts.mentions import REACH
from postings.facts.no_opening import no_opening
from postings.facts.requirements import education, experience, publications
from postings.facts.seniority import seniority
from postings.facts.technologies import technologies
from tests.postings.hostile import assert_linear_time


@pytest.mark.parametrize(
    ("title", "levels"),
    [
        ("Chief Operating Officer", ("chief",)),
        ("首席财务官", ("chief",)),
        ("VP of Research", ("head",)),
        ("法务总监", ("head",)),
        ("Engineering Manager, Storage", ("manager",)),
        ("Principal Engineer", ("lead",)),
        ("Senior Staff Data Scientist", ("lead",)),
        ("资深存储工程师", ("senior",)),
        ("初/中级测试工程师", ("junior", "mid")),
        ("Junior/Senior Entwickler (m/w/d)", ("junior", "senior")),
        ("Product Manager", None),
        ("Chief of Staff", None),
        ("Staff Accountant", None),
        ("Intern, Office of the Chief Executive Officer", None),
        ("Lead Generation Specialist", None),
    ],
)
def test_seniority(title: str, levels: tuple[str, ...] | None) -> None:
    found = seniority(title)
    assert (found and found.levels) == levels


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("至少三年以上存储开发经验", (3, None)),
        ("1.5年以上开发经验", (5, None)),
        ("2-4 years of professional experience", (2, 4)),
        ("mindestens 4 Jahre Berufserfahrung", (4, None)),
        ("8+ years of experience in total; 3+ years with Kafka experience", (8, None)),
        ("有1年以上经验者优先", None),
        ("Ideally you have 3 years of experience", None),
        ("Our company has 25 years of experience", None),
        ("成立于2015年，工作轻松", None),
    ],
)
def test_experience(text: str, years: tuple[int, int | None] | None) -> None:
    found = experience(text)
    assert (found and (found.min_years, found.max_years)) == years


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("学历不限", "none"),
        ("大专及以上学历", "associate"),
        ("大學以上畢業", "bachelor"),
        ("硕士及以上学历，博士优先", "master"),
        ("PhD in statistics", "doctorate"),
        ("Bachelor's or Master's degree in physics", "bachelor"),
        ("abgeschlossenes Studium der Informatik", "bachelor"),
        ("abgeschlossene Ausbildung oder ein Studium", "vocational"),
        ("BS/BTech or higher in chemistry", "bachelor"),
        ("MS/PhD in ceramics", "master"),
        ("MS/Kiln software operator", None),
        ("A Master's degree is a plus", None),
        ("You maintain master data", None),
        ("公司由斯坦福博士创立", None),
    ],
)
def test_education(text: str, level: str | None) -> None:
    found = education(text)
    assert (found and found.level) == level


def test_publications_wanted_and_writing_as_a_duty() -> None:
    assert publications("在顶会发表过论文者优先")
    assert publications("Strong publication record in machine learning")
    assert not publications("负责论文撰写")
    assert not publications("Stay current by reading professional publications")


def test_urgency_is_of_this_posting_and_no_start_date() -> None:
    assert urgency("急聘 电工")
    assert urgency("Electrician", "We are urgently hiring.")
    assert not urgency("电工", "另有多个岗位急招")
    assert not urgency("Elektriker", "ab sofort")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("招聘人数：12人", 12),
        ("现急招两名", 2),
        ("three open positions", 3),
        ("2 freie Stellen", 2),
        ("招若干人", None),
    ],
)
def test_head_count(text: str, number: int | None) -> None:
    found = head_count("Engineer", text)
    assert (found and found.number) == number


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("截止日期：2027年3月9日", "2027-03-09"),
        ("Apply by March 9th, 2027", "2027-03-09"),
        ("Closing date: 9 March 2027", "2027-03-09"),
        ("Application deadline: 2027/03/09", "2027-03-09"),
        ("Deadline: 03/19/2027", "2027-03-19"),
        ("Bewerbungsschluss ist der 9. März 2027", "2027-03-09"),
        ("Apply by March 9", "2027-03-09"),
        ("Apply by 03/04/2027", None),
        ("Apply by 2027-02-30", None),
        ("You meet tight deadlines. Founded on March 9, 2015.", None),
        ("截止到2019年12月1日，公司已融资", None),
    ],
)
def test_deadline(text: str, day: str | None) -> None:
    found = deadline(text, date(2026, 12, 1))
    assert (found.day.isoformat() if found else None) == day


def test_a_deadline_without_a_year_needs_a_day_to_count_from() -> None:
    assert deadline("Apply by March 9") is None


def test_languages_wanted() -> None:
    text = (
        "英语流利，CET-6；日语优先\nDeutsch- und Englischkenntnisse\nA French company with a Polish office in Germany"
    )
    assert [wanted.code for wanted in wanted_languages(text)] == ["de", "en", "ja"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("负责 PyTorch 与 CUDA 上的训练框架", "zh"),
        ("データ基盤の開発を担当していただきます", "ja"),
        ("데이터 엔지니어를 찾습니다", "ko"),
        ("We are looking for an engineer who likes databases and long walks.", "en"),
        ("Wir suchen eine Fachkraft, die unsere Datenbanken betreut und weiterentwickelt.", "de"),
        ("", None),
        ("\x00\ud800", None),
    ],
)
def test_language_of_the_posting(text: str, code: str | None) -> None:
    assert posting_language(text) == code


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("熟悉Python和Go语言", ["Python", "Go"]),
        ("Java/C/C++", ["Java", "C", "C++"]),
        ("R or Python", ["R", "Python"]),
        ("Go, R and C matter to us", []),
        ("Series C, R&D and go-to-market", []),
        ("JavaScript, not coffee", ["JavaScript"]),
        ("MongoDB、ＭｙＳＱＬ和python3", ["MongoDB", "MySQL", "Python"]),
        ("昇騰 CANN 對比 CUDA/NCCL", ["Ascend", "CANN", "CUDA", "NCCL"]),
        ("a spark of joy in a hive of activity", []),
        ("RDMA网络（RoCE/InfiniBand）", ["RDMA", "RoCE", "InfiniBand"]),
        ("İstanbul: Kafka", ["Kafka"]),
    ],
)
def test_technologies(text: str, names: list[str]) -> None:
    assert [found.name for found in technologies(text)] == names


def test_each_mention_has_its_words_and_sentence() -> None:
    first, second = technologies("We run K8S. 使用昇腾集群。")
    assert (first.words, first.sentence) == ("K8S", "We run K8S.")
    assert (second.words, second.sentence) == ("昇腾", "使用昇腾集群。")
    (alone,) = technologies("x " * 5000 + "vLLM" + " y" * 5000)
    assert len(alone.sentence) <= 2 * REACH + len("vLLM")


@pytest.mark.parametrize(
    ("title", "text", "names"),
    [
        ("Data Product Manager, Legal", "", {"law"}),
        ("数据产品经理", "招聘方向：医学方向、金融方向、语言学方向", {"medicine", "finance", "languages"}),
        ("Data Engineer", "You shape our data for the legal domain.", {"law"}),
        ("Data Engineer", "Medical, dental and vision insurance", set()),
        ("Health and Safety Specialist", "", set()),
    ],
)
def test_domains(title: str, text: str, names: set[str]) -> None:
    assert {found.name for found in domains(title, text)} == names


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Engineering Talent Pool", "talent-pool"),
        ("算法人才库", "talent-pool"),
        ("Initiativbewerbung (m/w/d)", "general-application"),
        ("Open Application", "general-application"),
        ("Expression of Interest: Research", "expression-of-interest"),
        ("2027 校园宣讲会", "event"),
        ("Talent Pool Manager", None),
        ("Event Marketing Manager", None),
        ("储备干部", None),
        ("人才库系统工程师", None),
    ],
)
def test_no_opening(title: str, kind: str | None) -> None:
    found = no_opening(title)
    assert (found and found.kind) == kind


def test_a_company_that_has_a_talent_community_has_openings_too() -> None:
    assert no_opening("Engineer", "Nothing for you? Join our talent community.") is None
    assert no_opening("Engineer", "This posting is for our talent pool.") is not None


def test_an_empty_posting_states_nothing() -> None:
    facts = read_facts("")
    assert facts.version == FACTS_VERSION
    assert not any(getattr(facts, name) for name in facts.__slots__ if name != "version")


@pytest.mark.parametrize(
    "unit",
    [
        "1",
        "【(",
        "\u202e1\u202c ",
        "3年以上",
        "Go, C, R、",
        "招聘 ",
        "PhD ",
        "bewerb ",
        "deadline ",
        "english ",
        "发表",
        "not a ",
        "İ",
    ],
)
def test_hostile_text_is_read_in_linear_time(unit: str) -> None:
    assert_linear_time(unit, lambda text: read_facts(text, text))


def test_a_million_digits_are_read() -> None:
    read_facts("Engineer", "1" * 1_000_000)
