// What Python sends (wire.py) put together again: a whole scene, and all that differs from it.

export function assemble(whole, changed) {
  const scene = { ...whole, ...changed };
  const items = (old, sent) => sent.map((item) => (typeof item === "number" ? old[item] : item));
  for (const part of ["lines", "arrows", "labels"]) {
    if (part in changed) scene[part] = items(whole[part], changed[part]);
  }
  const { points } = changed;
  if (points?.items) scene.points = items(whole.points, points.items);
  else if (points) {
    scene.points = whole.points.map((point) => ({ ...point }));
    for (const [name, { at, to, head, tail }] of Object.entries(points.fields)) {
      to.forEach((value, k) => {
        scene.points[at ? at[k] : k][name] = head === undefined ? value : head + value + tail;
      });
    }
  }
  return scene;
}
