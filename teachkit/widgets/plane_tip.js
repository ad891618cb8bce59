// What is told of one point: a tip beside it, or, while it is held, hairlines to the axes.

const APART = 16; // px between a point and its tip

// How long the way from a to b is within a box. Source: Liang and Barsky (1984).
function within([ax, ay], [bx, by], { x, y, width, height }) {
  let [first, last] = [0, 1];
  for (const [from, to, low, high] of [[ax, bx, x, x + width], [ay, by, y, y + height]]) {
    if (from === to && (from < low || from > high)) return 0;
    if (from === to) continue;
    const ends = [(low - from) / (to - from), (high - from) / (to - from)];
    first = Math.max(first, Math.min(...ends));
    last = Math.min(last, Math.max(...ends));
  }
  return Math.max(last - first, 0) * Math.hypot(bx - ax, by - ay);
}

class Tip extends Marks {
  // The point that is hovered, focused or held, if any.
  point(point) {
    this.tipped = point?.id;
    const held = Boolean(point) && this.gesture?.id === point.id;
    this.drawHairs(held ? point : null);
    this.tip.hidden = !point || held;
    if (this.tip.hidden) return;
    say(this.tip, this.describe(point));
    const { x, y } = this.side(point, this.tip.offsetWidth, this.tip.offsetHeight);
    this.tip.style.left = `${x}px`;
    this.tip.style.top = `${y}px`;
  }
  // Above, below or beside the point: where it hides the least of the lines.
  side(point, width, height) {
    const [x, y] = this.centre(point);
    const box = this.covered(point) ?? { x: 0, y: 0, width: 0, height: 0 };
    const inside = (left) => clamp(left, 0, Math.max(this.width - width, 0));
    const middle = y + box.y + (box.height - height) / 2;
    const places = [
      { x: inside(x - width / 2), y: y + box.y - height - APART },
      { x: inside(x - width / 2), y: y + box.y + box.height + APART },
      { x: x + box.x + box.width + APART, y: middle },
      { x: x + box.x - width - APART, y: middle },
    ].filter(({ x: left, y: top }) => left >= 0 && left + width <= this.width && top >= 0);
    const hides = (place) => this.hidden({ ...place, width, height });
    const costs = places.map(hides);
    return places[costs.indexOf(Math.min(...costs))] ?? { x: inside(x - width / 2), y: y + APART };
  }
  // How much of the lines such a box would hide.
  hidden(box) {
    let length = 0;
    for (const { pieces } of this.scene.lines) {
      for (const piece of pieces) {
        let last = null;
        for (const [a, b] of piece) {
          const here = [this.scale.x(a), this.scale.y(b)];
          if (last) length += within(last, here, box);
          last = here;
        }
      }
    }
    return length;
  }
  drawHairs(point) {
    const [x, y] = point ? this.centre(point) : [];
    const drawn = point && !this.cells && !this.axes.bare;
    set(this.hairs, { d: drawn ? `M${x},${y}V${this.scale.bottom}M${x},${y}H${this.scale.left}` : "" });
  }
}
