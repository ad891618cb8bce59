// Silence, told honestly: how long Python has owed an answer, and what is said of it.

const LONG = 300; // ms without an answer: "computing …"
const TOO_LONG = 4000; // ms: perhaps nobody is there
const NO_ANSWER =
  "The kernel does not answer. It may be busy; if it was restarted, run this cell again.";

class Watch {
  state = ""; // "computing", "silent", or nothing to say

  // owed() tells whether an answer is owed; tell(state) is called when the state is another.
  constructor(owed, tell) {
    Object.assign(this, { owed, tell });
  }
  // The clock runs from the oldest question that is open, or from the last answer.
  asked() {
    if (!this.timer && this.owed()) this.timer = setTimeout(() => this.wait(), LONG);
  }
  heard() {
    this.stop();
    this.asked();
  }
  wait() {
    this.become("computing");
    this.timer = setTimeout(() => this.become("silent"), TOO_LONG - LONG);
  }
  stop() {
    clearTimeout(this.timer);
    this.timer = 0;
    this.become("");
  }
  become(state) {
    if (state === this.state) return;
    this.state = state;
    this.tell(state);
  }
}
