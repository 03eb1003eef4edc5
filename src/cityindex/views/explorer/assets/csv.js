/* The ranking as a file for spreadsheets. */

/** The ranking as CSV with a byte order mark; what a spreadsheet would take for a formula is made text. */
function csvOf({ model, scored, words }) {
  const { units, tiers } = model.data;
  const number = (value) => (Number.isNaN(value) ? "" : String(value));
  const named = [[units.names.key, units.keys], ...(units.labels ? [[units.names.label, units.labels]] : [])];
  const said = words.csv;
  const heads = [
    ...named.map(([name]) => name),
    said.rank,
    said.score,
    said.publishedRank,
    said.publishedScore,
    said.change,
    ...(tiers ? [said.tier] : []),
  ];
  const unranked = Array.from(units.keys.keys()).filter((row) => Number.isNaN(scored.ranks[row]));
  const ordered = [...scored.order, ...unranked];
  const rows = ordered.map((row) => [
    ...named.map(([, values]) => text(values[row])),
    number(scored.ranks[row]),
    number(scored.shown[row]),
    number(model.published.ranks[row]),
    number(model.published.shown[row]),
    number(model.published.ranks[row] - scored.ranks[row]),
    ...(tiers ? [scored.tiers[row] ? text(tiers.labels[scored.tiers[row] - 1]) : ""] : []),
  ]);
  return `\ufeff${[heads.map(text), ...rows].map((row) => row.join(",")).join("\r\n")}\r\n`;

  function text(value) {
    const safe = /^[=+\-@＝＋－＠\t\r]/.test(value) ? `'${value}` : String(value);
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  }
}
