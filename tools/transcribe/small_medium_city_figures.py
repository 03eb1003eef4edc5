"""What the sources on small and medium cities say in sentences: values of the indices, and other figures."""

from __future__ import annotations

from typing import NamedTuple

REPORT, NEWS = "000_a3743a3b22226374.txt", "004_eb2f0fd5b054dea6.txt"


class Value(NamedTuple):
    """An index in 2023, national or of a region, and its change on the year before; a line 0: not printed."""

    region: str
    region_line: int
    value: str
    value_line: int
    change: str
    change_line: int

    def cited(self) -> list[tuple[str, int]]:
        pairs = ((self.value, self.value_line), (self.change, self.change_line), (self.region, self.region_line))
        return [(text, line) for text, line in pairs if line]

    def as_row(self) -> dict[str, object]:
        return {
            "region": self.region,
            "year": 2023,
            "value": self.value,
            "change": self.change,
            "line": self.value_line or self.change_line,
            "value_line": self.value_line or "",
            "change_line": self.change_line or "",
        }


class Figure(NamedTuple):
    """Any other figure: what it is, of whom, its value as printed and its unit."""

    item: str
    title_zh: str
    title_en: str
    of: str
    value: str
    measured_in: str
    file: str
    line: int

    def cited(self) -> list[tuple[str, int]]:
        return [(self.value, self.line)]

    def as_row(self) -> dict[str, object]:
        return self._asdict()


class Fact(NamedTuple):
    """A name and its place in a list that the source itself does not print."""

    name: str
    rank: str
    file: str
    line: int

    def cited(self) -> list[tuple[str, int]]:
        return [(self.name, self.line)]

    def as_row(self) -> dict[str, object]:
        return self._asdict()


VALUES = {
    "comprehensive": (
        Value("全国", 0, "77.0", 35, "1.3", 36),
        Value("东部", 36, "84.3", 37, "", 0),
        Value("东北", 37, "", 0, "0.9", 38),
    ),
    "green": (Value("全国", 0, "69.9", 537, "1.6", 537),),
    "investment": (
        Value("全国", 0, "87.0", 1074, "0.9", 1074),
        Value("东部", 1074, "89.7", 1076, "1.8", 1076),
        Value("西部", 1076, "84.6", 1077, "1.6", 1077),
    ),
    "innovation": (Value("全国", 0, "63.7", 1627, "0.3", 1628),),
}
FIGURES = {
    "comprehensive": (
        Figure("years", "连续研究年数", "Years of studies without a break", "课题组", "20", "年", REPORT, 7),
        Figure("indices", "研究框架的指数数量", "Indices in the framework", "课题组", "6", "个", REPORT, 13),
        Figure(
            *("economy_counties", "占全国经济总量比重", "Share of the national economy", "百强县市"),
            *("9.62", "%", REPORT, 1853),
        ),
        Figure(
            *("economy_districts", "占全国经济总量比重", "Share of the national economy", "百强区"),
            *("11.04", "%", REPORT, 1853),
        ),
        Figure("kunshan_years", "连续位居榜首年数", "Years at the head of the list", "昆山市", "20", "年", NEWS, 8),
        Figure("kunshan_gdp", "地区生产总值", "Gross domestic product", "昆山市", "5140", "亿元", NEWS, 34),
        Figure(
            "kunshan_revenue", "一般公共预算收入", "General public budget revenue", "昆山市", "456", "亿元", NEWS, 34
        ),
        Figure("kunshan_firsts", "第一的数量", "Lists that it heads", "昆山市", "五", "个", NEWS, 16),
        Figure("kunshan_cases", "入围优秀案例数", "Selected outstanding cases", "昆山市", "4", "个", NEWS, 20),
        Figure("kunshan_firms", "特别贡献企业数", "Enterprises of special contribution", "昆山市", "4", "家", NEWS, 20),
    ),
    "green": (
        Figure(
            *("air_counties", "空气质量优良率平均值", "Mean share of days with good air", "绿色发展百强县市"),
            *("83.04", "%", REPORT, 539),
        ),
        Figure(
            *("air_districts", "空气质量优良率平均值", "Mean share of days with good air", "绿色发展百强区"),
            *("85.50", "%", REPORT, 540),
        ),
    ),
    "innovation": (
        Figure(
            "high_tech_firms",
            "高新技术企业数（超）",
            "High-tech enterprises (over)",
            "百强县市、百强区",
            "9.3",
            "万家",
            REPORT,
            1857,
        ),
    ),
}
FACTS = {
    "urbanisation": {"counties": (Fact("昆山", "1", NEWS, 16),)},
    "towns": {
        "towns": (
            Fact("玉山镇", "1", NEWS, 16),
            *(
                Fact(name, "", NEWS, 16)
                for name in ("花桥镇", "周市镇", "张浦镇", "巴城镇", "千灯镇", "陆家镇", "淀山湖镇", "锦溪镇")
            ),
        )
    },
}
