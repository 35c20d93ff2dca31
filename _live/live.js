// Live cells: the code on a page can be edited and run in the reader's browser.
// The build marks the cells; worker.mjs runs them. Nothing is fetched before the
// first Run. CONTRIBUTING.md says which cells Run all and Run take along.
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

  function textOutput(text, kind) {
    const pre = make("pre", { textContent: text });
    return make("div", { className: `output ${kind}` },
      make("div", { className: "highlight" }, pre));
  }

  // What the reader typed, kept by the browser

  const key = (cell) => `live:${location.pathname}#${cell.box.id}`;

  function keep(cell) {
    try {
      if (edited(cell)) localStorage.setItem(key(cell), cell.area.value);
      else localStorage.removeItem(key(cell));
    } catch { /* a browser that keeps nothing */ }
  }

  function kept(cell) {
    try {
      return localStorage.getItem(key(cell));
    } catch {
      return null;
    }
  }

  // Cells

  const edited = (cell) => cell.area.value !== cell.source;
  const has = (cell, tag) => cell.box.classList.contains(`tag_${tag}`);

  function setSource(cell, source) {
    cell.area.value = source;
    typed(cell);
  }

  function typed(cell) {
    if (edited(cell)) paint(cell.pre, cell.area.value);
    else cell.pre.innerHTML = cell.painted;
    cell.back.hidden = !edited(cell);
    keep(cell);
    tellIfChanged(cell);
  }

  function mark(cell, state, note = "") {
    cell.box.dataset.state = state;
    cell.note.textContent = note;
  }

  // How the text that was run ended; another text has not been run.
  function end(cell, state, note) {
    cell.ended = { source: cell.sent, state, note };
    tellIfChanged(cell);
  }

  function tellIfChanged(cell) {
    const { ended } = cell;
    if (!ended || cell === running || queue.includes(cell)) return;
    if (ended.source === cell.area.value) mark(cell, ended.state, ended.note);
    else mark(cell, "", "changed, not run");
  }

  function keys(event, cell) {
    const { area } = cell;
    if (event.key !== "Enter" || event.altKey || event.isComposing) return;
    event.preventDefault();
    if (event.shiftKey || event.ctrlKey || event.metaKey) {
      runWithThoseAbove(cell);
      return;
    }
    const line = area.value.slice(0, area.selectionStart).split("\n").pop();
    const more = line.trimEnd().endsWith(":") ? "    " : "";
    // A command of the editor, so that undo knows it.
    document.execCommand("insertText", false, "\n" + line.match(/^ */)[0] + more);
  }

  // Where the code is folded away, the button says what it runs.
  function label(cell) {
    const folded = cell.box.querySelector("details:not([open])") && " the folded code";
    const what = has(cell, "solution") ? " the solution" : folded ?? "";
    cell.run.textContent = `Run${what}`;
    cell.run.ariaLabel = `Run${what}${what && ","} cell ${cell.number}`;
  }

  // Browsers lay out what is around each field of a page, to fill in addresses. So a
  // field comes into the page when the reader comes near, or uses the keyboard.
  function bringIn(cell) {
    near.unobserve(cell.editor);
    if (cell.area.isConnected) return;
    cell.pre.ariaHidden = "true"; // the field has the same text
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
    near.observe(cell.editor);
    cell.area.oninput = () => typed(cell);
    cell.area.onkeydown = (event) => keys(event, cell);

    cell.note = make("span", { className: "live-note" });
    cell.back = button("Undo my changes", () => {
      setSource(cell, cell.source);
      cell.area.focus();
    }, `Undo my changes in cell ${number}`);
    cell.run = button("", () => runWithThoseAbove(cell));
    cell.run.title = "Shift+Enter";
    label(cell);
    box.querySelector("details")?.addEventListener("toggle", () => label(cell));
    const tools = make("div", { className: "live-tools" }, cell.run, cell.back, cell.note);
    cell.output = box.querySelector(":scope > .cell_output");
    if (!cell.output) {
      cell.output = make("div", { className: "cell_output docutils container" });
      box.append(cell.output);
    }
    if (cell.output.querySelector(".exercise-report")) {
      cell.output.prepend(make("p", { className: "live-note live-whose",
        textContent: "Of the book’s solution. Press Run to check yours." }));
    }
    cell.stored = [...cell.output.childNodes];
    const figure = cell.output.querySelector("img");
    cell.alt = figure?.alt ?? "";
    cell.output.before(tools);
    cell.ran = null; // the text that Python knows
    cell.back.hidden = true;
    if (kept(cell) !== null) setSource(cell, kept(cell));
    return cell;
  }

  function putBack(cell) {
    cell.output.replaceChildren(...cell.stored);
    cell.ended = null;
    mark(cell, "");
  }

  // A picture takes the place of the stored one, with its caption and number.
  function showFigures(cell, pictures) {
    const stored = cell.stored.find((n) => n.querySelector?.("img"));
    pictures.forEach((data, i) => {
      let shown = make("div", { className: "output" }, make("img"));
      if (stored && i === 0) shown = stored.cloneNode(true);
      const image = shown.querySelector("img");
      for (const name of ["width", "height", "loading"]) image.removeAttribute(name);
      image.src = `data:image/png;base64,${data}`;
      image.alt = cell.alt || `Figure drawn by cell ${cell.number}`;
      if (cell.alt && (edited(cell) || i > 0)) {
        image.alt = `Figure drawn by the changed cell ${cell.number}. Before: ${cell.alt}`;
      }
      cell.output.append(shown);
    });
  }

  function showOutput(cell, text) {
    if (!cell.stream) {
      cell.stream = textOutput("", "stream");
      cell.output.append(cell.stream);
    }
    cell.stream.querySelector("pre").append(text);
  }

  function showResult(cell, result) {
    if (result.html) {
      cell.output.append(make("div", { className: "output text_html", innerHTML: result.html }));
    } else if (result.text !== null && result.text !== undefined) {
      cell.output.append(textOutput(result.text, "text_plain"));
    }
    showFigures(cell, result.figures);
    if (result.error) cell.output.append(textOutput(result.error, "traceback"));
    window.dispatchEvent(new Event("resize")); // book.js looks for what scrolls
  }

  // Running: the page keeps the queue, the worker gets one cell at a time.

  let worker = null;
  let ready = false;
  let running = null;
  let asker = null; // what had the focus at Run
  let queue = [];

  function startWorker() {
    worker = new Worker(`${base}worker.mjs${version}`, { type: "module" });
    worker.onerror = (event) => failed(event.message || "worker.mjs could not be loaded");
    worker.onmessage = ({ data }) => handlers[data.kind](data);
    say("Starting");
  }

  const handlers = {
    ready() {
      ready = true;
      next();
    },
    progress({ text, done, total }) {
      const mb = (bytes) => (bytes / 1e6).toFixed(1);
      const some = Math.min(done, total);
      if (total) say(`${text}: ${mb(some)} of ${mb(total)} MB`, some / total);
      else say(text);
      if (running) mark(running, "running", "waits for Python");
    },
    started() {
      mark(running, "running", "running");
      say(`Running cell ${running.number}`);
    },
    output({ text }) {
      if (running) showOutput(running, text);
    },
    done(result) {
      const cell = running;
      running = null;
      showResult(cell, result);
      cell.ran = cell.sent;
      cell.output.removeAttribute("aria-busy");
      const time = `${result.seconds.toFixed(result.seconds < 10 ? 1 : 0)} s`;
      end(cell, result.error ? "error" : "done",
        result.error ? `stopped by ${result.name}` : `done in ${time}`);
      const stops = result.error && !has(cell, "raises-exception");
      if (stops) empty("not run");
      if (!queue.length) {
        say(result.error
          ? `Cell ${cell.number} stopped: ${result.name}: ${result.message}`
          : `Cell ${cell.number} is done`);
      }
      next();
    },
    failed: ({ text }) => failed(text),
  };

  function failed(text) {
    halt();
    say(`Python could not be started here: ${text}`);
    toast.hidden = false;
  }

  function next() {
    busy(running || queue.length);
    if (!ready || running || !queue.length) return;
    const cell = queue.shift();
    running = cell;
    cell.stream = null;
    cell.output.replaceChildren();
    cell.output.ariaBusy = "true";
    mark(cell, "running", "waits for Python");
    cell.sent = cell.area.value;
    cell.stopped = null;
    worker.postMessage({ id: cell.number, number: cell.number, source: cell.sent });
  }

  function enqueue(wanted) {
    asker = document.activeElement;
    for (const cell of wanted) {
      // What runs is not run again, unless its text has changed.
      const runs = cell === running && cell.sent === cell.area.value;
      if (runs || queue.includes(cell)) continue;
      queue.push(cell);
      mark(cell, "waiting", "waits");
    }
    if (!worker) startWorker();
    next();
  }

  function empty(note) {
    for (const cell of queue) mark(cell, "", note);
    queue = [];
  }

  function halt() {
    worker?.terminate();
    worker = null;
    ready = false;
    empty("not run");
    const cell = running;
    running = null;
    if (cell) {
      cell.output.removeAttribute("aria-busy");
      cell.stopped = cell.sent;
      end(cell, "stopped", "stopped");
    }
    for (const other of cells) other.ran = null;
    busy(false);
  }

  // Python starts again with no names: cells that are needed have to be run again.
  function stop() {
    if (!worker) return;
    halt();
    say("Stopped. Python starts afresh with the next Run.");
  }

  function reset() {
    halt();
    cells.forEach(putBack);
    say("Outputs are those of the book again, and Python starts afresh. Your code stays.");
  }

  // The exercise's solution gives way to the reader's own answer.
  function givesWay(cell, i) {
    if (!has(cell, "solution")) return false;
    const stub = cells.slice(0, i).findLast((other) => !has(other, "solution"));
    return Boolean(stub && edited(stub));
  }

  function runAll() {
    enqueue(cells.filter((cell, i) => !givesWay(cell, i)));
  }

  function runWithThoseAbove(cell) {
    const above = cells.slice(0, cells.indexOf(cell));
    // Not again: what Python knows, and what the reader had to stop.
    const needed = above.filter(
      (c) => ![c.ran, c.stopped].includes(c.area.value) && !has(c, "solution"));
    enqueue([...needed, cell]);
  }

  // Status: spoken by screen readers, seen at the foot of the window while it matters.

  const status = make("span", { className: "live-status" });
  status.setAttribute("role", "status");
  const progress = make("progress", { max: 1, hidden: true });
  progress.ariaLabel = "Loading Python";
  const seen = make("span", { className: "live-seen", ariaHidden: "true" });
  const stopPython = button("Stop", stop, "Stop Python");
  const toast = make("div", { className: "live-toast", hidden: true },
    status, seen, progress, stopPython);
  toast.setAttribute("role", "region");
  toast.ariaLabel = "Python";
  let spoken = 0;

  function say(text, share) {
    progress.hidden = share === undefined;
    if (share !== undefined) progress.value = share;
    seen.textContent = text;
    summary.textContent = text;
    // Megabytes are not read out one by one.
    if (share && share < 1 && performance.now() - spoken < 1000) return;
    spoken = performance.now();
    status.textContent = text;
  }

  let hiding = 0;
  function busy(is) {
    clearTimeout(hiding);
    if (is) toast.hidden = false;
    else hiding = setTimeout(() => { toast.hidden = true; }, 4000);
    stopButton.ariaDisabled = String(!is);
    if (!is && document.activeElement === stopPython) asker.focus({ preventScroll: true });
    stopPython.hidden = !is;
  }

  const invitation = bar.textContent.replace("Run all", "");
  const summary = make("span", { className: "live-summary", textContent: invitation });
  const stopButton = button("Stop", stop, "Stop running");
  stopButton.ariaDisabled = "true";
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
  bar.replaceChildren(
    button("Run all", runAll, "Run all cells"), stopButton,
    button("Reset", reset, "Reset all outputs"), summary);
  bar.classList.add("live-ready");
  document.body.append(toast);
})();
