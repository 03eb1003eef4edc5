/* The ranking. Of thousands of units only the visible rows are in the page; a row element belongs to one place of the
   list as long as that is in sight, so that the focus stays where it is. */

const ROW = 38; // pixels; explorer.css says the same
const SPARE = 6; // rows kept above and below what is in sight

function rankingTable(explorer) {
  const { model, words, language } = explorer;
  const { units, tiers, digits } = model.data;
  const interval = units.interval && { low: unpack(units.interval.low), high: unpack(units.interval.high) };
  const heads = [
    ["rank", words.rank],
    ["change", words.change],
    ["unit", words.unit],
    ["score", words.score],
    ["was", words.was],
  ];
  if (tiers) heads.push(["tier", words.tier]);
  if (interval) heads.push(["interval", words.interval(units.interval.share)]);
  heads.push(["marks", "", `${words.pinMark}, ${words.compareMark}`]);
  const before = make("tbody", { "aria-hidden": "true" }, make("tr", {}, make("td")));
  const after = make("tbody", { "aria-hidden": "true" }, make("tr", {}, make("td")));
  const body = make("tbody");
  const table = make(
    "table",
    { "aria-label": words.ranking },
    make(
      "thead",
      {},
      make(
        "tr",
        {},
        ...heads.map(([name, text, label]) =>
          make("th", { scope: "col", className: `cix-${name}`, "aria-label": label }, text),
        ),
      ),
    ),
    before,
    body,
    after,
  );
  const empty = make("p", { className: "cix-note cix-empty", hidden: true }, words.none);
  const element = make(
    "div",
    { className: "cix-table", tabIndex: 0, role: "region", "aria-label": words.ranking, onscroll: () => draw() },
    table,
    empty,
  );
  element.style.setProperty("--rows", model.count);
  if (tiers) element.style.setProperty("--tier", `${Math.max(...tiers.labels.map(widthOf)) + 2.6}em`);
  const pool = [];
  let list = [];
  let whole = false; // for print
  return { element, update, focus, drawAll };

  function update() {
    const { order, ranks } = explorer.scored;
    const rest = order.length === model.count ? order : [...order, ...missing(ranks)];
    const matches = explorer.matches();
    list = rest.filter((row) => explorer.pinned.has(row));
    for (const row of rest) if (!explorer.pinned.has(row) && (!matches || matches[row])) list.push(row);
    empty.hidden = list.length > 0;
    table.setAttribute("aria-rowcount", list.length + 1);
    draw();
  }

  function missing(ranks) {
    return Array.from(ranks.keys()).filter((row) => Number.isNaN(ranks[row]));
  }

  /** Fill the rows in sight. */
  function draw() {
    const height = whole ? Infinity : element.clientHeight || 600;
    const first = whole ? 0 : Math.max(0, Math.floor(element.scrollTop / ROW) - SPARE);
    const last = whole ? list.length : Math.min(list.length, first + Math.ceil(height / ROW) + 2 * SPARE);
    const size = Math.max(last - first, pool.length);
    while (pool.length < size) pool.push(drawRow());
    const visible = [];
    for (let place = first; place < last; place++) visible.push(fill(pool[place % pool.length], place).element);
    if (visible.some((row, at) => body.children[at] !== row) || body.children.length !== visible.length)
      arrange(visible);
    before.firstChild.firstChild.style.height = `${first * ROW}px`;
    after.firstChild.firstChild.style.height = `${(list.length - last) * ROW}px`;
    before.hidden = first === 0;
    after.hidden = last === list.length;
  }

  /** Put rows in their order without taking one out that has the focus. */
  function arrange(visible) {
    const wanted = new Set(visible);
    for (const row of Array.from(body.children)) if (!wanted.has(row)) row.remove();
    const focused = visible.findIndex((row) => row.contains(document.activeElement));
    const anchor = focused < 0 ? null : visible[focused];
    for (const row of focused < 0 ? [] : visible.slice(0, focused)) body.insertBefore(row, anchor);
    for (const row of visible.slice(focused + 1)) body.append(row);
  }

  function drawRow() {
    const cells = Object.fromEntries(
      heads.map(([name]) => [
        name,
        make(name === "unit" ? "th" : "td", { className: `cix-${name}`, scope: name === "unit" ? "row" : null }),
      ]),
    );
    const badge = make("span", { className: "cix-badge" });
    const name = make("span", { className: "cix-name" });
    cells.unit.append(name);
    if (cells.tier) cells.tier.append(badge);
    const pin = make(
      "button",
      { type: "button", className: "cix-mark", title: words.pinMark, onclick: () => explorer.pin(line.unit) },
      "★",
    );
    const compare = make(
      "button",
      { type: "button", className: "cix-mark", title: words.compareMark, onclick: () => explorer.compare(line.unit) },
      "⇄",
    );
    cells.marks.append(pin, ...(model.root < 0 ? [] : [compare]));
    const line = { element: make("tr", {}, ...Object.values(cells)), unit: -1, cells, name, badge, pin, compare };
    return line;
  }

  function fill(line, place) {
    const unit = list[place];
    const { ranks, shown: scores, tiers: found } = explorer.scored;
    const { cells } = line;
    if (line.unit !== unit) {
      line.unit = unit;
      const name = explorer.nameOf(unit);
      setText(line.name, name);
      cells.unit.title = name;
      setText(cells.was, `${rankText(model.published.ranks[unit])} · ${shown(model.published.shown[unit], digits)}`);
      line.pin.setAttribute("aria-label", words.pin(name));
      line.compare.setAttribute("aria-label", words.compare(name));
      if (interval) setText(cells.interval, `${rankText(interval.low[unit])}–${rankText(interval.high[unit])}`);
    }
    line.element.setAttribute("aria-rowindex", place + 2);
    line.element.classList.toggle("cix-pinned", explorer.pinned.has(unit));
    line.pin.setAttribute("aria-pressed", explorer.pinned.has(unit));
    line.compare.setAttribute("aria-pressed", explorer.compared.includes(unit));
    setText(cells.rank, rankText(ranks[unit]));
    setText(cells.score, shown(scores[unit], digits));
    fillChange(cells.change, model.published.ranks[unit] - ranks[unit]);
    if (tiers) fillTier(line.badge, found[unit]);
    return line;
  }

  function fillChange(cell, places) {
    const way = places > 0 ? "up" : places < 0 ? "down" : "same";
    const size = String(Math.abs(places));
    setText(cell, Number.isNaN(places) ? "—" : way === "same" ? "–" : `${way === "up" ? "▲" : "▼"}${size}`);
    const label = Number.isNaN(places) ? words.unranked : way === "same" ? words.same : words[way](size);
    if (cell.getAttribute("aria-label") !== label) cell.setAttribute("aria-label", label);
    cell.dataset.way = way;
  }

  function fillTier(badge, tier) {
    badge.hidden = !tier;
    const text = tier ? tiers.labels[tier - 1] : "";
    if (badge.textContent === text) return;
    badge.textContent = badge.title = text;
    const { background, ink } = toneOf(tier, tiers.labels.length);
    badge.style.backgroundColor = background;
    badge.style.color = ink;
  }

  /** Bring a unit into sight and give its button the focus. */
  function focus(unit, button) {
    const place = list.indexOf(unit);
    if (place < 0) return;
    const top = place * ROW;
    if (top < element.scrollTop || top > element.scrollTop + element.clientHeight - 2 * ROW)
      element.scrollTop = Math.max(0, top - ROW);
    draw();
    pool.find((line) => line.unit === unit && line.element.isConnected)?.[button].focus({ preventScroll: true });
  }

  /** All rows or only those in sight: print needs them all. */
  function drawAll(all) {
    whole = all;
    draw();
  }
}

/** The width of a text in units of its size: one for a Chinese character, about half for a letter. */
function widthOf(text) {
  return Array.from(text).reduce((width, sign) => width + (sign.codePointAt(0) >= 0x2e80 ? 1 : 0.56), 0);
}

function rankText(rank) {
  return Number.isNaN(rank) ? "—" : String(rank);
}
