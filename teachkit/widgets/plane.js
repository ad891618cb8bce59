// A plane: draws the `scene` trait in SVG and writes what the hand does to the state traits.
// Every trait holds state. While a point is held, and until Python has answered the table that
// holds its last place, the point is drawn where the hand put it; all else comes from the scene.

const SVG = "http://www.w3.org/2000/svg";
const REACH = { mouse: 14, pen: 18, touch: 26 }; // how near (px) a press must be to a point
const SLACK = { mouse: 3, pen: 5, touch: 8 }; // how far (px) a press may wander and stay a click
const HEIGHT = 440; // px: the plane and all around it fit one screen
const DOUBLE = 400; // ms between the clicks of a double click
const KEYS =
  "Tab and Shift+Tab go from point to point, Page Up and Page Down by ten, Home and End to the " +
  "ends; arrows move a point, Shift+arrows further; Delete takes it out or puts it back; Escape leaves.";

const make = (name, attributes = {}, parent) => {
  const element = document.createElementNS(SVG, name);
  set(element, attributes);
  parent?.append(element);
  return element;
};
const html = (name, className, parent, text = "") => {
  const element = document.createElement(name);
  element.className = className;
  element.textContent = text;
  parent?.append(element);
  return element;
};
// Attributes are compared before they are written: most of 200 points stay as they are.
const set = (element, attributes) => {
  for (const [name, value] of Object.entries(attributes)) {
    const text = String(value);
    if (element.getAttribute(name) !== text) element.setAttribute(name, text);
  }
};
const say = (element, text) => {
  if (element.textContent !== text) element.textContent = text;
};
const clamp = (value, low, high) => Math.min(Math.max(value, low), high);
const round = (value) => Math.round(value * 100) / 100;

// ---- numbers and scales

const tickStep = (span, count) => {
  const rough = span / Math.max(count, 1);
  const power = 10 ** Math.floor(Math.log10(rough));
  return power * [1, 2, 5, 10].find((factor) => factor * power >= rough * 0.999);
};
const ticks = ([low, high], count) => {
  const step = tickStep(high - low, count);
  const values = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + 1e-9 * step; k++) values.push(k * step);
  return { step, values, decimals: clamp(-Math.floor(Math.log10(step) + 1e-9), 0, 10) };
};
const number = (value, decimals) => {
  const text = value.toFixed(decimals);
  return (Number(text) === 0 ? text.replace("-", "") : text).replace("-", "\u2212");
};

// The only place that knows how data becomes pixels.
function scales(axes, width, height) {
  const [[x0, x1], [y0, y1]] = [axes.xlim, axes.ylim];
  const yTicks = ticks([y0, y1], height / 55);
  const widest = Math.max(...yTicks.values.map((v) => number(v, yTicks.decimals).length), 1);
  const left = 14 + 7.5 * widest + (axes.ylabel ? 20 : 0);
  const bottom = height - (axes.xlabel ? 44 : 26);
  let [right, top] = [width - 10, 10];
  if (axes.equal) {
    const unit = Math.min((right - left) / (x1 - x0), (bottom - top) / (y1 - y0));
    [right, top] = [left + unit * (x1 - x0), bottom - unit * (y1 - y0)];
  }
  const [kx, ky] = [(right - left) / (x1 - x0), (bottom - top) / (y1 - y0)];
  return {
    left, right, top, bottom,
    xlim: [x0, x1], ylim: [y0, y1],
    x: (v) => round(left + (v - x0) * kx),
    y: (v) => round(bottom - (v - y0) * ky),
    data: (px, py) => [clamp(x0 + (px - left) / kx, x0, x1), clamp(y0 + (bottom - py) / ky, y0, y1)],
    xTicks: ticks([x0, x1], (right - left) / 80),
    yTicks: ticks([y0, y1], (bottom - top) / 55),
  };
}

// ---- how things look

const polygon = (count, radius, inner = radius) =>
  "M" + Array.from({ length: inner === radius ? count : 2 * count }, (_, k) => {
    const r = inner !== radius && k % 2 ? inner : radius;
    const angle = (Math.PI * k) / (inner === radius ? count / 2 : count) - Math.PI / 2;
    return `${round(r * Math.cos(angle))},${round(r * Math.sin(angle))}`;
  }).join("L") + "Z";
const SHAPES = {
  circle: (r) => `M${-r},0a${r},${r} 0 1,0 ${2 * r},0a${r},${r} 0 1,0 ${-2 * r},0Z`,
  square: (r) => `M${-0.89 * r},${-0.89 * r}h${1.78 * r}v${1.78 * r}h${-1.78 * r}Z`,
  diamond: (r) => polygon(4, 1.15 * r),
  triangle: (r) => polygon(3, 1.2 * r),
  star: (r) => polygon(5, 1.2 * r, 0.5 * r),
};
const cross = (r) => `M${-0.55 * r},${-0.55 * r}L${0.55 * r},${0.55 * r}M${0.55 * r},${-0.55 * r}L${-0.55 * r},${0.55 * r}`;

const luminance = (colour) => {
  const [r, g, b, a = 1] = (colour.match(/[\d.]+/g) ?? []).map(Number);
  return a < 0.5 || b === undefined ? null : (0.2126 * r + 0.7152 * g + 0.0722 * b) / 255;
};
// Dark is what really lies behind the widget, not what the system prefers.
const isDark = (element) => {
  for (let node = element; node; node = node.parentElement) {
    const light = luminance(getComputedStyle(node).backgroundColor);
    if (light !== null) return light < 0.5;
  }
  return false;
};

// ---- one view

class View {
  constructor(model, el) {
    this.model = model;
    this.pending = { positions: new Map(), weights: new Map() };
    this.nodes = new Map();
    this.rings = new Map();
    this.gesture = null;
    this.dirty = new Set();
    this.frame = 0;
    this.area = false;
    this.build(el);
    this.listen();
    this.sceneChanged();
    this.say("error");
  }

  build(el) {
    const root = (this.root = html("div", "teachkit-plane", el));
    this.sentence = html("p", "teachkit-sentence", root);
    set(this.sentence, { "aria-live": "polite" });
    this.legend = html("ul", "teachkit-legend", root);
    set(this.legend, { "aria-label": "Legend" });
    const body = html("div", "teachkit-body", root);
    const stage = (this.stage = html("div", "teachkit-stage", body));
    const unique = Math.random().toString(36).slice(2);
    this.svg = make("svg", { role: "application", "aria-roledescription": "plane",
      "aria-describedby": `teachkit-keys-${unique}` }, stage);
    const clip = make("clipPath", { id: `teachkit-clip-${unique}` }, make("defs", {}, this.svg));
    this.clip = make("rect", {}, clip);
    this.layers = {};
    for (const name of ["rasters", "axes", "lines", "arrows", "points", "labels", "rings", "brush"]) {
      this.layers[name] = make("g", { class: `teachkit-${name}` }, this.svg);
      if (["rasters", "lines", "arrows"].includes(name)) {
        set(this.layers[name], { "clip-path": `url(#teachkit-clip-${unique})` });
      }
    }
    this.brush = make("rect", { visibility: "hidden" }, this.layers.brush);
    this.tip = html("div", "teachkit-tip", stage);
    set(this.tip, { "aria-hidden": "true" });
    this.tip.hidden = true;
    this.table = html("table", "teachkit-table", html("div", "teachkit-beside", body));
    this.alert = html("p", "teachkit-error", root); // below, so that it does not push the plane
    set(this.alert, { role: "alert" });
    const actions = html("div", "teachkit-actions", root);
    this.toggleButton = html("button", "teachkit-button", actions, "Take out");
    this.areaButton = html("button", "teachkit-button", actions, "Select an area");
    for (const button of [this.toggleButton, this.areaButton]) button.type = "button";
    set(this.areaButton, { "aria-pressed": "false" });
    this.help = html("span", "teachkit-help", actions);
    set(html("span", "teachkit-keys", root, KEYS), { id: `teachkit-keys-${unique}` });
    this.leave = html("span", "teachkit-leave", stage);
    set(this.leave, { tabindex: -1, "aria-hidden": "true" });
  }

  listen() {
    const { model, stage } = this;
    const on = (name, handler) => {
      const guarded = this.guarded(handler);
      model.on(`change:${name}`, guarded);
      this.off = [...(this.off ?? []), () => model.off(`change:${name}`, guarded)];
    };
    on("scene", () => this.sceneChanged());
    on("selected", () => this.mark());
    on("brushed", () => this.mark());
    on("error", () => this.say("error"));
    for (const [name, handler] of Object.entries({
      pointerdown: (e) => this.press(e), pointermove: (e) => this.travel(e), pointerup: (e) => this.release(e),
      pointercancel: (e) => this.release(e), pointerleave: () => this.gesture || this.point(null),
      keydown: (e) => this.key(e), focusin: (e) => this.focused(e), focusout: () => (this.point(null), this.mark()),
    })) stage.addEventListener(name, this.guarded(handler));
    // A finger on a point drags it; anywhere else it scrolls the page.
    const touched = (event) => (this.gesture?.id || this.gesture?.brush) && event.preventDefault();
    stage.addEventListener("touchstart", touched, { passive: false });
    this.toggleButton.addEventListener("click", this.guarded(() => this.toggle(this.chosen())));
    this.areaButton.addEventListener("click", this.guarded(() => this.setArea(!this.area)));
    const resized = new ResizeObserver(this.guarded(() => this.resized()));
    resized.observe(this.stage);
    const themed = new MutationObserver(() => this.theme());
    for (const node of [document.documentElement, document.body]) themed.observe(node, { attributes: true });
    this.off.push(() => resized.disconnect(), () => themed.disconnect(), () => cancelAnimationFrame(this.frame));
    this.dark = isDark(this.root);
  }

  // What fails here shows here, as what fails in Python does.
  guarded(handler) {
    return (event) => {
      try {
        return handler(event);
      } catch (error) {
        console.error(error);
        say(this.alert, `The plane could not be drawn. ${error}`);
      }
    };
  }

  // ---- state: the scene, and over it what the hand did and Python has not answered yet

  sceneChanged() {
    const scene = (this.scene = this.model.get("scene"));
    const replaced = this.revision !== undefined && this.revision !== scene.revision;
    if (replaced) {
      this.gesture = null;
      set(this.brush, { visibility: "hidden" });
    }
    this.revision = scene.revision;
    this.points = new Map(scene.points.map((point) => [point.id, point]));
    for (const [name, pending] of Object.entries(this.pending)) {
      for (const [id, { serial }] of pending) {
        const held = name === "positions" && this.gesture?.id === id && this.gesture.moved;
        if (replaced || !this.points.has(id) || (!held && serial <= scene.answers[name])) pending.delete(id);
      }
    }
    this.root.classList.toggle("teachkit-animate", replaced);
    this.draw();
  }

  at = (point) => this.pending.positions.get(point.id)?.value ?? [point.x, point.y];
  weight = (point) => this.pending.weights.get(point.id)?.value ?? point.weight;
  selected = () => this.model.get("selected");
  chosen = () => (this.model.get("brushed").length ? this.model.get("brushed") : [this.selected()])
    .map((id) => this.points.get(id)).filter((point) => point?.toggleable);

  write(name, id, value) {
    this.pending[name].set(id, { value, serial: Infinity });
    this.later(name);
  }
  choose(name, value) {
    this.model.set(name, value);
    this.later(name);
  }
  later(name) {
    this.dirty.add(name);
    this.frame ||= requestAnimationFrame(this.guarded(() => this.flush()));
  }
  // At most one update per frame; the model merges what waits for a busy kernel.
  flush() {
    this.frame = 0;
    for (const [name, read] of [["positions", this.at], ["weights", this.weight]]) {
      if (!this.dirty.has(name)) continue;
      const last = Math.max(this.model.get(name).serial ?? 0, this.scene.answers[name]);
      for (const entry of this.pending[name].values()) if (entry.serial === Infinity) entry.serial = last + 1;
      const table = Object.fromEntries(this.scene.points.map((point) => [point.id, read(point)]));
      this.model.set(name, { revision: this.revision, serial: last + 1, table });
    }
    this.dirty.clear();
    this.model.save_changes();
  }

  toggle(points) {
    if (!points.length) return;
    const weight = points.some((point) => this.weight(point) > 0) ? 0 : 1;
    for (const point of points) this.write("weights", point.id, weight);
    this.drawPoints();
    this.mark();
  }

  // ---- pointer: mouse, finger and pen

  place(event) {
    const box = this.svg.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }
  nearest(event) {
    const [px, py] = this.place(event);
    let [best, reach] = [null, REACH[event.pointerType] ?? REACH.mouse];
    for (const point of this.scene.points) {
      const [x, y] = this.at(point);
      const distance = Math.hypot(this.scale.x(x) - px, this.scale.y(y) - py);
      if (distance < reach) [best, reach] = [point, distance];
    }
    return best;
  }
  press(event) {
    if (event.button !== 0 || this.gesture) return;
    const [px, py] = this.place(event);
    const point = this.nearest(event);
    this.gesture = { pointer: event.pointerId, from: [px, py], moved: false, slack: SLACK[event.pointerType] ?? 3 };
    if (point && !this.area) {
      const [x, y] = this.at(point);
      Object.assign(this.gesture, { id: point.id, grip: [this.scale.x(x) - px, this.scale.y(y) - py], start: [x, y] });
      this.nodes.get(point.id).focus({ preventScroll: true });
      this.choose("selected", point.id);
      if (!this.model.get("brushed").includes(point.id)) this.choose("brushed", []);
      this.point(point);
    } else {
      this.gesture.brush = this.area || event.shiftKey;
    }
    if (point || this.gesture.brush) {
      event.preventDefault();
      this.svg.setPointerCapture(event.pointerId);
    }
  }
  travel(event) {
    const gesture = this.gesture;
    if (!gesture) return event.pointerType === "touch" ? undefined : this.point(this.nearest(event));
    if (event.pointerId !== gesture.pointer) return;
    const [px, py] = this.place(event);
    if (Math.hypot(px - gesture.from[0], py - gesture.from[1]) > gesture.slack) gesture.moved = true;
    if (!gesture.moved) return;
    const point = this.points.get(gesture.id);
    if (point?.draggable) {
      this.root.classList.add("teachkit-dragging");
      set(this.sentence, { "aria-busy": "true" });
      this.moveTo(point, this.scale.data(px + gesture.grip[0], py + gesture.grip[1]));
    } else if (gesture.brush) {
      const [x, y] = [Math.min(px, gesture.from[0]), Math.min(py, gesture.from[1])];
      gesture.box = [x, y, Math.abs(px - gesture.from[0]), Math.abs(py - gesture.from[1])];
      set(this.brush, { x, y, width: gesture.box[2], height: gesture.box[3], visibility: "visible" });
    }
  }
  release(event) {
    const gesture = this.gesture;
    if (!gesture || event.pointerId !== gesture.pointer) return;
    this.gesture = null;
    this.root.classList.remove("teachkit-dragging");
    set(this.sentence, { "aria-busy": "false" });
    set(this.brush, { visibility: "hidden" });
    if (gesture.box) {
      this.choose("brushed", this.inside(gesture.box));
      this.setArea(false);
    } else if (!gesture.moved && event.type === "pointerup") {
      this.click(gesture.id, event.timeStamp);
    }
    if (gesture.moved) this.draw(); // axes that waited for the hand
    this.mark();
  }
  click(id, time) {
    const twice = id && this.last?.id === id && time - this.last.time < DOUBLE;
    this.last = twice ? null : { id, time };
    if (twice) this.toggle([this.points.get(id)].filter((point) => point?.toggleable));
    if (!id) {
      this.choose("selected", "");
      this.choose("brushed", []);
    }
  }
  inside([x, y, width, height]) {
    return this.scene.points.filter((point) => {
      const [px, py] = [this.scale.x(this.at(point)[0]), this.scale.y(this.at(point)[1])];
      return px >= x && px <= x + width && py >= y && py <= y + height;
    }).map((point) => point.id);
  }
  moveTo(point, [x, y]) {
    this.write("positions", point.id, [x, y]);
    this.drawPoint(point);
    this.point(point);
  }
  setArea(area) {
    this.area = area;
    this.root.classList.toggle("teachkit-area", area);
    set(this.areaButton, { "aria-pressed": area });
  }

  // ---- keyboard: one tab stop that Tab walks through, point by point

  key(event) {
    const point = this.points.get(event.target.dataset?.id);
    if (!point || event.ctrlKey || event.metaKey || event.altKey) return;
    const order = this.scene.points;
    const here = order.indexOf(point);
    const arrow = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    const jump = { Tab: event.shiftKey ? -1 : 1, PageDown: 10, PageUp: -10, Home: -here, End: order.length - 1 - here }[event.key];
    if (event.key === "Tab" && !order[here + jump]) return; // the browser goes on from here
    if (arrow) {
      const step = [this.scale.xTicks.step, this.scale.yTicks.step].map((s) => s / (event.shiftKey ? 1 : 10));
      const [x, y] = this.at(point).map((v, k) => v + arrow[k] * step[k]);
      const { xlim, ylim } = this.scale;
      if (point.draggable) this.moveTo(point, [clamp(x, ...xlim), clamp(y, ...ylim)]);
    } else if (jump !== undefined) {
      this.nodes.get(order[clamp(here + jump, 0, order.length - 1)].id).focus();
    } else if (event.key === "Delete" || event.key === "Backspace" || event.key === " ") {
      this.toggle(this.model.get("brushed").includes(point.id) ? this.chosen() : [point].filter((p) => p.toggleable));
    } else if (event.key === "Escape") {
      if (this.gesture?.moved) this.moveTo(point, this.gesture.start);
      else this.leave.focus();
      this.gesture = null;
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }
  focused(event) {
    const point = this.points.get(event.target.dataset?.id);
    if (!point) return;
    if (this.selected() !== point.id) this.choose("selected", point.id);
    this.point(point);
    this.mark();
  }

  // ---- drawing

  colour = (entry) => entry[this.dark ? "dark" : "light"];
  kind = (point) => this.model.get("styles").points[point.kind];
  lineStyle = (item) => this.model.get("styles").lines[item.style];
  name = (key, entry) => this.scene.names[key] ?? entry.name;

  resized() {
    if (Math.abs(this.stage.clientWidth - (this.width ?? 0)) >= 1) this.draw();
  }
  theme() {
    const dark = isDark(this.root);
    if (dark !== this.dark) {
      this.dark = dark;
      this.draw();
    }
  }
  draw() {
    const { scene } = this;
    this.root.dataset.theme = this.dark ? "dark" : "light";
    const { xlim, ylim, equal } = scene.axes;
    const aspect = (ylim[1] - ylim[0]) / (xlim[1] - xlim[0]);
    // A plane with equal axes is no wider than its height allows: the table stands beside it.
    this.stage.style.maxWidth = equal ? `${clamp(80 + (HEIGHT - 54) / aspect, 320, 860)}px` : "";
    this.width = Math.max(this.stage.clientWidth || 640, 200);
    const height = Math.round(clamp(this.width * (equal ? clamp(aspect, 0.5, 1) : 0.66), 240, HEIGHT));
    // Axes that follow the data would run away under the hand: they wait for its end.
    const axes = (this.axes = this.gesture?.moved ? this.axes : scene.axes);
    this.scale = scales(axes, this.width, height);
    set(this.svg, { viewBox: `0 0 ${this.width} ${height}`, height, "aria-label": scene.alt || "Plane" });
    this.drawAxes(axes);
    this.drawRasters();
    this.drawLines();
    this.drawArrows();
    this.drawPoints();
    this.drawLabels();
    this.drawLegend();
    this.drawTable();
    this.say("sentence");
    this.say("error");
    this.mark();
    this.point(this.points.get(this.tipped));
  }
  // One element per item, kept as long as its key is there.
  keyed(layer, items, create, update, key = (item) => item.id) {
    const parent = this.layers[layer] ?? layer;
    const old = new Map([...parent.children].map((child) => [child.dataset.id, child]));
    items.forEach((item, index) => {
      const id = String(key(item, index));
      const element = old.get(id) ?? create(item);
      element.dataset.id = id;
      old.delete(id);
      if (parent.children[index] !== element) parent.insertBefore(element, parent.children[index] ?? null);
      update(element, item, index);
    });
    for (const element of old.values()) element.remove();
  }
  drawAxes(axes) {
    const { left, right, top, bottom, x, y, xTicks, yTicks } = this.scale;
    set(this.clip, { x: left, y: top, width: right - left, height: bottom - top });
    const items = [
      { id: "frame", path: `M${left},${top}V${bottom}H${right}` },
      { id: "grid", path: xTicks.values.map((v) => `M${x(v)},${top}V${bottom}`).join("") +
        yTicks.values.map((v) => `M${left},${y(v)}H${right}`).join("") },
      ...xTicks.values.map((v) => ({ id: `x${v}`, at: [x(v), bottom + 17], anchor: "middle", text: number(v, xTicks.decimals) })),
      ...yTicks.values.map((v) => ({ id: `y${v}`, at: [left - 7, y(v) + 4], anchor: "end", text: number(v, yTicks.decimals) })),
      { id: "xlabel", at: [(left + right) / 2, bottom + 37], anchor: "middle", text: axes.xlabel },
      { id: "ylabel", at: [15, (top + bottom) / 2], anchor: "middle", text: axes.ylabel, turn: -90 },
    ];
    this.keyed("axes", items, (item) => make(item.path ? "path" : "text", { class: `teachkit-${item.path ? item.id : "tick"}` }),
      (element, item) => {
        if (item.path !== undefined) return set(element, { d: item.path });
        set(element, { "text-anchor": item.anchor, transform: `translate(${item.at})${item.turn ? `rotate(${item.turn})` : ""}` });
        say(element, item.text);
      });
  }
  drawRasters() {
    this.keyed("rasters", this.scene.rasters, () => make("image", { preserveAspectRatio: "none" }), (element, raster) => {
      const [l, r, b, t] = raster.extent;
      const [x, y] = [this.scale.x(Math.min(l, r)), this.scale.y(Math.max(b, t))];
      set(element, { x, y, width: Math.abs(this.scale.x(r) - this.scale.x(l)), height: Math.abs(this.scale.y(b) - this.scale.y(t)) });
      const content = JSON.stringify([raster.values, raster.palette, raster.vmin, raster.vmax]);
      if (element.teachkitContent !== content) set(element, { href: this.paint(raster) });
      element.teachkitContent = content;
    });
  }
  paint({ values, palette, vmin, vmax }) {
    const stops = this.model.get("styles").palettes[palette].map((c) => [1, 3, 5].map((k) => parseInt(c.slice(k, k + 2), 16)));
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [values[0].length, values.length];
    const context = canvas.getContext("2d");
    const picture = context.createImageData(canvas.width, canvas.height);
    values.flat().forEach((value, index) => {
      const where = clamp((value - vmin) / (vmax - vmin || 1), 0, 1) * (stops.length - 1);
      const k = Math.min(Math.floor(where), stops.length - 2);
      for (const c of [0, 1, 2]) picture.data[4 * index + c] = stops[k][c] + (where - k) * (stops[k + 1][c] - stops[k][c]);
      picture.data[4 * index + 3] = 255;
    });
    context.putImageData(picture, 0, 0);
    return canvas.toDataURL();
  }
  stroke(style) {
    return { stroke: this.colour(style), "stroke-width": style.width, "stroke-dasharray": style.dash.join(" ") || "none" };
  }
  drawLines() {
    const { x, y } = this.scale;
    this.keyed("lines", this.scene.lines, () => {
      const path = make("path", { fill: "none" });
      make("title", {}, path);
      return path;
    }, (element, line) => {
      say(element.firstChild, line.label);
      const d = line.pieces.filter((piece) => piece.length > 1)
        .map((piece) => "M" + piece.map(([a, b]) => `${x(a)},${y(b)}`).join("L")).join("");
      set(element, { d, class: `teachkit-line-${line.style}`, ...this.stroke(this.lineStyle(line)) });
    });
  }
  drawArrows() {
    const { x, y } = this.scale;
    this.keyed("arrows", this.scene.arrows, () => {
      const group = make("g");
      make("path", { fill: "none" }, group);
      make("path", { stroke: "none" }, group);
      return group;
    }, (group, arrow) => {
      const [ax, ay, bx, by] = [x(arrow.start[0]), y(arrow.start[1]), x(arrow.end[0]), y(arrow.end[1])];
      const style = this.lineStyle(arrow);
      const length = Math.hypot(bx - ax, by - ay);
      const head = Math.min(5 + 2.5 * style.width, length);
      const [ux, uy] = length > 0 ? [(bx - ax) / length, (by - ay) / length] : [0, 0];
      const [cx, cy] = [bx - head * ux, by - head * uy];
      set(group.children[0], { d: `M${ax},${ay}L${round(cx)},${round(cy)}`, ...this.stroke(style) });
      set(group.children[1], { fill: this.colour(style),
        d: `M${bx},${by}L${round(cx - 0.45 * head * uy)},${round(cy + 0.45 * head * ux)}L${round(cx + 0.45 * head * uy)},${round(cy - 0.45 * head * ux)}Z` });
    });
  }
  drawPoints() {
    this.count = {};
    for (const { kind } of this.scene.points) this.count[kind] = (this.count[kind] ?? 0) + 1;
    this.keyed("points", this.scene.points, (point) => {
      // Notebook 7 looks for the attribute on the focused element itself.
      const group = make("g", { tabindex: -1, role: "button", "aria-roledescription": "point", "data-lm-suppress-shortcuts": "true" });
      make("circle", { class: "teachkit-hit" }, group);
      for (const name of ["mark", "cross"]) make("path", { class: `teachkit-${name}` }, group);
      this.nodes.set(point.id, group);
      return group;
    }, (group, point) => this.drawPoint(point));
    for (const id of this.nodes.keys()) if (!this.points.has(id)) this.nodes.delete(id);
  }
  // Many points of one kind are drawn smaller, so that they do not hide each other.
  radius(point) {
    const crowding = clamp(Math.sqrt(60 / this.count[point.kind]), 0.6, 1);
    return round(clamp(this.kind(point).radius * point.size * crowding, this.weight(point) === 0 ? 5 : 3, 40));
  }
  drawPoint(point) {
    const group = this.nodes.get(point.id);
    const [x, y] = this.at(point);
    const out = this.weight(point) === 0;
    const kind = this.kind(point);
    const radius = this.radius(point);
    const transform = `translate(${this.scale.x(x)}px, ${this.scale.y(y)}px)`;
    for (const element of [group, this.rings.get(point.id)]) {
      if (element && element.style.transform !== transform) element.style.transform = transform;
    }
    set(group, { class: `teachkit-point teachkit-${point.kind}${out ? " teachkit-out" : ""}${point.draggable ? " teachkit-free" : ""}`,
      "aria-label": this.describe(point) });
    set(group.children[0], { r: Math.max(radius + 4, 12) });
    const removed = this.model.get("styles").removed;
    const colour = out ? this.colour(removed) : this.colour(kind);
    set(group.children[1], { d: SHAPES[kind.shape](radius), fill: out ? "none" : colour, stroke: out ? colour : "var(--paper)" });
    set(group.children[2], { d: out && point.toggleable ? cross(radius) : "", stroke: colour });
  }
  describe(point) {
    const decimals = (axis) => clamp(axis.decimals + 1, 0, 10);
    const [x, y] = this.at(point);
    const weight = this.weight(point);
    const state = weight === 0 ? ", out" : weight === 1 ? ", in" : `, weight ${number(weight, 2)}`;
    return `${point.label || point.id}, ${this.name(point.kind, this.kind(point))}, at ` +
      `${number(x, decimals(this.scale.xTicks))}, ${number(y, decimals(this.scale.yTicks))}${point.toggleable ? state : ""}` +
      (point.note ? `; ${point.note}` : "");
  }
  drawLabels() {
    this.keyed("labels", this.scene.labels, () => make("text"), (element, label) => {
      set(element, { x: this.scale.x(label.x), y: this.scale.y(label.y), fill: this.colour(this.model.get("styles").labels[label.style]) });
      say(element, label.text);
    });
  }
  drawLegend() {
    const styles = this.model.get("styles");
    const { points, lines, arrows } = this.scene;
    const entry = (id, look, more) => ({ id, text: this.name(id, look), colour: this.colour(look), ...more });
    const used = (table, keys) => Object.entries(table).filter(([id]) => keys.has(id));
    const entries = [
      ...used(styles.points, new Set(points.map((point) => point.kind))).map(([id, kind]) => entry(id, kind, { kind })),
      ...(points.some((point) => point.toggleable) ? [entry("removed", styles.removed, { kind: styles.removed, out: true })] : []),
      ...used(styles.lines, new Set([...lines, ...arrows].map((item) => item.style))).map(([id, line]) => entry(id, line, { line })),
    ];
    this.keyed(this.legend, entries.filter((item) => item.text), () => {
      const item = html("li", "");
      const swatch = make("svg", { height: 16, "aria-hidden": "true" }, item);
      make("path", { fill: "none" }, swatch);
      make("path", { class: "teachkit-cross" }, swatch);
      html("span", "", item);
      return item;
    }, (item, { kind, line, colour, text, out }) => {
      const [swatch, label] = item.children;
      const width = kind ? 18 : 34;
      set(swatch, { width, viewBox: `${-width / 2} -8 ${width} 16` });
      if (line) set(swatch.children[0], { d: `M${-width / 2},0H${width / 2}`, ...this.stroke(line) });
      else set(swatch.children[0], { d: SHAPES[kind.shape](Math.min(kind.radius, 7)), fill: out ? "none" : colour, stroke: out ? colour : "none" });
      set(swatch.children[1], { d: out ? cross(kind.radius) : "", stroke: colour ?? "none" });
      say(label, text);
    });
  }
  drawTable() {
    const rows = this.scene.table;
    this.table.hidden = !rows.length;
    this.keyed(this.table, rows, () => document.createElement("tr"), (tr, row, index) =>
      this.keyed(tr, row, () => document.createElement(index ? "td" : "th"), (cell, text, column) => {
        if (!index) set(cell, { scope: "col" });
        say(cell, text);
      }, (_, column) => column), (_, index) => index);
  }
  say(name) {
    say(name === "error" ? this.alert : this.sentence, name === "error" ? this.model.get("error") : this.scene.sentence);
  }
  // Which points are selected, which one Tab enters at, and what the button would do.
  mark() {
    const [selected, brushed] = [this.selected(), this.model.get("brushed")];
    const entry = this.points.has(selected) ? selected : this.scene.points[0]?.id;
    for (const [id, node] of this.nodes) set(node, { tabindex: id === entry ? 0 : -1 });
    const ringed = [...new Set([selected, ...brushed])].map((id) => this.points.get(id)).filter(Boolean);
    this.rings.clear();
    this.keyed("rings", ringed, () => {
      const group = make("g");
      for (const name of ["halo", "ring"]) make("circle", { class: `teachkit-${name}` }, group);
      return group;
    }, (group, point) => {
      const node = this.nodes.get(point.id);
      set(group, { class: node.matches(":focus-visible") ? "teachkit-focused" : "" });
      for (const circle of group.children) set(circle, { r: this.radius(point) + 5 });
      group.style.transform = node.style.transform;
      this.rings.set(point.id, group);
    });
    const chosen = this.chosen();
    const out = chosen.length > 0 && chosen.every((point) => this.weight(point) === 0);
    const toggleable = this.scene.points.filter((point) => point.toggleable).length;
    this.toggleButton.disabled = !chosen.length;
    this.toggleButton.hidden = !toggleable;
    this.areaButton.hidden = toggleable < 2;
    say(this.toggleButton, out ? "Put back" : "Take out");
    const what = chosen.length > 1 ? `${chosen.length} points` : chosen[0]?.label || chosen[0]?.id || "";
    set(this.toggleButton, { "aria-label": `${out ? "Put back" : "Take out"} ${what}`.trim() });
    say(this.help, chosen.length > 1 ? `${chosen.length} points selected` : toggleable ? "Drag a point; double-click takes it out or puts it back." : this.scene.points.some((point) => point.draggable) ? "Drag a point." : "");
  }
  // The tip beside the point that is hovered, held or focused.
  point(point) {
    this.tipped = point?.id;
    this.tip.hidden = !point;
    if (!point) return;
    say(this.tip, this.describe(point));
    const [x, y] = [this.scale.x(this.at(point)[0]), this.scale.y(this.at(point)[1])];
    const half = this.tip.offsetWidth / 2;
    this.tip.style.left = `${clamp(x, half, Math.max(this.width - half, half))}px`;
    this.tip.style.top = `${y < 60 ? y + 22 : y - this.tip.offsetHeight - 16}px`;
  }
}

export default {
  render({ model, el }) {
    const view = new View(model, el);
    return () => view.off.forEach((stop) => stop());
  },
};
