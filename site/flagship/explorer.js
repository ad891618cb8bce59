// The part of the kernel, played in the page: what plane.js says of the hand becomes the next state,
// and the state a scene, at once (teachkit/widgets/plane.py and explorer.py).
//
// `get`, `set`, `on`, `off`, `save_changes` and `send` are what a widget's model has.

import { History } from "./history.js";
import { draw } from "./scene.js";
import { begin, place, Refusal, TEST, weigh } from "./state.js";

const PAUSE = 1000; // ms of rest that end a gesture, so that undo stops there

export class Explorer {
  #listeners = new Map();
  #unheard = new Set(); // names of traits that the plane has set
  #revision = 0;
  #answers = { positions: 0, weights: 0 }; // the serials of the plane's last tables
  #rests = 0;
  #last = -Infinity;

  constructor({ styles, ...start }) {
    this.page = start;
    this.history = new History([begin(start)]);
    this.traits = {
      styles, positions: {}, weights: {}, selected: "", brushed: [], hovers: false, looked: "",
      held: "", error: "", asked: 0, heard: 0, whole: { number: 0 },
    };
    this.#show(draw(this.state, this.page));
  }
  get state() {
    return this.history.present;
  }

  // ---- a widget's model

  get(name) {
    return this.traits[name];
  }
  set(name, value) {
    if (this.traits[name] === value) return;
    this.#unheard.add(name);
    this.#become(name, value);
  }
  on(event, listener) {
    this.#listeners.set(event, [...(this.#listeners.get(event) ?? []), listener]);
  }
  off(event, listener) {
    this.#listeners.set(event, this.#listeners.get(event).filter((one) => one !== listener));
  }
  save_changes() {
    this.#hear([...this.#unheard]);
  }
  send(content) {
    this.#hear(Object.keys(content));
  }
  #become(name, value) {
    this.traits[name] = value;
    (this.#listeners.get(`change:${name}`) ?? []).forEach((listener) => listener());
  }

  // ---- what the hand did

  #hear(names) {
    names.forEach((name) => this.#unheard.delete(name));
    // Letting go belongs to the gesture before: a refusal stays to be read.
    if (names.some((name) => ["positions", "weights", "selected", "brushed"].includes(name))) {
      this.guarded(() => {
        if (names.includes("positions")) this.#receive("positions", (table) => this.move(table));
        if (names.includes("weights")) this.#receive("weights", (table) => this.toggle(table));
      });
    }
    this.#become("heard", this.traits.asked);
  }
  #receive(name, answer) {
    const { revision, serial, table } = this.traits[name];
    if (revision !== this.#revision) return;
    this.#answers[name] = serial;
    try {
      answer(table);
    } finally {
      // Also when it was refused: the plane waits for it.
      if (this.traits.since.answers[name] !== serial) this.#show(this.scene);
    }
  }
  // What is refused is said on the plane, and all stays as it is.
  guarded(act) {
    try {
      act();
      this.#become("error", "");
    } catch (error) {
      if (!(error instanceof Refusal)) console.error(error);
      this.#become("error", `Nothing was changed. ${error.message}`);
    }
  }

  // ---- gestures; `replace` where not the hand on the plane moved or took out points

  move(table, replace = false) {
    const moved = Object.entries(table).filter(([id, at]) => at.some((v, k) => v !== this.placeOf(id)[k]));
    if (!moved.length) return;
    const change = (state) => moved.reduce((now, [id, at]) => place(now, id, at), state);
    this.#go(change, this.#gesture("move", ...moved.map(([id]) => id)), replace);
  }
  toggle(table, replace = false) {
    const turned = Object.entries(table).filter(([id, weight]) => weight !== this.weightOf(id));
    if (!turned.length) return;
    const change = (state) => turned.reduce((now, [id, w]) => weigh(now, Number(id), w), state);
    this.#go(change, null, replace);
  }
  undo() {
    this.#past(this.history.undo());
  }
  reset() {
    this.#past(this.history.reset());
  }
  select(id) {
    this.traits.brushed = [];
    this.#become("selected", id);
  }
  placeOf(id) {
    return id === TEST ? this.state.xTest : this.state.X[Number(id)];
  }
  weightOf(id) {
    return id === TEST ? 1 : this.state.weights[Number(id)];
  }

  #go(change, gesture, replace) {
    const state = change(this.state);
    const scene = draw(state, this.page);
    this.history = this.history.push(state, gesture);
    this.#show(scene, replace);
  }
  #past(history) {
    this.history = history;
    this.guarded(() => this.#show(draw(this.state, this.page), true));
  }
  // A name that stays the same from one move of a gesture to the next.
  #gesture(...name) {
    const now = performance.now();
    if (now - this.#last > PAUSE) this.#rests += 1;
    this.#last = now;
    return JSON.stringify([...name, this.traits.selected, this.traits.brushed, this.#rests]);
  }
  #show(scene, replace = false) {
    if (replace) {
      this.#revision += 1;
      this.#answers = { positions: 0, weights: 0 };
    }
    this.scene = scene;
    const number = this.traits.whole.number + 1;
    const stamp = { revision: this.#revision, answers: { ...this.#answers } };
    this.#become("whole", { number, scene });
    this.#become("since", { whole: number, changed: {}, ...stamp });
  }
}
