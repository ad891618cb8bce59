// The plane under the hand: what is pressed, dragged and typed becomes state, and state is drawn.
//
// Every trait holds state. While a point is held, and until Python has answered the table that
// holds its last place, it is drawn where the hand put it; all else comes from the scene.

const REACH = { mouse: 14, pen: 18, touch: 26 }; // how near (px) a press must be to a point
const SLACK = { mouse: 3, pen: 5, touch: 8 }; // how far (px) a press may wander and stay a click
const DOUBLE = 400; // ms between the clicks of a double click
const LET_GO = "teachkit-let-go"; // told to all planes of the page when a drag ends
const AHEAD = 2; // tables of a drag on their way, at most
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

class View extends Painter {
  pending = { positions: new Map(), weights: new Map() }; // id -> { value, serial }
  dirty = new Set(); // names of traits to be sent with the next frame
  gesture = null; // what the pointer holds
  explorer = null; // the explorer around it, once it is in the page
  area = false; // whether a drag selects an area without Shift
  off = []; // what to undo when the view goes
  atOnce = false; // whether a drag is being told: an answer that comes meanwhile keeps up with the hand
  watch = new Watch(() => this.owed(), () => this.drawSilence());

  constructor(model, el) {
    super();
    this.model = model;
    this.styles = model.get("styles");
    this.build(el);
    this.dark = isDark(this.root);
    this.listen();
    if (model.get("held")) this.hold(""); // what was held when the page went
    this.guarded(() => this.sceneChanged())();
    this.seek(300);
  }
  // The boxes around the plane come to the page one by one.
  seek(frames) {
    if (frames && !this.moveTable()) requestAnimationFrame(this.guarded(() => this.seek(frames - 1)));
  }

  listen() {
    const { model, stage } = this;
    const listeners = {
      whole: () => this.sceneChanged(),
      since: () => this.sceneChanged(),
      selected: () => this.mark(),
      brushed: () => this.mark(),
      error: () => this.drawSilence(),
      heard: () => this.watch.heard(),
    };
    for (const [name, listener] of Object.entries(listeners)) {
      const guarded = this.guarded(listener);
      model.on(`change:${name}`, guarded);
      this.off.push(() => model.off(`change:${name}`, guarded));
    }
    const on = (element, name, listener, options = {}) =>
      element.addEventListener(name, this.guarded(listener), options);
    on(stage, "pointerdown", (event) => this.press(event));
    on(stage, "pointermove", (event) => this.gesture || this.hover(event));
    on(stage, "pointerleave", () => this.gesture || this.point(null));
    // The hand may leave the stage while it holds something, so the document hears it.
    for (const [name, listener] of Object.entries({
      pointermove: (event) => this.travel(event),
      pointerup: (event) => this.release(event),
      pointercancel: (event) => this.release(event),
    })) {
      const guarded = this.guarded((event) => event.pointerId === this.gesture?.pointer && listener(event));
      document.addEventListener(name, guarded);
      this.off.push(() => document.removeEventListener(name, guarded));
    }
    // An explorer's first plane says what the hand holds, and this may be a slider.
    const slides = this.guarded((event) => this.slide(event));
    for (const name of ["pointerdown", "pointerup", "pointercancel"]) {
      document.addEventListener(name, slides, true);
      this.off.push(() => document.removeEventListener(name, slides, true));
    }
    const letGo = () => { this.letGo = performance.now(); };
    document.addEventListener(LET_GO, letGo);
    this.off.push(() => document.removeEventListener(LET_GO, letGo));
    // What is done in the rest of the explorer is waited for as well.
    const turned = this.guarded((event) => this.turned(event));
    for (const name of ["click", "change", "keydown"]) {
      document.addEventListener(name, turned, true);
      this.off.push(() => document.removeEventListener(name, turned, true));
    }
    // A finger on a point drags it; anywhere else it scrolls the page.
    const hold = (event) => (this.gesture?.id || this.gesture?.brush) && event.preventDefault();
    on(stage, "touchstart", hold, { passive: false });
    on(stage, "keydown", (event) => this.key(event));
    on(stage, "focusin", (event) => this.focused(event));
    on(stage, "focusout", () => (this.point(null), this.mark()));
    on(this.toggleButton, "click", () => this.toggle(this.chosen()));
    on(this.areaButton, "click", () => this.setArea(!this.area));
    this.resized = new ResizeObserver(this.guarded(() => this.changed()));
    this.resized.observe(stage);
    const themed = new MutationObserver(this.guarded(() => this.changed()));
    for (const node of [document.documentElement, document.body]) themed.observe(node, { attributes: true });
    const [night, fell] = [matchMedia("(prefers-color-scheme: dark)"), this.guarded(() => this.changed())];
    night.addEventListener("change", fell);
    this.off.push(() => night.removeEventListener("change", fell));
    this.parted = new MutationObserver(this.guarded(() => this.drawSilence()));
    for (const observer of [this.resized, themed, this.parted]) this.off.push(() => observer.disconnect());
    this.off.push(() => cancelAnimationFrame(this.frame), () => cancelAnimationFrame(this.gliding), () => this.watch.stop());
    this.off.push(() => this.numbers.remove(), helpFocus());
  }
  // What fails here shows here, as what fails in Python does.
  guarded(listener) {
    return (event) => {
      try {
        return listener(event);
      } catch (error) {
        console.error(error);
        say(this.alert, `The plane could not be drawn. ${error}`);
      }
    };
  }
  // Into its explorer, which tells by its class that the kernel has gone.
  arrive() {
    this.explorer = this.root.closest(".teachkit-explorer");
    if (!this.explorer) return;
    this.parted.observe(this.explorer, { attributeFilter: ["class"] });
    this.resized.observe(this.root.parentElement.parentElement); // it grows with every plane
    if (this.explorer.querySelector(".teachkit-plane") === this.root) this.off.push(helpControls(this.explorer));
  }
  // The width of the cell, the planes that share its height, or the theme of the page.
  changed() {
    const { width, dark, tallest } = this;
    if (!this.explorer) this.arrive();
    this.dark = isDark(this.root);
    const wider = Math.abs(this.stage.clientWidth - width) >= 1;
    if (dark !== this.dark || wider || tallest !== this.most()) this.draw();
  }

  // ---- state: the scene, and over it what the hand did and Python has not answered yet

  sceneChanged() {
    const [whole, since] = [this.model.get("whole"), this.model.get("since")];
    if (since === this.since || since.whole !== whole.number) return; // the other half is on its way
    this.since = since;
    const { changed, ...stamp } = since;
    const before = this.placesNow();
    const scene = (this.scene = { ...assemble(whole.scene, changed), ...stamp });
    const replaced = this.revision !== undefined && this.revision !== scene.revision;
    if (replaced) this.drop();
    this.revision = scene.revision;
    this.points = new Map(scene.points.map((point) => [point.id, point]));
    this.forget(replaced);
    this.root.classList.toggle("teachkit-animate", replaced);
    this.setOff(before, replaced);
    this.draw();
    this.glide();
    this.watch.heard();
    if (this.dirty.size) this.soon();
  }
  // Whether Python has not answered all that it was told.
  owed() {
    const { model, scene, revision } = this;
    const open = (name) => {
      const table = model.get(name);
      return table.revision === revision && table.serial > scene.answers[name];
    };
    return open("positions") || open("weights") || model.get("asked") > model.get("heard");
  }
  // The widget outlives its kernel: then nothing is offered, for nobody would hear of it.
  get gone() {
    return this.root.closest(".jupyter-widgets-disconnected") !== null;
  }
  drawSilence() {
    const { gone, watch, root } = this;
    root.classList.toggle("teachkit-computing", watch.state !== "" && !gone);
    root.classList.toggle("teachkit-gone", gone);
    say(this.alert, gone || watch.state === "silent" ? NO_ANSWER : this.model.get("error"));
  }
  // The scene has the last word on all that it answers, but for what the hand still holds.
  forget(all) {
    for (const [name, pending] of Object.entries(this.pending)) {
      for (const [id, { serial }] of pending) {
        const held = name === "positions" && this.gesture?.moved && this.gesture.id === id;
        const answered = serial <= this.scene.answers[name] && !held;
        if (all || answered || !this.points.has(id)) pending.delete(id);
      }
    }
  }
  draw() {
    // Axes that follow the data would run away under the hand: they wait for its end.
    if (!this.gesture?.moved) this.axes = this.scene.axes;
    super.draw();
    this.drawSilence();
    this.mark();
    this.point(this.points.get(this.tipped));
  }

  at = (point) => this.pending.positions.get(point.id)?.value ?? this.places("points", point)[0][0];
  weight = (point) => this.pending.weights.get(point.id)?.value ?? point.weight;
  chosen() {
    const [selected, brushed] = [this.model.get("selected"), this.model.get("brushed")];
    const ids = brushed.length ? brushed : [selected];
    return ids.map((id) => this.points.get(id)).filter((point) => point?.toggleable);
  }

  write(name, id, value) {
    this.pending[name].set(id, { value, serial: Infinity });
    this.later(name);
  }
  choose(name, value) {
    this.model.set(name, value);
    this.ask();
  }
  ask() {
    this.model.set("asked", this.model.get("asked") + 1);
    this.later("asked");
  }
  // What takes long to compute waits in Python until the hand lets go, and looks like it.
  hold(what) {
    this.choose("held", what);
    this.explorer?.classList.toggle("teachkit-holding", what !== "");
  }
  // At most one update per frame; the model merges what waits for a busy kernel.
  later(name) {
    this.dirty.add(name);
    this.soon();
  }
  soon() {
    this.frame ||= requestAnimationFrame(this.guarded(() => this.flush()));
  }
  // A trait's next value waits until the kernel is idle; what a drag says goes ahead, as long as
  // no more is on its way than a kernel that computes meanwhile can use.
  flush() {
    this.frame = 0;
    const ahead = this.gesture?.moved && this.dirty.size === 1 && this.dirty.has("positions");
    if (ahead && this.onTheWay() >= AHEAD) return; // the next answer sees to it
    for (const [name, pending] of Object.entries(this.pending)) {
      if (!this.dirty.has(name)) continue;
      const serial = 1 + Math.max(this.model.get(name).serial ?? 0, this.scene.answers[name]);
      for (const entry of pending.values()) entry.serial = Math.min(entry.serial, serial);
      // All that is not answered yet: the model keeps the last table alone while the kernel is busy.
      const table = Object.fromEntries([...pending].map(([id, { value }]) => [id, value]));
      this.model.set(name, { revision: this.revision, serial, table });
    }
    this.dirty.clear();
    this.atOnce = this.gesture?.moved;
    if (ahead) this.model.send({ positions: this.model.get("positions") });
    else this.model.save_changes();
    this.atOnce = false;
    this.watch.asked();
  }
  // How many tables Python has not answered.
  onTheWay() {
    const { revision, serial } = this.model.get("positions");
    return revision === this.revision ? serial - this.scene.answers.positions : 0;
  }

  moveTo(point, place) {
    if (this.gone) return;
    this.root.classList.remove("teachkit-animate"); // the hand leads, nothing glides after it
    this.write("positions", point.id, place);
    this.drawPoint(point);
    this.point(point);
  }
  toggle(points) {
    if (!points.length || this.gone) return;
    const weight = points.some((point) => this.weight(point) > 0) ? 0 : 1;
    for (const point of points) this.write("weights", point.id, weight);
    this.drawPoints();
    this.mark();
  }

  // ---- pointer: mouse, finger and pen

  pixels(event) {
    const box = this.svg.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }
  // The nearest point in reach; what lies over a point that can be dragged does not keep it there.
  nearest(event) {
    const [px, py] = this.pixels(event);
    const [reach, slack] = [REACH, SLACK].map((of) => of[event.pointerType] ?? of.mouse);
    let [best, least] = [null, Infinity];
    for (const point of this.scene.points) {
      const distance = this.distance(point, px, py);
      const handicap = point.draggable ? 0 : slack;
      if (distance < reach && distance + handicap < least) [best, least] = [point, distance + handicap];
    }
    return best;
  }

  press(event) {
    if (event.button !== 0 || this.gesture || this.gone) return;
    const from = this.pixels(event);
    const point = this.area ? null : this.nearest(event);
    const slack = SLACK[event.pointerType] ?? SLACK.mouse;
    this.gesture = { pointer: event.pointerId, from, slack, moved: false };
    if (point) {
      const grip = this.centre(point).map((value, k) => value - from[k]);
      Object.assign(this.gesture, { id: point.id, grip, start: this.at(point) });
      if (!this.model.get("brushed").includes(point.id)) this.choose("brushed", []);
      this.nodes.get(point.id).focus({ preventScroll: true, focusVisible: false });
      this.choose("selected", point.id);
      this.hold(point.id);
      this.point(point);
    } else {
      this.gesture.brush = (this.area || event.shiftKey) && !this.cells && !this.axes.bare;
    }
    if (point || this.gesture.brush) {
      event.preventDefault();
      this.svg.setPointerCapture(event.pointerId);
    }
  }
  hover(event) {
    if (event.pointerType === "touch") return;
    const point = this.nearest(event);
    this.point(point);
    this.look(point);
  }
  // Python may want to know, to show more of the point than its tip does.
  look(point) {
    const { model } = this;
    if (point && model.get("hovers") && model.get("looked") !== point.id) this.choose("looked", point.id);
  }
  travel(event) {
    const { gesture } = this;
    if (!event.buttons) return this.release(event); // let go where nobody could hear it
    const [[px, py], [x, y]] = [this.pixels(event), gesture.from];
    gesture.moved ||= Math.hypot(px - x, py - y) > gesture.slack;
    if (!gesture.moved) return;
    const point = this.points.get(gesture.id);
    if (point?.draggable) {
      this.root.classList.add("teachkit-dragging");
      set(this.sentence, { "aria-busy": true }); // announced when the hand rests
      this.moveTo(point, this.scale.data(px + gesture.grip[0], py + gesture.grip[1]));
    } else if (point?.paint) {
      this.strokeOver(event);
    } else if (gesture.brush) {
      const [width, height] = [Math.abs(px - x), Math.abs(py - y)];
      gesture.box = { x: Math.min(px, x), y: Math.min(py, y), width, height };
      set(this.brush, { ...gesture.box, visibility: "visible" });
    }
  }
  // All pixels on the way become what the first one does.
  strokeOver(event) {
    const { gesture } = this;
    const first = this.points.get(gesture.id);
    gesture.paint ??= this.weight(first) > 0 ? 0 : 1;
    for (const point of [first, this.nearest(event)]) {
      if (!point?.paint || this.weight(point) === gesture.paint) continue;
      this.write("weights", point.id, gesture.paint);
      this.drawPoint(point);
    }
  }
  release(event) {
    const { gesture } = this;
    if (gesture.moved) document.dispatchEvent(new Event(LET_GO));
    this.drop();
    if (gesture.box) {
      const inside = this.inside(gesture.box);
      if (inside.length) this.choose("selected", ""); // now it is they that are spoken of
      this.choose("brushed", inside);
      this.setArea(false);
    } else if (gesture.moved) {
      this.forget(false);
      this.draw();
    } else if (event.type === "pointerup") {
      this.click(gesture.id, event.timeStamp);
    }
  }
  drop() {
    if (this.gesture?.id) this.hold("");
    this.gesture = null;
    this.point(this.points.get(this.tipped)); // no hairlines any more
    this.root.classList.remove("teachkit-dragging");
    set(this.sentence, { "aria-busy": false });
    set(this.brush, { visibility: "hidden" });
  }
  click(id, time) {
    const twice = id && this.last?.id === id && time - this.last.time < DOUBLE;
    this.last = twice ? null : { id, time };
    const point = this.points.get(id);
    if (point?.toggleable && (twice || !point.draggable)) this.toggle([point]);
    if (!id) {
      this.choose("selected", "");
      this.choose("brushed", []);
    }
  }
  inside({ x, y, width, height }) {
    const within = (point) => {
      const [px, py] = this.centre(point);
      return px >= x && px <= x + width && py >= y && py <= y + height;
    };
    return this.scene.points.filter((point) => point.toggleable && within(point)).map(({ id }) => id);
  }
  setArea(area) {
    this.area = area;
    this.root.classList.toggle("teachkit-area", area);
    set(this.areaButton, { "aria-pressed": area });
  }

  // Whether it is in the explorer whose first plane this is, but in no plane.
  around(target) {
    const explorer = target.closest?.(".teachkit-plane") ? null : target.closest?.(".teachkit-explorer");
    return explorer?.querySelector(".teachkit-plane") === this.root;
  }
  turned({ type, target }) {
    if ((type !== "keydown" || target.matches?.(".noUi-handle")) && this.around(target)) this.ask();
  }
  slide({ type, target, pointerId }) {
    if (type === "pointerdown") {
      if (!target.closest?.(".noUi-target") || !this.around(target)) return;
      this.slider = pointerId;
      this.hold("slider");
    } else if (pointerId === this.slider) {
      this.slider = undefined;
      document.dispatchEvent(new Event(LET_GO));
      this.hold("");
    }
  }

  // ---- keyboard: one stop on the page's way, from which Tab walks on point by point

  key(event) {
    const point = this.points.get(event.target.dataset?.id);
    if (!point || event.altKey || event.ctrlKey || event.metaKey) return;
    const order = this.scene.points;
    const here = order.indexOf(point);
    const last = order.length - 1;
    const goal = {
      Tab: here + (event.shiftKey ? -1 : 1),
      PageUp: Math.max(here - 10, 0),
      PageDown: Math.min(here + 10, last),
      Home: 0,
      End: last,
      ...(point.paint && this.pixelsAround(point)),
    }[event.key];
    if (goal < 0 || goal > last) return; // Tab beyond the ends is the page's
    if (goal !== undefined) {
      this.nodes.get(order[goal].id).focus();
    } else if (event.key in ARROWS) {
      this.nudge(point, ARROWS[event.key], event.shiftKey ? 1 : 0.1);
    } else if (["Delete", "Backspace", " ", "Enter"].includes(event.key)) {
      const all = this.model.get("brushed").includes(point.id);
      this.toggle(all ? this.chosen() : [point].filter((one) => one.toggleable));
    } else if (event.key === "Escape") {
      this.escape();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }
  // Arrows go from pixel to pixel, and stay at the edge.
  pixelsAround({ x, y, id }) {
    const order = this.scene.points;
    const at = ([dx, dy]) => order.find((one) => one.paint && Math.hypot(one.x - x - dx, one.y - y - dy) < 0.1);
    const place = (step) => order.indexOf(at(step) ?? this.points.get(id));
    return Object.fromEntries(Object.entries(ARROWS).map(([key, step]) => [key, place(step)]));
  }
  // Steps are parts of the axes' own, so that places stay round.
  nudge(point, [dx, dy], part) {
    if (!point.draggable) return;
    const { xTicks, yTicks, xlim, ylim } = this.scale;
    const [x, y] = this.at(point);
    this.moveTo(point, [
      clamp(x + dx * part * xTicks.step, ...xlim),
      clamp(y + dy * part * yTicks.step, ...ylim),
    ]);
  }
  escape() {
    const { gesture } = this;
    this.drop();
    if (gesture?.moved && gesture.id) this.moveTo(this.points.get(gesture.id), gesture.start);
    else (this.afterwards() ?? this.leave).focus();
  }
  // The first button behind the plane.
  afterwards() {
    const { stage, root, explorer } = this;
    const behind = (button) =>
      !button.disabled && button.offsetParent !== null &&
      stage.compareDocumentPosition(button) & Node.DOCUMENT_POSITION_FOLLOWING;
    return [...(explorer ?? root).querySelectorAll("button")].find(behind);
  }
  focused(event) {
    const point = this.points.get(event.target.dataset?.id);
    if (!point) return;
    if (!this.model.get("brushed").includes(point.id)) this.choose("brushed", []);
    if (this.model.get("selected") !== point.id) this.choose("selected", point.id);
    this.look(point);
    this.point(point);
    this.mark();
  }

  // Which points are selected, which one Tab enters at, and what the buttons would do.
  mark() {
    const [selected, brushed] = [this.model.get("selected"), this.model.get("brushed")];
    const entry = this.points.has(selected) ? selected : this.scene.points[0]?.id;
    for (const [id, node] of this.nodes) set(node, { tabindex: id === entry ? 0 : -1 });
    const ringed = [...new Set([selected, ...brushed])].map((id) => this.points.get(id));
    this.drawRings(ringed.filter(Boolean));
    const chosen = this.chosen();
    const out = chosen.length > 0 && chosen.every((point) => this.weight(point) === 0);
    const what = chosen.length > 1 ? `${chosen.length} points` : chosen[0]?.label || chosen[0]?.id || "";
    const toggleable = this.scene.points.filter((point) => point.toggleable).length;
    const draggable = this.scene.points.some((point) => point.draggable);
    this.actions.hidden = !toggleable && !draggable;
    const faces = this.cells !== null || this.paints;
    this.toggleButton.hidden = !toggleable || faces; // on a wall, and in a picture, they are the buttons
    this.toggleButton.disabled = !chosen.length;
    this.areaButton.hidden = toggleable < 2 || faces;
    say(this.toggleButton, out ? "Put back" : "Take out");
    set(this.toggleButton, { "aria-label": `${out ? "Put back" : "Take out"} ${what}`.trim() });
    const keys = this.keys(draggable, toggleable);
    set(this.help, { "data-keys": keys });
    const help = this.stage.querySelector(".teachkit-point:focus-visible")
      ? keys
      : chosen.length > 1 ? `${chosen.length} points selected.` : this.offer(draggable, toggleable);
    say(this.help, help);
  }
  get paints() {
    return this.scene.points.some((point) => point.paint);
  }
  // What hands can do here, and what the keyboard can.
  offer(draggable, toggleable) {
    if (this.paints) return "A click paints a pixel or takes the paint off; so does a stroke.";
    const twice = matchMedia("(pointer: coarse)").matches ? "double-tap" : "double-click";
    const out = draggable ? `${twice} takes it out or puts it back` : "A click takes one out or puts it back";
    const free = this.scene.points.filter((point) => point.draggable);
    const few = !toggleable && free.length < this.scene.points.length;
    const drag = few ? `Can be dragged: ${free.map((point) => point.label).join(", ")}` : "Drag a point";
    const told = [draggable && drag, toggleable && out].filter(Boolean).join("; ");
    return told && `${told}.`;
  }
  keys(draggable, toggleable) {
    return [
      this.scene.points.length > 1 && "Tab: next point",
      draggable && "arrows: move, with Shift further",
      toggleable && (this.paints ? "arrows: next pixel · Space: painted or not" : "Delete: out or in"),
      this.explorer?.querySelector(".teachkit-undo") && "Ctrl+Z: undo",
      "Escape: leave",
    ].filter(Boolean).join(" · ");
  }
}

export default {
  render({ model, el }) {
    const view = new View(model, el);
    return () => view.off.forEach((undo) => undo());
  },
};
