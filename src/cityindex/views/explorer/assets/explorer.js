/* The explorer: holds what the reader chose, scores it, and lets panel, table and comparison show it. */

/** What units are called: by their labels, with the key where several have the same. */
function namesOf({ keys, labels }) {
  const given = keys.map((key, row) => labels?.[row] || key);
  const times = new Map();
  for (const name of given) times.set(name, (times.get(name) ?? 0) + 1);
  return given.map((name, row) => (times.get(name) > 1 && name !== keys[row] ? `${name} (${keys[row]})` : name));
}

/** Build the explorer in an element; gives back what takes it away again.
 *
 * options: `inAddress` (the weights stand in the address), `onSelfTest` and `onWeights` (called with what is found).
 */
function mount(host, data, options = {}) {
  const model = createModel(data);
  const explorer = {
    model,
    language: data.language,
    words: WORDS[data.language],
    state: createState(model),
    scored: null,
    pinned: new Set(),
    compared: [],
    query: "",
    inAddress: Boolean(options.inAddress),
    test: selfTest(model),
    change,
    moveTo,
    lock,
    pin,
    compare,
    nameOf,
    matches,
    usePreset,
    search,
    switchLanguage,
    copyLink,
    download,
  };
  const names = namesOf(data.units);
  const searched = data.units.keys.map((key, row) => `${names[row]}\n${key}`.toLowerCase());
  const live = make("p", { className: "cix-live", role: "status", "aria-live": "polite" });
  const alarm = make("p", { className: "cix-alarm", role: "alert" });
  let parts = null;
  let telling = 0;
  let writing = 0;
  options.onSelfTest?.(explorer.test);
  host.classList.add("cix");
  const fragmentIsRead = !explorer.inAddress || readAddress();
  explorer.scored ??= score(model, explorer.state);
  draw();
  if (!fragmentIsRead) tell(explorer.words.badLink, alarm);
  const listeners = {
    hashchange: () => {
      if (explorer.inAddress && !readAddress()) tell(explorer.words.badLink, alarm);
    },
    beforeprint: () => parts.table.drawAll(true),
    afterprint: () => parts.table.drawAll(false),
    resize: () => parts.table.update(),
  };
  for (const [kind, listener] of Object.entries(listeners)) window.addEventListener(kind, listener);
  return () => {
    for (const [kind, listener] of Object.entries(listeners)) window.removeEventListener(kind, listener);
    clearTimeout(telling);
    clearTimeout(writing);
  };

  // -- choices ----------------------------------------------------------------------------------------------------------

  /** Take a change over if the index can be scored with it; else say why not, and leave all as it was. */
  function change(changes) {
    const state = { ...explorer.state, ...changes };
    try {
      explorer.scored = score(model, state);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      tell(explorer.words[error.kind](model.groups[error.group].title[explorer.language], nameOf(error.row)), alarm);
      parts?.panel.update();
      return false;
    }
    explorer.state = state;
    if (alarm.textContent) tell("", alarm);
    if (parts) show();
    announce();
    return true;
  }

  function moveTo(group, child, share) {
    const { weights, locks } = explorer.state;
    if (canMove(locks[group], child))
      change({ weights: weights.with(group, withShare(weights[group], locks[group], child, share, model.groups[group].weights)) });
    else parts.panel.update();
  }

  function lock(group, child, locked) {
    const { locks } = explorer.state;
    explorer.state = { ...explorer.state, locks: locks.with(group, locks[group].with(child, locked)) };
    parts.panel.update();
  }

  function usePreset(preset) {
    const aggregates = preset === "published" ? { aggregates: publishedWeights(model).aggregates } : {};
    change({ weights: presetWeights(model, preset), ...aggregates });
  }

  function pin(unit) {
    if (!explorer.pinned.delete(unit)) explorer.pinned.add(unit);
    parts.table.update();
    parts.table.focus(unit, "pin");
  }

  /** Choose a unit for the comparison, or take it out; the third takes the place of the first. Null: none at all. */
  function compare(unit) {
    const others = explorer.compared.filter((one) => one !== unit);
    const chosen = others.length < explorer.compared.length ? others : [...others, unit].slice(-2);
    explorer.compared = unit === null ? [] : chosen;
    parts.comparison.update();
    parts.table.update();
    if (unit === null) parts.table.element.focus();
    else parts.table.focus(unit, "compare");
  }

  function nameOf(unit) {
    return names[unit];
  }

  function search(text) {
    explorer.query = text;
    parts.table.element.scrollTop = 0;
    parts.table.update();
    announceFound();
  }

  /** Which units the search finds; null: it is empty. */
  function matches() {
    const wanted = explorer.query.trim().toLowerCase().split(/\s+/).filter(Boolean);
    return wanted.length ? searched.map((text) => wanted.every((word) => text.includes(word))) : null;
  }

  // -- what is shown ----------------------------------------------------------------------------------------------------

  function draw() {
    const { words, language } = explorer;
    host.lang = language === "zh" ? "zh-Hans" : "en";
    if (explorer.inAddress) {
      document.documentElement.lang = host.lang;
      document.title = data.title[language];
    }
    parts = {
      panel: weightsPanel(explorer),
      table: rankingTable(explorer),
      comparison: comparison(explorer),
      summary: make("p", { className: "cix-summary" }),
    };
    host.replaceChildren(
      headerOf(explorer),
      make(
        "div",
        { className: "cix-columns" },
        make(
          "section",
          { className: "cix-weights", "aria-label": words.weights },
          make("h2", {}, words.weights),
          presetsOf(explorer),
          make("p", { className: "cix-note" }, model.root < 0 ? "" : words.weightsHint),
          parts.panel.element,
        ),
        make(
          "section",
          { className: "cix-results", "aria-label": words.ranking },
          toolsOf(explorer, parts.summary),
          parts.comparison.element,
          parts.table.element,
        ),
      ),
      footerOf(explorer),
      live,
      alarm,
    );
    show();
  }

  /** Show the scores as they are now. */
  function show() {
    const { ranks } = explorer.scored;
    let changed = 0;
    let most = 0;
    for (let row = 0; row < ranks.length; row++) {
      const places = Math.abs(model.published.ranks[row] - ranks[row]);
      if (places > 0) changed++;
      if (places > most) most = places;
    }
    setText(parts.summary, explorer.words.summary(changed, most));
    parts.panel.update();
    parts.comparison.update();
    parts.table.update();
    clearTimeout(writing);
    writing = setTimeout(writeAddress, 150);
  }

  function switchLanguage() {
    const open = Array.from(host.querySelectorAll("details"), (details) => details.open);
    explorer.language = explorer.language === "zh" ? "en" : "zh";
    explorer.words = WORDS[explorer.language];
    tell("");
    tell("", alarm);
    draw();
    host.querySelectorAll("details").forEach((details, at) => {
      details.open = open[at];
    });
    host.querySelector(".cix-language").focus();
  }

  // -- telling ----------------------------------------------------------------------------------------------------------

  function tell(text, place = live) {
    place.textContent = text;
  }

  /** Say what came of it once the sliders rest. */
  function announce() {
    clearTimeout(telling);
    telling = setTimeout(() => {
      const first = explorer.scored.order[0];
      if (first !== undefined) tell(explorer.words.moved(nameOf(first), parts.summary.textContent));
      options.onWeights?.(weightsByName());
    }, 400);
  }

  function announceFound() {
    clearTimeout(telling);
    telling = setTimeout(() => tell(explorer.words.found((matches() ?? names).filter(Boolean).length)), 400);
  }

  function weightsByName() {
    const weighed = model.free.filter((place) => !WITHOUT_WEIGHTS.includes(model.groups[place].aggregate.name));
    const entries = weighed.map((place) => {
      const group = model.groups[place];
      return [
        group.id,
        Object.fromEntries(group.children.map((child, at) => [child.id, explorer.state.weights[place][at]])),
      ];
    });
    return Object.fromEntries(entries);
  }

  // -- address and files ------------------------------------------------------------------------------------------------

  function readAddress() {
    const state = fromFragment(model, location.hash);
    return state !== null && change({ ...state, locks: explorer.state.locks });
  }

  function writeAddress() {
    if (!explorer.inAddress) return;
    const fragment = toFragment(model, explorer.state);
    if (location.hash.replace(/^#/, "") === fragment) return;
    history.replaceState(null, "", fragment ? `#${fragment}` : location.pathname + location.search);
  }

  async function copyLink() {
    writeAddress();
    try {
      await navigator.clipboard.writeText(location.href);
      tell(explorer.words.shared, alarm);
    } catch {
      tell(`${explorer.words.shareByHand} ${location.href}`, alarm); // no clipboard here
    }
  }

  function download() {
    const url = URL.createObjectURL(new Blob([csvOf(explorer)], { type: "text/csv;charset=utf-8" }));
    make("a", { href: url, download: `${data.id}-explored.csv` }).click();
    setTimeout(() => URL.revokeObjectURL(url), 1000);
  }
}
