"""The words of the cards, in Chinese and English."""

from __future__ import annotations

from cityindex._values import Text
from cityindex.views._language import LANGUAGES, Language
from cityindex.views.report.words import voice_of

__all__ = ["Words"]

_WORDS: dict[str, tuple[str, str]] = {
    # how many
    "units": ("{:,} 个评价对象", "{:,} units"),
    "indicators": ("{:,} 个指标", "{:,} indicators"),
    "groups": ("{:,} 个分组", "{:,} groups"),
    "rows": ("{:,} 行", "{:,} rows"),
    "columns": ("{:,} 列", "{:,} columns"),
    "draws": ("{:,} 次抽样", "{:,} draws"),
    "samples": ("{:,} 个样本，运行 {:,} 次", "{:,} samples, {:,} runs"),
    "paths": ("{:,} 条路径", "{:,} paths"),
    "notes": ("备注（{:,}）", "Notes ({:,})"),
    "problems": ("无法读取（{:,}）", "Cannot be read ({:,})"),
    "more": ("其余 {:,} 项", "and {:,} more"),
    "not_shown": ("另有 {:,} 项未显示", "{:,} more are not shown"),
    "more_columns": ("另有 {:,} 列", "{:,} more columns"),
    "editions": ("版次：{}", "Editions: {}"),
    "period": ("时期 {}（共 {} 个时期）", "period {} (of {} periods)"),
    # headings
    "spec": ("指数", "Index"),
    "table": ("数据表", "Table"),
    "result": ("结果", "Result"),
    "card": ("评价对象", "Unit"),
    "explanation": ("得分说明", "Explanation"),
    "contributions": ("贡献", "Contributions"),
    "gap": ("差距", "Gap"),
    "calibration": ("校准", "Calibration"),
    "description": ("数据概况", "Description"),
    "audit": ("审计", "Audit"),
    "finding": ("审计结论", "Finding"),
    "comparison": ("排名比较", "Rankings compared"),
    "uncertainty": ("不确定性", "Uncertainty"),
    "sensitivity": ("敏感性", "Sensitivity"),
    "bounds": ("名次的界", "Bounds of ranks"),
    "identification": ("权重识别", "Identified weights"),
    # columns
    "rank": ("名次", "Rank"),
    "unit": ("评价对象", "Unit"),
    "score": ("得分", "Score"),
    "tier": ("档", "Tier"),
    "node": ("节点", "Node"),
    "weight": ("权重", "Weight"),
    "global": ("总权重", "Global"),
    "provenance": ("来源", "Provenance"),
    "method": ("方法", "Method"),
    "value": ("数值", "Value"),
    "mean": ("平均", "Mean"),
    "points": ("贡献分", "Points"),
    "difference": ("差", "Difference"),
    "indicator": ("指标", "Indicator"),
    "now": ("现值", "Now"),
    "needed": ("需达到", "Needed"),
    "range": ("范围", "Range"),
    "choice": ("选择", "Choice"),
    "first": ("一阶份额", "First order"),
    "total": ("总份额", "Total"),
    "low": ("最低", "Lowest"),
    "high": ("最高", "Highest"),
    "centre": ("中心", "Centre"),
    "median": ("中位数", "Median"),
    "available": ("有数据", "Available"),
    "remarks": ("值得留意", "Worth a look"),
    "learned": ("校准内容", "What was learned"),
    "published": ("公布", "Published"),
    "computed": ("计算", "Computed"),
    "source": ("出处", "Source"),
    "claim": ("说法", "Claim"),
    "best": ("最好", "Best"),
    "worst": ("最差", "Worst"),
    "safety": ("留在本档", "Stays in its tier"),
    "interval": ("5%–95%", "5% to 95%"),
    "before": ("A", "A"),
    "after": ("B", "B"),
    "change": ("变化", "Change"),
    # sentences
    "rule": ("缺失：{}", "missing: {}"),
    "unprinted": ("{}未公布：{}", "{} not published: {}"),
    "weights": ("权重", "weights"),
    "judgements": ("判断矩阵", "judgements"),
    "children": ("子项", "parts"),
    "missing": ("缺失", "missing"),
    "read_as": ("读作 {}", "read as {}"),
    "as_missing": ("读作缺失", "read as missing"),
    "no_number": ("不是数字", "no number"),
    "looked_at": ("只检查了前 {:,} 行", "only the first {:,} rows were looked at"),
    "of_all": ("，共 {:,} 个", " of {:,}"),
    "no_rank": ("没有名次", "not ranked"),
    "mean_of_mean": (" {:,} 个评价对象的平均", "the mean of {:,} units"),
    "mean_of_tier": ("同档 {:,} 个评价对象的平均", "the mean of the {:,} units of its tier"),
    "score_above": ("得分 {}，比{}（{}）高 {}。", "It scores {}; {} is {}: it is {} above."),
    "score_below": ("得分 {}，比{}（{}）低 {}。", "It scores {}; {} is {}: it is {} below."),
    "score_even": ("得分 {}，与{}（{}）持平。", "It scores {}, as much as {} ({})."),
    "held": ("拖累最大：{}。", "Most held back by {}."),
    "lifted": ("拉动最大：{}。", "Most lifted by {}."),
    "by_points": ("{}（{} 分）", "{} ({} points)"),
    "next_above": ("前一名：{}，得分 {}（{}）。", "Next above is {} with {} ({})."),
    "next_below": ("后一名：{}，得分 {}（{}）。", "Next below is {} with {} ({})."),
    "split": (
        "并非加权相加：一项的贡献分也取决于其他各项",
        "This is no weighted sum: the points of a part depend on the others too",
    ),
    "line_is_mean": ("竖线：所比评价对象的平均", "The line in a bar: the mean of the units compared"),
    "place": ("名次", "Rank"),
    "number": ("数据", "Data"),
    "points_ahead": ("分差", "Points"),
    "and": ("、", ", "),
    "semicolon": ("；", "; "),
    "parts": ("得分构成", "What the score is made of"),
    "strengths": ("优势", "Strengths"),
    "weaknesses": ("短板", "Weaknesses"),
    "none": ("无", "none"),
    "step": ("更进一步", "A step up"),
    "nothing_above": ("已在最前", "nothing is above it"),
    "step_rank": ("第 {} 名", "Rank {}"),
    "step_tier": ("“{}”档", "Tier {}"),
    "alone": ("只改动其中一个指标：", "one indicator alone would have to move:"),
    "cannot": ("单独无法达到；最多得 {}", "alone cannot; at best {}"),
    "needs": ("{}需要 {}", "{} needs {}"),
    "beyond": ("高于 {}", "better than {}"),
    "any_score": ("任何得分", "any score"),
    "reached": ("已达到", "reached"),
    "now_at": ("现为 {}", "{} now"),
    "all_lines": ("全部 {:,} 个节点，从原始数据到得分", "All {:,} nodes, from the raw cell to the score"),
    "constant": ("输出不变：各项都不影响它", "it is the same in every run: nothing that was varied changes it"),
    "depends": ("最取决于：{}。", "It depends most on {}."),
    "interactions": ("交互作用占方差的 {}。", "Interactions: {} of the variance."),
    "settled": ("区间已足够窄。", "Settled: every interval of a total share is at most 0.1 wide."),
    "unsettled": (
        "区间尚宽，宜增加样本。",
        "Not settled: some interval of a total share is wider; more samples would help.",
    ),
    "failed": ("{:,} 次失败，未计入", "{:,} failed and are left out"),
    "varied": ("变动：{}", "varied: {}"),
    "mean_shift": ("平均变动 {} 名", "{} places up or down on average"),
    "seed": ("随机种子 {}", "seed {}"),
    "exact": ("精确", "exact"),
    "outer bound": ("外界：真实范围可能更窄，不会更宽", "outer bound: a true range may be narrower, never wider"),
    "exact region": ("精确区域", "exact region"),
    "contradiction": (
        "没有任何权重能同时解释以下各行（缺一不可）",
        "No weights explain these rows together (none of them can be left out)",
    ),
    "equal_yes": ("等权重：可能", "equal weights: possible"),
    "equal_no": ("等权重：不可能", "equal weights: not possible"),
    "bounds_given": ("{:,} 个约束", "{:,} bounds from the numbers"),
    "open": ("不限", "any"),
    "fails": ("不成立", "fails"),
    "undecided": ("无法判定", "cannot be decided"),
    "holds": ("成立", "holds"),
    "nothing": ("没有可核对的内容", "Nothing to check"),
    "line": ("第 {} 行", "line {}"),
    "learned_from": ("由 {:,} 行学得", "learned from {:,} rows"),
    "fingerprint": ("指数定义的指纹", "fingerprint of the spec"),
    "numbers": ("{:,} 个数", "{:,} numbers"),
    "by_label": ("按 {:,} 个标签", "by {:,} labels"),
    "gaps": ("{:,} / {:,} 个单元格缺失", "{:,} of {:,} cells are missing"),
    "no_gaps": ("没有缺失", "no cell is missing"),
    "pairs": ("值得留意的指标对（{:,}）", "Pairs worth a look ({:,})"),
    "alpha": ("克龙巴赫 α", "Cronbach's alpha"),
    "thin": ("有缺失的评价对象（{:,}）", "Units with gaps ({:,})"),
    "of": ("{} / {}", "{} of {}"),
    "compared": ("比较了 {:,} 个评价对象", "{:,} units compared"),
    "left_out": ("仅一方有：A {:,}，B {:,}；都没有：{:,}", "left out: {:,} in A alone, {:,} in B alone, {:,} in none"),
    "unchanged": ("{:,} 个名次不变", "{:,} keep their place"),
    "movers": ("变动最大", "Who moves most"),
    "top": ("前 {} 名相同", "First {} in common"),
    "kendall": ("Kendall τ", "Kendall's τ"),
    "spearman": ("Spearman ρ", "Spearman's ρ"),
    "weighted_kendall": ("加权 τ（重视前列）", "Weighted τ (the first places count more)"),
    "overlap": ("排名重叠（p = 0.9）", "Rank-biased overlap (p = 0.9)"),
    "mean_change": ("平均变动名次", "Mean change of place"),
    "decomposition": ("分解方式", "How it was split"),
}


class Words:
    """The words of a card in one language, and titles and sentences of the library as it shows them.

    >>> Words("zh")["rank"], Words("en")("more", 1200), Words("zh").said("constant: 7 everywhere")
    ('名次', 'and 1,200 more', '常数：处处为 7')
    """

    def __init__(self, language: Language) -> None:
        self.language = language
        self.voice = voice_of(language)
        self._place = LANGUAGES.index(language)

    def __getitem__(self, key: str) -> str:
        return _WORDS[key][self._place]

    def __call__(self, key: str, *values: object) -> str:
        """The sentence `key` with its gaps filled."""
        return self[key].format(*values)

    def title(self, text: Text | None) -> str:
        """A title in this language, in all it has where it lacks that; nothing where there is none."""
        return "" if text is None else text.shown(self.language)

    def said(self, sentence: object) -> str:
        """A note or a remark of the library, in this language where it is one of the usual ones; else as it is."""
        return self.voice.said(str(sentence))
