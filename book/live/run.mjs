// Run live cells: a queue on the page, one cell at a time to Python in worker.mjs.
// CONTRIBUTING.md says which cells Run all and Run take along.

export function runner(page) {
  const { base, version, cells, make, button, say, mark, edited, has } = page;
  let worker = null;
  let ready = false;
  let running = null;
  let queue = [];
  let asker = null; // the cell whose Run was pressed; null for Run all
  let first = ""; // what that runs before

  // While something runs, it is said beside the button that was pressed.

  const seen = make("span", { ariaHidden: "true" });
  const progress = make("progress", { max: 1, hidden: true });
  progress.ariaLabel = "Loading Python";
  const stopButton = button("Stop", stop, "Stop Python");
  const pilot = make("span", { className: "live-pilot" }, stopButton, progress, seen);
  let spoken = 0;

  function tell(text, share) {
    progress.hidden = share === undefined;
    if (share !== undefined) progress.value = share;
    seen.textContent = first + text;
    // Megabytes are not read out one by one.
    const aloud = !(share && share < 1 && performance.now() - spoken < 1000);
    if (aloud) spoken = performance.now();
    say(first + text, aloud);
  }

  const toolsOf = (cell) => (cell ? cell.tools : page.tools);

  function busy(is) {
    const tools = toolsOf(asker);
    if (is && pilot.parentNode !== tools) tools.firstElementChild.after(pilot);
    if (is) return;
    if (pilot.contains(document.activeElement)) tools.querySelector("button").focus();
    pilot.remove();
  }

  // Outputs

  function textOutput(text, kind) {
    const pre = make("pre", { textContent: text });
    return make("div", { className: `output ${kind}` },
      make("div", { className: "highlight" }, pre));
  }

  // What was there stays, dimmed, until there is something new; and so does its
  // height until the cell has ended, so that the text below does not move twice.
  function clear(cell) {
    if (cell.cleared) return;
    cell.cleared = true;
    cell.output.style.minHeight = `${cell.output.offsetHeight}px`;
    cell.output.replaceChildren();
    cell.output.classList.add("live-new");
    cell.output.removeAttribute("aria-busy");
  }

  function settle(cell) {
    cell.waits = false;
    cell.output.style.minHeight = "";
    cell.output.removeAttribute("aria-busy");
  }

  // A picture takes the place of the stored one, with its caption and number.
  function showFigures(cell, pictures) {
    const stored = cell.stored.map((n) => n.querySelector?.("img")).find(Boolean);
    const alt = stored?.alt ?? "";
    pictures.forEach(({ data, width, height }, i) => {
      let shown = make("div", { className: "output" }, make("img"));
      if (stored && i === 0) shown = stored.closest("figure, .output").cloneNode(true);
      const image = shown.querySelector("img");
      image.removeAttribute("loading");
      image.src = `data:image/png;base64,${data}`;
      Object.assign(image, { width, height });
      image.alt = alt || `Figure drawn by cell ${cell.number}`;
      if (alt && (edited(cell) || i > 0)) {
        image.alt = `Figure drawn by the changed cell ${cell.number}. Before: ${alt}`;
      }
      cell.output.append(shown);
    });
  }

  function showOutput(cell, text) {
    clear(cell);
    if (!cell.stream) {
      cell.stream = textOutput("", "stream");
      cell.output.append(cell.stream);
    }
    cell.stream.querySelector("pre").append(text);
  }

  const titleOf = (heading) => [...heading.childNodes]
    .filter((node) => !node.matches?.(".headerlink, .section-number"))
    .map((node) => node.textContent).join("").trim();

  // A report names a section that helps: lead there.
  function linkSections(box) {
    const walker = document.createTreeWalker(box, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const node = walker.currentNode;
      const found = node.data.match(/section “(.+?)”/);
      if (!found) continue;
      const headings = [...document.querySelectorAll("section > :is(h2, h3, h4)")];
      const section = headings.find((h) => titleOf(h) === found[1])?.parentNode;
      if (!section) continue;
      const name = node.splitText(found.index + "section “".length);
      walker.currentNode = name.splitText(found[1].length);
      name.replaceWith(make("a", { href: `#${section.id}` }, found[1]));
    }
  }

  function showResult(cell, result) {
    clear(cell);
    if (result.html) {
      const box = make("div", { className: "output text_html", innerHTML: result.html });
      linkSections(box);
      cell.output.append(box);
    } else if (result.text !== null && result.text !== undefined) {
      cell.output.append(textOutput(result.text, "text_plain"));
    }
    showFigures(cell, result.figures);
    if (result.error) cell.output.append(textOutput(result.error, "traceback"));
    window.dispatchEvent(new Event("resize")); // book.js looks for what scrolls
  }

  function putBack(cell) {
    if (cell.stored) cell.output.replaceChildren(...cell.stored);
    cell.output.classList.remove("live-new");
    cell.ended = null;
    mark(cell, "");
  }

  // Python

  function startWorker() {
    tell("Starting");
    const failed = () => handlers.failed({ text: "worker.mjs could not be fetched." });
    try {
      worker = new Worker(`${base}worker.mjs${version}`, { type: "module" });
    } catch {
      failed();
      return;
    }
    worker.onerror = failed;
    worker.onmessage = ({ data }) => handlers[data.kind](data);
  }

  const handlers = {
    ready() {
      ready = true;
      next();
    },
    progress({ text, done, total }) {
      const mb = (bytes) => (bytes / 1e6).toFixed(1);
      const some = Math.min(done, total);
      if (total) tell(`${text}: ${mb(some)} of ${mb(total)} MB`, some / total);
      else tell(text);
    },
    started() {
      if (running === asker) first = "";
      mark(running, "running", "running");
      tell(`Running cell ${running.number}`);
    },
    output({ text }) {
      if (running) showOutput(running, text);
    },
    done(result) {
      const cell = running;
      running = null;
      showResult(cell, result);
      settle(cell);
      cell.ran = cell.sent;
      const time = `${result.seconds.toFixed(result.seconds < 10 ? 1 : 0)} s`;
      end(cell, result.error ? "error" : "done",
        result.error ? `stopped by ${result.name}` : `done in ${time}`);
      if (result.error && !has(cell, "raises-exception")) leaveOut(cell);
      if (!queue.length) {
        say(result.error
          ? `Cell ${cell.number} stopped: ${result.name}: ${result.message}`
          : `Cell ${cell.number} is done`);
      }
      next();
    },
    // A file that a cell needs did not come: Python itself is there.
    unfetched({ text }) {
      giveUp(text);
      next();
    },
    failed({ text }) {
      giveUp(text);
      halt();
    },
  };

  function giveUp(text) {
    const cell = running ?? queue[0];
    const said = `${text} Press Run to try again.`;
    running = null;
    queue = queue.filter((other) => other !== cell);
    leaveOut();
    for (const box of new Set([cell, asker].filter(Boolean))) {
      settle(box);
      end(box, "error", said, box.area.value);
    }
    say(said);
  }

  // How a text ended, for as long as it is not changed.
  function end(cell, state, note, source = cell.sent) {
    cell.ended = { source, state, note };
    page.tellIfChanged(cell);
  }

  // After an error, what would have come is not run.
  function leaveOut(cause) {
    for (const cell of queue) {
      settle(cell);
      mark(cell, "", "not run");
    }
    if (cause && asker && queue.includes(asker)) {
      const link = make("a", { href: `#${cause.box.id}` }, `cell ${cause.number}`);
      mark(asker, "", "not run: ", link, " above it stopped");
    }
    queue = [];
  }

  function next() {
    busy(running || queue.length);
    if (!ready || running || !queue.length) return;
    const cell = queue.shift();
    running = cell;
    cell.stream = null;
    cell.cleared = false;
    mark(cell, "running", "waits for Python");
    cell.sent = cell.area.value;
    cell.stopped = null;
    const { number, sent, file } = cell;
    worker.postMessage({ id: number, number, source: sent, file });
  }

  function enqueue(wanted, cell = null) {
    asker = cell;
    for (const other of wanted) {
      // What runs is not run again, unless its text has changed.
      const runs = other === running && other.sent === other.area.value;
      if (runs || queue.includes(other)) continue;
      queue.push(other);
      other.stored ??= [...other.output.childNodes];
      other.waits = true;
      other.output.ariaBusy = "true";
      mark(other, "waiting", "waits");
    }
    const above = queue.length - 1;
    const what = above === 1 ? "the cell above" : `${above} cells above`;
    first = cell && above > 0 ? `Runs ${what} first. ` : "";
    busy(true);
    if (!worker) startWorker();
    next();
  }

  function halt() {
    worker?.terminate();
    worker = null;
    ready = false;
    leaveOut();
    const cell = running;
    running = null;
    if (cell) {
      settle(cell);
      cell.stopped = cell.sent;
      end(cell, "stopped", "stopped");
    }
    for (const other of cells) other.ran = null;
    busy(false);
  }

  // Python starts again with no names: cells that are needed have to be run again.
  function stop() {
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

  function all() {
    enqueue(cells.filter((cell, i) => !givesWay(cell, i)));
  }

  function withThoseAbove(cell) {
    const above = cells.slice(0, cells.indexOf(cell));
    // Not again: what Python knows, and what the reader had to stop.
    const needed = above.filter(
      (c) => ![c.ran, c.stopped].includes(c.area.value) && !has(c, "solution"));
    enqueue([...needed, cell], cell);
  }

  return { cell: withThoseAbove, all, reset };
}
