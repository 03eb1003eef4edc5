"""What cityindex does, on published tables that ship with it: recompute, rank, tier, explain, identify, audit.

Run it with `make demo`, or `python examples/demo.py`.
"""

from __future__ import annotations

import pandas as pd

import cityindex as ci
from cityindex.cli.output import aligned

TECH, DIGITAL, INDUSTRY = "tech-capability-2021", "digital-economy-city-2020", "industrial-county-2023"


def heading(text: str) -> None:
    print(f"\n{text}\n{'=' * len(text)}")


def four_lists() -> pd.DataFrame:
    """The cities that stand in all four printed sub-index lists, one column a list."""
    spec = ci.load_index(TECH)
    table = None
    for child in spec.index.children:
        column = ci.load_published(TECH)[child.id][["name", "score"]].rename(columns={"score": child.id})
        table = column if table is None else table.merge(column, on="name")
    return table


def recompute_composite() -> ci.Result:
    heading("1. Science-and-technology capability 2021: is the composite the mean of its four sub-indices?")
    lists = four_lists()
    result = ci.score(ci.load_index(TECH), lists)
    printed = ci.load_published(TECH)["score"].set_index("name")
    shown = result.to_frame()[["name", *(child.id for child in result.spec.index.children), "score"]]
    shown["printed"] = printed["score"].reindex(shown["name"]).to_numpy()
    shown["difference"] = (shown["score"] - shown["printed"]).round(3)
    shown["rank of 15"] = result.ranks().astype(int)
    shown["printed rank"] = printed["rank"].reindex(shown["name"]).to_numpy()
    print(aligned(shown.sort_values("rank of 15")))
    exact = result.column(of="carried") - shown["printed"].to_numpy()
    print(
        f"\n{len(shown)} cities stand in all four lists. Equal weights give every printed composite: the largest "
        f"difference is {abs(exact).max():.5f},\nwithin the 0.001 that rounding to three decimals allows "
        "(0.0005 in the composite, 0.0005 in its four parts)."
    )
    return result


def rank_and_tier() -> None:
    heading("2. City digital economy 2020: ranks and tiers of the 148 cities from their printed scores")
    printed = ci.load_published(DIGITAL)["score"]
    result = ci.score(ci.load_index(DIGITAL), printed[["name", "score"]])
    frame = result.to_frame().assign(printed_rank=printed["rank"], printed_tier=printed["tier"])
    print(aligned(frame.head(8)))
    print("…")
    counts = frame.groupby("tier").size()
    labels = result.spec.index.tiers.labels
    print("\ntiers by the printed cuts: " + ", ".join(f"{label} {counts.get(label, 0)}" for label in labels))
    shared = frame.groupby("rank")["rank"].transform("size")
    within = frame["printed_rank"].between(frame["rank"], frame["rank"] + shared - 1)
    print(
        f"ranks as printed: {int(within.sum())} of {len(frame)}; {int((shared > 1).sum())} cities have a score that "
        "others have too: the report numbers these on, here they share a rank"
    )
    against = frame[frame["tier"] != frame["printed_tier"]]
    print(
        f"tiers as printed: {len(frame) - len(against)} of {len(frame)}"
        + ("; the report places these against its own cuts:" if len(against) else "")
    )
    if len(against):
        print(aligned(against[["name", "score", "tier", "printed_tier"]]))


def national_mean() -> None:
    means = ci.load_published(DIGITAL)["means"].set_index("item")["value"]
    spec = ci.load_index(DIGITAL)
    dimensions = [child.id for child in spec.index.children]
    row = pd.DataFrame([{"name": "全国 · national mean", **{name: means[name] for name in dimensions}}])
    result = ci.score(spec, row)
    print(
        "\nnational mean from the four dimension means: "
        + " + ".join(f"{child.weight!s} × {means[child.id]:g}" for child in spec.index.children)
        + f" = {result.column(of='carried')[0]:.3f}, shown as {result.column()[0]:g}; printed: {means['score']:g}"
    )


def explain(result: ci.Result) -> None:
    heading("3. Why has 武汉市 the score it has?")
    print(result.explain("武汉市"))


def identify() -> None:
    heading("4. Which weights can the four sub-indices have? None are printed")
    print(ci.identify_index(TECH))


def audit() -> None:
    heading("5. Counties' industry 2023: does the report hold against its own tables?")
    found = ci.audit(INDUSTRY)
    counts = found.counts
    print(
        f"{len(found.findings)} things were checked: {counts['holds']} hold, {counts['undecided']} need facts from "
        f"outside, {counts['fails']} fail:\n"
    )
    for finding in found.of("fails"):
        print(f"  {finding.claim} (line {finding.line})")
        print(f"      printed: {finding.published}; by its own numbers: {finding.computed}")


def main() -> None:
    result = recompute_composite()
    rank_and_tier()
    national_mean()
    explain(result)
    identify()
    audit()
    heading("What to try next")
    print("""\
  .venv/bin/cityindex list                                        the indices that ship
  .venv/bin/cityindex show digital-economy-city-2020              the tree, with weights and where they come from
  .venv/bin/cityindex audit --all -o audit.html                   the reports against their own numbers, as a page
  .venv/bin/cityindex methods                                     every method, with its options and its source
  .venv/bin/python examples/ahp_industrial_county.py              your own judgements: consistency, weights, tiers
  .venv/bin/cityindex score my-index.yaml my-data.xlsx -o out.xlsx    your own index
README.md writes one in fifteen lines.""")


if __name__ == "__main__":
    main()
