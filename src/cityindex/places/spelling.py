"""How names of places are written: width, spaces, endings, and the peoples in the names of autonomous areas."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

__all__ = ["ENDINGS", "is_direct", "spellings", "stem_of", "tidy", "what_else"]

NOISE = re.compile(r"[\s\-‐‑–—−_/\\|·・•‧.,，、>＞→:：\u200b-\u200f\u2060\ufeff]+")
COUNTRY = re.compile(r"^(?:中华人民共和国|中国)(?=.)")
ENDINGS = (
    "特别行政区",
    "自治区",
    "自治州",
    "自治县",
    "自治旗",
    "地区",
    "林区",
    "特区",
    "省",
    "市",
    "县",
    "区",
    "盟",
    "旗",
)
NEW_AREA = "新区"
AUTONOMOUS = {"自治区": "", "自治州": "州", "自治县": "县", "自治旗": "旗"}
PEOPLES = (
    "蒙古",
    "回",
    "藏",
    "维吾尔",
    "苗",
    "彝",
    "壮",
    "布依",
    "朝鲜",
    "满",
    "侗",
    "瑶",
    "白",
    "土家",
    "哈尼",
    "哈萨克",
    "傣",
    "黎",
    "傈僳",
    "佤",
    "畲",
    "高山",
    "拉祜",
    "水",
    "东乡",
    "纳西",
    "景颇",
    "柯尔克孜",
    "土",
    "达斡尔",
    "仫佬",
    "羌",
    "布朗",
    "撒拉",
    "毛南",
    "仡佬",
    "锡伯",
    "阿昌",
    "普米",
    "塔吉克",
    "怒",
    "乌孜别克",
    "俄罗斯",
    "鄂温克",
    "德昂",
    "保安",
    "裕固",
    "京",
    "塔塔尔",
    "独龙",
    "鄂伦春",
    "赫哲",
    "门巴",
    "珞巴",
    "基诺",
    "各",
)
LONG = sorted({f"{name}族" for name in PEOPLES} | {name for name in PEOPLES if len(name) > 1}, key=len, reverse=True)
BELOW = re.compile(r"(?:镇|乡|街道|街道办事处|村|社区|苏木)$")
DIRECT = re.compile(r"直辖(?:县级)?(?:行政)?(?:区划|单位|县|市)?$")
ZONE = re.compile(r"(?:开发区|园区|高新区|经开区|示范区|合作区|试验区|度假区|管理区|风景区|新城|新区)$")
DISTRICTS = re.compile(r"(?:市辖区|市区|城区)$")
PEOPLE = re.compile(rf"(?:{'|'.join(LONG)})$")


def tidy(text: str) -> str:
    """What of a name counts: full width made half, letters small, no spaces, dashes or strokes, no country before it.

    >>> tidy(" 江苏省 · 昆山市　"), tidy("中国/江苏/昆山"), tidy("Ｍünchen")
    ('江苏省昆山市', '江苏昆山', 'münchen')
    """
    return COUNTRY.sub("", NOISE.sub("", unicodedata.normalize("NFKC", text).casefold()))


def stem_of(name: str) -> str:
    """A name without its ending, and an autonomous area's without its peoples.

    >>> [stem_of(name) for name in ("昆山市", "内蒙古自治区", "延边朝鲜族自治州", "东乡族自治县")]
    ['昆山', '内蒙古', '延边', '东乡']
    """
    ending = next((each for each in ENDINGS if name.endswith(each) and name != each), "")
    stem = name.removesuffix(ending)
    if ending in AUTONOMOUS:
        while len(shorter := PEOPLE.sub("", stem)) > 1 and shorter != stem:
            stem = shorter
        stem = stem.removesuffix("族") if PEOPLE.fullmatch(stem) else stem
    return stem


def spellings(name: str) -> Iterator[str]:
    """The short forms of a full name, of two signs at least: 昆山; 延边, 延边州; 双江, 双江县; 浦东.

    None of 宿县地区, whose stem is a county's name.

    >>> list(spellings("延边朝鲜族自治州")), list(spellings("昆山市")), list(spellings("沙县"))
    (['延边', '延边州'], ['昆山'], [])
    """
    stem = stem_of(name)
    if len(stem) > 1 and stem != name and not name.endswith("县地区"):
        yield stem
    if name.endswith(NEW_AREA) and len(name) > len(NEW_AREA) + 1:
        yield name.removesuffix(NEW_AREA)
    for ending, short in AUTONOMOUS.items():
        if name.endswith(ending) and short:
            yield stem + short


def is_direct(text: str) -> bool:
    """Whether a cell says that a county has no prefecture above it: 省直辖, 自治区直辖县级行政区划."""
    return bool(DIRECT.search(text))


def what_else(text: str) -> str:
    """What a name seems to be that is no division of county level or above.

    >>> what_else("玉山镇"), what_else("苏州工业园区"), what_else("昆山市")
    ('a town or the like is below the county level', 'a zone is no administrative division', '')
    >>> what_else("苏州市区")
    'the districts of a city together are no division'
    """
    if BELOW.search(text):
        return "a town or the like is below the county level"
    if DISTRICTS.search(text):
        return "the districts of a city together are no division"
    return "a zone is no administrative division" if ZONE.search(text) else ""
