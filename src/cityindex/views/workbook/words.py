"""The words of a workbook, in Chinese and English."""

from __future__ import annotations

from cityindex.views._language import LANGUAGES, Language
from cityindex.views.report.words import voice_of

__all__ = ["Words"]

_WORDS: dict[str, tuple[str, str]] = {
    # sheets
    "results": ("结果", "results"),
    "charts": ("图表", "charts"),
    "ranks": ("名次", "ranks"),
    "tiers": ("分档", "tiers"),
    "calculation": ("计算", "calculation"),
    "weights": ("权重", "weights"),
    "contributions": ("贡献", "contributions"),
    "uncertainty": ("不确定性", "uncertainty"),
    "notes": ("备注", "notes"),
    "spec": ("指数定义", "spec"),
    "data": ("数据", "data"),
    "guide": ("填写说明", "guide"),
    # headings
    "rank": ("名次", "rank"),
    "tier": ("档", "tier"),
    "tier_of": ("{}（档）", "{} tier"),
    "place": ("次序", "place"),
    "row": ("行", "row"),
    "compared": ("{}（用于比较）", "{} (compared)"),
    "period_code": ("时期序号", "period no."),
    "weight": ("权重（可改）", "weight (change it)"),
    "local": ("组内权重", "local weight"),
    "global": ("总权重", "global weight"),
    "provenance": ("来源", "provenance"),
    "edition": ("版次", "edition"),
    "node": ("代码", "id"),
    "title": ("名称", "title"),
    "parent": ("所属分组", "group"),
    "from": ("下限", "from"),
    "to": ("上限", "up to"),
    "unit": ("评价对象", "unit"),
    "units": ("评价对象", "units"),
    "count": ("个数", "units"),
    "kind": ("类别", "kind"),
    "message": ("内容", "message"),
    "column": ("列", "column"),
    "score": ("得分", "score"),
    "low": ("名次5%分位", "rank, 5 %"),
    "median": ("名次中位数", "rank, median"),
    "high": ("名次95%分位", "rank, 95 %"),
    "mean_rank": ("平均名次", "mean rank"),
    "mean": ("平均得分", "mean score"),
    "sd": ("标准差", "standard deviation"),
    "lowest": ("最低得分", "lowest score"),
    "highest": ("最高得分", "highest score"),
    "other": ("其他", "other"),
    "part": ("部分序号", "part no."),
    "weight_row": ("权重 →", "weight →"),
    "top": ("{}：前{}名", "{}: top {}"),
    "split": ("{}：得分构成", "{}: what the scores are made of"),
    "ranges": ("{}：名次区间（5%–95%）", "{}: ranges of ranks (5 % to 95 %)"),
    # comments and notes
    "workbook": ("工作簿", "workbook"),
    "change_me": (
        "改这一列的黄色单元格：得分、名次、分档和贡献随之重算。",
        "Change the yellow cells of this column: scores, ranks, tiers and contributions follow.",
    ),
    "about": (
        "由 cityindex {version} 生成：{title}，{units} 个评价对象。指数定义的指纹 {mark}。",
        "Written by cityindex {version}: {title}, {units} units. Fingerprint of the spec: {mark}.",
    ),
    "live_all": (
        "公式是活的：在“权重”表改权重，得分、名次和分档随之变化。标准化后的指标是数值，不再重算。"
        "“结果”表可以排序和筛选，其他表的行序请保持不变。",
        "The formulas are live: change a weight on the sheet 'weights' and scores, ranks and tiers follow. Normalised "
        "indicators are values and stand still. Sort and filter the sheet 'results'; leave the rows of the others in "
        "their order.",
    ),
    "held": (
        "{group} 的单元格是数值，不随权重变化：{why}。",
        "The cells of {group} are values and do not follow the weights: {why}.",
    ),
    "why_editions": ("指数有多个版次", "the index has several editions"),
    "why_aggregate": ("{} 不是加权和", "{} is no weighted sum"),
    "why_via": ("合成前后换了尺度（via）", "it is aggregated on another scale (via)"),
    "why_steps": ("合成之后还有处理步骤（{}）", "steps follow the aggregation ({})"),
    "why_within": ("权重因评价对象而异", "its weights differ from unit to unit"),
    "why_imputed": ("下级分组的缺失值是填补的", "missing values of groups under it were imputed"),
    "why_long": ("子项太多，公式放不下", "its children are too many for one formula"),
    "held_shown": (
        "{group} 公布的得分是数值：公布前的处理（{why}）没有写成公式。",
        "The published scores of {group} are values: what is done to them before they are shown ({why}) is no formula.",
    ),
    "held_dense": (
        "{group} 的名次是数值：并列规则 dense 没有写成公式。",
        "The ranks of {group} are values: the rule 'dense' for ties is no formula.",
    ),
    "held_parts": (
        "一部分贡献是数值，不随权重变化：所经各层不都是加权和。",
        "Some contributions are values and do not follow the weights: not every level above them is a weighted sum.",
    ),
    "scaled_parts": (
        "{group} 之下的贡献随该分组的总权重变化，彼此的比例不变。",
        "The contributions below {group} follow its global weight; their proportions to one another stand still.",
    ),
    "learned_weights": (
        "{group} 的权重由 {method} 从数据得出，在此保持不变，除非手工修改。",
        "The weights of {group} were found by {method}; they stay as they were found unless they are changed by hand.",
    ),
    "learned_cuts": (
        "{group} 的分档界线由 {method} 从数据得出，在此保持不变。",
        "The cuts of the tiers of {group} were found by {method}; they stay as they were found.",
    ),
    "static_charts": (
        "图表用最后一个时期（{period}）的数值。",
        "The charts show the values of the last period ({period}).",
    ),
    "held_charts": ("图表是数值，不随权重变化。", "The charts show values and do not follow the weights."),
    # template
    "guide_title": ("{}：数据填写说明", "{}: how to fill in the data"),
    "guide_1": (
        "在“数据”表每个评价对象一行。第一行的列名不要改动，也不要增加第二行表头。",
        "On the sheet 'data', one row a unit. Leave the names in the first row as they are, and add no second header.",
    ),
    "guide_2": ("缺失的数据留空，不要填 0。", "Leave what is missing empty; do not write 0."),
    "guide_3": ("数字只写数值，不写单位、百分号或“约”。", "Write plain numbers: no units, per-cent signs or 'about'."),
    "guide_4": ("填好后运行：cityindex score {} 文件.xlsx", "Then run: cityindex score {} FILE.xlsx"),
    "measured_in": ("计量单位", "measured in"),
    "direction": ("方向", "direction"),
    "role": ("用途", "what it is"),
    "used_by": ("用于", "used by"),
    "note": ("说明", "note"),
    "more": ("越大越好", "more is better"),
    "less": ("越小越好", "less is better"),
    "role_key": ("评价对象的名称或代码（唯一）", "name or code of the unit (each once)"),
    "role_key_period": ("评价对象的名称或代码（每个时期唯一）", "name or code of the unit (once a period)"),
    "role_label": ("显示名称", "name that is shown"),
    "role_period": ("时期", "period"),
    "role_indicator": ("指标", "indicator"),
    "role_per": ("分母", "denominator"),
    "role_labels": ("分组标签", "label"),
    "role_group": ("得分（子项未公布）", "score (what is below it is not published)"),
    "divided": ("除以列 {}", "divided by column {}"),
    "divides": ("{} 除以它", "{} is divided by it"),
    "labels_where": ("{} 只适用于：{}", "{} applies where it is: {}"),
    "labels_reference": ("参照对象：{}", "reference units: {}"),
    "labels_within": ("{} 按它分组计算", "{} is worked out by it"),
    "editions_only": ("仅版次 {}", "editions {} only"),
    "group_whole": (
        "{} 未公布，故填该分组本身的得分；或用 --weights 给出权重后重新生成模板",
        "its {} are not published: fill in its own score, or give weights (--weights) and write the template again",
    ),
    "children": ("子项", "parts"),
    "judgements": ("权重判断", "judgements"),
    "plain_weights": ("权重", "weights"),
    "number_wanted": ("请输入数字；缺失请留空。", "A number is wanted; leave a missing one empty."),
    "number_title": ("数字", "number"),
}


class Words:
    """The words in one language; `voice` is how the report says what the library notes.

    >>> Words("zh")["rank"], Words("en")("top", "Index", 20)
    ('名次', 'Index: top 20')
    """

    def __init__(self, language: Language) -> None:
        self.voice = voice_of(language)
        self.language = language
        self._place = LANGUAGES.index(language)

    def __getitem__(self, key: str) -> str:
        return _WORDS[key][self._place]

    def __call__(self, key: str, *values: object, **named: object) -> str:
        """The sentence `key` with its gaps filled."""
        return self[key].format(*values, **named)
