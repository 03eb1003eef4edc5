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
            "region_line": self.region_line or "",
            "value_line": self.value_line or "",
            "change_line": self.change_line or "",
        }


class Figure(NamedTuple):
    """Any other figure: what it is, of whom, its value as a number, and the words that print it."""

    item: str
    title_zh: str
    title_en: str
    of: str
    value: str
    qualifier: str
    measured_in: str
    printed: str
    file: str
    line: int

    def cited(self) -> list[tuple[str, int]]:
        return [(self.printed, self.line)]

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


class Town(NamedTuple):
    """A town: its rank where that is told, and the part of the list in which it stands."""

    name: str
    rank: str
    rank_at_most: int
    file: str
    line: int

    def cited(self) -> list[tuple[str, int]]:
        return [(self.name, self.line)]

    def as_row(self) -> dict[str, object]:
        return self._asdict()


class Named(NamedTuple):
    """A name in a list of another kind: cases and enterprises of one city."""

    list: str
    of: str
    name: str
    file: str
    line: int

    def cited(self) -> list[tuple[str, int]]:
        return [(self.name, self.line), (self.list, self.line)]

    def as_row(self) -> dict[str, object]:
        return self._asdict()


class Released(NamedTuple):
    """A list that was made public: which index it belongs to, and where the report prints it (0: it does not)."""

    name: str
    index: str
    units: str
    line: int
    caption_line: int

    def cited(self) -> list[tuple[str, int]]:
        return [(self.name, self.line)]

    def as_row(self) -> dict[str, object]:
        return {
            "name": self.name,
            "index": f"small-medium-city-{self.index}-2024",
            "units": self.units,
            "file": NEWS,
            "line": self.line,
            "caption_line": self.caption_line or "",
        }


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
_ECONOMY = ("占全国经济总量比重", "Share of the national economy")
_AIR = ("空气质量优良率平均值", "Mean share of days with good air")
_OUTPUT = ("规上工业总产值", "Output of industry above designated size")
FIGURES = {
    "comprehensive": (
        *(
            Figure(item, title_zh, title_en, "课题组", value, "", measured_in, printed, REPORT, line)
            for item, title_zh, title_en, value, measured_in, printed, line in (
                ("years", "持续研究年数", "Years of studies", "20", "年", "持续 20年", 7),
                ("kinds", "行政区域种类", "Kinds of administrative areas", "3", "个", "3 个行政区域", 11),
                ("indices", "研究框架的指数数量", "Indices in the framework", "6", "个", "6个指数", 13),
            )
        ),
        Figure("economy_counties", *_ECONOMY, "百强县市", "9.62", "", "%", "9.62%", REPORT, 1853),
        Figure("economy_districts", *_ECONOMY, "百强区", "11.04", "", "%", "11.04%", REPORT, 1853),
        *(
            Figure(f"kunshan_{item}", title_zh, title_en, "昆山市", value, "", measured_in, printed, NEWS, line)
            for item, title_zh, title_en, value, measured_in, printed, line in (
                ("years", "连续位居榜首年数", "Years at the head of the list", "20", "年", "连续20年", 8),
                ("firsts", "第一的数量", "Lists that it heads", "5", "个", "五个第一", 16),
                ("cases", "入围优秀案例数", "Selected outstanding cases", "4", "个", "4个案例", 20),
                ("firms", "特别贡献企业数", "Enterprises of special contribution", "4", "家", "4家昆山企业", 20),
                ("gdp", "地区生产总值", "Gross domestic product", "5140", "亿元", "5140亿元", 34),
                (
                    *("gdp_steps", "跨过的千亿级台阶", "Steps of a hundred billion yuan of product passed in 20 years"),
                    *("5", "个", "五个千亿级台阶", 34),
                ),
                ("revenue", "一般公共预算收入", "General public budget revenue", "456", "亿元", "456亿元", 34),
                (
                    *("revenue_growth", "一般公共预算收入增长", "Growth of that revenue in 20 years"),
                    *("11", "倍", "增长11倍", 34),
                ),
                ("output_before", *_OUTPUT, "1000", "亿元", "从一千亿元", 34),
                ("output", *_OUTPUT, "10000", "亿元", "到一万亿元", 34),
                ("trade", "进出口总额", "Imports and exports", "1000", "亿美元", "千亿美元规模", 34),
            )
        ),
    ),
    "green": (
        Figure("air_counties", *_AIR, "绿色发展百强县市", "83.04", "", "%", "83.04%", REPORT, 539),
        Figure("air_districts", *_AIR, "绿色发展百强区", "85.50", "", "%", "85.50%", REPORT, 540),
    ),
    "innovation": (
        Figure(
            *("high_tech_firms", "高企数", "High-tech enterprises", "百强县市、百强区"),
            *("9.3", "超", "万家", "超 9.3 万家", REPORT, 1857),
        ),
    ),
}
_CASES, _FIRMS = "2024年中小城市优秀案例名单", "推动中小城市高质量发展特别贡献企业名单"
FACTS: dict[str, dict[str, tuple[Fact | Town | Named | Released, ...]]] = {
    "comprehensive": {
        "released_lists": (
            Released("全国综合实力百强县市", "comprehensive", "counties", 14, 88),
            Released("全国综合实力百强区", "comprehensive", "districts", 14, 307),
            Released("全国绿色发展百强县市", "green", "counties", 14, 629),
            Released("全国绿色发展百强区", "green", "districts", 14, 846),
            Released("全国投资潜力百强县市", "investment", "counties", 14, 1173),
            Released("全国投资潜力百强区", "investment", "districts", 14, 1397),
            Released("全国科技创新百强县市", "innovation", "counties", 14, 1630),
            Released("全国科技创新百强区", "innovation", "districts", 14, 0),
            Released("全国新型城镇化质量百强县市", "urbanisation", "counties", 14, 0),
            Released("全国新型城镇化质量百强区", "urbanisation", "districts", 14, 0),
            Released("全国综合实力千强镇", "towns", "towns", 14, 0),
        ),
        "named": (
            *(
                Named(_CASES, "昆山市", name, NEWS, 20)
                for name in (
                    *("昆山市社会主义现代化建设县域样板", "玉山镇先进计算产业"),
                    *("张浦镇对德合作园区建设", "巴城镇首个集宿区社区梧桐社区"),
                )
            ),
            *(Named(_FIRMS, "昆山市", name, NEWS, 20) for name in ("立臻精密", "星巴克", "清陶能源", "益海嘉里")),
        ),
    },
    "urbanisation": {"counties": (Fact("昆山", "1", NEWS, 16),)},
    "towns": {
        "towns": (
            Town("玉山镇", "1", 1, NEWS, 16),
            *(
                Town(name, "", 100, NEWS, 16)
                for name in ("花桥镇", "周市镇", "张浦镇", "巴城镇", "千灯镇", "陆家镇", "淀山湖镇", "锦溪镇")
            ),
        )
    },
}
