"""Currencies: the ISO 4217 codes, the signs and words that boards write for them, and which country pays in which."""

from __future__ import annotations

import re
from collections.abc import Iterable

from postings.posting import Place

# ISO 4217, each with the ISO 3166 countries whose own currency it is.
_COUNTRIES = {
    "AED": "AE", "AFN": "AF", "ALL": "AL", "AMD": "AM", "ANG": "", "AOA": "AO", "ARS": "AR",
    "AUD": "AU CC CX HM KI NF NR TV", "AWG": "AW", "AZN": "AZ", "BAM": "BA", "BBD": "BB", "BDT": "BD", "BGN": "",
    "BHD": "BH", "BIF": "BI", "BMD": "BM", "BND": "BN", "BOB": "BO", "BRL": "BR", "BSD": "BS", "BTN": "BT",
    "BWP": "BW", "BYN": "BY", "BZD": "BZ", "CAD": "CA", "CDF": "CD", "CHF": "CH LI", "CLP": "CL", "CNY": "CN",
    "COP": "CO", "CRC": "CR", "CUP": "CU", "CVE": "CV", "CZK": "CZ", "DJF": "DJ", "DKK": "DK FO GL", "DOP": "DO",
    "DZD": "DZ", "EGP": "EG", "ERN": "ER", "ETB": "ET",
    "EUR": "AD AT AX BE BG BL CY DE EE ES FI FR GF GP GR HR IE IT LT LU LV MC ME MF MQ MT NL PM PT RE SI SK SM TF VA"
           " YT",
    "FJD": "FJ", "FKP": "FK", "GBP": "GB GG GS IM JE", "GEL": "GE", "GHS": "GH", "GIP": "GI", "GMD": "GM",
    "GNF": "GN", "GTQ": "GT", "GYD": "GY", "HKD": "HK", "HNL": "HN", "HRK": "", "HTG": "HT", "HUF": "HU",
    "IDR": "ID", "ILS": "IL PS", "INR": "IN", "IQD": "IQ", "IRR": "IR", "ISK": "IS", "JMD": "JM", "JOD": "JO",
    "JPY": "JP", "KES": "KE", "KGS": "KG", "KHR": "KH", "KMF": "KM", "KPW": "KP", "KRW": "KR", "KWD": "KW",
    "KYD": "KY", "KZT": "KZ", "LAK": "LA", "LBP": "LB", "LKR": "LK", "LRD": "LR", "LSL": "", "LYD": "LY",
    "MAD": "EH MA", "MDL": "MD", "MGA": "MG", "MKD": "MK", "MMK": "MM", "MNT": "MN", "MOP": "MO", "MRU": "MR",
    "MUR": "MU", "MVR": "MV", "MWK": "MW", "MXN": "MX", "MYR": "MY", "MZN": "MZ", "NAD": "", "NGN": "NG",
    "NIO": "NI", "NOK": "BV NO SJ", "NPR": "NP", "NZD": "CK NU NZ PN TK", "OMR": "OM", "PAB": "", "PEN": "PE",
    "PGK": "PG", "PHP": "PH", "PKR": "PK", "PLN": "PL", "PYG": "PY", "QAR": "QA", "RON": "RO", "RSD": "RS",
    "RUB": "RU", "RWF": "RW", "SAR": "SA", "SBD": "SB", "SCR": "SC", "SDG": "SD", "SEK": "SE", "SGD": "SG",
    "SHP": "SH", "SLE": "SL", "SOS": "SO", "SRD": "SR", "SSP": "SS", "STN": "ST", "SVC": "", "SYP": "SY",
    "SZL": "SZ", "THB": "TH", "TJS": "TJ", "TMT": "TM", "TND": "TN", "TOP": "TO", "TRY": "TR", "TTD": "TT",
    "TWD": "TW", "TZS": "TZ", "UAH": "UA", "UGX": "UG",
    "USD": "AS BQ EC FM GU IO MH MP PA PR PW SV TC TL UM US VG VI ZW", "UYU": "UY", "UZS": "UZ", "VES": "VE",
    "VND": "VN", "VUV": "VU", "WST": "WS", "XAF": "CF CG CM GA GQ TD", "XCD": "AG AI DM GD KN LC MS VC",
    "XCG": "CW SX", "XOF": "BF BJ CI GW ML NE SN TG", "XPF": "NC PF WF", "YER": "YE", "ZAR": "LS NA ZA",
    "ZMW": "ZM", "ZWG": "",
}  # fmt: skip
CODES = frozenset(_COUNTRIES)
_OF_COUNTRY = {country: code for code, countries in _COUNTRIES.items() for country in countries.split()}

# Names of countries as places write them; a name that is missing leaves an ambiguous sign unread.
_NAMES = {
    "US": "united states|united states of america|usa|u.s.|美国|vereinigte staaten", "CA": "canada|kanada|加拿大",
    "AU": "australia|australien|澳大利亚", "NZ": "new zealand|neuseeland|新西兰", "SG": "singapore|singapur|新加坡",
    "HK": "hong kong|hong kong sar|hongkong|香港", "MO": "macau|macao|澳门|澳門", "MX": "mexico|méxico|mexiko",
    "TW": "taiwan|台湾|台灣|臺灣", "CN": "china|中国|中國|mainland china", "JP": "japan|日本",
    "KR": "south korea|korea|südkorea|韩国|대한민국", "IN": "india|indien|印度", "PK": "pakistan", "LK": "sri lanka",
    "NP": "nepal", "MU": "mauritius", "BD": "bangladesh", "SE": "sweden|schweden|sverige|瑞典",
    "NO": "norway|norwegen|norge", "DK": "denmark|dänemark|danmark", "IS": "iceland|island",
    "ZA": "south africa|südafrika", "DE": "germany|deutschland|德国", "AT": "austria|österreich",
    "CH": "switzerland|schweiz|瑞士", "FR": "france|frankreich|法国", "GB": "united kingdom|uk|england|英国",
    "IE": "ireland|irland", "NL": "netherlands|niederlande", "ES": "spain|españa|spanien", "IT": "italy|italien",
    "PT": "portugal", "BR": "brazil|brasil", "AR": "argentina", "CL": "chile", "CO": "colombia", "UY": "uruguay",
}  # fmt: skip
_CODE_OF_NAME = {name: code for code, names in _NAMES.items() for name in names.split("|")}
_TAIWAN = re.compile("[台臺][北中南東灣湾]|新北|新竹|高雄|桃園|基隆|嘉義|苗栗|彰化|屏東|宜蘭|花蓮")

# A sign or word, and what it means; a value in lower case or with a sign needs the context (`meant`).
_SIGNS = {
    "US$": "USD", "U$S": "USD", "CA$": "CAD", "CA $": "CAD", "CDN$": "CAD", "C$": "CAD", "A$": "AUD", "AU$": "AUD",
    "NZ$": "NZD", "HK$": "HKD", "S$": "SGD", "SG$": "SGD", "R$": "BRL", "NT$": "TWD", "MX$": "MXN", "MEX$": "MXN",
    "AR$": "ARS", "COL$": "COP", "CLP$": "CLP", "RD$": "DOP", "TT$": "TTD", "J$": "JMD", "EC$": "XCD", "FJ$": "FJD",
    "BZ$": "BZD", "N$": "NAD", "MOP$": "MOP", "$": "$", "€": "EUR", "£": "GBP", "¥": "¥", "₹": "INR", "₩": "KRW",
    "₽": "RUB", "₺": "TRY", "₴": "UAH", "₪": "ILS", "₫": "VND", "₦": "NGN", "₱": "PHP", "฿": "THB", "₡": "CRC",
    "GH₵": "GHS", "₵": "GHS", "₸": "KZT", "₲": "PYG", "₮": "MNT", "₭": "LAK", "₼": "AZN", "₾": "GEL", "S/": "PEN",
}  # fmt: skip
_WORDS = {
    "zł": "PLN", "zloty": "PLN", "złotych": "PLN", "Kč": "CZK", "Ft": "HUF", "lei": "RON", "лв": "BGN",
    "руб": "RUB", "грн": "UAH", "RM": "MYR", "Rp": "IDR", "KSh": "KES", "TSh": "TZS", "USh": "UGX", "Fr.": "CHF",
    "SFr.": "CHF", "Franken": "CHF", "VNĐ": "VND", "đ": "VND", "NTD": "TWD", "RMB": "CNY", "CNH": "CNY",
    "renminbi": "CNY", "yuan": "CNY", "yen": "JPY", "rupees": "rs", "Rs.": "rs", "Rs": "rs", "kr": "kr", "R": "r",
    "euros": "EUR", "euro": "EUR", "dollars": "$", "US dollars": "USD", "US-Dollar": "USD", "pounds sterling": "GBP",
}  # fmt: skip
_HAN = {
    "人民币": "CNY", "人民幣": "CNY", "美元": "USD", "美金": "USD", "日元": "JPY", "日圆": "JPY", "日圓": "JPY",
    "円": "JPY",
    "港元": "HKD", "港币": "HKD", "港幣": "HKD", "新台币": "TWD", "新臺幣": "TWD", "新台幣": "TWD", "台币": "TWD",
    "台幣": "TWD", "臺幣": "TWD", "澳门元": "MOP", "葡币": "MOP", "欧元": "EUR", "歐元": "EUR",
    "英镑": "GBP", "英鎊": "GBP",
    "新加坡元": "SGD", "新加坡币": "SGD", "新币": "SGD", "新幣": "SGD", "坡币": "SGD", "韩元": "KRW", "韓元": "KRW",
    "韩币": "KRW", "원": "KRW", "澳元": "AUD", "澳币": "AUD", "加元": "CAD", "加币": "CAD", "瑞士法郎": "CHF",
    "瑞郎": "CHF", "卢布": "RUB", "泰铢": "THB", "林吉特": "MYR", "马币": "MYR", "越南盾": "VND", "迪拉姆": "AED",
    "元人民币": "CNY", "元": "元", "圆": "元", "圓": "元", "块": "CNY",
}  # fmt: skip
_MEANING = {sign.casefold(): meaning for table in (_SIGNS, _WORDS, _HAN) for sign, meaning in table.items()}

# These are words of English as well, and stand for money only in capitals beside a range or a period.
WORDLIKE = frozenset(["ALL", "ANG", "BAM", "COP", "CUP", "GEL", "LAK", "MAD", "MOP", "PEN", "SOS", "STN", "TOP", "TRY"])
# Codes that boards also write in small letters.
_SMALL = frozenset(
    [
        "usd",
        "eur",
        "gbp",
        "cad",
        "aud",
        "nzd",
        "chf",
        "sek",
        "nok",
        "dkk",
        "pln",
        "czk",
        "jpy",
        "cny",
        "rmb",
        "hkd",
        "sgd",
        "inr",
        "twd",
    ]
)


def _any_of(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_CODE = rf"(?:{_any_of(CODES)}|(?i:{_any_of(_SMALL)}))"
_LATIN = rf"(?:{_CODE}|(?i:{_any_of(set(_WORDS) - {'R', 'RM', 'Rp', 'đ'})})|RM|Rp|R(?=\d)|đ)"
_LETTERED = _any_of(sign for sign in _SIGNS if sign[0].isalpha())
_SIGN = rf"(?:(?<![A-Za-z])(?i:{_LETTERED})|{_any_of(sign for sign in _SIGNS if not sign[0].isalpha())})"
BEFORE = rf"(?:{_SIGN}|(?<![A-Za-z]){_LATIN}|{_any_of(_HAN)})"
"""A pattern for the marks that stand before a number."""
AFTER = rf"(?:(?:{_any_of(s for s in _SIGNS if len(s) == 1)})(?!\s?\d)|{_LATIN}(?![A-Za-z])|{_any_of(_HAN)})"
"""A pattern for the marks that stand behind a number."""
MARK = re.compile(rf"{_SIGN}|{_LATIN}|{_any_of(_HAN)}")

# Where a large number is an everyday one: a million is a salary in these, and a company's capital in others.
SMALL_UNITS = frozenset(
    [
        "CLP",
        "COP",
        "CRC",
        "HUF",
        "IDR",
        "INR",
        "IRR",
        "JPY",
        "KHR",
        "KRW",
        "LAK",
        "MMK",
        "NGN",
        "PKR",
        "PYG",
        "RWF",
        "TZS",
        "UGX",
        "UZS",
        "VND",
        "XAF",
        "XOF",
    ]
)

_DOLLARS = frozenset(["AUD", "CAD", "HKD", "MXN", "NZD", "SGD", "USD"])
_PESOS = frozenset(["ARS", "CLP", "COP", "UYU"])
# Characters that only the traditional script has, of those that texts about pay use.
_TRADITIONAL = re.compile("[萬時資獎與將個計歷歲領營業績約週擔驗務勞滿級費這間點錢單員過職優]")
_JAPANESE = re.compile("[円給収ぁ-ヿ]")
_KROENER = {"SE": "SEK", "NO": "NOK", "DK": "DKK", "IS": "ISK"}
_RUPEES = {"IN": "INR", "PK": "PKR", "LK": "LKR", "NP": "NPR", "MU": "MUR"}


def countries_of(places: Iterable[Place]) -> frozenset[str]:
    """Return the ISO 3166 codes of the countries that places name plainly."""
    return frozenset(filter(None, map(_country, places)))


def currency_of(countries: Iterable[str]) -> str | None:
    """Return the one currency of all the countries; None where there are none, or several currencies."""
    kinds = {_OF_COUNTRY.get(country) for country in countries}
    return kinds.pop() if len(kinds) == 1 else None


def meaning_of(mark: str) -> str:
    """Return the ISO code that a mark stands for, or an ambiguous sign (``$ ¥ 元 kr rs r``) as it is."""
    return mark if mark in CODES else _MEANING.get(mark.casefold(), mark.upper())


def meant(marks: Iterable[str], text: str, countries: frozenset[str]) -> str | None:
    """Return the currency that the marks beside an amount mean; None where they contradict or could be several.

    A code decides over a sign that several countries share. A bare ``$`` is the dollar of the country where the work
    is, and the US dollar where no country with a dollar of its own is named; a bare ``¥`` and ``元`` need a text or a
    place that tells yuan from yen and from Taiwan's and Hong Kong's dollars.

    Args:
        marks: As found by `MARK`.
        text: The whole line, for its script.
        countries: Where the work is, as `countries_of` gives it.
    """
    meanings = {meaning_of(mark) for mark in marks}
    plain = meanings & CODES
    if meanings == {"$", "元"}:
        meanings = {"元"}  # "$220元"
    if plain or len(meanings) != 1:
        return plain.pop() if len(plain) == 1 else None
    sign = meanings.pop()
    if sign == "$":
        return _dollar(text, countries)
    if sign == "¥":
        return _yen_or_yuan(text, countries)
    if sign == "元":
        return _yuan(text, countries)
    if sign == "kr":
        return currency_of(countries & _KROENER.keys())
    if sign == "rs":
        return currency_of(countries & _RUPEES.keys()) if countries & _RUPEES.keys() else "INR"
    return "ZAR" if sign == "r" and "ZA" in countries else None


def _dollar(text: str, countries: frozenset[str]) -> str | None:
    own = {_OF_COUNTRY.get(country) for country in countries}
    if is_traditional(text):
        own = own & {"TWD", "HKD", "MOP"} or {None}
    elif own & _PESOS:
        return None
    else:
        own = own & _DOLLARS or {"USD"}
    return own.pop() if len(own) == 1 else None


def _yen_or_yuan(text: str, countries: frozenset[str]) -> str | None:
    if is_japanese(text):
        return "JPY"
    if re.search("[一-鿿]", text) and not is_traditional(text):
        return "CNY"
    return currency_of(countries & {"CN", "JP"})


def _yuan(text: str, countries: frozenset[str]) -> str | None:
    dollars = countries & {"TW", "HK", "MO"}
    if dollars or is_traditional(text):
        return currency_of(dollars)
    return "CNY"


def is_japanese(text: str) -> bool:
    """Return whether a line about pay is in Japanese."""
    return bool(_JAPANESE.search(text))


def is_traditional(text: str) -> bool:
    """Return whether a line about pay is in traditional Chinese."""
    return bool(_TRADITIONAL.search(text)) and not is_japanese(text)


def _country(place: Place) -> str | None:
    # The last part of a name may be a state, "San Francisco, CA": a code is a country's only in its own field.
    name = (place.address_country or "").strip()
    if name.upper() in _OF_COUNTRY:
        return name.upper()
    last = place.name.rpartition(",")[2].strip()
    found = _CODE_OF_NAME.get(name.casefold()) or (_CODE_OF_NAME.get(last.casefold()) if len(last) > 1 else None)
    if found or name:
        return found
    first = re.split(r"[\s·,/-]", place.name, maxsplit=1)[0]
    return _CODE_OF_NAME.get(first.casefold()) or ("TW" if _TAIWAN.search(place.name) else None)
