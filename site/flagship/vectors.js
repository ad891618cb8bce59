// The little of linear algebra that vectors of three numbers need.

export const dot = (a, b) => a.reduce((sum, value, k) => sum + value * b[k], 0);
export const norm = (a) => Math.hypot(...a);
export const minus = (a, b) => a.map((value, k) => value - b[k]);
// a + t b
export const along = (a, t, b) => a.map((value, k) => value + t * b[k]);
