// Live cells: the code on a page can be edited and run in the reader's browser.
// The build marks the cells. This script makes them fields and keeps what is typed;
// run.mjs runs them, and nothing of it is fetched before the first Run.
(() => {
  const base = new URL("./", document.currentScript.src).href;
  const bar = document.querySelector(".live-bar");
  if (!bar) return;
  const version = `?v=${bar.dataset.version}`;
  if (location.protocol === "file:") {
    bar.classList.add("live-ready");
    bar.textContent =
      "To run the code on this page: “python -m http.server” in the folder of the " +
      "book’s index.html, then open http://localhost:8000 in the browser.";
    return;
  }

  const COLOUR = new RegExp(
    [
      "(?<c1>#.*)",
      "(?<s1>[rfbRFB]{0,2}(?:\"\"\"[^]*?(?:\"\"\"|$)|'''[^]*?(?:'''|$)|\"(?:\\\\.|[^\"\\\\\\n])*\"?|'(?:\\\\.|[^'\\\\\\n])*'?))",
      "(?<k>\\b(?:and|as|assert|break|class|continue|def|del|elif|else|except|finally|for|from|global|if|import|in|is|lambda|not|or|pass|raise|return|try|while|with|yield)\\b)",
      "(?<kc>\\b(?:None|True|False)\\b)",
      "(?<nb>\\b(?:abs|all|any|dict|enumerate|float|int|len|list|max|min|print|range|round|set|sorted|str|sum|tuple|type|zip)\\b(?=\\())",
      "(?<mi>\\b\\d[\\d_.]*(?:e[-+]?\\d+)?\\b)",
      "(?<o>[-+*/%@=<>&|^~!]+)",
    ].join("|"),
    "g",
  );

  // Elements

  function make(tag, properties = {}, ...children) {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  }

  function button(label, action, name = label) {
    const made = make("button", { type: "button", textContent: label, onclick: action });
    made.className = "live-button";
    if (name !== label) made.ariaLabel = name;
    return made;
  }

  function paint(pre, source) {
    const parts = [];
    let end = 0;
    for (const match of source.matchAll(COLOUR)) {
      const [kind, text] = Object.entries(match.groups).find(([, t]) => t !== undefined);
      if (match.index > end) parts.push(source.slice(end, match.index));
      parts.push(make("span", { className: kind, textContent: text }));
      end = match.index + text.length;
    }
    // The last line needs a character to have a height.
    pre.replaceChildren(...parts, source.slice(end), "\n");
  }

  // Cells

  const edited = (cell) => cell.area.value !== cell.source;
  const has = (cell, tag) => cell.box.classList.contains(`tag_${tag}`);

  function mark(cell, state, ...note) {
    cell.box.dataset.state = state;
    cell.note.replaceChildren(...note);
  }

  // How the text that was run ended; another text has not been run.
  function tellIfChanged(cell) {
    const { ended } = cell;
    if (!ended || cell.waits) return;
    if (ended.source === cell.area.value) mark(cell, ended.state, ended.note);
    else mark(cell, "", "changed, not run");
  }

  function setSource(cell, source) {
    if (source !== cell.area.value) cell.area.value = source;
    if (edited(cell)) paint(cell.pre, source);
    else cell.pre.innerHTML = cell.painted;
    const changed = edited(cell);
    cell.back.textContent = changed ? "Undo my changes" : "Bring my changes back";
    cell.back.ariaLabel = `${cell.back.textContent} in cell ${cell.number}`;
    cell.back.hidden = !changed && !cell.undone;
    tellIfChanged(cell);
  }

  // The reader has changed the text, by typing or by a button.
  function changed(cell, source) {
    lookAgain(cell);
    cell.typed = true;
    setSource(cell, source);
    keep(cell);
  }

  function undo(cell) {
    const [now, then] = edited(cell) ? [cell.area.value, cell.source] : [null, cell.undone];
    cell.undone = now;
    changed(cell, then);
    cell.area.focus();
  }

  // What the reader typed, kept by the browser

  const key = (cell) => `live:${location.pathname}#${cell.box.id}`;

  const stored = (cell) => localStorage.getItem(key(cell));

  function keep(cell) {
    try {
      if (edited(cell)) localStorage.setItem(key(cell), cell.area.value);
      else localStorage.removeItem(key(cell));
    } catch {
      window.keepsNothing = true;
    }
    cell.known = stored(cell);
    warning.hidden = !window.keepsNothing;
  }

  // Another tab with this page may have written since. A cell in which nothing was
  // typed follows it; where something was, the reader chooses.
  function lookAgain(cell) {
    const found = stored(cell);
    if (found === cell.known || window.keepsNothing) return;
    cell.known = found;
    const text = found ?? cell.source;
    if (text === cell.area.value) cell.news.replaceChildren();
    else if (!cell.typed) {
      setSource(cell, text);
      cell.news.replaceChildren("Changed in another tab.");
    } else if (found === null) {
      keep(cell);
      cell.news.replaceChildren("Undone in another tab. What you typed here is kept.");
    } else {
      const choose = (chosen) => {
        changed(cell, chosen);
        cell.news.replaceChildren();
        cell.area.focus();
      };
      cell.news.replaceChildren("Changed in another tab too. ",
        button("Keep this text", () => choose(cell.area.value)), " ",
        button("Take the other", () => choose(text)));
    }
  }

  const lookAgainAtAll = () => cells.forEach(lookAgain);
  addEventListener("storage", lookAgainAtAll);
  addEventListener("pageshow", lookAgainAtAll);
  document.addEventListener("visibilitychange", lookAgainAtAll);

  // The student's notebook with what was typed in place of what stands there.
  async function download(link) {
    try {
      const answer = await fetch(link.href);
      if (!answer.ok) throw new Error();
      const notebook = await answer.json();
      for (const cell of cells.filter(edited)) {
        const place = notebook.cells.find(({ id }) => `cell-${id}` === cell.box.id);
        if (place) place.source = cell.area.value;
      }
      const file = new Blob([JSON.stringify(notebook, null, 1)]);
      const name = link.pathname.split("/").pop();
      make("a", { href: URL.createObjectURL(file), download: name }).click();
    } catch {
      say("The notebook could not be fetched. Try again later.");
    }
  }

  function keys(event, cell) {
    const { area } = cell;
    if (event.key !== "Enter" || event.altKey || event.isComposing) return;
    event.preventDefault();
    if (event.shiftKey || event.ctrlKey || event.metaKey) {
      toRun("cell", cell);
      return;
    }
    const line = area.value.slice(0, area.selectionStart).split("\n").pop();
    const more = line.trimEnd().endsWith(":") ? "    " : "";
    // A command of the editor, so that undo knows it.
    document.execCommand("insertText", false, "\n" + line.match(/^ */)[0] + more);
  }

  // A file that the reader chooses for a cell with the tag `upload`: Python gets it as
  // yours.txt when the cell runs. What is below the cell then runs again as well.
  function chooser(cell) {
    const choose = make("input", { type: "file" });
    choose.onclick = () => { choose.value = ""; }; // the same file, changed, is news too
    choose.onchange = () => {
      if (!choose.files.length) return;
      [cell.file] = choose.files;
      for (const other of cells.slice(cells.indexOf(cell))) other.ran = null;
      cell.ended = null;
      mark(cell, "", "another text, not run");
    };
    return make("label", { className: "live-file" }, "Your text ", choose);
  }

  // Where the code is folded away, the button says what it runs.
  function label(cell) {
    const folded = cell.box.querySelector("details:has(.live-editor):not([open])");
    const what = has(cell, "solution") ? " the solution" : folded ? " the folded code" : "";
    cell.run.textContent = `Run${what}`;
    cell.run.ariaLabel = `Run${what}${what && ","} cell ${cell.number}`;
  }

  // Browsers lay out what is around each field of a page, to fill in addresses. So a
  // field comes into the page when the reader comes near, or uses the keyboard.
  function bringIn(cell) {
    near.unobserve(cell.editor);
    if (cell.area.isConnected) return;
    cell.pre.ariaHidden = "true"; // the field has the same text
    cell.pre.removeAttribute("tabindex");
    cell.editor.append(cell.area);
  }

  const near = new IntersectionObserver((seen) => {
    const found = seen.filter((one) => one.isIntersecting).map((one) => one.target);
    cells.filter((cell) => found.includes(cell.editor)).forEach(bringIn);
  }, { rootMargin: "100%" });
  addEventListener("keydown", () => cells.forEach(bringIn), { once: true, capture: true });

  function prepare(box, index) {
    const pre = box.querySelector(".cell_input pre");
    const number = index + 1;
    const cell = { box, pre, number, source: pre.textContent.replace(/\n$/, "") };
    cell.painted = pre.innerHTML;
    cell.area = make("textarea", { value: cell.source, spellcheck: false,
      autocapitalize: "off", autocomplete: "off", wrap: "off", rows: 1 });
    cell.area.ariaLabel = `Code of cell ${number}. Shift+Enter runs it.`;
    cell.editor = make("div", { className: "live-editor" });
    pre.replaceWith(cell.editor);
    cell.editor.append(pre);
    pre.tabIndex = 0; // a box that scrolls holds something for the keyboard
    near.observe(cell.editor);
    cell.area.oninput = () => changed(cell, cell.area.value);
    cell.area.onkeydown = (event) => keys(event, cell);

    cell.note = make("span", { className: "live-note" });
    cell.news = make("span", { className: "live-note live-news" });
    cell.news.setAttribute("role", "status");
    cell.back = button("", () => undo(cell));
    cell.run = button("", () => toRun("cell", cell));
    cell.run.title = "Shift+Enter";
    label(cell);
    box.querySelector("details")?.addEventListener("toggle", () => label(cell));
    cell.tools = make("div", { className: "live-tools" },
      cell.run, cell.back, cell.note, cell.news);
    if (has(cell, "upload")) cell.tools.append(chooser(cell));
    cell.output = box.querySelector(":scope > .cell_output");
    if (!cell.output) {
      cell.output = make("div", { className: "cell_output docutils container" });
      box.append(cell.output);
    }
    if (cell.output.querySelector(".exercise-report")) {
      cell.output.prepend(make("p", { className: "live-note live-whose",
        textContent: "Of the book’s solution. Press Run to check yours." }));
    }
    cell.output.before(cell.tools);
    cell.ran = null; // the text that Python knows
    cell.known = stored(cell);
    setSource(cell, cell.known ?? cell.source);
    return cell;
  }

  // Running: what does it is fetched with the first Run, and again if that failed.

  let runner = null;
  let tries = 0;

  async function toRun(what, cell = cells[0]) {
    const again = tries ? `&try=${tries}` : ""; // browsers remember what failed
    if (!runner && what !== "reset") mark(cell, "waiting", "waits");
    try {
      runner ??= import(`${base}run.mjs${version}${again}`).then((module) =>
        module.runner({ base, version, cells, tools: bar, make, button, say, mark,
          tellIfChanged, edited, has }));
      await runner;
    } catch {
      runner = null;
      tries += 1;
      mark(cell, "error", "run.mjs could not be fetched. Press Run to try again.");
      say(cell.note.textContent);
      return;
    }
    (await runner)[what](cell);
  }

  // Said to screen readers, and shown in the bar.
  const status = make("span", { className: "live-status" });
  status.setAttribute("role", "status");
  const summary = make("span", { className: "live-summary" });
  summary.append(...bar.lastElementChild?.childNodes ?? []);

  function say(text, aloud = true) {
    summary.textContent = text;
    if (aloud) status.textContent = text;
  }

  const warning = make("p", { className: "live-note", hidden: !window.keepsNothing,
    textContent: "This browser keeps nothing of what you type here: it is gone when " +
      "you leave the page. Download the notebook with your answers before." });
  warning.setAttribute("role", "status");
  const cells = [...document.querySelectorAll("div.cell.live")].map(prepare);
  const notes = [
    ["live-torch", "needs PyTorch: not live"],
    ["live-slow", "too slow for a browser: not live"],
  ];
  for (const [kind, textContent] of notes) {
    for (const box of document.querySelectorAll(`div.cell.${kind} .cell_input`)) {
      box.append(make("p", { className: "live-note", textContent }));
    }
  }
  const notebook = document.querySelector(".chapter-line a[href$='.ipynb']");
  notebook?.closest("li").after(make("li", {},
    button("Notebook with my answers", () => download(notebook))));
  bar.replaceChildren(
    button("Run all", () => toRun("all"), "Run all cells"),
    button("Reset", () => toRun("reset"), "Reset all outputs"), summary);
  bar.classList.add("live-ready");
  bar.after(warning);
  document.body.append(status);
})();
