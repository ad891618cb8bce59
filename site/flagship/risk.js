// The risk of logistic regression, with the gradient and the Hessian in the symbols of the lessons:
//
//     R(theta) = (1/n) sum_i w_i L(z_i, theta) + l2/2 |theta|^2
//     L(z, theta) = log(1 + e^(-y s)),  s = theta . x,  y = -1 or +1
//
// n stays what it is when a point is taken out (w_i = 0). x ends in a 1, for the intercept, which is
// penalised like the rest; l2 > 0, so there is one minimum, also where the classes are separable.

import { along, dot } from "./vectors.js";

export const withOne = (x) => [...x, 1];

// sigma(t) = 1 / (1 + e^-t), with an exponential that never overflows
const sigma = (t) => (t >= 0 ? 1 : Math.exp(t)) / (1 + Math.exp(-Math.abs(t)));

// L(z, theta), written so that e^(-y s) alone cannot overflow
export const loss = (theta, x, y) => {
  const margin = y * dot(theta, x);
  return Math.max(-margin, 0) + Math.log1p(Math.exp(-Math.abs(margin)));
};

// grad L = -y sigma(-y s) x
export const lossGradient = (theta, x, y) => {
  const slope = -y * sigma(-y * dot(theta, x));
  return x.map((value) => slope * value);
};

export class Risk {
  constructor(X, y, weights, l2) {
    Object.assign(this, { X, y, weights, l2, n: y.length });
  }
  value(theta) {
    const losses = this.X.map((x, i) => this.weights[i] * loss(theta, x, this.y[i]));
    return losses.reduce((sum, value) => sum + value, 0) / this.n + (this.l2 / 2) * dot(theta, theta);
  }
  // (1/n) sum_i w_i grad L(z_i, theta) + l2 theta
  gradient(theta) {
    const zero = theta.map(() => 0);
    const sum = this.X.reduce(
      (g, x, i) => along(g, this.weights[i], lossGradient(theta, x, this.y[i])), zero,
    );
    return sum.map((value, k) => value / this.n + this.l2 * theta[k]);
  }
  // (1/n) sum_i w_i sigma(s_i) sigma(-s_i) x_i x_i' + l2 I
  hessian(theta) {
    const H = theta.map((_, j) => theta.map((_, k) => (j === k ? this.l2 : 0)));
    this.X.forEach((x, i) => {
      const s = dot(theta, x);
      const c = (this.weights[i] * sigma(s) * sigma(-s)) / this.n;
      x.forEach((a, j) => x.forEach((b, k) => { H[j][k] += c * a * b; }));
    });
    return H;
  }
}
