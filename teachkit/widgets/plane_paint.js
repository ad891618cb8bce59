// Everything that is drawn: from this.scene, this.styles and this.dark, and from at(point) and
// weight(point), which know what the hand did.

// px, at most: a plane alone, an explorer's large one, this with another below, and if low, that one.
const HEIGHT = { alone: 440, large: 510, shared: 345, low: 270, beside: 210, below: 210 };
// Halos lie below arrows, so that they cut none, and nothing lies over a label.
const LAYERS = ["axes", "lines", "hairs", "halos", "arrows", "points", "rings", "names", "labels", "brush"];
const KEYS =
  "Tab and Shift+Tab go from point to point, Page Up and Page Down by ten, Home and End to the " +
  "ends; arrows move a point, Shift+arrows further; Delete takes it out or puts it back; " +
  "Control+Z takes back what was done; Escape leaves.";

class Painter extends Names {
  nodes = new Map(); // id of a point -> its group
  rings = new Map(); // id of a point -> the ring around it and its halo, if any

  build(el) {
    const unique = Math.random().toString(36).slice(2);
    this.root = html("div", "teachkit-plane", el);
    this.sentence = html("p", "teachkit-sentence", this.root, { "aria-live": "polite" });
    this.legend = html("ul", "teachkit-legend", this.root, { "aria-label": "Legend" });
    const body = html("div", "teachkit-body", this.root);
    this.stage = html("div", "teachkit-stage", body);
    this.svg = make("svg", { "aria-describedby": `teachkit-keys-${unique}` }, this.stage);
    const clip = make("clipPath", { id: `teachkit-clip-${unique}` }, make("defs", {}, this.svg));
    this.clip = make("rect", {}, clip);
    this.layers = Object.fromEntries(LAYERS.map((name) => {
      const layer = make("g", { class: `teachkit-${name}` }, this.svg);
      return [name, layer];
    }));
    for (const name of ["lines", "arrows"]) {
      set(this.layers[name], { "clip-path": `url(#teachkit-clip-${unique})` });
    }
    this.hairs = make("path", { fill: "none" }, this.layers.hairs);
    this.brush = make("rect", { visibility: "hidden" }, this.layers.brush);
    this.tip = html("div", "teachkit-tip", this.stage, { "aria-hidden": "true" });
    this.tip.hidden = true;
    // The error lies over the picture, so that it pushes nothing away under the hand.
    this.alert = html("p", "teachkit-error", this.stage, { role: "alert" });
    this.leave = html("span", "teachkit-leave", this.stage, { tabindex: -1, "aria-hidden": "true" });
    this.numbers = html("div", "teachkit-beside", body);
    this.table = html("table", "teachkit-table", this.numbers);
    this.actions = html("div", "teachkit-actions", this.root);
    const button = () => html("button", "teachkit-button", this.actions, { type: "button" });
    [this.toggleButton, this.areaButton] = [button(), button()];
    set(this.areaButton, { "aria-pressed": false });
    say(this.areaButton, "Select an area");
    this.help = html("span", "teachkit-help", this.actions);
    say(html("span", "teachkit-keys", this.root, { id: `teachkit-keys-${unique}` }), KEYS);
  }

  colour = (look) => look[this.dark ? "dark" : "light"];
  stroke = (look) => ({
    stroke: this.colour(look),
    "stroke-width": look.width,
    "stroke-dasharray": look.dash.join(" ") || "none",
  });

  draw() {
    const { scene } = this;
    const { looks } = this.styles;
    // key -> its look and its name in the legend, in the legend's order
    this.meanings = new Map(scene.legend.map(({ id, look, name }) => [id, { ...looks[look], name }]));
    for (const part of [this.root, this.numbers]) part.dataset.theme = this.dark ? "dark" : "light";
    this.drawTable(); // first: it may stand beside the plane, and take from its width
    this.fit();
    set(this.svg, {
      role: scene.points.length ? "application" : "img",
      "aria-roledescription": "plane",
      "aria-label": scene.alt || "Plane",
    });
    this.drawAxes();
    this.drawLines();
    this.drawArrows();
    this.drawPoints();
    this.drawLabels();
    this.drawNames();
    this.drawLegend();
    say(this.sentence, scene.sentence);
    this.keepRoom();
  }
  // What was needed once stays free, so that no later word moves the plane under the hand.
  keepRoom() {
    const width = this.root.clientWidth;
    for (const part of [this.sentence, this.legend, this.numbers]) {
      if (part.roomFor !== width) part.style.minHeight = "";
      part.roomFor = width;
      const tall = part.offsetHeight;
      if (tall > (parseFloat(part.style.minHeight) || 0)) part.style.minHeight = `${tall}px`;
    }
    // A table that is too wide for its room is scrolled by the keyboard as well.
    const { numbers } = this;
    const wide = numbers.scrollWidth > numbers.clientWidth || numbers.scrollHeight > numbers.clientHeight;
    set(numbers, wide ? { tabindex: 0, role: "group", "aria-label": "Table" } : {});
    if (!wide) for (const name of ["tabindex", "role", "aria-label"]) numbers.removeAttribute(name);
  }
  // The table of an explorer's plane, and the button that is seldom used, stand where room is kept
  // for them among the controls.
  moveTable() {
    const explorer = this.root.closest(".teachkit-explorer");
    const [room, area] = ["", "area-"].map((name) => explorer?.querySelector(`.teachkit-${name}room`));
    if (room && explorer.querySelector(".teachkit-plane") === this.root) {
      room.append(this.numbers);
      area?.append(this.areaButton);
    }
    return room;
  }
  fit() {
    const { xlim, ylim, equal, wall } = this.axes;
    this.tallest = this.most();
    if (wall) return this.fitWall();
    this.cells = null;
    const aspect = (ylim[1] - ylim[0]) / (xlim[1] - xlim[0]);
    // A plane with equal axes is no wider than its height allows: the table stands beside it.
    this.stage.style.maxWidth = equal ? `${clamp(80 + (this.tallest - 44 - MARGIN) / aspect, 240, 860)}px` : "";
    this.width = Math.max(this.stage.clientWidth || 640, 200);
    const least = equal ? 120 : Math.min(this.width, 220);
    // With equal axes what the names of the axes need comes on top of what is drawn.
    const wanted = equal ? (this.width - 80) * clamp(aspect, 0.25, 1.2) + 44 + MARGIN : this.width * 0.66;
    const height = Math.round(clamp(wanted, least, this.tallest));
    this.scale = scales(this.axes, this.width, height);
    set(this.svg, { viewBox: `0 0 ${this.width} ${height}`, height });
  }

  // So high that an explorer fits one screen.
  most() {
    const column = this.root.closest(".teachkit-large, .teachkit-side");
    if (!column) return HEIGHT.alone;
    const planes = column.querySelectorAll(".teachkit-plane");
    if (column.matches(".teachkit-side")) return HEIGHT.beside;
    if (planes[0] !== this.root) return HEIGHT.below;
    const { xlim, ylim } = this.axes;
    if (planes.length === 1) return HEIGHT.large;
    return ylim[1] - ylim[0] < 0.6 * (xlim[1] - xlim[0]) ? HEIGHT.low : HEIGHT.shared;
  }

  fitWall() {
    this.stage.style.maxWidth = `${(this.axes.xlim[1] - this.axes.xlim[0]) * CELL[1]}px`;
    this.width = Math.max(this.stage.clientWidth || 640, 200);
    const height = this.layWall();
    this.scale = scales(this.axes, this.width, height);
    set(this.svg, { viewBox: `0 0 ${this.width} ${height}`, height });
  }

  drawAxes() {
    if (this.axes.wall || this.axes.bare) this.layers.axes.replaceChildren();
    if (this.axes.wall) return;
    const { left, right, top, bottom, deep, x, y, xTicks, yTicks } = this.scale;
    set(this.clip, { x: left, y: top, width: right - left, height: bottom - top });
    if (this.axes.bare) return;
    const grid = [
      ...xTicks.values.map((v) => `M${x(v)},${top}V${bottom}`),
      ...yTicks.values.map((v) => `M${left},${y(v)}H${right}`),
    ];
    const text = (id, text, [px, py], anchor, turn = 0) =>
      ({ id, text, anchor, transform: `translate(${px},${py})${turn ? `rotate(${turn})` : ""}` });
    const under = this.axes.xnames.length
      ? (v) => text(`x${v}`, xTicks.label(v), [x(v) + 4, bottom + 7], "end", -90)
      : (v) => text(`x${v}`, xTicks.label(v), [x(v), bottom + 17], "middle");
    const items = [
      { id: "grid", path: grid.join("") },
      { id: "frame", path: `M${left},${top}V${bottom}H${right}` },
      ...xTicks.values.map(under),
      ...yTicks.values.map((v) => text(`y${v}`, yTicks.label(v), [left - 7, y(v) + 4], "end")),
      text("xlabel", this.axes.xlabel, [(left + right) / 2, bottom + 37 + deep], "middle"),
      text("ylabel", this.axes.ylabel, [15, (top + bottom) / 2], "middle", -90),
    ];
    const create = ({ id, path }) =>
      path === undefined ? make("text", { class: "teachkit-tick" }) : make("path", { class: `teachkit-${id}` });
    keyed(this.layers.axes, items, create, (element, { path, text, anchor, transform }) => {
      if (path !== undefined) return set(element, { d: path });
      set(element, { "text-anchor": anchor, transform });
      say(element, text);
    });
  }

  drawLines() {
    const create = () => {
      const path = make("path", { fill: "none" });
      make("title", {}, path);
      return path;
    };
    keyed(this.layers.lines, this.scene.lines, create, (path, line) => this.drawLine(path, line));
  }
  drawLine(path, line) {
    const { x, y } = this.scale;
    const pieces = this.places("lines", line).filter((piece) => piece.length > 1);
    const d = pieces.map((piece) => "M" + piece.map(([a, b]) => `${x(a)},${y(b)}`).join("L")).join("");
    set(path, { d, ...this.stroke(this.meanings.get(line.style)) });
    say(path.firstChild, line.label);
  }

  drawArrows() {
    const create = () => {
      const group = make("g");
      make("title", {}, group);
      make("path", { fill: "none" }, group);
      make("path", { stroke: "none" }, group);
      return group;
    };
    keyed(this.layers.arrows, this.scene.arrows, create, (group, arrow) => this.drawArrow(group, arrow));
  }
  drawArrow(group, arrow) {
    const look = this.meanings.get(arrow.style);
    const [[start, end]] = this.places("arrows", arrow);
    const [ax, ay] = [this.scale.x(start[0]), this.scale.y(start[1])];
    const [bx, by] = [this.scale.x(end[0]), this.scale.y(end[1])];
    const length = Math.hypot(bx - ax, by - ay) || 1;
    const head = Math.min(5 + 2.5 * look.width, length);
    const [ux, uy] = [(head * (bx - ax)) / length, (head * (by - ay)) / length];
    const [cx, cy] = [bx - ux, by - uy]; // where the head begins
    const side = (sign) => `${round(cx - sign * 0.45 * uy)},${round(cy + sign * 0.45 * ux)}`;
    const [title, shaft, tip] = group.children;
    say(title, arrow.label);
    set(shaft, { d: `M${ax},${ay}L${round(cx)},${round(cy)}`, ...this.stroke(look) });
    set(tip, { d: `M${bx},${by}L${side(1)}L${side(-1)}Z`, fill: this.colour(look) });
  }
  // One mark that glides.
  drawMark(part, mark) {
    if (part === "points") return this.nodes.has(mark.id) && this.drawPoint(mark);
    const element = [...this.layers[part].children].find((child) => child.dataset.id === mark.id);
    const draw = { lines: "drawLine", arrows: "drawArrow", labels: "drawLabel" }[part];
    if (element) this[draw](element, mark);
  }

  drawPoints() {
    this.count = {};
    for (const { kind } of this.scene.points) this.count[kind] = (this.count[kind] ?? 0) + 1;
    const create = (point) => {
      const group = make("g", {
        tabindex: -1,
        role: "button",
        "aria-roledescription": "point",
        [KEEPS]: "true",
      });
      make("path", { class: "teachkit-hit" }, group);
      make("g", { class: "teachkit-body" }, group);
      for (const name of ["mark", "cross"]) make("path", { class: `teachkit-${name}` }, group);
      this.nodes.set(point.id, group);
      return group;
    };
    keyed(this.layers.points, this.scene.points, create, (_, point) => this.drawPoint(point));
    for (const id of this.nodes.keys()) if (!this.points.has(id)) this.nodes.delete(id);
  }
  // Many points of one kind, or a small plane: drawn smaller, so that they do not hide each other.
  radius(point) {
    const room = clamp(Math.sqrt(60 / this.count[point.kind]), 0.6, 1) * clamp(this.width / 560, 0.75, 1);
    const least = this.weight(point) === 0 ? 5 : 3;
    const most = Math.max(Math.min((this.covered(point)?.width ?? 80) / 2, 40), least); // a bar is no wider
    return round(clamp(this.meanings.get(point.kind).radius * point.size * room, least, most));
  }
  drawPoint(point) {
    const group = this.nodes.get(point.id);
    const [hit, body, mark, mid] = group.children;
    const [x, y] = this.centre(point);
    const out = this.weight(point) === 0 && !point.paint;
    const transform = `translate(${x}px, ${y}px)`;
    for (const element of [group, ...(this.rings.get(point.id) ?? [])]) {
      if (element.style.transform !== transform) element.style.transform = transform;
    }
    const classes = ["point", out && "out", point.draggable && "free"].filter(Boolean);
    set(group, { class: classes.map((name) => `teachkit-${name}`).join(" ") });
    set(group, { "aria-label": this.describe(point) });
    const look = this.meanings.get(point.kind);
    const face = look.shape ? null : this.covered(point); // of a picture, whose look is its frame
    const radius = face ? face.width / 1.1 : this.radius(point); // a cross from corner to corner
    set(hit, { d: this.covered(point) ? this.outline(point, 3) : SHAPES.circle(Math.max(radius + 4, 12)) });
    this.drawBody(body, point, out, look);
    const colour = this.colour(out ? this.meanings.get("removed") : look);
    const paint = out ? { fill: "none", stroke: colour } : { fill: colour, stroke: "var(--paper)" };
    set(mark, { d: face ? "" : SHAPES[look.shape](radius), ...paint });
    set(mid, { d: out && point.toggleable ? cross(radius) : "", stroke: colour });
  }
  // Its label and its kind, of which one may say the other: "Start", "Test point, class +1".
  named({ id, label, kind }) {
    const [name, what] = [label || id, this.meanings.get(kind).name];
    const goesOn = (long, short, by) => {
      const begins = long.toLowerCase().startsWith(short.toLowerCase());
      return short && begins && (long === short || by.includes(long[short.length] ?? by));
    };
    if (goesOn(what, name, ",;")) return [name + what.slice(name.length)];
    return goesOn(name, what, " ") ? [name] : [name, what];
  }
  describe(point) {
    const place = this.at(point).map((value, k) => (k ? this.scale.yTicks : this.scale.xTicks).place(value));
    const weight = this.weight(point);
    const [at0, at1] = point.paint ? ["painted", "not painted"] : ["out", "in"];
    const inside = { 0: at0, 1: at1 }[weight] ?? `weight ${number(weight, 2)}`;
    const placed = !this.cells && !this.axes.bare;
    const words = [...this.named(point), placed && `at ${place.join(", ")}`];
    if (point.toggleable) words.push(inside);
    return words.filter(Boolean).join(", ") + (point.note ? `; ${point.note}` : "");
  }

  drawLabels() {
    const create = () => make("text");
    keyed(this.layers.labels, this.scene.labels, create, (text, label) => this.drawLabel(text, label));
  }
  drawLabel(text, label) {
    const [[[a, b]]] = this.places("labels", label);
    const [x, y] = this.cells?.get(label.id) ?? [this.scale.x(a), this.scale.y(b)];
    set(text, { x, y, fill: this.colour(this.styles.ink) });
    say(text, label.text);
  }

  drawLegend() {
    const { looks } = this.styles;
    const free = this.scene.absent.map(({ id, look, name }) => [id, { ...looks[look], name, absent: true }]);
    const entries = [...this.meanings, ...free].filter(([, { name }]) => name);
    const create = () => {
      const item = html("li", "");
      const swatch = make("svg", { height: 16, "aria-hidden": "true" }, item);
      make("path", { fill: "none" }, swatch);
      make("path", { class: "teachkit-cross" }, swatch);
      html("span", "", item);
      return item;
    };
    keyed(this.legend, entries, create, (item, [id, look]) => {
      const [swatch, label] = item.children;
      item.classList.toggle("teachkit-absent", look.absent === true);
      const out = id === "removed";
      const colour = this.colour(look);
      const width = look.shape ? 18 : 34;
      set(swatch, { width, viewBox: `${-width / 2} -8 ${width} 16` });
      if (look.shape) {
        const d = SHAPES[look.shape](Math.min(look.radius, 7));
        set(swatch.children[0], { d, fill: out ? "none" : colour, stroke: out ? colour : "none" });
      } else {
        set(swatch.children[0], { d: `M${-width / 2},0H${width / 2}`, ...this.stroke(look) });
      }
      set(swatch.children[1], { d: out ? cross(look.radius) : "", stroke: colour });
      say(label, look.name);
    }, ([id]) => id);
  }

  drawTable() {
    const rows = this.scene.table;
    this.table.hidden = !rows.length;
    const byIndex = (_, index) => index;
    keyed(this.table, rows, () => html("tr", ""), (tr, row, index) => {
      const create = (_, column) => {
        const scope = !row[column] ? "" : index === 0 ? "col" : column === 0 ? "row" : "";
        return scope ? html("th", "", undefined, { scope }) : html("td", "");
      };
      keyed(tr, row, create, (cell, text) => say(cell, text), byIndex);
    }, byIndex);
  }

  // A ring around every point of `ringed`, above all points, and its halo below arrows.
  drawRings(ringed) {
    this.rings.clear();
    for (const name of ["halo", "ring"]) {
      const create = () => {
        const group = make("g");
        make("path", { class: `teachkit-${name}` }, group);
        return group;
      };
      keyed(this.layers[`${name}s`], ringed, create, (group, point) => {
        const node = this.nodes.get(point.id);
        set(group, { class: node.matches(":focus-visible") ? "teachkit-focused" : "" });
        set(group.firstChild, { d: this.outline(point, 5) });
        group.style.transform = node.style.transform;
        this.rings.set(point.id, [...(this.rings.get(point.id) ?? []), group]);
      }, ({ id }) => `${name} ${id}`);
    }
  }
}
