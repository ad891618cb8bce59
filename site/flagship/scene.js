// A state as a scene that plane.js draws, with its words (teachkit/scenes/influence_drawing.py).

import { boundary, further } from "./boundary.js";
import { TEST } from "./state.js";
import { listed, plus, signedWriter, writer } from "./words.js";

const STYLES = ["now", "retrained", "predicted"];
const NAMES = ["θ₁", "θ₂", "intercept"];

// `page` knows what no state changes: the axes, and the legend of all that can ever be drawn.
export function draw(state, { axes, legend }) {
  const { answer } = state;
  const drawn = changes(state) ? STYLES : STYLES.slice(0, 1); // else all three lie on one another
  const marks = {
    points: [...trainingPoints(state), testPoint(state)],
    lines: drawn.map((style) => line(style, boundary(answer[style], further(axes)))),
    arrows: arrows(state),
  };
  const used = usedBy(marks);
  return {
    axes,
    ...marks,
    labels: [],
    sentence: describe(state),
    alt: alt(state),
    table: table(state),
    legend: legend.filter(({ id }) => used.has(id)),
    absent: legend.filter(({ id, name }) => name && !used.has(id)),
  };
}

const usedBy = ({ points, lines, arrows }) =>
  new Set([...points.map(({ kind }) => kind), ...[...lines, ...arrows].map(({ style }) => style), "removed"]);

// What was changed, and what it does to the test loss, in a sentence.
function describe(state) {
  const { lossNow, lossPredicted, lossRetrained } = state.answer;
  const what = changes(state);
  if (!what) {
    return `Nothing is changed: the test loss is ${writer(lossNow)(lossNow)}. ` +
      "Drag a point or take one out: the larger ones matter more.";
  }
  const [predicted, retrained] = [lossPredicted - lossNow, lossRetrained - lossNow];
  const write = signedWriter([predicted, retrained], lossNow);
  return `${what}: test loss ${write(predicted)} predicted, ${write(retrained)} true.`;
}

// "Point 17 out, points 3 and 5 moved"; empty where nothing is changed.
function changes(state) {
  const those = (out, moved) =>
    state.weights.flatMap((w, i) => ((w === 0) === out && state.isMoved(i) === moved ? [i] : []));
  const parts = [
    [those(true, false), "out"], [those(true, true), "moved and out"], [those(false, true), "moved"],
  ];
  const said = parts.filter(([some]) => some.length).map(([some, what]) => `${called(some)} ${what}`);
  return capital(said.join(", "));
}
const called = (some) =>
  some.length > 4 ? `${some.length} points` : `point${some.length > 1 ? "s" : ""} ${listed(some)}`;
const capital = (text) => text.slice(0, 1).toUpperCase() + text.slice(1);

const line = (style, pieces) => ({ id: style, pieces, style, label: "", end: style, leaves: false });

// The larger a point, the more the test loss changes without it.
function trainingPoints(state) {
  const { influences, lossNow } = state.answer;
  const largest = Math.max(...influences.map(Math.abs)) || 1;
  return state.X.map(([x, y], i) => {
    const change = signedWriter([influences[i]], lossNow)(influences[i]);
    const size = 0.7 + 1.1 * Math.sqrt(Math.abs(influences[i]) / largest);
    return {
      id: String(i), x, y,
      kind: state.fit.y[i] > 0 ? "positive" : "negative",
      weight: state.weights[i],
      size: Math.round(100 * size) / 100,
      label: `Point ${i}`,
      draggable: true,
      toggleable: true,
      note: `without it: test loss ${change}, along the tangent`,
    };
  });
}
const testPoint = ({ xTest: [x, y] }) => ({
  id: TEST, x, y, kind: "test", weight: 1, size: 1, label: "Test point",
  draggable: true, toggleable: false, note: "",
});

// From where a point stood to where it stands.
const arrows = (state) =>
  state.X.flatMap((end, i) =>
    state.isMoved(i) ? [{ id: `move-${i}`, start: state.fit.X[i], end, style: "guide", label: "moved" }] : []);

function table({ answer }) {
  const { lossNow, lossRetrained, lossPredicted } = answer;
  const rows = NAMES.map((name, k) => [name, ...STYLES.map((style) => answer[style][k])]);
  rows.push(["test loss", lossNow, lossRetrained, lossPredicted]);
  return [
    ["", ...STYLES, "error"],
    ...rows.map(([name, now, retrained, predicted]) => {
      const write = writer(now, retrained, predicted);
      return [name, write(now), write(retrained), write(predicted), plus(write(predicted - retrained))];
    }),
    ["relative error", "", "", "", `${(100 * answer.relativeError).toFixed(0)} %`],
  ];
}

function alt({ n, answer }) {
  const write = NAMES.map((_, k) => writer(...STYLES.map((style) => answer[style][k])));
  const said = (theta) => listed(NAMES.map((name, k) => `${name} ${write[k](theta[k])}`));
  const lines = STYLES.map((style) => `${style}: ${said(answer[style])}`);
  return `${n} training points, a test point, and three boundaries; ${lines.join("; ")}. ` +
    "The larger a point, the more the test loss changes without it.";
}
