// What the hosts leave undone for whatever has the focus in an explorer: its keys, and its name.

const OURS = ".teachkit-plane, .teachkit-explorer, .teachkit-quiz";
const KEEPS = "data-lm-suppress-shortcuts";

// A notebook reads arrows, x and d as commands for its cells, unless the focused element itself says
// that it keeps them: an arrow on a slider would go to the next cell, and x would cut this one. Text
// fields need no help. Keys with Ctrl, Alt or Meta stay the host's.
function keepKeys({ target, ctrlKey, altKey, metaKey }) {
  if (!target.closest?.(OURS) || target.matches(":read-write")) return;
  if (ctrlKey || altKey || metaKey) target.removeAttribute(KEEPS);
  else target.setAttribute(KEEPS, "true");
}

// A slider of ipywidgets tells screen readers neither its name nor the text of its value.
function nameSlider({ target }) {
  const slider = target.closest?.(OURS) && target.matches(".noUi-handle") && target.closest(".widget-slider");
  const [label, readout] = [".widget-label", ".widget-readout"].map((part) => slider && slider.querySelector(part));
  if (label) target.setAttribute("aria-label", label.textContent);
  if (!readout) return;
  readout.id ||= `teachkit-readout-${Math.random().toString(36).slice(2)}`;
  target.setAttribute("aria-describedby", readout.id);
}

function helpFocus() {
  const helped = { keydown: keepKeys, focusin: nameSlider };
  // At the window, so that it comes before the host, which listens at the document.
  for (const [name, help] of Object.entries(helped)) window.addEventListener(name, help, true);
  return () => {
    for (const [name, help] of Object.entries(helped)) window.removeEventListener(name, help, true);
  };
}
