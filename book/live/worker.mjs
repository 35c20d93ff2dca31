// Python in a thread of its own, so that the page stays alive and can stop it.
// The page sends {id, number, source, file}; the worker answers with messages of these
// kinds: ready, progress, started, output, done, unfetched, failed.

const MOST_TEXT = 100_000; // characters that one cell may print
const LONGEST_LINE = 2_000;
const here = new URL("./", import.meta.url).href;
const version = new URL(import.meta.url).search;
const networkFetch = self.fetch.bind(self);
const loading = { what: "Python", done: 0, total: 0 };
const brought = new Map(); // files that Pyodide will ask for, by address
let manifest = null;
let store = null;

// Say how much is there; when it is all there, it has to start.
function report(verb) {
  const { what, done, total } = loading;
  if (done < total) postMessage({ kind: "progress", text: `${verb} ${what}`, done, total });
  else postMessage({ kind: "progress", text: `Starting ${what}` });
}

// Whatever goes wrong on the way, the reader is told which file did not come.
async function fetchWhole(name, address = `${here}${name}${version}`, step = () => {}) {
  try {
    const answer = await networkFetch(address);
    if (!answer.ok) throw new Error(answer.status);
    const parts = [];
    const reader = answer.body.getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      parts.push(part.value);
      step(part.value.length);
    }
    const whole = new Blob(parts);
    if (whole.size !== (manifest?.sizes[name] ?? whole.size)) throw new Error("size");
    return whole;
  } catch {
    throw new Error(`${name} could not be fetched.`);
  }
}

// A store that refuses, or does not answer in time, is as good as none.
const soon = (answer) => Promise.race(
  [answer, new Promise((resolve) => { setTimeout(resolve, 5000); })]).catch(() => undefined);

// Files are kept in the browser's own store, under the version of the book.
async function openStore() {
  try {
    store = await soon(caches.open(manifest.store));
    for (const name of await caches.keys()) {
      if (name.startsWith("live-") && name !== manifest.store) await caches.delete(name);
    }
  } catch { /* a browser that keeps nothing */ }
}

// What was kept may be spoilt; then it is fetched again.
async function sound(name, whole) {
  const digest = await crypto.subtle.digest("SHA-256", await whole.arrayBuffer());
  const bytes = [...new Uint8Array(digest)];
  const hash = bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hash === manifest.hashes[name];
}

async function bringOne(name) {
  const address = `${here}pyodide/${name}`;
  const kept = await soon(store?.match(address).then((found) => found?.blob()));
  if (kept && await sound(name, kept)) {
    brought.set(address, kept);
    loading.done += manifest.sizes[name];
    report("Loading");
    return;
  }
  const whole = await fetchWhole(name, address, (bytes) => {
    loading.done += bytes;
    report("Fetching");
  });
  brought.set(address, whole);
  store?.put(address, new Response(whole)).catch(() => undefined); // no one waits for it
}

// All files are here before Pyodide asks for them: what it cannot get it forgets.
async function bring(what, names) {
  Object.assign(loading, { what, done: 0 });
  loading.total = names.reduce((sum, name) => sum + manifest.sizes[name], 0);
  report("Loading");
  await Promise.all(names.map(bringOne));
}

self.fetch = async (request, options) => {
  const address = String(request.url ?? request);
  const whole = brought.get(address);
  if (!whole) return networkFetch(request, options);
  brought.delete(address);
  const type = address.endsWith(".wasm") ? "application/wasm" : "application/octet-stream";
  return new Response(whole, { headers: { "Content-Type": type } });
};

let printed = 0;
let waiting = "";
let sent = 0;
let current = null;

function flush() {
  if (waiting) postMessage({ kind: "output", id: current, text: waiting });
  waiting = "";
  sent = performance.now();
}

// Cut lines that no reader reads to their end. `column` is where the text begins.
function shorten(text, column = 0) {
  return text.split("\n").map((line, i) => {
    const left = LONGEST_LINE - (i ? 0 : column);
    if (line.length <= left) return line;
    return left < 0 ? "" : `${line.slice(0, left)} … the line goes on`;
  }).join("\n");
}

const cut = (text) => shorten(
  text.length > MOST_TEXT ? `${text.slice(0, MOST_TEXT)}\n… the rest is not shown` : text);

// Send what is printed a few times a second, and no more than a reader can read.
function printer() {
  const decoder = new TextDecoder();
  let column = 0;
  return {
    write(bytes) {
      if (printed <= MOST_TEXT) {
        const text = decoder.decode(bytes, { stream: true });
        printed += text.length;
        waiting += shorten(text, printed === text.length ? 0 : column);
        const end = text.lastIndexOf("\n");
        column = end < 0 ? column + text.length : text.length - end - 1;
        const full = printed > MOST_TEXT;
        if (full) waiting += "\n… the rest is not shown\n";
        if (full || performance.now() - sent > 100) flush();
      }
      return bytes.length;
    },
  };
}

async function module(name) {
  try {
    return await import(`./pyodide/${name}`);
  } catch {
    throw new Error(`${name} could not be fetched.`);
  }
}

async function start() {
  manifest = JSON.parse(await (await fetchWhole("manifest.json")).text());
  await openStore();
  const { loadPyodide } = await module("pyodide.mjs");
  await bring("Python", manifest.start);
  const python = await loadPyodide({ indexURL: `${here}pyodide/` });
  python.setStdout(printer());
  python.setStderr(printer());
  python.setStdin({ stdin: () => null }); // nothing to read: the end of the file
  await load(python, "rnn-lib");
  for (const name of ["live_runtime.py", "live_backend.py"]) {
    python.FS.writeFile(`/home/pyodide/${name}`, await (await fetchWhole(name)).text());
  }
  const session = python.pyimport("live_runtime").Session();
  return { python, session };
}

async function load(python, name) {
  let failed = false; // one of the packages that it needs, or itself
  const errorCallback = () => { failed = true; };
  await python.loadPackage(name, { messageCallback() {}, errorCallback });
  if (failed) throw new Error(`${name} could not be loaded.`);
}

// matplotlib is loaded with the first cell that draws.
let drawing = false;

async function loadDrawing(python, source) {
  if (drawing || !new RegExp(`\\b(${manifest.drawing.join("|")})\\b`).test(source)) return;
  await bring("matplotlib", manifest.draw);
  await load(python, "matplotlib");
  drawing = true;
}

// The reader's own file, which may have changed on the disk since it was chosen.
async function takeIn(python, file) {
  const bytes = await file.arrayBuffer().catch(() => {
    throw new Error(`${file.name} could not be read. Choose it again.`);
  });
  python.FS.writeFile("/home/pyodide/yours.txt", new Uint8Array(bytes));
}

const started = start();
started.catch(({ message }) => postMessage({ kind: "failed", text: message }));

async function run({ id, number, source, file }) {
  const { python, session } = await started;
  try {
    if (file) await takeIn(python, file);
    await loadDrawing(python, source);
  } catch ({ message }) {
    postMessage({ kind: "unfetched", text: message });
    return;
  }
  postMessage({ kind: "started", id });
  current = id;
  printed = 0;
  const began = performance.now();
  const shown = session.run(source, number);
  const result = shown.toJs({ dict_converter: Object.fromEntries });
  shown.destroy();
  flush();
  for (const kind of ["text", "error", "message"]) {
    if (result[kind]) result[kind] = cut(result[kind]);
  }
  postMessage({ kind: "done", id, seconds: (performance.now() - began) / 1000, ...result });
}

let queue = Promise.resolve();
self.onmessage = ({ data }) => {
  queue = queue
    .then(() => run(data))
    .catch((error) => postMessage({ kind: "failed", text: `Python has ended: ${error}.` }));
};
postMessage({ kind: "ready" });
