// Reloads the page while files come in; the button stops it, and what was open stays open.
const kept = { stopped: false, open: [] };
try {
  Object.assign(kept, JSON.parse(sessionStorage.getItem("teachkit-classroom") || "{}"));
} catch {
  // Some browsers keep nothing for a page from a file: then it reloads, and all is closed again.
}
const keep = () => {
  kept.open = [...document.querySelectorAll("details[open]")].map((one) => one.id);
  try {
    sessionStorage.setItem("teachkit-classroom", JSON.stringify(kept));
  } catch {}
};
for (const id of kept.open) document.getElementById(id)?.setAttribute("open", "");

const button = document.getElementById("reloading");
const show = () => {
  button.textContent = kept.stopped ? "Reload again by itself" : "Stop reloading";
};
button.hidden = false;
show();
button.addEventListener("click", () => {
  kept.stopped = !kept.stopped;
  keep();
  show();
});
setInterval(() => {
  if (kept.stopped) return;
  keep();
  location.reload();
}, EVERY * 1000);
