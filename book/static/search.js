"use strict"; // else the functions of the block would replace those of book.js

// What the search quotes from a page and marks in it: whole words, whole formulas.
{
  const SKIPPED =
    "script, style, svg, button, select, textarea, .headerlink, .eqno, .hide > summary";
  const BLOCKS = "p, li, dt, dd, div, figcaption, h1, h2, h3, h4, pre, td, th, summary";
  const [BLOCK_END, FORMULA_EDGE] = ["\0", "\x01"]; // no text has them

  // Formulas, as one types them: W h_{t-1}.
  const SIGNS = { "−": "-", "⋅": "·", "∥": "‖", "⏟": "", "\u00a0": " " };
  const ACCENTS = { "^": "\u0302", "~": "\u0303", "ˉ": "\u0304", "‾": "\u0304" };
  const raised = (sign, text) => {
    const index = text.replace(/\s*([^\p{L}\s])\s*/gu, "$1").trim();
    return index && sign + ([...index].length > 1 ? `{${index}}` : index);
  };
  const grouped = (text) => (/\s/.test(text.trim()) ? `(${text.trim()})` : text.trim());
  const under = (base, low, high = "") => base + raised("_", low) + raised("^", high);
  const WRITTEN = {
    msub: under,
    munder: under,
    msubsup: under,
    munderover: under,
    msup: (base, high) => base + (high === "′" ? high : raised("^", high)),
    mover: (base, high) => base + (ACCENTS[high.trim()] ?? raised("^", high)),
    mfrac: (above, below) => `${grouped(above)}/${grouped(below)}`,
    msqrt: (...parts) => `√${grouped(parts.join(""))}`,
    mtr: (...cells) => cells.join(" "),
    mtable: (...rows) => rows.join("; "),
  };

  function sign(node) {
    const { localName, textContent, previousElementSibling: before } = node;
    if (localName === "annotation") return "";
    if (localName === "mspace") return " ";
    if (textContent === "\u2061") { // between a function and what it is taken of
      return node.nextElementSibling?.textContent.startsWith("(") ? "" : " ";
    }
    const text = textContent.replace(/[\u200b\u2060-\u2064]/g, "")
      .replace(/[−⋅∥⏟\u00a0]/g, (found) => SIGNS[found]);
    const joins = before && (before.localName !== "mo" || /[)\]∥]/.test(before.textContent));
    if (joins && localName === "mo" && /^[-=+<>·×⊙∈≈≠≤≥±→←∼]$/.test(text)) return ` ${text} `;
    return text === "," ? ", " : text;
  }

  const NAME = /^(mi|m(sub|sup|under|over)+|mfrac|msqrt)$/;
  const apart = (a, b) => a && NAME.test(a.localName) && NAME.test(b.localName) &&
    `${a.localName}${b.localName}` !== "mimi" && !/^[d∂]/.test(a.textContent);

  function written(node) {
    const inner = [...node.children];
    if (!inner.length) return sign(node);
    const parts = inner.map(written);
    return WRITTEN[node.localName]?.(...parts) ??
      parts.reduce((all, part, i) => all + (apart(inner[i - 1], inner[i]) ? " " : "") + part, "");
  }

  // The text of a page, in parts: a text node each, a formula, or the end of a block.
  function partsOf(node, found = []) {
    if (node.nodeType === Node.TEXT_NODE) found.push({ node, text: node.data });
    else if (node.nodeType !== Node.ELEMENT_NODE || node.matches(SKIPPED)) return found;
    else if (node.matches(".katex")) {
      const text = written(node.querySelector("math")).normalize("NFC");
      found.push({ node, text: FORMULA_EDGE + text.replace(/\s+/g, " ").trim() + FORMULA_EDGE });
    } else {
      for (const child of node.childNodes) partsOf(child, found);
      if (node.matches(BLOCKS)) found.push({ text: BLOCK_END });
    }
    return found;
  }

  // What a result is about: the page, a section of it, or a term with what is said of it.
  function read(page, id) {
    const place = page.getElementById(id); // none is called ""
    const whole = place ?? page.querySelector(".bd-article");
    const parts = whole ? partsOf(whole) : [];
    if (place?.matches("dt")) {
      partsOf(page.querySelector(`#${CSS.escape(id)} ~ dd`), parts);
    }
    let start = 0;
    for (const part of parts) start = (part.start = start) + part.text.length;
    return { parts, text: parts.map((part) => part.text).join("") };
  }

  // Patterns for what was typed, the best first.
  const WORD = "\\p{L}\\p{M}\\p{N}_";
  const ENDINGS = "(?:ings?|ies|es|ed|e|s|y)";
  const escaped = (text) => text.replace(/[\^$\\.*+?()[\]{}|/]/g, "\\$&");
  const bounded = (body) => `(^|[^${WORD}])(?:${body})(?![${WORD}])`;

  function inAnyForm(token) {
    if (/^[-−–]$/.test(token)) return "[-−–\\s]";
    if (!/^\p{L}{4,}$/u.test(token)) return escaped(token);
    const stem = token.replace(RegExp(`^(.{3,}?)${ENDINGS}$`, "i"), "$1").replace(/(.)\1$/, "$1");
    return `${stem}${stem.slice(-1)}?${ENDINGS}?`;
  }

  function pattern(text) {
    const tokens = text.match(/[\p{L}\p{M}\p{N}]+|[^\s\p{L}\p{M}\p{N}{}]/gu) ?? [];
    const word = (token) => /^[\p{L}\p{M}\p{N}]{2}/u.test(token ?? "");
    return tokens.map((token, i) => inAnyForm(token) +
      (!tokens[i + 1] ? "" : word(token) && word(tokens[i + 1]) ? "[\\s{}_\x01-]+" : "[\\s{}\x01]*"),
    ).join("");
  }

  const COMMON = /^(and|are|but|does|for|from|how|into|not|that|the|this|what|when|why|with)$/i;

  function patterns(query) {
    const whole = pattern(query);
    const words = query.split(/\s+/).filter((w) => /\p{L}{3}/u.test(w) && !COMMON.test(w));
    const any = [bounded(whole)];
    if (words.length) any.push(bounded(words.map(pattern).join("|")));
    const long = words.filter((word) => /^\p{L}{4,}$/u.test(word)).map(inAnyForm);
    if (long.length) any.push(`()[${WORD}]*(?:${long.join("|")})[${WORD}]*`);
    // A symbol: the formula that is nothing else, or the symbol with an index.
    const symbol = [`()\x01${whole}\x01`, any[0], bounded(`${whole}_(?:\\{[^}]*\\}|[${WORD}]+)`)];
    const exact = /\p{L}{3}/u.test(query) ? [] : symbol.map((one) => RegExp(one, "gu"));
    return [...exact, ...any.map((one) => RegExp(one, "giu"))];
  }

  function places(text, query) {
    if (!/\S/.test(query)) return [];
    for (const one of patterns(query.normalize("NFC"))) {
      const found = [...text.matchAll(one)];
      if (found.length) {
        const end = (m) => m.index + m[0].length;
        const braced = (m) => m[0].includes("{") && text[end(m)] === "}";
        return found.map((m) => [m.index + m[1].length, end(m) + (braced(m) ? 1 : 0)]);
      }
    }
    return [];
  }

  const folded = (node) => node?.parentElement.closest("details:not([open])");
  const within = ({ start, text }, [from, to]) => from < start + text.length && start < to;

  function mark(parts, found) {
    const marked = [];
    for (const { node, text, start } of parts) {
      const here = node ? found.filter((place) => within({ start, text }, place)) : [];
      if (here.length && node.nodeType === Node.ELEMENT_NODE) {
        node.classList.add("found");
        marked.push(node);
        continue;
      }
      let [rest, at] = [node, start];
      for (const [from, to] of here) {
        const [left, right] = [Math.max(from, start), Math.min(to, start + text.length)];
        const middle = rest.splitText(left - at);
        rest = middle.splitText(right - left);
        at = right;
        const box = document.createElement("mark");
        box.className = "found";
        middle.replaceWith(box);
        box.append(middle);
        marked.push(box);
      }
    }
    return marked;
  }

  // The search page quotes what stands around the first place that is open to view.
  window.quote = (page, id, query) => {
    const { parts, text } = read(page, id);
    const found = places(text, query);
    const open = (place) => !folded(parts.find((part) => within(part, place)).node);
    if (!found.length) return "";
    const [first] = found.find(open) ?? found[0];
    const from = first < 120 ? 0 : first - 120 + text.slice(first - 120).search(/[\s\0]|$/);
    const to = from + 260 + text.slice(from + 260).search(/[\s\0]|$/);
    const plain = (a, b) =>
      text.slice(a, b).replace(/\x01/g, "").replace(/[\s\0]+/g, " ");
    const box = document.createElement("p");
    box.className = "context";
    let at = from;
    box.append(from ? "… " : "");
    for (const [a, b] of found.filter((place) => place[0] >= from && place[1] <= to)) {
      const word = document.createElement("mark");
      word.className = "found";
      word.textContent = plain(a, b);
      box.append(plain(at, a), word);
      at = b;
    }
    box.append(plain(at, to), to < text.length ? "\u00a0…" : "");
    return box;
  };

  // A page that was opened from there shows the place.
  function show(query) {
    const { parts, text } = read(document, decodeURIComponent(location.hash.slice(1)));
    const marked = mark(parts, places(text, query));
    if (!marked.length) return;
    const seen = (box) => !folded(box) && (box.checkVisibility?.() ?? true);
    const first = marked.find(seen) ?? marked[0];
    while (folded(first)) folded(first).open = true;
    const scroll = () => first.scrollIntoView({ block: "center", behavior: "instant" });
    scroll();
    // Fonts and pictures may have moved it, unless the reader has.
    const moves = ["wheel", "touchmove", "keydown", "pointerdown"];
    const stop = () => removeEventListener("load", scroll);
    moves.forEach((move) => addEventListener(move, stop, { once: true, passive: true }));
    addEventListener("load", scroll, { once: true });

    const hide = document.createElement("button");
    hide.textContent = "Hide search matches";
    hide.onclick = () => {
      for (const box of marked) {
        if (box.matches("mark")) box.replaceWith(...box.childNodes);
        else box.classList.remove("found");
      }
      hide.remove();
    };
    document.getElementById("searchbox")?.append(hide);
  }

  const address = new URL(location);
  const query = address.searchParams.get("highlight");
  if (query) {
    address.searchParams.delete("highlight");
    try {
      history.replaceState(history.state, "", address); // it is not for the next visit
    } catch {} // some browsers let no file do so
    // Other scripts have then set up what is on the page.
    addEventListener("DOMContentLoaded", () => show(query));
  }
}
