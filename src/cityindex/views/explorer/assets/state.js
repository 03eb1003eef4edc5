/* What a reader chose: weights, locks and aggregators by group; and the same as text for the address of the page. */

function createState(model) {
  const published = publishedWeights(model);
  return { ...published, locks: model.groups.map((group) => group.weights.map(() => false)) };
}

function sumOf(weights) {
  return weights.reduce((sum, weight) => sum + weight, 0);
}

/** The highest share that a child can be moved to: what the locked ones leave. */
function roomFor(weights, locks, place) {
  const held = sumOf(weights.filter((_, child) => locks[child] && child !== place));
  return Math.max(0, 1 - held / sumOf(weights));
}

/** Whether a child can be moved at all: some other has to give way. */
function canMove(locks, place) {
  return !locks[place] && locks.some((locked, child) => !locked && child !== place);
}

/** The weights of a group with one child at a share; those that are not locked make room in proportion.
 *
 * From nothing they come back in the proportions of the weights published (alike, where those are 0 too).
 */
function withShare(weights, locks, place, share, published) {
  const total = sumOf(weights);
  const wanted = Math.min(Math.max(share, 0), roomFor(weights, locks, place)) * total;
  const others = weights.map((_, child) => child).filter((child) => child !== place && !locks[child]);
  const kept = [weights, published, weights.map(() => 1)].find((each) => others.some((child) => each[child] > 0));
  const before = sumOf(others.map((child) => kept[child]));
  const held = sumOf(weights.filter((_, child) => locks[child] && child !== place));
  const left = Math.max(0, total - held - wanted);
  return weights.map((weight, child) => {
    if (child === place) return wanted;
    if (locks[child]) return weight;
    return (kept[child] * left) / before;
  });
}

/** A set of weights by name; groups that it does not name are as published. */
function presetWeights(model, preset) {
  return model.groups.map((group) => {
    if (group.held) return group.weights;
    if (preset === "equal") return group.weights.map(() => sumOf(group.weights) / group.weights.length);
    return preset === "published" ? group.weights : (preset.weights[group.id] ?? group.weights);
  });
}

function isPublished(model, state) {
  return model.groups.every(
    (group, place) =>
      state.aggregates[place] === group.aggregate.name &&
      state.weights[place].every((weight, child) => weight === group.weights[child]),
  );
}

// -- the address ------------------------------------------------------------------------------------------------------

/** What a link takes for granted, in eight signs: groups, children, weights and aggregators as they were published. */
function signatureOf(model) {
  const said = model.groups.map(({ id, children, weights, aggregate }) => [
    id,
    children.map((child) => child.id),
    weights,
    aggregate,
  ]);
  let sum = 0x811c9dc5; // FNV-1a
  for (const sign of JSON.stringify([model.data.id, said])) sum = Math.imul(sum ^ sign.codePointAt(0), 0x01000193);
  return (sum >>> 0).toString(16).padStart(8, "0");
}

/** ``v=signature&w=group:0.2,0.8;…&a=group:geometric``: what differs from the index as published, to the last bit. */
function toFragment(model, state) {
  if (isPublished(model, state)) return "";
  const moved = (place) => state.weights[place].some((weight, child) => weight !== model.groups[place].weights[child]);
  const weights = model.free
    .filter(moved)
    .map((place) => `${encodeURIComponent(model.groups[place].id)}:${state.weights[place].join(",")}`);
  const switched = model.groups
    .map((group, place) => ({
      id: encodeURIComponent(group.id),
      own: group.aggregate.name,
      now: state.aggregates[place],
    }))
    .filter(({ own, now }) => own !== now)
    .map(({ id, now }) => `${id}:${now}`);
  return [`v=${signatureOf(model)}`, ...listed("w", weights), ...listed("a", switched)].join("&");
}

function listed(kind, entries) {
  return entries.length ? [`${kind}=${entries.join(";")}`] : [];
}

/** The state that such a text describes; null where it does not fit this index. */
function fromFragment(model, text) {
  const state = createState(model);
  const [version, ...parts] = text.replace(/^#/, "").split("&");
  if (!version && !parts.length) return state;
  if (version !== `v=${signatureOf(model)}`) return null;
  try {
    for (const part of parts) {
      const [kind, ...rest] = part.split("=");
      if (!["w", "a"].includes(kind)) return null;
      for (const entry of rest.join("=").split(";").filter(Boolean)) {
        if (!readEntry(model, state, kind, entry)) return null;
      }
    }
  } catch {
    return null; // no valid encoding
  }
  return state;
}

function readEntry(model, state, kind, entry) {
  const [name, said] = entry.split(":");
  const place = model.groups.findIndex((group) => group.id === decodeURIComponent(name));
  if (place < 0 || said === undefined) return false;
  const group = model.groups[place];
  if (kind === "a") {
    state.aggregates[place] = said;
    return group.switches.includes(said);
  }
  const weights = said.split(",").map((text) => (text.trim() === "" ? NaN : Number(text)));
  const total = sumOf(group.weights);
  state.weights[place] = weights;
  return (
    !group.held &&
    weights.length === group.weights.length &&
    weights.every((weight) => Number.isFinite(weight) && weight >= 0) &&
    Math.abs(sumOf(weights) - total) <= 1e-6 * total
  );
}
