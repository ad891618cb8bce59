// The explorer of lesson 00, alive without a kernel, in the place of its picture. build.py puts
// plane.js and start.json beside this file.

import { Explorer } from "./explorer.js";
import { form } from "./form.js";
import plane from "./plane.js";

const html = (name, className, ...children) => {
  const element = document.createElement(name);
  element.className = className;
  element.append(...children);
  return element;
};

function mount(root, start) {
  const explorer = new Explorer(start);
  const button = (name, act) => {
    const element = html("button", "jupyter-button", name);
    element.type = "button";
    element.addEventListener("click", act);
    return element;
  };
  const undo = button("Undo", () => explorer.undo());
  const reset = button("Reset", () => explorer.reset());
  undo.classList.add("teachkit-undo"); // for Control+Z: focus.js
  const follow = () => {
    undo.disabled = !explorer.history.canUndo;
    reset.disabled = explorer.state === explorer.history.start;
  };
  explorer.on("change:since", follow);
  follow();

  const el = html("div", "");
  const large = html("div", "teachkit-large", el, html("div", "teachkit-back", undo, reset));
  const side = html("div", "teachkit-side", html("div", "teachkit-room"), form(explorer));
  const around = html("div", "teachkit-explorer", html("div", "teachkit-halves", large, side));
  around.setAttribute("role", "group");
  around.setAttribute("aria-label", "Explorer of a training set");
  root.replaceChildren(around);
  plane.render({ model: explorer, el });
  root.explorer = explorer;
}

const root = document.getElementById("teachkit-flagship");
if (root) {
  const response = await fetch(new URL("start.json", import.meta.url));
  if (response.ok) mount(root, await response.json()); // else the picture stays
}
