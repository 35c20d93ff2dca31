// Python in a thread of its own, so that the page stays alive and can stop it.
// The page sends {id, number, source}; the worker answers with messages of these
// kinds: progress, output, done, failed.
import { loadPyodide } from "./pyodide/pyodide.mjs";

const MOST_TEXT = 100_000; // characters that one cell may print
const here = new URL("./", import.meta.url).href;
const version = new URL(import.meta.url).search;
const manifest = await (await fetch(`${here}manifest.json${version}`)).json();
const sizes = manifest.sizes;

// Files are kept in the browser's own store, under the version of the book.
const store = await self.caches?.open(manifest.store).catch(() => undefined);
for (const name of (await self.caches?.keys().catch(() => [])) ?? []) {
  if (name.startsWith("live-") && name !== manifest.store) await caches.delete(name);
}
const loading = { what: "Python", done: 0, total: 0 };

// Say how much is there; when it is all there, it has to start.
function report(verb) {
  const { what, done, total } = loading;
  if (done < total) postMessage({ kind: "progress", text: `${verb} ${what}`, done, total });
  else postMessage({ kind: "progress", text: `Starting ${what}` });
}

// Fetch one file, from the store if it is there, and count its bytes.
async function fetchFile(url) {
  const name = url.slice(url.lastIndexOf("/") + 1);
  const kept = await store?.match(url);
  if (kept) {
    loading.done += sizes[name] ?? 0;
    report("Loading");
    return kept;
  }
  const answer = await networkFetch(url);
  if (!answer.ok) throw new Error(`${name}: the server answered ${answer.status}`);
  const parts = [];
  const reader = answer.body.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    parts.push(part.value);
    loading.done += part.value.length;
    report("Fetching");
  }
  const type = name.endsWith(".wasm") ? "application/wasm" : "application/octet-stream";
  const whole = new Response(new Blob(parts), { headers: { "Content-Type": type } });
  await store?.put(url, whole.clone()).catch(() => undefined);
  return whole;
}

// Pyodide asks for its files with fetch: give them from the store.
const networkFetch = self.fetch.bind(self);
self.fetch = (request, options) => {
  const url = String(request.url ?? request);
  return url.startsWith(`${here}pyodide/`) ? fetchFile(url) : networkFetch(request, options);
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

// Send what is printed a few times a second, and no more than a reader can read.
function printer() {
  const decoder = new TextDecoder();
  return {
    write(bytes) {
      if (printed <= MOST_TEXT) {
        const text = decoder.decode(bytes, { stream: true });
        printed += text.length;
        waiting += text;
        const full = printed > MOST_TEXT;
        if (full) waiting += "\n… the rest is not shown\n";
        if (full || performance.now() - sent > 100) flush();
      }
      return bytes.length;
    },
  };
}

async function start() {
  loading.total = manifest.start.reduce((sum, name) => sum + sizes[name], 0);
  report("Loading");
  const python = await loadPyodide({ indexURL: `${here}pyodide/` });
  python.setStdout(printer());
  python.setStderr(printer());
  python.setStdin({ stdin: () => null }); // nothing to read: the end of the file
  await python.loadPackage("rnn-lib", { messageCallback() {} });
  loading.done = loading.total;
  report("Loading");
  for (const name of ["live_runtime.py", "live_backend.py"]) {
    const text = await (await fetch(`${here}${name}${version}`)).text();
    python.FS.writeFile(`/home/pyodide/${name}`, text);
  }
  const session = python.pyimport("live_runtime").Session();
  return { python, session };
}

// matplotlib is loaded with the first cell that draws.
const draws = new RegExp(`\\b(${manifest.drawing.join("|")})\\b`);
let drawing = false;

async function loadDrawing(python) {
  loading.what = "matplotlib";
  loading.done = 0;
  loading.total = manifest.draw.reduce((sum, name) => sum + sizes[name], 0);
  await python.loadPackage("matplotlib", { messageCallback() {} });
  loading.done = loading.total;
  report("Loading");
  drawing = true;
}

const started = start();
started.catch((error) => postMessage({ kind: "failed", text: String(error) }));

async function run({ id, number, source }) {
  const { python, session } = await started;
  if (!drawing && draws.test(source)) await loadDrawing(python);
  postMessage({ kind: "started", id });
  current = id;
  printed = 0;
  const began = performance.now();
  const shown = session.run(source, number);
  const result = shown.toJs({ dict_converter: Object.fromEntries });
  shown.destroy();
  flush();
  postMessage({ kind: "done", id, seconds: (performance.now() - began) / 1000, ...result });
}

let queue = Promise.resolve();
self.onmessage = ({ data }) => {
  queue = queue
    .then(() => run(data))
    .catch((error) => postMessage({ kind: "failed", text: String(error) }));
};
postMessage({ kind: "ready" });
