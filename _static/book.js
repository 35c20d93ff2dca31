// What scrolls sideways can be reached with the keyboard.
const SCROLLERS =
  ".katex-display, table.table, pre, .play-numbers, " +
  ".cell_output :is(figure, .output):has(> img)";

// Code that the reader has not come near is not laid out, and cannot be measured.
const laidOut = (box) =>
  box.firstElementChild?.checkVisibility?.({ contentVisibilityAuto: true }) ?? true;

function mark(boxes) {
  // All are measured before any is changed, so that the page is laid out once.
  const wide = boxes.map((box) => box.scrollWidth > box.clientWidth);
  boxes.forEach((box, i) => {
    if (wide[i]) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  });
}

function markScrollers() {
  mark([...document.querySelectorAll(SCROLLERS)].filter(laidOut));
}

document.addEventListener("contentvisibilityautostatechange", ({ target, skipped }) => {
  if (!skipped && target.matches(SCROLLERS)) mark([target]);
});
window.addEventListener("load", markScrollers);
window.addEventListener("resize", markScrollers);
// What a cell shows after Run may scroll too.
new ResizeObserver(markScrollers).observe(document.querySelector(".bd-article") ?? document.body);

// What the theme leaves unsaid to a screen reader.
function nameControls() {
  for (const button of document.querySelectorAll(".search-button-field")) {
    button.removeAttribute("aria-label"); // its own text says more
  }
  for (const summary of document.querySelectorAll(".bd-links summary")) {
    const page = summary.closest("li").querySelector("a").textContent.trim();
    summary.setAttribute("aria-label", `Pages below ${page}`);
  }
  for (const summary of document.querySelectorAll(".bd-article summary")) {
    summary.removeAttribute("aria-label"); // its own text says what it shows
  }
  for (const part of document.querySelectorAll(".bd-sidebar-primary")) {
    part.setAttribute("role", "complementary");
    part.setAttribute("aria-label", "Title, search and contents");
  }
}

// Scripts wait until the page is there.
nameControls();

// Paper is white, and nothing on it can be unfolded.
let beforePrint = null;

window.addEventListener("beforeprint", () => {
  const root = document.documentElement;
  const closed = [...document.querySelectorAll("details:not([open])")];
  beforePrint = { theme: root.dataset.theme, closed };
  root.dataset.theme = "light";
  for (const details of closed) details.open = true;
});

window.addEventListener("afterprint", () => {
  if (!beforePrint) return;
  document.documentElement.dataset.theme = beforePrint.theme;
  for (const details of beforePrint.closed) details.open = false;
  beforePrint = null;
});
