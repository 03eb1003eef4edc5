"""AHP from end to end: judgements, their consistency, weights, scores, ranks, and tiers by three ways of clustering.

The report on the industry of Chinese counties, 2023, names six dimensions, says that the analytic hierarchy process
weighs them and that a clustering of the index makes four tiers. It prints neither judgements nor scores. So here the
judgements are made up (data/industrial_county_judgements.yaml) and the scores are random numbers
(data/industrial_county_dimensions.csv): put your own in their place. Only the names of the counties and the sizes of
the printed tiers are real.

Run: python examples/ahp_industrial_county.py
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

import cityindex as ci
from cityindex.cli.output import aligned

DATA = Path(__file__).resolve().parent / "data"
INDEX = "industrial-county-2023"
TIERINGS = ("natural_breaks", "kmeans", "mixture")


def heading(text: str) -> None:
    print(f"\n{text}\n{'=' * len(text)}")


def consistency(judgements: Mapping[str, Any], dimensions: list[str]) -> None:
    """How consistent each expert is, and all of them together; which judgement is the worst."""
    heading("1. Are the judgements consistent?")
    report = ci.analyse_judgements(
        experts=judgements["experts"], children=dimensions, random_index=judgements["random_index"]
    )
    print(
        f"random index {report.random_index!r}: {report.random_value} for {len(dimensions)} dimensions; "
        f"a consistency ratio of {judgements['limit']} or less is accepted"
    )
    rows = {"all together": report, **report.experts}
    print(
        aligned(
            pd.DataFrame(
                [
                    {"judged by": name, "λ max": round(one.lambda_max, 3), "ratio": round(one.consistency_ratio, 3)}
                    for name, one in rows.items()
                ]
            )
        )
    )
    for name, one in rows.items():
        print(f"worst judgement, {name}: {one.worst}")
    for name, draft in judgements["drafts"].items():
        first = ci.analyse_judgements(draft, children=dimensions, random_index=judgements["random_index"])
        print(f"\nThe first draft of the {name} would be refused:")
        print("\n".join(first.problems(judgements["limit"])))


def weigh(judgements: Mapping[str, Any]) -> ci.Spec:
    """The index with weights from the judgements; the weights of each expert beside those of all."""
    heading("2. Weights")
    method = {key: judgements[key] for key in ("experts", "random_index", "limit")}
    spec = ci.with_weights(ci.load_index(INDEX), {"score": {"ahp": method}})
    dimensions = [child.id for child in spec.index.children]
    report = ci.analyse_judgements(experts=method["experts"], children=dimensions, random_index=method["random_index"])
    shown = pd.DataFrame(
        {
            "dimension": [f"{child.id} {child.title['zh']}" for child in spec.index.children],
            **{name: one.weights for name, one in report.experts.items()},
            "all together": report.weights,
        }
    )
    print(aligned(shown.round(3)))
    return spec


def score(spec: ci.Spec, table: ci.Table) -> ci.Result:
    heading("3. Scores and ranks")
    print(f"{(DATA / 'industrial_county_dimensions.csv').read_text(encoding='utf-8').splitlines()[0].lstrip('# ')}")
    result = ci.score(spec, table)
    print(aligned(result.to_frame().round(1).sort_values("rank").head(10)))
    print("…\nwhat the result notes:")
    for note in result.notes:
        print(f"  {note}")
    return result


def compare_tiers(result: ci.Result, table: ci.Table) -> None:
    """The same scores in four tiers by three clusterings, against the sizes that the report prints."""
    heading("4. Four tiers: three ways of clustering, and the sizes that the report prints")
    printed = ci.load_published(INDEX)["tiers"].set_index("tier")["count"]
    labels = list(printed.index)
    rows = [{"tiers by": "printed", **printed.to_dict(), "counties in another tier": "", "cuts": "not printed"}]
    for tiering in TIERINGS:
        spec = ci.replace(result.spec, "score", tiers={tiering: len(labels), "labels": labels})
        calibration = ci.calibrate(spec, table)
        tiers = ci.score(spec, table, calibration=calibration).to_frame()["tier"]
        sizes = tiers.value_counts().reindex(labels, fill_value=0)
        cuts = ", ".join(f"{cut:.1f}" for cut in calibration.nodes["score"]["tiers"])
        moved = moves(printed.to_list(), sizes.to_list())
        rows.append({"tiers by": tiering, **sizes.to_dict(), "counties in another tier": moved, "cuts": cuts})
    print(aligned(pd.DataFrame(rows)))
    print(
        "\nThe printed sizes say nothing of random scores. With real ones they are a test: which weights and which\n"
        "clustering give 6, 37, 40 and 17? A county is in another tier if the printed sizes, applied to the same\n"
        "order, put it elsewhere."
    )


def moves(printed: list[int], sizes: list[int]) -> int:
    """How many units, in order of their ranks, two rows of tier sizes put into different tiers."""
    first, second = ([tier for tier, size in enumerate(row) for _ in range(size)] for row in (printed, sizes))
    return sum(a != b for a, b in zip(first, second, strict=True))


def main() -> None:
    text = (DATA / "industrial_county_judgements.yaml").read_text(encoding="utf-8")
    judgements = yaml.safe_load(text)
    print(f"Judgements: {judgements['provenance']}. The report prints none.")
    consistency(judgements, [child.id for child in ci.load_index(INDEX).index.children])
    spec = weigh(judgements)
    table = ci.read_table(DATA / "industrial_county_dimensions.csv", header=2, key="name")  # row 1 is a remark
    compare_tiers(score(spec, table), table)


if __name__ == "__main__":
    main()
