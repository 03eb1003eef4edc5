/* One or two units side by side: what each input contributes to their scores. */

function comparison(explorer) {
  const { model, words, language } = explorer;
  const element = make("section", { className: "cix-compare", "aria-label": words.comparison });
  return { element, update };

  function update() {
    const units = explorer.compared;
    element.hidden = model.root < 0;
    if (!units.length) {
      element.replaceChildren(make("p", { className: "cix-note" }, words.comparisonHint));
      return;
    }
    const focused = element.contains(document.activeElement);
    const close = make("button", { type: "button", onclick: () => explorer.compare(null) }, words.close);
    element.replaceChildren(
      make("header", {}, make("h2", {}, words.comparison), close),
      make(
        "div",
        { className: "cix-scroll", tabIndex: 0, role: "region", "aria-label": words.comparison },
        tableOf(units),
      ),
    );
    if (focused) close.focus();
  }

  function tableOf(units) {
    const split = units.map((unit) => contributionsOf(model, explorer.state, explorer.scored.values, unit));
    const rows = new Map();
    split.forEach((parts, side) =>
      parts.forEach(({ path, titles, points }) => {
        const key = JSON.stringify(path);
        if (!rows.has(key)) rows.set(key, { titles, points: units.map(() => 0) });
        rows.get(key).points[side] += points;
      }),
    );
    const largest = Math.max(...Array.from(rows.values()).flatMap((row) => row.points.map(Math.abs)), 1e-300);
    const heads = [
      words.contribution,
      ...units.map((unit) => explorer.nameOf(unit)),
      ...(units.length > 1 ? [words.difference] : []),
    ];
    const totals = units.map((unit) => explorer.scored.carried[unit]);
    return make(
      "table",
      {},
      make("thead", {}, make("tr", {}, ...heads.map((text) => make("th", { scope: "col" }, text)))),
      make("tbody", {}, ...Array.from(rows.values(), (row) => line(row, largest))),
      make("tfoot", {}, line({ titles: null, points: totals }, 0)),
    );
  }

  function line({ titles, points }, largest) {
    const digits = model.data.digits + 1;
    const names = titles ? titles.map((title) => title[language]) : [words.total];
    const name = make("th", { scope: "row", title: names.join(" / ") }, names.at(-1));
    const cells = points.map((value, side) => {
      const bar = make("span", { className: "cix-bar", "aria-hidden": "true", hidden: !largest });
      bar.dataset.side = side;
      bar.style.width = largest ? `${(Math.abs(value) / largest) * 100}%` : "0";
      return make("td", {}, make("span", { className: "cix-points" }, shown(value, digits)), bar);
    });
    if (points.length > 1) {
      const difference = points[0] - points[1];
      cells.push(make("td", {}, `${difference > 0 ? "+" : ""}${shown(difference, digits)}`));
    }
    return make("tr", {}, name, ...cells);
  }
}
