// What the hosts leave undone for whatever has the focus in an explorer: its keys, and its name.

const OURS = ".teachkit-plane, .teachkit-explorer";
const KEEPS = "data-lm-suppress-shortcuts";

// A notebook reads arrows, x and d as commands for its cells, unless the focused element itself says
// that it keeps them: an arrow on a slider would go to the next cell, and x would cut this one. Text
// fields need no help. Keys with Ctrl, Alt or Meta stay the host's, but for Control+Z.
function keepKeys(event) {
  const { target, ctrlKey, altKey, metaKey } = event;
  if (!target.closest?.(OURS) || target.matches(":read-write")) return;
  if (takeBack(event)) return;
  if (ctrlKey || altKey || metaKey) target.removeAttribute(KEEPS);
  else target.setAttribute(KEEPS, "true");
}
// Whatever in an explorer has the focus: the host would take back what was done to its cells.
function takeBack(event) {
  const { target, key, ctrlKey, altKey, metaKey, shiftKey } = event;
  if (key.toLowerCase() !== "z" || altKey || !(ctrlKey || metaKey)) return false;
  const undo = target.closest(".teachkit-explorer")?.querySelector(".teachkit-undo");
  if (!undo) return false;
  if (!shiftKey) undo.click(); // nothing is done again, and that is not the host's affair either
  event.preventDefault();
  event.stopImmediatePropagation(); // each plane of the page listens
  return true;
}

// A slider of ipywidgets tells screen readers neither its name nor the text of its value.
function nameSlider(handle) {
  const slider = handle.closest(".widget-slider");
  const [label, readout] = [".widget-label", ".widget-readout"].map((part) => slider?.querySelector(part));
  if (label) set(handle, { "aria-label": label.textContent });
  if (!readout) return;
  readout.id ||= `teachkit-readout-${Math.random().toString(36).slice(2)}`;
  set(handle, { "aria-describedby": readout.id });
}
const nameSliders = (explorer) => explorer.querySelectorAll(".noUi-handle").forEach(nameSlider);

// Python marks by a class what was typed and cannot be.
const markWrong = (field) =>
  set(field.querySelector("input"), { "aria-invalid": field.classList.contains("teachkit-wrong") });

// The controls of an explorer are rendered one by one: each is helped when it is there.
function helpControls(explorer) {
  const help = () => {
    nameSliders(explorer);
    for (const field of explorer.querySelectorAll(".widget-text")) {
      marker.observe(field, { attributeFilter: ["class"] });
    }
  };
  const marker = new MutationObserver((changes) => changes.forEach(({ target }) => markWrong(target)));
  const watcher = new MutationObserver((changes) => {
    const built = ({ addedNodes }) => [...addedNodes].some((node) => node.nodeType === Node.ELEMENT_NODE);
    if (changes.some(built)) help();
  });
  help();
  watcher.observe(explorer, { childList: true, subtree: true });
  return () => [watcher, marker].forEach((one) => one.disconnect());
}

function helpFocus() {
  const name = ({ target }) => target.matches?.(`:is(${OURS}) .noUi-handle`) && nameSlider(target);
  const helped = { keydown: keepKeys, focusin: name };
  // At the window, so that it comes before the host, which listens at the document.
  for (const [event, help] of Object.entries(helped)) window.addEventListener(event, help, true);
  return () => {
    for (const [event, help] of Object.entries(helped)) window.removeEventListener(event, help, true);
  };
}
