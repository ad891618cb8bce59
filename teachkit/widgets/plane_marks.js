// Bars, pictures and walls of them: points that cover a part of the plane, and where they stand.

const TEXT = 14; // px: a line of a caption
const TITLE = 24; // px: the title of a row
const CELL = [80, 116]; // px: a column of a wall, at least and at most
const INSET = 4; // px between what is covered and its ring

class Marks {
  cells = null; // on a wall: id of a point or a label -> its pixels

  // Where a point is drawn.
  centre(point) {
    const [x, y] = this.at(point);
    return this.cells?.get(point.id) ?? [this.scale.x(x), this.scale.y(y)];
  }
  // What it covers, in pixels from there; null where it is nothing but a point.
  covered(point) {
    if (point.pixels === undefined && point.base === undefined) return null;
    const [x, y] = this.at(point);
    const { scale } = this;
    const width = this.cells ? point.width * this.cell : scale.x(x + point.width / 2) - scale.x(x - point.width / 2);
    if (point.pixels === undefined) {
      const height = scale.y(point.base) - scale.y(y);
      return { x: -width / 2, y: Math.min(height, 0), width, height: Math.abs(height) };
    }
    const height = width * this.rowsOf(point) / point.columns;
    return { x: -width / 2, y: -height / 2, width, height };
  }
  rowsOf = (point) => bytes(point.pixels).length / point.columns;
  lines = (point) => (point.caption ? point.caption.split("\n") : []);

  // How far a place is from a point, or from what it covers.
  distance(point, px, py) {
    const [x, y] = this.centre(point);
    const box = this.covered(point) ?? { x: 0, y: 0, width: 0, height: 0 };
    const [dx, dy] = [px - x - box.x, py - y - box.y];
    return Math.hypot(dx - clamp(dx, 0, box.width), dy - clamp(dy, 0, box.height));
  }
  // A line around it, so far outside.
  outline(point, gap) {
    const box = this.covered(point);
    return box ? frame(box, gap) : SHAPES.circle(this.radius(point) + gap);
  }

  // The part of a bar or a picture that is no mark of a point.
  drawBody(body, point, out, look) {
    const box = this.covered(point);
    const items = box ? [{ id: point.pixels === undefined ? "bar" : "image" }, { id: "border" }] : [];
    if (point.pixels === undefined) items.pop();
    const under = box && box.y + box.height;
    this.lines(point).forEach((text, k) => items.push({ id: `text${k}`, text, y: under + TEXT * (k + 1) }));
    const inside = point.inside ? point.inside.split("\n") : [];
    inside.forEach((text, k) => items.push({ id: `inside${k}`, text, y: TEXT * (k + 0.8 - inside.length / 2) }));
    const tags = { bar: "path", border: "path", image: "image" };
    keyed(body, items, ({ id }) => make(tags[id] ?? "text", { class: `teachkit-${tags[id] ? id : "caption"}` }), (element, { id, text, y }) => {
      if (id === "image") {
        set(element, { ...box, preserveAspectRatio: "none" });
        const palette = this.colour(this.styles.palettes[point.palette]);
        if (element.content === point.pixels + palette) return;
        set(element, { href: picture(point, palette) });
        element.content = point.pixels + palette;
      } else if (id === "border") {
        set(element, { d: frame(box, 0), fill: "none", ...this.stroke(out ? this.styles.looks["grey dash"] : look) });
      } else if (id === "bar") {
        const colour = this.colour(out ? this.meanings.get("removed") : look);
        const paint = out ? { fill: "none", stroke: colour } : { fill: colour, stroke: "var(--paper)" };
        set(element, { d: frame(box, 0), ...paint, "stroke-dasharray": out ? "3 2" : "none" });
      } else {
        set(element, { x: 0, y: round(y) });
        say(element, text);
      }
    });
  }

  // ---- walls: rows of pictures one below the other, broken where the page is too narrow

  // Gives every picture and every title its place, and returns the height of all.
  layWall() {
    const { scene, width } = this;
    const [first, last] = this.axes.xlim;
    const columns = Math.round(last - first);
    const folds = Math.ceil(columns / Math.max(Math.floor(width / CELL[0]), 1));
    const fit = Math.ceil(columns / folds);
    this.cell = Math.min(width / fit, CELL[1]);
    this.cells = new Map();
    const rows = [...new Set(scene.points.map((point) => point.y))].sort((a, b) => b - a);
    let top = INSET;
    for (const y of rows) {
      const title = scene.labels.find((label) => label.y === y);
      if (title) this.cells.set(title.id, [INSET, (top += TITLE) - 8]);
      const row = scene.points.filter((point) => point.y === y);
      const face = Math.max(...row.map((point) => this.covered(point).height));
      const tall = face + TEXT * Math.max(...row.map((point) => this.lines(point).length)) + 12;
      const used = new Set();
      for (const point of row) {
        const fold = Math.floor(point.x / fit);
        used.add(fold);
        const place = [(point.x - fold * fit + 0.5) * this.cell, top + fold * tall + face / 2];
        this.cells.set(point.id, place.map(round));
      }
      top += tall * (1 + Math.max(...used));
    }
    return Math.ceil(top);
  }
}
