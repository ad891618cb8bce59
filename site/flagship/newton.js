// The minimum of a risk by Newton's method, exact to rounding:
//
//     theta  <-  theta - t H(theta)^-1 grad R(theta)
//
// t is 1, and halved until the risk falls by a part of what its slope promises (Armijo 1966). Near
// the minimum the risk can no longer tell a step from rounding: there full steps go on, each squares
// the error, until the gradient falls no further.

import { cholesky, solve } from "./cholesky.js";
import { along, dot, norm } from "./vectors.js";

const PART = 0.25; // of the slope; a parabola falls by half of it
const NEAR = 1e-10; // of the risk: what a step still promises, near the minimum
const MAX_STEPS = 100;

export function minimum(risk, theta) {
  let [value, gradient] = [risk.value(theta), risk.gradient(theta)];
  for (let k = 0; k < MAX_STEPS; k++) {
    const step = solve(cholesky(risk.hessian(theta)), gradient);
    const slope = dot(gradient, step);
    const near = slope <= NEAR * value;
    let t = 1;
    let next = along(theta, -t, step);
    while (!near && risk.value(next) > value - PART * t * slope) {
      t /= 2;
      next = along(theta, -t, step);
    }
    const there = risk.gradient(next);
    if (near && norm(there) >= norm(gradient)) return theta;
    [theta, value, gradient] = [next, risk.value(next), there];
  }
  throw new Error(`Newton's method did not arrive in ${MAX_STEPS} steps.`);
}
