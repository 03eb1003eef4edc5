"""What the report counts by place: regions, provinces, city clusters, parks, industries; and its captions."""

from __future__ import annotations

import re

from industrial_county_2023_sentences import (
    REGIONS,
    counts_by_province,
    firsts,
    passage,
    region_counts,
    tier_lines,
)
from pdftext import Source, claim

Rows = list[dict[str, object]]
KINDS = ("国家级经开区", "国家级高新区")
PARK_AREAS = (*REGIONS, "江苏", "新疆", "浙江", "江西", "山东", "湖北", "湖南")
REGIONS_OF_COUNTIES = {
    "东部": ("2023 年合计达到 {} 个", "较上年减少 {} 个"),
    "中部": ("中部 {} 个", "较去年增加 {} 个"),
    "西部": ("西部 {} 个", "西部 10 个，较上年增加 {} 个"),
    "东北": ("东北地区 {} 个", ""),
}
REGIONS_OF_DISTRICTS = {
    "东部": ("东部地区拥有 {} 个", "较上年减少 {} 个"),
    "中部": ("中部地区拥有 {} 个", "中部地区拥有 10 个，较上年增加 {} 个"),
    "西部": ("西部地区拥有 {} 个", "西部地区拥有 13 个，较上年增加 {} 个"),
    "东北": ("东北地区拥有 {} 个", "与上年持平"),
}
REGIONS_OVER_50BN = {
    "东部": ("有 {} 个位于东部地区", "较上年增加 {} 个，6 个位于中部地区"),
    "中部": ("，{} 个位于中部地区", "较上年增加 {} 个，8 个位于西部地区"),
    "西部": ("，{} 个位于西部地区", "较上年增加 {} 个，1 个位于东北地区"),
    "东北": ("，{} 个位于东北地区", ""),
}
INDUSTRIES = (  # kind, line, (place, its industry as printed)
    ("传统支柱产业", 181, ("邹平", "铝产业"), ("瓦房店", "轴承产业"), ("滕州", "数控机床产业")),
    (
        *("战略性新兴产业", 181),
        *(("溧阳", "动力电池产业"), ("宜兴", "节能环保产业"), ("余姚", "高端新材料产业"), ("浏阳", "生物医药产业")),
        *(("安宁", "新能源电池产业"), ("石河子", "碳硅铝新材料产业"), ("准格尔旗", "光伏产业")),
    ),
    ("未来产业", 183, ("昆山", "小核酸产业"), ("常熟", "氢能产业"), ("南昌县", "VR 产业")),
    (
        *("新兴产业领域的示范基地", 1094),
        *(("江苏昆山", "电子信息（光电显示）"), ("江苏丹阳", "高技术转化应用"), ("河北怀来", "数据中心")),
        *(("河北固安", "高技术转化应用"), ("安徽固镇", "新材料（生物基材料）")),
    ),
)

MILESTONES = (  # 图29, as far as line 985 tells of it
    ("1984", "第一批国家级经济技术开发区", "First national economic and technological development zones"),
    ("1988", "首家国家级高新技术产业开发区", "First national high-tech zone"),
    ("1990", "省级高新技术产业开发区", "First provincial high-tech zones"),
    ("1992", "首批省级经济开发区", "First provincial economic development zones"),
)


def provinces_of_counties(source: Source) -> Rows:
    """Line 495; the numbers of 江苏 and 浙江 were on a page that the text has lost."""
    piece = passage(source, 495, "福建 8 个，湖北", "广东各 1 个")
    counts = {"山东": re.findall(r"山东的.*?拥有 (\d+) 个", source.lines[494])[0], **counts_by_province(piece)}
    none = passage(source, 495, "山西、吉林", "青海尚无").removesuffix("尚无").split("、")
    grown = passage(source, 495, "福建、湖北、新疆的百强县（市）数量均增加 1 个", "均增加 1 个")[:8].split("、")
    claim("counties: the 16 printed provinces have 53", sum(map(int, counts.values())) == 53 and len(counts) == 16)
    return [
        {"province": name, "count": count, "change": 1 if name in grown else "", "line": 495}
        for name, count in (counts | dict.fromkeys(none, "0")).items()
    ]


def provinces_of_districts(source: Source) -> Rows:
    counts = counts_by_province(passage(source, 783, "其中广东省 21 个", "内蒙古自治区各 1 个"))
    claim("districts: 17 provinces with 100", sum(map(int, counts.values())) == 100 and len(counts) == 17)
    return [{"province": name, "count": count, "line": 783} for name, count in counts.items()]


def city_groups(source: Source) -> Rows:
    """Clusters and the metropolitan areas within them, as far as the text goes: it breaks off after 呼包鄂榆."""
    piece = passage(source, 492, "长江三角洲城市群拥有 46 个", "济南都市圈 2 个")
    rows: Rows = []
    cluster = ""
    for name, count in re.findall(r"([^，；]+?(?:城市群|都市圈))(?:拥有|占据)?\s*(\d+) 个", piece):
        kind = name[-3:]
        cluster = name if kind == "城市群" else cluster
        within = "" if kind == "城市群" else cluster
        name = name.removeprefix("其中")
        rows.append({"name": name, "kind": kind, "within": within, "count": count, "line": 492})
    claim(
        "4 city clusters with 12 metropolitan areas", [row["within"] for row in rows].count("") == 4 == len(rows) - 12
    )
    return rows


def large_regions(source: Source) -> Rows:
    """Districts of over 50 bn yuan of industrial value added, by region."""
    rows = region_counts(source, 813, REGIONS_OVER_50BN)
    claim("66 large districts by region", sum(int(str(row["count"])) for row in rows) == 66)
    return rows


def large_city_groups(source: Source) -> Rows:
    """The same districts by city cluster."""
    piece = passage(source, 813, "其中长江三角洲城市群 24 个", "其他非国家级城市群 10 个").removeprefix("其中")
    rows = [{"name": name, "count": n, "line": 813} for name, n in re.findall(r"([^，]+?) (\d+) 个", piece)]
    claim("66 large districts by city cluster", sum(int(row["count"]) for row in rows) == 66)
    return rows


def park_regions(source: Source) -> Rows:
    text = source.lines[992]
    total = re.findall(r"国家级产业园区共 (\d+) 家,其中国家级经开区 (\d+) 家、国家级高新区 (\d+) 家", text)
    found = total + re.findall(r"(\d+) 家\((\d+)\+(\d+)\)", text)
    areas = (("nation", "全国"), *(("region" if a in REGIONS else "province", a) for a in PARK_AREAS))
    claim("parks are counted for the nation, 4 regions and 7 provinces", len(found) == len(areas) == 12)
    claim("parks: each total is the sum of both kinds", all(int(n) == int(a) + int(b) for n, a, b in found))
    return [
        {"kind": kind, "area": area, "total": n, "economic": a, "high_tech": b, "line": 993}
        for (kind, area), (n, a, b) in zip(areas, found, strict=True)
    ]


def parks(source: Source) -> Rows:
    """Table 5, one park a row."""
    rows: Rows = []
    for cell in source.cells(1003, 1077):
        province, *rest = cell.text.split("\t")
        if province == "省份" or not rest:
            continue
        county, *names = rest
        rows += [
            {"province": province, "county": county, "kind": kind, "park": name, "line": cell.line}
            for kind, name in zip(KINDS, names, strict=True)
            if name != "—"
        ]
    counts = [sum(row["kind"] == kind for row in rows) for kind in KINDS]
    claim("table 5: 49 economic and 24 high-tech parks, as the text says", counts == [49, 24])
    claim("table 5: 73 different names", len({row["park"] for row in rows}) == 73)
    return rows


def provincial_parks(source: Source) -> Rows:
    found = re.findall(r"大省(..)为例.*?全省共有 (\d+) 个.*?数量达(?:到了)? (\d+) 个", source.lines[1082])
    claim("provincial parks of three provinces", [name for name, *_ in found] == ["浙江", "河南", "四川"])
    return [{"province": p, "year": 2022, "total": n, "in_counties": m, "line": 1083} for p, n, m in found]


def bases(source: Source) -> Rows:
    text = source.lines[1093]
    east = re.findall(r"东部有 (\d+) 个示范基地", text)
    rest = re.findall(r"西部、中部、东北县（市）分别有 (\d+) 个、(\d+) 个、(\d+) 个", text)[0]
    counts = dict(zip(("东部", "西部", "中部", "东北"), (*east, *rest), strict=True))
    claim("123 demonstration bases in counties, by region", sum(map(int, counts.values())) == 123)
    return [{"region": region, "count": count, "line": 1094} for region, count in counts.items()]


def secondary_sector(source: Source) -> Rows:
    """Which share of the counties above and below a value added lies in each region, 2021."""
    rows: Rows = []
    for size in ("超过 400 亿元", "不足 100 亿元"):
        piece = re.findall(
            rf"第二产业增加值{size}的县（市）中，东、中、西和东北的数量占比分别为 ([\d.%、 和]+)", source.lines[605]
        )
        shares = re.findall(r"([\d.]+)%", piece[0])
        rows += [
            {"value_added": size, "region": region, "year": 2021, "share": share, "measured_in": "%", "line": 606}
            for region, share in zip(REGIONS, shares, strict=True)
        ]
    return rows


def private_firms(source: Source) -> Rows:
    found = re.findall(
        r"(东部|中部|西部|东北)地区[^，。]*?([\d.]+) 万家，2022 年新成立工业企业均值 (\d+) 余家", source.lines[896]
    )
    claim("private enterprises of the four regions", [region for region, *_ in found] == list(REGIONS))
    return [
        {"region": region, "mean_firms_10000": firms, "mean_new_firms_2022_over": new, "line": 897}
        for region, firms, new in found
    ]


def industries(source: Source) -> Rows:
    rows: Rows = []
    for kind, line, *pairs in INDUSTRIES:
        for place, industry in pairs:
            if not re.search(f"{place}.*{re.escape(industry)}", source.lines[line - 1]):
                raise SystemExit(f"line {line} does not say {place} and then {industry}")
            rows.append({"kind": kind, "place": place, "industry": industry, "line": line})
    return rows


def milestones(source: Source) -> Rows:
    for year, what, _ in MILESTONES:
        source.cell(985, f"{year} 年")
        source.cell(985, what)
    return [{"year": year, "what_zh": zh, "what_en": en, "line": 985} for year, zh, en in MILESTONES]


def district_industries(source: Source) -> Rows:
    """Table 4, one industry a row: what 、 separates."""
    rows: Rows = []
    for cell in source.cells(846, 869):
        name, text = cell.text.split("\t")
        rows += [
            {"name": name, "number": number, "industry": industry, "line": cell.line}
            for number, industry in enumerate(text.split("、"), start=1)
        ]
    claim("table 4: 24 districts", len({row["name"] for row in rows}) == 24)
    return rows


def captions(source: Source) -> Rows:
    """The lists of figures and tables, and where each caption stands in the text (those of 图 8, 9 and 11 do not)."""
    rows: Rows = []
    for cell in source.cells(102, 142):
        found = re.fullmatch(r"(图|表) (\d+) (.+?)\t(\d+)", cell.text)
        if found:
            kind, number, title, page = found.groups()
            begin = f"{kind} {number} "
            body = [i for i, text in enumerate(source.lines, start=1) if i > 145 and text.startswith(begin)]
            rows.append(
                {
                    **{"kind": kind, "number": number, "title": title, "page": page, "line": cell.line},
                    "caption_line": body[0] if len(body) == 1 else "",
                }
            )
    claim("32 figures and 5 tables are listed", [row["kind"] for row in rows].count("图") == 32 == len(rows) - 5)
    lost = [f"{row['kind']}{row['number']}" for row in rows if not row["caption_line"]]
    claim("figures 8, 9 and 11 have no caption in the text", lost == ["图8", "图9", "图11"])
    return rows


def county_tables(source: Source) -> dict[str, Rows]:
    tiers, tier_counts = tier_lines(source)
    return {
        "tiers": tiers,
        "tier_counts": tier_counts,
        "regions": region_counts(source, 481, REGIONS_OF_COUNTIES),
        "provinces": provinces_of_counties(source),
        "firsts": firsts(source, 511),
        "city_groups": city_groups(source),
        "secondary_sector": secondary_sector(source),
        "industries": industries(source),
        "parks": parks(source),
        "park_regions": park_regions(source),
        "provincial_parks": provincial_parks(source),
        "bases": bases(source),
        "milestones": milestones(source),
        "captions": captions(source),
    }


def district_tables(source: Source) -> dict[str, Rows]:
    return {
        "regions": region_counts(source, 783, REGIONS_OF_DISTRICTS),
        "provinces": provinces_of_districts(source),
        "firsts": firsts(source, 794),
        "large_regions": large_regions(source),
        "large_city_groups": large_city_groups(source),
        "district_industries": district_industries(source),
        "private_firms": private_firms(source),
    }
