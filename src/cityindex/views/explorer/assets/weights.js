/* The panel of weights: for each group its children with slider, number and lock, and how they are aggregated. */

function weightsPanel(explorer) {
  const { model, words, language } = explorer;
  const element = make("div", { className: "cix-groups" });
  const updaters = [];
  const drawn = new Set();
  if (model.root >= 0) element.append(drawGroup(model.root));
  else element.append(make("p", { className: "cix-note" }, model.data.fixed.length ? words.nothing : words.entered));
  if (model.data.fixed.length) element.append(fixedGroups());
  return { element, update: updateAll };

  function updateAll() {
    updaters.forEach((update) => update());
  }

  function drawGroup(place) {
    drawn.add(place);
    const group = model.groups[place];
    const title = group.title[language];
    const box = make("fieldset", { className: "cix-group" }, make("legend", {}, title));
    box.append(aggregatorOf(place, title));
    const hint = make("p", { className: "cix-note", hidden: true });
    box.append(hint);
    const rows = group.children.map((child, position) => drawChild(place, position, child));
    box.append(make("ul", { className: "cix-children" }, ...rows.map(({ row }) => row)));
    updaters.push(() => {
      const name = explorer.state.aggregates[place];
      const idle = WITHOUT_WEIGHTS.includes(name);
      hint.hidden = !(idle || (group.held && group.children.length > 1));
      setText(
        hint,
        idle ? words.noWeights(AGGREGATORS[language][name]) : group.held ? words.held(group.held[language]) : "",
      );
      rows.forEach(({ update }) => update(idle));
    });
    return box;
  }

  function aggregatorOf(place, title) {
    const group = model.groups[place];
    const named = (name) => AGGREGATORS[language][name] + (name === group.aggregate.name ? " ✓" : "");
    if (group.switches.length < 2)
      return make("p", { className: "cix-note" }, AGGREGATORS[language][group.aggregate.name]);
    const select = make(
      "select",
      {
        "aria-label": words.aggregateOf(title),
        onchange: () => explorer.change({ aggregates: explorer.state.aggregates.with(place, select.value) }),
      },
      ...group.switches.map((name) => make("option", { value: name }, named(name))),
    );
    updaters.push(() => {
      select.value = explorer.state.aggregates[place];
    });
    return select;
  }

  function drawChild(place, position, child) {
    const group = model.groups[place];
    const title = child.title[language];
    const within = group.title[language];
    const move = (share) => {
      if (Number.isFinite(share)) explorer.moveTo(place, position, share);
      else updateAll(); // no number: show the weight as it is
    };
    const slider = make("input", {
      type: "range",
      min: 0,
      max: 100,
      step: 0.1,
      "aria-label": words.weightOf(title, within),
      oninput: () => move(slider.value / 100),
    });
    const field = make("input", {
      type: "number",
      min: 0,
      max: 100,
      step: 0.1,
      inputMode: "decimal",
      "aria-label": words.percentOf(title, within),
      onchange: () => move(field.value === "" ? NaN : field.value / 100),
    });
    const lock = make("input", {
      type: "checkbox",
      "aria-label": words.lockOf(title),
      onchange: () => explorer.lock(place, position, lock.checked),
    });
    const label = make("span", { className: "cix-child" }, title);
    const controls = [
      slider,
      make("span", { className: "cix-percent" }, field, "%"),
      make("label", { className: "cix-lock", title: words.lock }, lock, make("span", { "aria-hidden": "true" })),
    ];
    const row = make(
      "li",
      {},
      make(
        "div",
        { className: group.held ? "cix-weight cix-held" : "cix-weight" },
        label,
        ...(group.held ? [controls[1]] : controls),
      ),
    );
    const fixed = model.data.fixed.find((one) => one.id === child.id);
    if (child.group !== undefined) row.append(below(child));
    else if (fixed) row.append(make("p", { className: "cix-note" }, words.fixedInside(fixed.reason[language])));
    return { row, update };

    function update(idle) {
      const weights = explorer.state.weights[place];
      const locks = explorer.state.locks[place];
      const percent = (weights[position] / (sumOf(weights) || 1)) * 100;
      const still = Boolean(group.held) || idle;
      if (document.activeElement !== slider || Math.abs(slider.value - percent) > 0.06) slider.value = percent;
      const text = String(Number(percent.toFixed(2)));
      if (field.value !== text) field.value = text;
      slider.setAttribute("aria-valuetext", `${text}%`);
      slider.disabled = field.disabled = still || !canMove(locks, position);
      lock.disabled = still;
      lock.checked = locks[position];
    }
  }

  function below(child) {
    if (drawn.has(child.group)) return make("p", { className: "cix-note" }, words.above);
    const inner = drawGroup(child.group);
    const text = words.inside(model.groups[child.group].children.length);
    return make(
      "details",
      { className: "cix-below", open: model.groups.length <= 6 },
      make("summary", {}, text),
      inner,
    );
  }

  function fixedGroups() {
    const items = model.data.fixed.map((group) =>
      make(
        "li",
        {},
        make("strong", {}, group.title[language]),
        `${language === "zh" ? "：" : ": "}${group.reason[language]}`,
      ),
    );
    return make(
      "section",
      { className: "cix-fixed" },
      make("h3", {}, words.fixedTitle),
      make("p", { className: "cix-note" }, words.fixedHint),
      make("ul", {}, ...items),
    );
  }
}
