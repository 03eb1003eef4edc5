/* Ranks and tiers, as in methods/rank.py and methods/tier.py. */

/** Places from the best on, and the rank of each row (NaN: none). */
function rankOf(values, { ties, first }) {
  const sign = first === "highest" ? -1 : 1;
  const compared = values.map((value) => sign * significant(value));
  const order = [];
  for (let row = 0; row < values.length; row++) if (!Number.isNaN(compared[row])) order.push(row);
  order.sort((one, other) => compared[one] - compared[other] || one - other);
  const ranks = new Float64Array(values.length).fill(NaN);
  let dense = 0;
  for (let start = 0; start < order.length;) {
    let end = start + 1;
    while (end < order.length && compared[order[end]] === compared[order[start]]) end++;
    dense++;
    const rank = { min: start + 1, max: end, average: (start + 1 + end) / 2, dense }[ties];
    for (let place = start; place < end; place++) ranks[order[place]] = rank;
    start = end;
  }
  return { order, ranks, compared, different: dense };
}

/** The tier of each row, 1 the best; 0: none. Cuts are held, or follow the ranks where tiers are ranges of ranks. */
function tiersOf(ranking, tiers, { first }) {
  const found = new Int16Array(ranking.ranks.length);
  if (!tiers) return found;
  const sign = first === "highest" ? -1 : 1;
  let borders = tiers.cuts.map((cut) => sign * significant(cut));
  if (tiers.places) {
    if (ranking.different < tiers.labels.length || tiers.places.at(-1) >= ranking.order.length) return found;
    borders = tiers.places.map((place) => ranking.compared[ranking.order[place]]);
  }
  for (const row of ranking.order) found[row] = 1 + borders.filter((border) => border < ranking.compared[row]).length;
  return found;
}

/** Everything that the page shows for some weights. */
function score(model, chosen) {
  const rule = model.data.rank;
  let values = null;
  let carried = model.published.carried;
  let shown = model.published.shown;
  if (model.root >= 0) {
    values = evaluate(model, chosen);
    carried = values.carried[model.root];
    shown = values.shown[model.root];
  }
  const ranking = rankOf(rule.of === "carried" ? carried : shown, rule);
  return { values, carried, shown, ...ranking, tiers: tiersOf(ranking, model.data.tiers, rule) };
}

/** Scores, or null where the page would undo such weights. */
function scoreIfAllowed(model, chosen) {
  try {
    return score(model, chosen);
  } catch (error) {
    if (error instanceof Refused) return null;
    throw error;
  }
}

/** Score the trials of the library again: how far the page is from it. */
function selfTest(model) {
  const result = { passed: true, trials: 0, units: model.count, difference: 0, ranks: true };
  for (const trial of model.data.trials) {
    const chosen = publishedWeights(model);
    chosen.weights = model.groups.map((group) => trial.weights[group.id] ?? group.weights);
    chosen.aggregates = model.groups.map((group) => trial.aggregates[group.id] ?? group.aggregate.name);
    result.trials++;
    const found = scoreIfAllowed(model, chosen);
    if (!found) {
      result.difference = Infinity; // the library scores it
      continue;
    }
    for (const [mine, theirs] of [
      [found.carried, unpack(trial.carried)],
      [found.shown, unpack(trial.published)],
    ]) {
      mine.forEach((value, row) => {
        const same = Number.isNaN(value) && Number.isNaN(theirs[row]);
        const difference = same ? 0 : Math.abs(value - theirs[row]) / Math.max(1, Math.abs(theirs[row]));
        result.difference = Number.isNaN(difference) ? Infinity : Math.max(result.difference, difference);
      });
    }
    const ranks = unpack(trial.ranks);
    result.ranks &&= found.ranks.every((rank, row) => Object.is(rank, ranks[row]));
  }
  const tiers = model.data.tiers;
  result.tiers =
    !tiers || score(model, publishedWeights(model)).tiers.every((tier, row) => tier === tiers.published[row]);
  result.passed = result.difference <= 1e-12 && result.ranks && result.tiers;
  return result;
}
