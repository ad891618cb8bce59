// H x = b for a symmetric, positive definite H.

// The lower triangle L of H = L L'.
export function cholesky(H) {
  const L = H.map((row) => row.map(() => 0));
  for (let j = 0; j < H.length; j++) {
    for (let i = j; i < H.length; i++) {
      let left = H[i][j];
      for (let k = 0; k < j; k++) left -= L[i][k] * L[j][k];
      L[i][j] = i === j ? Math.sqrt(left) : left / L[j][j];
    }
  }
  return L;
}

// x of L L' x = b: first L z = b from the top, then L' x = z from the bottom.
export function solve(L, b) {
  const x = [...b];
  for (let i = 0; i < x.length; i++) {
    for (let k = 0; k < i; k++) x[i] -= L[i][k] * x[k];
    x[i] /= L[i][i];
  }
  for (let i = x.length - 1; i >= 0; i--) {
    for (let k = i + 1; k < x.length; k++) x[i] -= L[k][i] * x[k];
    x[i] /= L[i][i];
  }
  return x;
}
