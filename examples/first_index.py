# %% [markdown]
# # A first index, on published tables
#
# Two indices that ship with cityindex print a score for many cities: the digital economy in 2020 and the technology
# capability in 2021. Here they become the two indicators of a small index of our own. It is an exercise and not a
# published index: the weights are ours.
#
# Run it cell by cell in an editor that knows percent cells, or whole: `python examples/first_index.py`.

# %%
import pandas as pd

import cityindex as ci

# %% [markdown]
# ## The table
#
# One list prints names with 市 and the other without, so one is brought to the form of the other. Only cities that
# stand in both lists are kept: a city that is absent from a list of the first hundred is not missing by chance.

# %%
digital = ci.load_published("digital-economy-city-2020")["score"][["name", "score"]]
digital = digital.assign(name=digital["name"] + "市").rename(columns={"score": "digital"})
technology = ci.load_published("tech-capability-2021")["score"][["name", "score"]].rename(
    columns={"score": "technology"}
)
cities = digital.merge(technology, on="name")
print(f"{len(cities)} cities stand in both lists")

# %% [markdown]
# ## The index

# %%
SPEC = """
cityindex: 1
id: digital-and-technology
title: Digital economy and technology, an exercise
unit: {kind: city, key: name}
provenance: assumed
defaults:
  indicator: {steps: [{minmax: {to: [0, 100]}}]}
index:
  id: score
  publish: [{round: 1}]
  tiers: {natural_breaks: 3, labels: [first, second, third]}
  children:
    - {id: digital, weight: 50%}
    - {id: technology, weight: 50%}
"""

spec = ci.load_spec(SPEC)
result = ci.score(spec, cities)
frame = result.to_frame().sort_values("rank")
print(frame.head(10).to_string(index=False))
print(frame["tier"].value_counts().to_string())

# %% [markdown]
# ## Why a city has its score, and what would lift it

# %%
print(result.explain("苏州市"))
print(result.gap("苏州市", to=8))

# %% [markdown]
# ## Would other weights change the order?
#
# `with_weights` gives a changed copy, `diff` says what differs. The ranks below are those of the first ten cities when
# the digital economy counts for a fifth, a half and four fifths.

# %%
ranks = {}
for share in (20, 50, 80):
    other = ci.with_weights(spec, {"score": {"digital": f"{share}%", "technology": f"{100 - share}%"}})
    ranks[f"{share}%"] = ci.score(other, cities).ranks()
print("; ".join(str(difference) for difference in ci.diff(spec, other) if difference.key == "weight"))
compared = pd.DataFrame(ranks, index=result.index).astype(int)
print(compared.loc[frame["name"].head(10)].to_string())

# %% [markdown]
# ## A calibration
#
# Bounds and cuts were learned from these cities. With the calibration one city scores alone as it did among the others.

# %%
calibration = ci.calibrate(spec, cities)
calibration.save("digital-and-technology.json")
alone = ci.score(spec, cities[cities["name"] == "苏州市"], calibration="digital-and-technology.json")
assert alone.column()[0] == result.column()[result.row("苏州市")]
print(calibration.nodes["score"]["tiers"])
