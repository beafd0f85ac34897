"""The taxonomy: what ships, what an analyst may change, and what a broken file says."""

from __future__ import annotations

from pathlib import Path

import pytest

from classifier.taxonomy import SHIPPED, Taxonomy, TaxonomyError


def test_shipped_taxonomy_has_21_roles_in_five_focuses() -> None:
    taxonomy = Taxonomy.load()
    assert len(taxonomy.roles) == 21
    assert taxonomy.focus_names == ("infrastructure", "data engineering", "product", "research", "other")


@pytest.mark.parametrize(
    ("role", "focus"),
    [
        ("training-inference", "infrastructure"),
        ("data-centre", "infrastructure"),
        ("annotation", "data engineering"),
        ("product-design", "product"),
        ("applied-science", "research"),
        ("software", "other"),
        ("analytics", "other"),
    ],
)
def test_role_belongs_to_its_focus(role: str, focus: str) -> None:
    assert Taxonomy.load().focus_by_role[role] == focus


def test_regrouping_moves_a_role_to_a_new_focus() -> None:
    shipped = Taxonomy.load()
    regrouped = shipped.regrouped({"software": "product development"})
    assert regrouped.focus_by_role == shipped.focus_by_role | {"software": "product development"}
    assert regrouped.role_names == shipped.role_names
    assert regrouped.focus_names == (*shipped.focus_names, "product development")


def test_regrouping_drops_a_focus_without_roles() -> None:
    moved = dict.fromkeys(("model-research", "applied-science"), "product")
    assert "research" not in Taxonomy.load().regrouped(moved).focus_names


def test_each_grouping_has_a_version_of_its_own() -> None:
    shipped = Taxonomy.load()
    one, other = shipped.regrouped({"software": "product"}), shipped.regrouped({"analytics": "product"})
    assert len({shipped.version, one.version, other.version}) == 3
    assert one.regrouped({"software": "other"}).focus_by_role == shipped.focus_by_role
    assert shipped.regrouped({}).version == shipped.version
    assert shipped.regrouped({"software": "product", "analytics": "product"}) == one.regrouped({"analytics": "product"})


def test_regrouping_an_unknown_role_names_it() -> None:
    with pytest.raises(TaxonomyError, match="unknown role 'wizard'"):
        Taxonomy.load().regrouped({"wizard": "product"})


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('version = "2"', "version = 1", "needs a version"),
        ('name = "storage"', 'name = "compute"', "names the role 'compute' twice"),
        ('focus = "research"', 'focus = "reserch"', "'reserch', which the taxonomy does not list"),
        ('zh = "存储"\n', "", "must have exactly"),
        ('zh = "存储"', "zh = 3", "not a string"),
        ('version = "2"', "version = ", "not TOML"),
    ],
)
def test_broken_file_says_what_is_wrong(tmp_path: Path, old: str, new: str, message: str) -> None:
    text = SHIPPED.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "taxonomy.toml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(TaxonomyError, match=message):
        Taxonomy.load(path)


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(TaxonomyError, match=r"none\.toml"):
        Taxonomy.load(tmp_path / "none.toml")
