// The states that were gone through; the last is the present one (teachkit/scenes/history.py).
//
// States of one gesture (all places on the way of one drag) replace each other, so that a single undo
// takes the whole of it back.

export class History {
  constructor(states, gesture = null) {
    Object.assign(this, { states, gesture });
  }
  get start() {
    return this.states[0];
  }
  get present() {
    return this.states.at(-1);
  }
  get canUndo() {
    return this.states.length > 1;
  }
  push(state, gesture = null) {
    const goesOn = gesture !== null && gesture === this.gesture && this.canUndo;
    return new History([...(goesOn ? this.states.slice(0, -1) : this.states), state], gesture);
  }
  undo() {
    return this.canUndo ? new History(this.states.slice(0, -1)) : this;
  }
  // To the start again, as a gesture that can itself be undone.
  reset() {
    return this.present === this.start ? this : this.push(this.start);
  }
}
