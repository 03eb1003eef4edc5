"""The four regions (四大板块) by which Chinese reports count provinces, as the statistical office draws them."""

from __future__ import annotations

import re

REGIONS = {
    "东部": ["北京", "天津", "河北", "上海", "江苏", "浙江", "福建", "山东", "广东", "海南"],
    "中部": ["山西", "安徽", "江西", "河南", "湖北", "湖南"],
    "西部": ["内蒙古", "广西", "重庆", "四川", "贵州", "云南", "西藏", "陕西", "甘肃", "青海", "宁夏", "新疆"],
    "东北": ["辽宁", "吉林", "黑龙江"],
}
REGION_OF = {province: region for region, provinces in REGIONS.items() for province in provinces}


def short(province):
    """江苏省 → 江苏, 广西壮族自治区 → 广西."""
    return re.sub("(省|市|(壮族|回族|维吾尔)?自治区)$", "", province)


def region(province):
    return REGION_OF[short(province)]
