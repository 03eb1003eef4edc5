/* What stands around the weights and the ranking: header, presets, tools, footer. */

/** Title, edition and the switch of languages. */
function headerOf(explorer) {
  const { model, words, language } = explorer;
  const { data } = model;
  const about = [data.edition && words.edition(data.edition), data.period && words.period(data.period)]
    .filter(Boolean)
    .join(" · ");
  const other = make(
    "button",
    { type: "button", className: "cix-language", "aria-label": words.otherLabel, onclick: explorer.switchLanguage },
    words.other,
  );
  other.lang = language === "zh" ? "en" : "zh-Hans";
  return make(
    "header",
    { className: "cix-head" },
    make(
      "div",
      {},
      make("h1", {}, data.title[language]),
      make(
        "p",
        { className: "cix-note" },
        [about, model.free.length ? words.lead(model.count) : words.still(model.count)].filter(Boolean).join(" — "),
      ),
    ),
    other,
  );
}

/** Sets of weights by name, a button each. */
function presetsOf(explorer) {
  const { model, words, language } = explorer;
  if (!model.free.length) return null;
  const named = [
    ["published", words.preset.published],
    ["equal", words.preset.equal],
    ...model.data.presets.map((preset) => [preset, preset.name[language]]),
  ];
  return make(
    "div",
    { className: "cix-presets", role: "group", "aria-label": words.presets },
    ...named.map(([preset, name]) =>
      make("button", { type: "button", onclick: () => explorer.usePreset(preset) }, name),
    ),
  );
}

/** Search, and what can be done with the ranking. */
function toolsOf(explorer, summary) {
  const { model, words, inAddress } = explorer;
  const search = make("input", {
    type: "search",
    placeholder: words.search,
    "aria-label": words.search,
    value: explorer.query,
    oninput: () => explorer.search(search.value),
  });
  return make(
    "div",
    { className: "cix-tools" },
    make("h2", {}, words.ranking),
    search,
    inAddress && model.free.length ? make("button", { type: "button", onclick: explorer.copyLink }, words.share) : null,
    make("button", { type: "button", onclick: explorer.download }, words.download),
    inAddress ? make("button", { type: "button", onclick: () => window.print() }, words.print) : null,
    summary,
  );
}

/** Whether the numbers agree with the library, what is held, and where all of it comes from. */
function footerOf(explorer) {
  const { model, words, test } = explorer;
  const { data } = model;
  const { interval } = data.units;
  const size = test.difference === 0 ? "0" : test.difference.toExponential(1);
  const said = !test.trials
    ? words.testNone
    : test.passed
      ? words.testPassed(test.trials, test.units, size)
      : words.testFailed(size);
  const lines = [
    model.root < 0 ? null : words.note,
    data.tiers && model.root >= 0 ? (data.tiers.places ? words.tiersFollow : words.tiersHeld) : null,
    interval && words.intervalNote(interval.share, interval.draws, interval.varied),
    ...data.source,
    words.made(data.version),
  ];
  return make(
    "footer",
    { className: "cix-foot" },
    make("p", { className: test.passed ? "cix-passed" : "cix-failed", role: test.passed ? null : "alert" }, said),
    ...lines.filter(Boolean).map((line) => make("p", { className: "cix-note" }, line)),
  );
}
