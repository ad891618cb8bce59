// The plane as a form, for those who would rather type, or hear, than drag
// (teachkit/widgets/form.py). It shows whatever the plane shows, whoever changed it.

import { TEST, Refusal } from "./state.js";
import { general } from "./words.js";

const make = (name, properties = {}, ...children) => {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
};
let controls = 0;
const labelled = (text, control) => {
  control.id = `teachkit-form-${controls++}`;
  return make("span", {}, make("label", { textContent: text, htmlFor: control.id }), control);
};

export function form(explorer) {
  const { axes } = explorer.page;
  const which = make("select", {}, new Option("choose a point", ""));
  for (const { id, label } of explorer.scene.points) which.append(new Option(label, id));
  const at = [0, 1].map(() => make("input", { type: "number", step: "any" }));
  const inside = make("input", { type: "checkbox" });

  const read = () => {
    const id = explorer.get("selected");
    which.value = id;
    at.forEach((field, k) => {
      // Four digits; the others stay in the state.
      const shown = id ? String(Number(explorer.placeOf(id)[k].toPrecision(4))) : "";
      if (field.value !== shown) field.value = shown;
      field.disabled = !id;
    });
    inside.checked = id !== "" && explorer.weightOf(id) > 0;
    inside.disabled = !id || id === TEST;
  };
  const edit = (act) => () => {
    explorer.guarded(() => act(explorer.get("selected")));
    read(); // what was refused goes back to what is
  };
  which.addEventListener("change", edit(() => explorer.select(which.value)));
  at.forEach((field, k) => {
    field.addEventListener("change", edit((id) => {
      const value = field.valueAsNumber;
      if (!Number.isFinite(value)) return;
      checkInside(id, value, k);
      explorer.move({ [id]: explorer.placeOf(id).map((old, j) => (j === k ? value : old)) }, true);
    }));
  });
  inside.addEventListener("change", edit((id) => explorer.toggle({ [id]: Number(inside.checked) }, true)));

  // The hand cannot go there either.
  function checkInside(id, value, k) {
    const [[low, high], name] = [[axes.xlim, axes.ylim][k], [axes.xlabel, axes.ylabel][k]];
    if (low <= value && value <= high) return;
    const { label } = explorer.scene.points.find((point) => point.id === id);
    throw new Refusal(
      `${label} cannot move to ${name} = ${general(value, 6)}: the plane ends at ` +
      `${general(low, 3)} and ${general(high, 3)}. Choose a number between them.`,
    );
  }

  for (const name of ["since", "selected"]) explorer.on(`change:${name}`, read);
  read();
  return make("details", { className: "teachkit-typed" },
    make("summary", { textContent: "Type instead of dragging" }),
    make("div", {},
      labelled("Point", which), labelled(axes.xlabel, at[0]), labelled(axes.ylabel, at[1]),
      make("label", {}, inside, "in the training set")),
  );
}
