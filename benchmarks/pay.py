"""Precision and recall of pay, employment types and intake on strings marked by hand, beside price-parser.

python -m benchmarks.pay SHARED

``SHARED`` holds ``corpora`` and ``recorded``; the marks in ``tests/data`` point into them. price-parser is optional.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import hashlib
import importlib.util
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from postings.facts.employment import employment_types, kind_in_title
from postings.facts.intake import intakes
from postings.facts.salary import amount, parse_salary
from postings.posting import Place

_MARKS = Path(__file__).resolve().parents[1] / "tests" / "data"
_HAS_PEER = importlib.util.find_spec("price_parser") is not None
_SIGNS = {"$": "USD", "US$": "USD", "€": "EUR", "£": "GBP", "元": "CNY", "CAD$": "CAD", "円": "JPY"}
Row = dict[str, str]


def main(shared: Path, wrong: bool) -> None:
    """Print one table for pay and one each for employment types and intake, by language."""
    _pay(shared, wrong)
    _employment(shared, wrong)


def _pay(shared: Path, wrong: bool) -> None:
    print("pay: currency and ends; '+ period' also the period and the months")
    print("lang  strings  stated  read  precision  recall  + period  price-parser: currency and either end")
    counts: dict[str, Counter[str]] = {}
    for row, text in _texts(shared, "pay_marks.tsv"):
        places = [Place(name="", address_country=row["country"])] if row["country"] else []
        pay = parse_salary(text, yuan=row["lang"] == "zh", places=places)
        ends = (pay.currency, pay.min_value, pay.max_value) if pay else None
        right = (row["currency"], amount(row["low"]), amount(row["high"])) if row["currency"] else None
        whole = pay and (pay.unit_text or "", pay.months_per_year) == (row["unit"], amount(row["months"]))
        tally = {"strings": 1, "stated": bool(right), "read": bool(ends), "right": bool(right) and ends == right}
        tally |= {"whole": tally["right"] and bool(whole), "peer": bool(right) and _peer(text, right or ())}
        for lang in (row["lang"], "all"):
            counts.setdefault(lang, Counter()).update(tally)
        if wrong and (ends != right or (right and not whole)):
            print("   ", row["id"], right, row["unit"], row["months"], "read as", pay, text[:80])
    for lang, count in sorted(counts.items()):
        precision, recall = _share(count["right"], count["read"]), _share(count["right"], count["stated"])
        peer = _share(count["peer"], count["stated"]) if _HAS_PEER else "-"
        print(
            f"{lang:4}  {count['strings']:7}  {count['stated']:6}  {count['read']:4}  {precision:>9}  {recall:>6}  "
            f"{_share(count['whole'], count['stated']):>8}  {peer:>6}"
        )


def _peer(text: str, right: tuple[object, ...]) -> bool:
    if not _HAS_PEER:
        return False
    import price_parser

    price = price_parser.Price.fromstring(text)
    currency = _SIGNS.get(price.currency or "", price.currency)
    return price.amount is not None and currency == right[0] and float(price.amount) in right[1:]


def _employment(shared: Path, wrong: bool) -> None:
    counts: dict[tuple[str, str], Counter[str]] = {}
    for row, title in _texts(shared, "employment_marks.tsv"):
        found = {
            "types": set(employment_types(kind_in_title(title))),
            "intake": {intake.kind for intake in intakes(title)},
        }
        for fact, read in found.items():
            right = set(row[fact].split())
            tally = {"strings": 1, "stated": len(right), "read": len(read), "right": len(right & read)}
            for lang in (row["lang"], "all"):
                counts.setdefault((fact, lang), Counter()).update(tally)
            if wrong and read != right:
                print("   ", fact, sorted(right), "read as", sorted(read), title)
    print("\nfact    lang  strings  stated  read  precision  recall")
    for (fact, lang), count in sorted(counts.items()):
        precision, recall = _share(count["right"], count["read"]), _share(count["right"], count["stated"])
        sizes = f"{count['strings']:7}  {count['stated']:6}  {count['read']:4}"
        print(f"{fact:6}  {lang:4}  {sizes}  {precision:>9}  {recall:>6}")


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "-"


def _texts(shared: Path, name: str) -> Iterator[tuple[Row, str]]:
    """Yield each marked row with its text.

    Raises:
        ValueError: The text is not the one that was marked.
    """
    lines = (_MARKS / name).read_text(encoding="utf-8").splitlines()
    rows = list(csv.DictReader((line for line in lines if not line.startswith("#")), delimiter="\t"))
    postings = _postings(shared, rows)
    for row in rows:
        if row["source"] == "recorded":
            text = (shared / "recorded" / row["id"]).read_text(encoding="utf-8")
        else:
            text = postings[row["source"], row["id"]]["description" if "start" in row else "title"]
        text = text[int(row["start"]) : int(row["end"])] if "start" in row else text
        if hashlib.sha256(text.encode()).hexdigest()[:8] != row["sha256"]:
            raise ValueError(f"{row['source']} {row['id']} is not the text that was marked")
        yield row, text


def _postings(shared: Path, rows: Iterable[Row]) -> dict[tuple[str, str], dict[str, str]]:
    wanted = {(row["source"], row["id"]) for row in rows}
    found = {}
    for source in {source for source, _ in wanted} - {"recorded"}:
        with gzip.open(shared / "corpora" / f"{source}.jsonl.gz", "rt", encoding="utf-8") as lines:
            for posting in map(json.loads, lines):
                if (source, posting["id"]) in wanted:
                    found[source, posting["id"]] = posting
    return found


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shared", type=Path)
    parser.add_argument("--wrong", action="store_true", help="also print what was read wrongly")
    options = parser.parse_args()
    main(options.shared, options.wrong)
