// A training set that can be changed, and what follows: theta now, really retrained, and predicted.
// Gestures are functions from state to state, as in teachkit/scenes/influence.py.

import { Influence } from "./influence.js";
import { minimum } from "./newton.js";
import { loss, Risk, withOne } from "./risk.js";
import { minus, norm } from "./vectors.js";

export const TEST = "test";
const put = (values, i, value) => values.map((old, k) => (k === i ? value : old));

// The model on the starting set: X (n, 2), y of -1 and +1, the penalty l2.
export class Fit {
  constructor({ X, y, l2 }) {
    Object.assign(this, { X, y, l2 });
    const risk = this.risk(X, y.map(() => 1));
    this.influence = new Influence(risk, minimum(risk, [0, 0, 0]));
  }
  risk(X, weights) {
    return new Risk(X.map(withOne), this.y, weights, this.l2);
  }
}

export class State {
  #answer;

  constructor(fit, X, weights, xTest, yTest) {
    Object.assign(this, { fit, X, weights, xTest, yTest, n: fit.y.length });
  }
  with(changes) {
    const { fit, X, weights, xTest, yTest } = { ...this, ...changes };
    return new State(fit, X, weights, xTest, yTest);
  }
  // Computed when first asked for and kept, so that undo costs nothing.
  get answer() {
    return (this.#answer ??= answer(this));
  }
  // Whether point i stands elsewhere than at the start.
  isMoved(i) {
    return this.X[i].some((value, k) => value !== this.fit.X[i][k]);
  }
}

export const begin = ({ X, y, l2, test }) =>
  new State(new Fit({ X, y, l2 }), X, y.map(() => 1), test.x, test.y);

function answer({ fit, X, weights, xTest, yTest }) {
  const { influence } = fit;
  const [risk, x] = [fit.risk(X, weights), withOne(xTest)];
  const now = influence.theta;
  const [retrained, predicted] = [minimum(risk, now), influence.toward(risk)];
  const [true_, error] = [norm(minus(retrained, now)), norm(minus(predicted, retrained))];
  const stayed = true_ <= 1e-9 * Math.max(norm(now), norm(retrained));
  return {
    now, retrained, predicted,
    lossNow: loss(now, x, yTest),
    lossRetrained: loss(retrained, x, yTest),
    lossPredicted: loss(predicted, x, yTest),
    influences: influence.removals(risk, x, yTest),
    relativeError: stayed ? 0 : error / true_,
  };
}

// The point of this id, a training point's number or TEST, dragged to a place.
export const place = (state, id, at) =>
  state.with(id === TEST ? { xTest: at } : { X: put(state.X, Number(id), at) });

// Training point i with this weight: 0 takes it out, 1 takes it in again.
export function weigh(state, i, weight) {
  const weights = put(state.weights, i, weight);
  if (!weights.some(Boolean)) {
    throw new Refusal(
      `Point ${i} stays: it would be the last one to go, and no points fit no model. Leave one in.`,
    );
  }
  return state.with({ weights });
}

// What cannot be done, and why, in a sentence.
export class Refusal extends Error {}
