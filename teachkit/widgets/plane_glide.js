// Between two answers what follows the hand glides from the last to the new one; what the hand
// itself can hold is where it is. The marks of a scene are mixed as data, so axes may be any.

const GLIDE = [40, 150]; // ms: as long as answers are apart, within these bounds
const LATE = 400; // ms after a drag: what comes in then is shown at once, in every plane of the page
const calm = matchMedia("(prefers-reduced-motion: reduce)");

// The places of a mark, piece by piece.
const PLACES = {
  lines: (line) => line.pieces,
  arrows: (arrow) => [[arrow.start, arrow.end]],
  labels: (label) => [[[label.x, label.y]]],
  points: (point) => [[[point.x, point.y]]],
};
const mix = (a, b, part) => a.map((value, k) => value + part * (b[k] - value));

class Glide extends Tip {
  glides = new Map(); // such as "lines now" -> { part, mark, from, to }
  begun = 0; // when they set off, in the time of frames
  lasts = 1; // ms
  letGo = -Infinity; // when a drag ended, anywhere in the page

  // The places of a mark as they are drawn now.
  places(part, mark) {
    const glide = this.glides.size ? this.glides.get(`${part} ${mark.id}`) : null;
    if (!glide) return PLACES[part](mark);
    const gone = clamp((performance.now() - this.begun) / this.lasts, 0, 1);
    return glide.to.map((piece, k) => piece.map((place, j) => mix(glide.from[k][j], place, gone)));
  }
  // What is drawn now, to be called before there is a new scene.
  placesNow() {
    const known = new Map();
    for (const part of Object.keys(PLACES)) {
      const marks = (this.scene?.[part] ?? []).filter((mark) => !mark.draggable);
      for (const mark of marks) known.set(`${part} ${mark.id}`, this.places(part, mark));
    }
    return known;
  }
  // All marks that are elsewhere in the new scene, and of the same shape, set off.
  setOff(before, replaced) {
    const now = performance.now();
    const since = now - (this.begun || -Infinity);
    this.glides.clear();
    [this.begun, this.lasts] = [now, clamp(since, ...GLIDE)];
    if (calm.matches || this.axes?.wall || this.atOnce || now - this.letGo < LATE) return;
    for (const part of Object.keys(PLACES)) {
      for (const mark of this.scene[part]) {
        const stands = part === "points" && (mark.draggable || replaced);
        const [from, to] = [before.get(`${part} ${mark.id}`), PLACES[part](mark)];
        if (stands || !from || !this.alike(from, to)) continue;
        this.glides.set(`${part} ${mark.id}`, { part, mark, from: this.directed(from, to), to });
      }
    }
  }
  // Of one shape, and not at the same places.
  alike(from, to) {
    const same = from.length === to.length && from.every((piece, k) => piece.length === to[k].length);
    return same && from.some((piece, k) => piece.some((place, j) => place.some((v, c) => v !== to[k][j][c])));
  }
  // A line has no direction: each piece goes to the nearer one of the two that it may have.
  directed(from, to) {
    const { xlim, ylim } = this.scene.axes;
    const far = (a, b) => Math.hypot((a[0] - b[0]) / (xlim[1] - xlim[0]), (a[1] - b[1]) / (ylim[1] - ylim[0]));
    return from.map((piece, k) => {
      if (piece.length < 2) return piece;
      const [first, last] = [piece[0], piece.at(-1)];
      const [a, b] = [to[k][0], to[k].at(-1)];
      return far(first, a) + far(last, b) <= far(first, b) + far(last, a) ? piece : [...piece].reverse();
    });
  }
  // Frame by frame, until all have arrived.
  glide() {
    cancelAnimationFrame(this.gliding);
    if (!this.glides.size) return;
    this.gliding = requestAnimationFrame(this.guarded(() => {
      const moved = [...this.glides.values()];
      if (performance.now() - this.begun >= this.lasts) this.glides.clear();
      for (const { part, mark } of moved) this.drawMark(part, mark);
      this.glide();
    }));
  }
}
