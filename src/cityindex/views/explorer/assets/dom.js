/* Elements without markup: text is always text. */

/** An element with properties (`on…` listeners, `aria-…` and other attributes, plain properties) and children. */
function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name.includes("-") || ["role", "scope"].includes(name)) element.setAttribute(name, value);
    else element[name] = value;
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** Set a text only where it changed: most cells stay as they are from one frame to the next. */
function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** A number for readers: so many decimals, a real minus sign. */
function shown(value, digits) {
  if (Number.isNaN(value)) return "—";
  const text = value.toFixed(digits);
  return /^-[0.]+$/.test(text) ? text.slice(1) : text.replace("-", "−"); // no negative zero
}

/** Dark to light, even steps to the eye and to the colour-blind: viridis, from the best tier on. */
const TONES = ["#440154", "#3b528b", "#21908c", "#5dc863", "#fde725"];

/** Background and ink of a tier. */
function toneOf(tier, tiers) {
  const place = tiers < 2 ? 0 : ((tier - 1) / (tiers - 1)) * (TONES.length - 1);
  const low = Math.floor(place);
  const high = Math.min(low + 1, TONES.length - 1);
  const mixed = [1, 3, 5].map((at) => {
    const [one, other] = [TONES[low], TONES[high]].map((tone) => parseInt(tone.slice(at, at + 2), 16));
    return Math.round(one + (other - one) * (place - low));
  });
  const [red, green, blue] = mixed.map((part) => ((part / 255 + 0.055) / 1.055) ** 2.4);
  const light = 0.2126 * red + 0.7152 * green + 0.0722 * blue; // as WCAG has it: 4.5 : 1 or more either way
  return { background: `rgb(${mixed.join(",")})`, ink: light > 0.179 ? "#000" : "#fff" };
}
