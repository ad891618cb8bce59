// A panel, its buttons, and the one live region in which what they answer is announced.

const PATIENCE = 4000; // milliseconds before silence is owned up to
const TYPESET = 3000; // milliseconds before a formula that nobody sets is shown as it is typed
const KEEPS = "data-lm-suppress-shortcuts";
const SILENT = "The kernel does not answer. It may be busy; if it was restarted, run this cell again.";

function made(name, className, parent, html = "") {
  const node = document.createElement(name);
  node.className = className;
  node.innerHTML = html;
  parent.append(node);
  return node;
}

function typeset(model, node) {
  const typesetter = model.widget_manager?._rendermime?.latexTypesetter;
  typesetter?.typeset(node);
  const asTyped = () => {
    for (const formula of node.querySelectorAll("[data-plain]"))
      if (!formula.children.length) formula.textContent = formula.dataset.plain;
  };
  if (typesetter) setTimeout(asTyped, TYPESET);
  else asTyped();
}

// A notebook reads x and d as commands for its cells, unless what has the focus keeps its keys.
function keepKeys(root) {
  const keep = ({ target, ctrlKey, altKey, metaKey }) => {
    if (!root.contains(target)) return;
    if (ctrlKey || altKey || metaKey) target.removeAttribute(KEEPS);
    else target.setAttribute(KEEPS, "true");
  };
  window.addEventListener("keydown", keep, true); // at the window: the host listens at the document
  return () => window.removeEventListener("keydown", keep, true);
}

function render({ model, el }) {
  const root = made("div", "teachkit-asking", el);
  made("div", "teachkit-above", root, model.get("panel"));
  const rows = model.get("rows");
  const lettered = rows.some(([letter]) => letter);
  const group = made("div", lettered ? "teachkit-choices" : "teachkit-helps", root);
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", lettered ? "Choices" : "Help");
  const said = made("div", "teachkit-said", root);
  said.setAttribute("role", "status");
  let timer = 0;

  const choices = rows.map(([letter, text], number) => {
    const button = made("button", "teachkit-choice", group);
    button.type = "button";
    if (letter) made("span", "teachkit-letter", button, letter);
    made("span", "teachkit-text", button, text);
    const mark = made("span", "teachkit-verdict", button);
    button.addEventListener("click", () => {
      model.send({ press: number });
      clearTimeout(timer);
      timer = setTimeout(() => { said.textContent = SILENT; }, PATIENCE);
    });
    return [button, mark];
  });

  const show = () => choices.forEach(([button, mark], number) => {
    mark.textContent = model.get("marks")[number] ?? "";
    button.dataset.verdict = mark.textContent.slice(0, 1);
  });
  const answer = () => {
    clearTimeout(timer);
    show();
    said.innerHTML = model.get("said");
    typeset(model, said);
  };
  model.on("change:answered", answer);
  if (model.get("answered")) answer();
  typeset(model, root);
  const letGo = keepKeys(root);
  return () => {
    clearTimeout(timer);
    model.off("change:answered", answer);
    letGo();
  };
}

export default { render };
