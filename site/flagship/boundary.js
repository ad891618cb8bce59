// The straight line a x + b y + c = 0 within limits: one exact piece, or none.

// In the unit square of the limits the line is p + t d; t is clipped (Liang & Barsky 1984).
export function boundary([a, b, c], { xlim: [x0, x1], ylim: [y0, y1] }) {
  let normal = [a * (x1 - x0), b * (y1 - y0)];
  const size = Math.hypot(...normal);
  if (size === 0) return [];
  normal = normal.map((value) => value / size);
  const offset = (a * x0 + b * y0 + c) / size;
  const foot = normal.map((value) => -offset * value);
  const direction = [normal[1], -normal[0]];
  let [low, high] = [-Infinity, Infinity];
  for (const k of [0, 1]) {
    const [start, slope] = [foot[k], direction[k]];
    if (slope === 0) {
      if (start < 0 || start > 1) return [];
      continue;
    }
    const [first, last] = [-start / slope, (1 - start) / slope].sort((p, q) => p - q);
    [low, high] = [Math.max(low, first), Math.min(high, last)];
  }
  if (low >= high) return [];
  const at = (t) => foot.map((value, k) => Math.min(Math.max(value + t * direction[k], 0), 1));
  const ends = [low, high].map(at);
  return [ends.map(([u, v]) => [x0 + u * (x1 - x0), y0 + v * (y1 - y0)])];
}

// Limits so far out that they tell in which direction a line is that has left the picture; one scale
// on both axes stays one.
export function further({ xlim: [x0, x1], ylim: [y0, y1] }) {
  const reach = 2 * Math.max(x1 - x0, y1 - y0);
  return { xlim: [x0 - reach, x1 + reach], ylim: [y0 - reach, y1 + reach] };
}
