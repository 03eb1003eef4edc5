/* The index: columns in, scores out. The same arithmetic, in the same order, as the library's means.py, totals.py and
   stages.py; the self-test compares the two. A missing value is NaN, and an absent child shares its weight. */

const DUST = 1e-12; // relative: a mean this near to its first child is held within all of its children
const MEANS = ["arithmetic", "geometric", "harmonic", "power"];
const WITHOUT_WEIGHTS = ["minimum", "maximum"];

/** What an aggregator cannot take, or a score that would be lost: told to the reader, and the change is undone. */
class Refused extends Error {
  constructor(kind, group, row) {
    super(kind);
    this.kind = kind; // a word of words.js
    this.group = group;
    this.row = row;
  }
}

/** The model of the data of a page. */
function createModel(data) {
  const columns = data.columns.map(unpack);
  const published = unpack(data.units.published);
  const model = {
    data,
    count: published.length,
    groups: data.groups.map((group) => ({ ...group, blank: Int32Array.from(group.blank) })),
    columns,
    root: data.groups.length - 1, // children stand before their parents
    published: { carried: unpack(data.units.carried), shown: published, ranks: unpack(data.units.ranks) },
    present: null,
  };
  model.free = model.groups.map((_, place) => place).filter((place) => !model.groups[place].held);
  if (model.root >= 0) model.present = evaluate(model, publishedWeights(model)).carried;
  return model;
}

/** The weights and aggregators of the index as published. */
function publishedWeights(model) {
  return {
    weights: model.groups.map((group) => group.weights),
    aggregates: model.groups.map((group) => group.aggregate.name),
  };
}

/** The aggregator of a group as it is now: its own with its options, or another without any. */
function callOf(group, name) {
  return name === group.aggregate.name ? group.aggregate : { name, via: null, exponent: null };
}

/** Every group with these weights: `made` (aggregates), `carried` (after its steps), `shown` (as published). */
function evaluate(model, { weights, aggregates }) {
  const found = { made: [], carried: [], shown: [], inputs: [] };
  model.groups.forEach((group, place) => {
    const inputs = group.children.map((child) => counted(columnOf(model, child, found), group.blank));
    const made = aggregate(callOf(group, aggregates[place]), inputs, weights[place], model.count, place);
    const carried = run(group.steps, made);
    if (model.present) refuseLost(model.present[place], carried, place);
    found.inputs.push(inputs);
    found.made.push(made);
    found.carried.push(carried);
    found.shown.push(run(group.publish, carried));
  });
  return found;
}

/** A child's values as its parent reads them. */
function columnOf(model, child, found) {
  if (child.column !== undefined) return model.columns[child.column];
  const column = (child.shown ? found.shown : found.carried)[child.group];
  if (!child.filled.length) return column;
  const complete = column.slice();
  for (const [row, value] of child.filled) complete[row] = value; // imputed: held at the calibration
  return complete;
}

/** A column without the rows that get no value: what a unit has there is not looked at. */
function counted(column, blank) {
  if (!blank.length) return column;
  const found = column.slice();
  for (const row of blank) found[row] = NaN;
  return found;
}

/** A group that gains or loses a value (a child without weight was the only one there) would need its rules again. */
function refuseLost(before, after, group) {
  for (let row = 0; row < before.length; row++) {
    if (Number.isNaN(before[row]) !== Number.isNaN(after[row])) throw new Refused("lost", group, row);
  }
}

// -- aggregators ------------------------------------------------------------------------------------------------------

function aggregate(call, inputs, weights, count, group) {
  if (!call.via) return combine(call, inputs, weights, count, group);
  const [[a, b], [c, d]] = call.via;
  const moved = inputs.map((x) => x.map((value) => ((value - a) / (b - a)) * (d - c) + c));
  return combine(call, moved, weights, count, group).map((value) => ((value - c) / (d - c)) * (b - a) + a);
}

function combine(call, inputs, weights, count, group) {
  switch (call.name) {
    case "sum":
      return weightedSum(inputs, weights, count);
    case "arithmetic":
      return heldWithin(weightedMean(inputs, weights, count), inputs);
    case "geometric":
      refuseBelow(inputs, false, group);
      return heldWithin(
        weightedMean(
          inputs.map((x) => x.map(Math.log)),
          weights,
          count,
        ).map(Math.exp),
        inputs,
      );
    case "harmonic":
      return powerMean(inputs, weights, count, -1, group);
    case "power":
      if (call.exponent === 1) return heldWithin(weightedMean(inputs, weights, count), inputs);
      return powerMean(inputs, weights, count, call.exponent, group);
    default:
      return extreme(inputs, call.name === "minimum" ? -1 : 1, count);
  }
}

function weightedSum(inputs, weights, count) {
  const sum = new Float64Array(count);
  inputs.forEach((x, child) => {
    const weight = weights[child];
    for (let row = 0; row < count; row++) sum[row] += x[row] * weight;
  });
  return sum;
}

function weightedMean(inputs, weights, count) {
  const mean = weightedSum(inputs, weights, count);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  for (let row = 0; row < count; row++) {
    mean[row] = Number.isNaN(mean[row]) ? meanOfPresent(inputs, weights, row) : mean[row] / total;
  }
  return mean;
}

function meanOfPresent(inputs, weights, row) {
  let sum = 0;
  let total = 0;
  inputs.forEach((x, child) => {
    if (Number.isNaN(x[row])) return;
    sum += x[row] * weights[child];
    total += weights[child];
  });
  return sum / total; // 0 / 0, NaN: nothing is there
}

function powerMean(inputs, weights, count, exponent, group) {
  refuseBelow(inputs, exponent > 0, group);
  const counted = inputs.map((x, child) => (weights[child] > 0 ? x : new Float64Array(count).fill(NaN)));
  const size = extreme(counted, exponent > 0 ? 1 : -1, count).map((value) => (value > 0 ? value : 1));
  const raised = counted.map((x) => x.map((value, row) => (value / size[row]) ** exponent));
  const mean = weightedMean(raised, weights, count);
  return heldWithin(
    mean.map((value, row) => size[row] * value ** (1 / exponent)),
    inputs,
  );
}

/** The lowest (-1) or highest (1) child that is there. */
function extreme(inputs, sign, count) {
  const found = new Float64Array(count).fill(NaN);
  for (const x of inputs) {
    for (let row = 0; row < count; row++) {
      if (!(sign * x[row] <= sign * found[row]) && !Number.isNaN(x[row])) found[row] = x[row] + 0;
    }
  }
  return found;
}

/** Take float dust off means: one of equal children is exactly their value. */
function heldWithin(mean, inputs) {
  for (let row = 0; row < mean.length; row++) {
    const value = mean[row];
    if (Math.abs(value - inputs[0][row]) > DUST * Math.abs(value)) continue;
    let low = Infinity;
    let high = -Infinity;
    for (const x of inputs) {
      if (x[row] < low) low = x[row];
      if (x[row] > high) high = x[row];
    }
    if (low <= high) mean[row] = Math.min(Math.max(value, low), high);
  }
  return mean;
}

function refuseBelow(inputs, zeroAllowed, group) {
  for (const x of inputs) {
    const row = x.findIndex((value) => value < 0 || (value === 0 && !zeroAllowed));
    if (row >= 0) throw new Refused("notAboveZero", group, row);
  }
}

// -- steps ------------------------------------------------------------------------------------------------------------

/** The steps of a group, with what was learned held. */
function run(operations, column) {
  return operations.reduce((x, operation) => x.map((value) => STEPS[operation.op](value, operation)), column);
}

const STEPS = {
  linear(value, { start, end, bottom, top }) {
    const share = (value - start) / (end - start);
    const width = top - bottom;
    if (width + bottom === top) return share * width + bottom;
    return share < 0.5 ? bottom + share * width : top - (1 - share) * width;
  },
  score: (value, { mean, sd, scale, centre }) => ((value - mean) / sd) * scale + centre,
  clip(value, { low, high }) {
    if (low !== null && value < low) return low;
    return high !== null && value > high ? high : value;
  },
  round: (value, { digits, how }) => roundTo(value, digits, how),
};
