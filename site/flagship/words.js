// Numbers as the explorers write them (teachkit/scenes/words.py): a true minus sign, nothing that
// jumps.

const MINUS = "\u2212";
const minused = (text) => text.replaceAll("-", MINUS);
// Exponents of two digits at least: e-09.
const exponent = (text) => text.replace(/e([+-])(\d)$/, "e$10$2");

export const number = (value, decimals = 3) => {
  const seen = Math.abs(value) < 0.5 * 10 ** -decimals ? 0 : value;
  const plain = Math.abs(seen) < 10_000;
  return minused(plain ? seen.toFixed(decimals) : exponent(seen.toExponential(2)));
};

// Python's format "g": so many significant digits, no zeros behind them.
export const general = (value, count) => {
  const [, power] = value.toExponential(count - 1).split("e").map(Number);
  const short = (text) => (text.includes(".") ? text.replace(/\.?0+$/, "") : text);
  if (power >= -4 && power < count) return short(value.toFixed(count - 1 - power));
  const [front, back] = exponent(value.toExponential(count - 1)).split("e");
  return `${short(front)}e${back}`;
};
const digits = (value, count = 3) => minused(general(value || 0, count));

// With its sign, if it has none yet: it is a change.
export const plus = (text) => (text.startsWith(MINUS) ? text : `+${text}`);
const signed = (value, decimals = 3) => plus(number(value, decimals));

const largestOf = (values) => Math.max(...values.map(Math.abs));

// So many decimals (2 to 5) that the largest of these keeps two digits.
const decimalsFor = (largest) =>
  largest === 0 ? 2 : Math.min(5, Math.max(2, 1 - Math.floor(Math.log10(largest))));

// How numbers as large as these are written: with three decimals where they are ordinary, with five
// digits where all would be lost below the decimals or more than four stand before the point.
export const writer = (...values) => {
  const largest = largestOf(values);
  if (largest === 0 || (largest >= 1e-3 && largest < 10_000)) return (value) => number(value);
  return (value) => digits(Math.abs(value) > 1e-5 * largest ? value : 0, 5);
};

// How changes as large as these are written: with their sign, two digits of the largest. `of` is
// what changes; beside it, rounding is nothing.
export const signedWriter = (values, of) => {
  const largest = largestOf(values);
  if (largest >= 5e-6 || largest <= 1e-9 * Math.abs(of)) {
    return (value) => signed(value, decimalsFor(largest));
  }
  return (value) => plus(digits(Math.abs(value) > 0.005 * largest ? value : 0, 2));
};

// "1", "1 and 2", "1, 2 and 3"
export const listed = (items) =>
  items.length === 1 ? String(items[0]) : `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;
