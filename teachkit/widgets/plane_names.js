// Names at the ends of lines, where there is room, and what is said of lines outside the picture.

const LETTER = 6.8; // px: a letter's width, about
const LINE = 16; // px: a line of text
const LEAST = 90; // px of lines and points that a name may hide
const NEAR = 8; // px between ends that are one place
// px from an end to its name, the nearest first, to the right and to the left
const SPOTS = [[4, -8], [4, 16], [18, -8], [18, 16], [4, -22], [4, 30]].flatMap(([x, y]) => [[x, y], [-x, y]]);
const STAYS = 20; // px: so much less another place has to hide
const CLEAR = 3; // px between a name and a line that it does not touch
const OUTSIDE = "outside the picture";

// The part of the way from a to b within a box, by both its ends; null where there is none.
function clip([ax, ay], [bx, by], { left, right, top, bottom }) {
  let [first, last] = [0, 1];
  for (const [from, to, low, high] of [[ax, bx, left, right], [ay, by, top, bottom]]) {
    if (from === to && (from < low || from > high)) return null;
    if (from === to) continue;
    const ends = [(low - from) / (to - from), (high - from) / (to - from)];
    first = Math.max(first, Math.min(...ends));
    last = Math.min(last, Math.max(...ends));
  }
  const at = (part) => [ax + part * (bx - ax), ay + part * (by - ay)];
  return first <= last ? [at(first), at(last)] : null;
}
const overlap = (a, b) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

// Ends that a line has for itself, where there are any: all curves of a plot may begin at one place.
function own(ends, others) {
  const shared = ([x, y]) => others.some(([a, b]) => Math.hypot(a - x, b - y) < NEAR);
  const alone = ends.filter((end) => !shared(end));
  return alone.length ? alone : ends;
}
const around = ({ x, y, width, height }) =>
  ({ x: x - CLEAR, y: y - CLEAR, width: width + 2 * CLEAR, height: height + 2 * CLEAR });

class Names extends Glide {
  drawNames() {
    const named = this.cells ? [] : this.scene.lines.filter((line) => line.end);
    const taken = this.scene.labels.map((label) =>
      this.box(this.scale.x(label.x), this.scale.y(label.y), label.text, "start"));
    const items = [];
    const all = named.map((line) => this.ends(line));
    for (const [k, line] of named.entries()) {
      const ends = own(all[k], all.toSpliced(k, 1).flat());
      const seen = ends.length && !line.leaves;
      const item = seen ? this.beside(line, ends, taken) : this.outside(line, taken, ends[0]);
      if (!item) continue;
      taken.push(item.box);
      items.push({ id: line.id, ...item, colour: this.colour(this.meanings.get(line.style)) });
    }
    keyed(this.layers.names, items, () => make("text"), (text, { x, y, anchor, words, colour }) => {
      set(text, { "text-anchor": anchor, fill: colour });
      text.style.transform = `translate(${round(x)}px, ${round(y)}px)`;
      say(text, words);
    });
    this.placed = new Map(items.map(({ id, choice }) => [id, choice]));
  }
  spot = (place) => [this.scale.x(place[0]), this.scale.y(place[1])];
  // Where the line is last and first seen.
  ends({ pieces }) {
    const seen = [];
    for (const piece of pieces) {
      for (let k = 1; k < piece.length; k++) {
        const part = clip(this.spot(piece[k - 1]), this.spot(piece[k]), this.scale);
        if (part) seen.push(...part);
      }
    }
    return seen.length ? [seen.at(-1), seen[0]] : [];
  }
  box(x, y, words, anchor) {
    const width = LETTER * words.length;
    return { x: anchor === "end" ? x - width : x, y: y - LINE + 4, width, height: LINE };
  }
  // Over or under an end, to its left or right, where it hides and touches least; where it touches
  // nothing it stays.
  beside({ id, end: words, style }, ends, taken) {
    const { left, right, top, bottom } = this.scale;
    const choices = ends.flatMap(([px, py]) => SPOTS.map(([dx, dy]) => {
      const anchor = dx < 0 ? "end" : "start";
      const [x, y] = [clamp(px + dx, left + 4, right - 4), clamp(py + dy, top + LINE - 4, bottom - 6)];
      return { x, y, anchor, words, box: this.box(x, y, words, anchor) };
    }));
    const cost = ({ box }) => {
      if (box.x < left || box.x + box.width > right) return Infinity;
      if (taken.some((other) => overlap(box, other))) return Infinity;
      const points = this.scene.points.filter((point) => {
        const [px, py] = this.centre(point);
        return overlap(box, { x: px - 5, y: py - 5, width: 10, height: 10 });
      });
      return this.hidden(around(box)) + 30 * points.length;
    };
    const before = this.placed?.get(id);
    if (choices[before] && cost(choices[before]) === 0) return { ...choices[before], choice: before };
    const costs = choices.map((choice, k) => cost(choice) - (k === before ? STAYS : 0));
    const least = Math.min(...costs);
    const choice = costs.indexOf(least);
    const named = this.meanings.get(style).name; // else nothing but this tells what it is
    return least < LEAST || !named ? { ...choices[choice], choice } : null;
  }
  // At the edge where the line has gone, with an arrow, if it is known where; what was seen last of
  // it is known of one that leaves.
  outside({ end, pieces }, taken, exit) {
    const { left, right, top, bottom } = this.scale;
    const places = pieces.flat().map(this.spot);
    const middle = [(left + right) / 2, (top + bottom) / 2];
    let [away, best] = [Infinity, null];
    for (let k = 1; k < places.length; k++) {
      const [[ax, ay], [bx, by]] = [places[k - 1], places[k]];
      const [ux, uy] = [bx - ax, by - ay];
      const part = clamp(((middle[0] - ax) * ux + (middle[1] - ay) * uy) / (ux * ux + uy * uy || 1), 0, 1);
      const place = [ax + part * ux, ay + part * uy];
      const far = Math.hypot(place[0] - middle[0], place[1] - middle[1]);
      if (far < away) [away, best] = [far, place];
    }
    const [px, py] = exit ?? best ?? [right, bottom];
    const [from, to] = exit ? [exit, places.at(-1)] : [middle, [px, py]];
    const turn = Math.round(Math.atan2(to[1] - from[1], to[0] - from[0]) / (Math.PI / 4) + 8) % 8;
    const words = [`${end}: ${OUTSIDE}`, best && "→↘↓↙←↖↑↗"[turn]].filter(Boolean).join(" ");
    const anchor = px > middle[0] ? "end" : "start";
    const x = clamp(px, left + 6, right - 6);
    let y = clamp(py, top + LINE, bottom - 8);
    const step = y > middle[1] ? -LINE : LINE;
    while (taken.some((other) => overlap(this.box(x, y, words, anchor), other)) && y > top && y < bottom) y += step;
    return { x, y, anchor, words, box: this.box(x, y, words, anchor) };
  }
}
