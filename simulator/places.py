"""The real cities in which the fictional companies hire, with the forms that each board system wants."""

from __future__ import annotations

from typing import NamedTuple


class City(NamedTuple):
    """A place of work.

    Attributes:
        name: What western boards print.
        locality: City, or the district for Chinese places, in English.
        region: Province or state, in English.
        country: Country, in English.
        iso: Country code (ISO 3166-1 alpha-2).
        locality_zh: City or district in Chinese.
        region_zh: Province in Chinese.
        country_zh: Country in Chinese.
        code: Administrative division code (GB/T 2260) of the district; 0 outside China.
    """

    name: str
    locality: str
    region: str
    country: str
    iso: str
    locality_zh: str = ""
    region_zh: str = ""
    country_zh: str = ""
    code: int = 0

    @property
    def province_code(self) -> int:
        """Division code of the province; 0 outside China."""
        return self.code // 10_000 * 10_000


def _chinese(locality: str, region: str, locality_zh: str, region_zh: str, code: int) -> City:
    return City(region, locality, region, "China", "CN", locality_zh, region_zh, "中国", code)


CITIES = {
    "haidian": _chinese("Haidian", "Beijing", "海淀区", "北京市", 110108),
    "xuhui": _chinese("Xuhui", "Shanghai", "徐汇区", "上海市", 310104),
    "yuhang": _chinese("Yuhang", "Zhejiang", "余杭区", "浙江省", 330110),
    "nanshan": _chinese("Nanshan", "Guangdong", "南山区", "广东省", 440305),
    "huailai": _chinese("Huailai", "Hebei", "怀来县", "河北省", 130730),
    "chahar": _chinese("Chahar Right Front Banner", "Inner Mongolia", "察哈尔右翼前旗", "内蒙古自治区", 150926),
    "huaxi": _chinese("Huaxi", "Guizhou", "花溪区", "贵州省", 520111),
    "beijing": City("北京市海淀区", "Haidian", "Beijing", "China", "CN", "海淀区", "北京市", "中国", 110108),
    "hangzhou": City("杭州市", "Hangzhou", "Zhejiang", "China", "CN", "杭州市", "浙江省", "中国", 330100),
    "ulanqab": City(
        "乌兰察布市察哈尔右翼前旗",
        "Chahar Right Front Banner",
        "Inner Mongolia",
        "China",
        "CN",
        "察哈尔右翼前旗",
        "内蒙古自治区",
        "中国",
        150926,
    ),
    "singapore": City("Singapore", "Singapore", "", "Singapore", "SG", "新加坡", "", "新加坡"),
    "jakarta": City("Jakarta", "Jakarta", "", "Indonesia", "ID", "雅加达", "", "印度尼西亚"),
    "san-francisco": City("San Francisco, CA", "San Francisco", "California", "United States", "US"),
    "new-york": City("New York City, NY", "New York", "New York", "United States", "US"),
    "seattle": City("Seattle, WA", "Seattle", "Washington", "United States", "US"),
    "columbus": City("Columbus, OH", "Columbus", "Ohio", "United States", "US"),
    "toronto": City("Toronto, ON", "Toronto", "Ontario", "Canada", "CA"),
    "london": City("London, UK", "London", "England", "United Kingdom", "GB"),
    "berlin": City("Berlin", "Berlin", "Berlin", "Germany", "DE"),
    "munich": City("Munich", "Munich", "Bavaria", "Germany", "DE"),
    "amsterdam": City("Amsterdam", "Amsterdam", "North Holland", "Netherlands", "NL"),
}
