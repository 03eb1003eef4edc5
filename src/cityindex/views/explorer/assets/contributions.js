/* What each input contributes to one unit's carried score, as in engine/decompose.py: weight times value under a mean
   or a sum, Euler's theorem under the other means, in proportion where nothing better is known. */

const REST = 1e-11; // a rest below this share of the score is rounding

/** Parts that add up to the carried score of a row: a list of {path, title, points, value}. */
function contributionsOf(model, chosen, values, row) {
  const found = [];
  const total = values.carried[model.root][row];
  if (!Number.isNaN(total)) descend(model.root, [], [], 1, total, total);
  return found;

  function descend(place, path, titles, factor, value, total) {
    const group = model.groups[place];
    const x = values.inputs[place].map((column) => column[row]);
    const made = Number.isNaN(values.carried[place][row]) ? NaN : values.made[place][row]; // an imputed value is not theirs
    const { parts, factors } = partsOf(callOf(group, chosen.aggregates[place]), x, chosen.weights[place], made);
    const scale = factor * (made === value ? 1 : value / made); // what the group's own steps did to the aggregate
    let rest = total;
    group.children.forEach((child, position) => {
      const part = finite(scale * parts[position]);
      const inner = [...path, child.id];
      const named = [...titles, child.title];
      if (child.group === undefined) {
        found.push({ path: inner, titles: named, points: part, value: x[position] });
      } else {
        descend(child.group, inner, named, finite(scale * factors[position]), x[position], part);
      }
      rest -= part;
    });
    if (Math.abs(rest) > REST * Math.max(Math.abs(total), 1e-300)) {
      found.push({ path, titles: titles.length ? titles : [group.title], points: rest, value: NaN }); // what its steps add
    }
  }
}

function finite(x) {
  return Number.isFinite(x) ? x : 0;
}

/** The part of each child in the aggregate, and the factor that makes it of the child's value. */
function partsOf(call, x, weights, made) {
  const there = x.map((value) => !Number.isNaN(value));
  const total = weights.reduce((sum, weight, child) => sum + (there[child] ? weight : 0), 0);
  const shares = weights.map((weight, child) => (there[child] ? weight / total : 0));
  const byFactor = (factors) => ({ parts: factors.map((factor, child) => factor * x[child]), factors });
  const byPart = (parts) => ({ parts, factors: parts.map((part, child) => part / x[child]) });
  if (!call.via) {
    if (call.name === "sum") return byFactor(weights.map((weight, child) => (there[child] ? weight : 0)));
    if (call.name === "arithmetic" || call.exponent === 1) return byFactor(shares);
    if (call.name === "geometric") return byPart(shares.map((share) => made * share));
    if (MEANS.includes(call.name)) {
      const exponent = call.name === "harmonic" ? -1 : call.exponent;
      return byPart(shares.map((share, child) => made * share * (x[child] / (made || 1)) ** exponent));
    }
    const tied = x.map((value) => significant(value) === significant(made));
    const several = tied.filter(Boolean).length;
    return byPart(tied.map((ties) => (ties ? made / several : 0)));
  }
  const terms = x.reduce((sum, value, child) => sum + (there[child] ? weights[child] * value : 0), 0);
  return byFactor(weights.map((weight) => (weight * made) / terms));
}
