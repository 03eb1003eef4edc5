/* Numbers as the library compares and rounds them: the same arithmetic as methods/_decimals.py and methods/rounding.py,
   so that what ties there ties here. */

const COMPARED = 12; // significant digits at which values compare: ranks, tiers
const TWO_52 = 2 ** 52;
const POWERS = Array.from({ length: 23 }, (_, power) => 10 ** power); // those that a double holds exactly

const double = new Float64Array(1);
const halves = new Uint32Array(double.buffer);

/** The nearest whole number, halves to the even one; x is not below 0. */
function nearestWhole(x) {
  return x < TWO_52 ? x + TWO_52 - TWO_52 : x;
}

/** By biased binary exponent: the decimal places that so many digits leave, and from which size on it is one fewer. */
function scales(digits) {
  const places = new Int16Array(2048);
  const limits = new Float64Array(2048).fill(Infinity);
  for (let exponent = 1; exponent < 2047; exponent++) {
    const lead = Number((2 ** (exponent - 1023)).toExponential().split("e")[1]);
    places[exponent] = digits - 1 - lead;
    limits[exponent] = Number(`${"9".repeat(digits)}5e${lead - digits}`);
  }
  return { places, limits };
}

const known = new Map();

/** A number rounded to so many significant digits: the double nearest to that decimal. */
function significant(x, digits = COMPARED) {
  if (!known.has(digits)) known.set(digits, scales(digits));
  const { places, limits } = known.get(digits);
  const size = Math.abs(x);
  double[0] = size;
  const exponent = halves[1] >>> 20;
  const place = places[exponent] - (size >= limits[exponent] ? 1 : 0);
  if (place > 22 || place < -22) return size < 1e-300 ? 0 : Number(x.toExponential(digits - 1));
  let rounded;
  if (place >= 0) {
    rounded = nearestWhole(size * POWERS[place]) / POWERS[place];
  } else {
    rounded = nearestWhole(size / POWERS[-place]) * POWERS[-place];
  }
  return x < 0 ? -rounded : rounded;
}

/** A size without float dust, as the step `round` takes it: 13 digits, 15 where numbers are large. */
function withoutDust(size) {
  if (size >= 1e14) return size;
  return significant(size, size >= 1e10 ? 15 : 13);
}

/** The step `round`: to decimal places, "half up", "half even" or "down". */
function roundTo(x, digits, how) {
  const power = 10 ** Math.abs(digits);
  const size = Math.abs(x);
  const lifted = withoutDust(digits >= 0 ? size * power : size / power);
  const whole =
    how === "half up" ? Math.floor(lifted + 0.5) : how === "half even" ? nearestWhole(lifted) : Math.floor(lifted);
  const rounded = digits >= 0 ? whole / power : whole * power;
  return (x < 0 ? -rounded : rounded) + 0; // no negative zero
}

/** Doubles from base64, to the last bit. */
function unpack(text) {
  const bytes = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
  return new Float64Array(bytes.buffer);
}
