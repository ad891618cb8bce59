// What is wider than the page scrolls by itself, by the keyboard too.
const WIDE = ".highlight pre, .cell_output, .cell_output div, .katex-display, .table-wrapper";

function letFocus() {
  for (const box of document.querySelectorAll(WIDE)) {
    if (box.scrollWidth > box.clientWidth + 1) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  }
}

addEventListener("resize", letFocus);
letFocus();
