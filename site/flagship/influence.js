// What the influence function predicts, from theta and H on the starting set alone: nothing here is
// trained again.

import { cholesky, solve } from "./cholesky.js";
import { lossGradient } from "./risk.js";
import { along, dot, minus } from "./vectors.js";

export class Influence {
  constructor(risk, theta) {
    Object.assign(this, { risk, theta, L: cholesky(risk.hessian(theta)) });
  }
  // theta' of a changed risk R', predicted: theta - H^-1 (grad R'(theta) - grad R(theta))
  toward(changed) {
    const pull = minus(changed.gradient(this.theta), this.risk.gradient(this.theta));
    return along(this.theta, -1, solve(this.L, pull));
  }
  // The predicted change of the loss at z_test without z_i, for the z_i of a risk:
  // (1/n) grad L(z_test)' H^-1 grad L(z_i). Positive: the point helps.
  removals(changed, xTest, yTest) {
    const s = solve(this.L, lossGradient(this.theta, xTest, yTest));
    return changed.X.map((x, i) => dot(s, lossGradient(this.theta, x, changed.y[i])) / changed.n);
  }
}
