// What scrolls can be reached with the keyboard.
const SCROLLERS =
  ".katex-display, table.table, pre:not(.live-editor > pre), .play-numbers, " +
  ".cell_output :is(figure, .output):has(> img), .cell_output .text_html";

// What the reader has not come near is not laid out, and cannot be measured.
const laidOut = (box) =>
  box.checkVisibility?.({ contentVisibilityAuto: true }) ?? true;

// What is taller than its box by a hair only has no bar.
const tall = (box) => box.scrollHeight > box.clientHeight + 1
  && ["auto", "scroll"].includes(getComputedStyle(box).overflowY);

function mark(boxes) {
  // All are measured before any is changed, so that the page is laid out once.
  const scrolls = boxes.map((box) => box.scrollWidth > box.clientWidth || tall(box));
  boxes.forEach((box, i) => {
    if (scrolls[i]) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  });
}

const markScrollers = () => mark([...document.querySelectorAll(SCROLLERS)].filter(laidOut));

// What has come near is laid out, and costs nothing to measure.
const near = new IntersectionObserver((seen) => {
  const boxes = seen.filter((one) => one.isIntersecting).map((one) => one.target);
  boxes.forEach((box) => near.unobserve(box));
  mark(boxes);
}, { rootMargin: "100%" });
document.querySelectorAll(SCROLLERS).forEach((box) => near.observe(box));

// A picture has a width once it is there, and a formula another with its font.
document.addEventListener("load", ({ target }) => {
  const box = target.closest?.(SCROLLERS);
  if (box) mark([box]);
}, { capture: true });
document.fonts.addEventListener("loadingdone", markScrollers);

// What a cell shows after Run may scroll too: live.js tells of it in this way.
window.addEventListener("resize", markScrollers);

let width = 0;
new ResizeObserver(([{ contentRect }]) => {
  if (width && width !== contentRect.width) markScrollers();
  width = contentRect.width;
}).observe(document.querySelector(".bd-article") ?? document.body);

// Sections wait until the reader comes near (see layout.html), but none above the reader:
// it would move the text on the way back, when it turns out higher or less high.
let waiting = [...document.querySelectorAll("[data-sections] .bd-article > section > section")];

const topOf = (box) => box?.getBoundingClientRect().top;

document.addEventListener("scroll", () => {
  const near = waiting.filter((section) => topOf(section) < 2 * innerHeight);
  if (!near.length) return;
  waiting = waiting.slice(near.length);
  const kept = document.elementFromPoint(innerWidth / 2, innerHeight / 2);
  const before = topOf(kept);
  for (const section of near) section.style.contentVisibility = "visible";
  const moved = topOf(kept) - before;
  // Even a step of nothing would end one that is on its way.
  if (Math.abs(moved) >= 1) scrollBy({ top: moved, behavior: "instant" });
});

// Where a place in the page is wanted, it is where it will stay only when everything
// above it is laid out.
function layOutAll() {
  const later = waiting.length > 0;
  waiting = [];
  delete document.documentElement.dataset.sections;
  return later;
}

document.addEventListener("keydown", ({ key, metaKey }) => {
  if (key === "End" || (key === "ArrowDown" && metaKey)) layOutAll();
});

window.addEventListener("hashchange", () => {
  if (layOutAll()) document.querySelector(":target")?.scrollIntoView();
});

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
