// What scrolls sideways can be reached with the keyboard.
function markScrollers() {
  const boxes = document.querySelectorAll(".katex-display, table.table, pre");
  for (const box of boxes) {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  }
}

window.addEventListener("load", markScrollers);
window.addEventListener("resize", markScrollers);
