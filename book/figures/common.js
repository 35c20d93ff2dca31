// What all figures to play with have in common: arithmetic, drawing, the element.
// A figure is { start, controls, view }: `start(data)` is the state to begin with,
// `controls(data)` lists native controls that change it, and `view(data, state)`
// returns what to show: { picture, label, table, text }. All three are pure, so
// that the book's build and its tests run them without a browser.
"use strict";

globalThis.rnnFigures = (() => {
  // Arithmetic. A matrix is an array of rows.

  const times = (A, v) =>
    A.map((row) => row.reduce((sum, a, j) => sum + a * v[j], 0));
  const transpose = (A) => A[0].map((_, j) => A.map((row) => row[j]));
  const add = (...vectors) =>
    vectors[0].map((_, i) => vectors.reduce((sum, v) => sum + v[i], 0));
  const multiply = (u, v) => u.map((a, i) => a * v[i]);
  const outer = (u, v) => u.map((a) => v.map((b) => a * b));

  function softmax(scores) {
    const top = Math.max(...scores);
    const powers = scores.map((score) => Math.exp(score - top));
    const sum = powers.reduce((a, b) => a + b, 0);
    return powers.map((power) => power / sum);
  }

  const oneHot = (index, size) =>
    Array.from({ length: size }, (_, k) => (k === index ? 1 : 0));

  // One step of the network, with everything that is computed on the way.
  function step(p, x, before) {
    const Ux = times(p.U, x);
    const Wh = times(p.W, before);
    const z = add(Ux, Wh, p.b);
    const h = z.map(Math.tanh);
    const o = add(times(p.V, h), p.c);
    return { x, before, Ux, Wh, z, h, o, probabilities: softmax(o) };
  }

  // Text

  function number(value, digits = 4) {
    const text = Math.abs(value).toFixed(digits);
    return value < 0 && Number(text) !== 0 ? "−" + text : text;
  }

  const plain = (value) => String(value).replace("-", "−");
  const pair = (vector) => "(" + vector.map((v) => number(v)).join(", ") + ")";
  const largest = (vector) => vector.indexOf(Math.max(...vector));

  // Drawing. Colours come from classes, so that they follow the theme.

  const line = (x1, y1, x2, y2, kind, more = "") =>
    `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" class="${kind}" ${more}/>`;
  const text = (x, y, words, kind = "", anchor = "middle") =>
    `<text x="${x}" y="${y}" text-anchor="${anchor}" class="${kind}">${words}</text>`;

  // A line with a head of its own: markers would need ids, once per page.
  function arrow(x1, y1, x2, y2, kind) {
    const length = Math.hypot(x2 - x1, y2 - y1);
    const [dx, dy] = [(x2 - x1) / length, (y2 - y1) / length];
    const [bx, by] = [x2 - 9 * dx, y2 - 9 * dy];
    const corners = [
      [x2, y2],
      [bx - 4.5 * dy, by + 4.5 * dx],
      [bx + 4.5 * dy, by - 4.5 * dx],
    ];
    const points = corners.map((c) => c.map((v) => v.toFixed(1)).join(",")).join(" ");
    return (
      line(x1, y1, bx.toFixed(1), by.toFixed(1), kind) +
      `<polygon points="${points}" class="${kind} head"/>`
    );
  }

  const svg = (width, height, label, parts) =>
    `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}">` +
    `${parts.join("")}</svg>`;

  // Rows are [heading, kind, cells]; the kind is a colour: U, W, V, state, gradient.
  function table(caption, columns, rows) {
    const head = columns.map((name) => `<th scope="col">${name}</th>`).join("");
    const body = rows.map(
      ([name, kind, cells]) =>
        `<tr><th scope="row" class="key ${kind}">${name}</th>` +
        cells.map((cell) => `<td>${cell}</td>`).join("") +
        "</tr>",
    );
    return (
      `<table class="play-table"><caption>${caption}</caption><thead><tr><td></td>` +
      `${head}</tr></thead><tbody>${body.join("")}</tbody></table>`
    );
  }

  // Figures

  const known = {};

  function show(view) {
    return (
      `<div class="play-picture">${view.picture}</div>` +
      `<div class="play-numbers">${view.table}</div>` +
      `<p class="play-text">${view.text}</p>`
    );
  }

  // What stands on the page before a script runs, and where none does.
  const still = (name, data) => show(known[name].view(data, known[name].start(data)));

  function define(name, figure) {
    known[name] = figure;
    if (typeof customElements === "undefined") return;
    const register = () => customElements.define(name, elementOf(figure));
    if (document.readyState !== "loading") register();
    else document.addEventListener("DOMContentLoaded", register);
  }

  function elementOf(figure) {
    return class extends HTMLElement {
      connectedCallback() {
        if (this.data) return;
        this.data = JSON.parse(this.querySelector("script").textContent);
        this.state = figure.start(this.data);
        const still = this.querySelector(".play-still");
        this.controls = document.createElement("div");
        this.controls.className = "play-controls";
        this.listed = figure.controls(this.data).map((control) => {
          const made = makers[control.kind](this, control);
          this.controls.append(made.box);
          return made;
        });
        still.before(this.controls);
        this.picture = still.querySelector(".play-picture");
        this.numbers = still.querySelector(".play-numbers");
        this.words = still.querySelector(".play-text");
        this.words.setAttribute("aria-live", "polite");
        this.update(false);
      }

      change(changes) {
        this.state = { ...this.state, ...changes };
        this.update(true);
      }

      // What scrolls sideways can be reached with the keyboard.
      markScroller() {
        const { scrollWidth, clientWidth } = this.numbers;
        if (scrollWidth > clientWidth) this.numbers.tabIndex = 0;
        else this.numbers.removeAttribute("tabindex");
      }

      update(speak) {
        const view = figure.view(this.data, this.state);
        this.picture.innerHTML = view.picture;
        this.numbers.innerHTML = view.table;
        // What stands there from the start is looked at by book.js.
        if (speak) requestAnimationFrame(() => this.markScroller());
        for (const control of this.listed) control.refresh(this.state);
        // Wait for the end of a drag before a screen reader is told.
        clearTimeout(this.waiting);
        const tell = () => (this.words.innerHTML = view.text);
        if (speak) this.waiting = setTimeout(tell, 200);
        else tell();
      }
    };
  }

  // Native controls: each maker returns { box, refresh(state) }.

  let count = 0;

  function labelled(control, input) {
    const box = document.createElement("div");
    const label = document.createElement("label");
    input.id = `play-control-${(count += 1)}`;
    label.htmlFor = input.id;
    label.textContent = control.label;
    box.className = "play-control";
    box.append(label, input);
    return box;
  }

  const makers = {
    range(host, control) {
      const input = document.createElement("input");
      const { min, max, step = 1 } = control;
      Object.assign(input, { type: "range", min, max, step });
      const output = document.createElement("output");
      output.setAttribute("aria-live", "off"); // the description tells it
      const box = labelled(control, input);
      output.htmlFor = input.id;
      box.append(output);
      input.addEventListener("input", () =>
        host.change({ [control.name]: Number(input.value) }),
      );
      const refresh = (state) => {
        input.value = state[control.name];
        output.textContent = control.show(state[control.name], host.data);
        input.setAttribute("aria-valuetext", output.textContent);
      };
      return { box, refresh };
    },

    select(host, control) {
      const input = document.createElement("select");
      for (const [value, words] of control.options) input.add(new Option(words, value));
      input.addEventListener("change", () =>
        host.change({ [control.name]: input.value, ...control.also }),
      );
      const refresh = (state) => (input.value = state[control.name]);
      return { box: labelled(control, input), refresh };
    },

    checkbox(host, control) {
      const input = document.createElement("input");
      input.type = "checkbox";
      input.addEventListener("change", () =>
        host.change({ [control.name]: input.checked }),
      );
      const box = labelled(control, input);
      box.classList.add("play-checkbox");
      return { box, refresh: (state) => (input.checked = state[control.name]) };
    },

    letters(host, control) {
      const input = document.createElement("input");
      Object.assign(input, { type: "text", maxLength: control.max, size: control.max });
      Object.assign(input, { autocomplete: "off", spellcheck: false });
      input.addEventListener("input", () =>
        host.change({ [control.name]: input.value.toUpperCase().replace(/[^A-Z]/g, "") }),
      );
      const refresh = (state) => {
        if (input.value !== state[control.name]) input.value = state[control.name];
      };
      return { box: labelled(control, input), refresh };
    },

    // A button that does nothing now stays where the keyboard can find it.
    buttons(host, control) {
      const box = document.createElement("div");
      box.className = "play-control play-buttons";
      const made = control.buttons.map(({ label, act }) => {
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = label;
        button.addEventListener("click", () => {
          const changes = act(host.state, host.data);
          if (changes) host.change(changes);
        });
        box.append(button);
        return [button, act];
      });
      const refresh = (state) => {
        for (const [button, act] of made)
          button.setAttribute("aria-disabled", act(state, host.data) === null);
      };
      return { box, refresh };
    },
  };

  // Two buttons that move a whole number from 0 to `last`.
  const backAndNext = (name, last, back, next) => ({
    kind: "buttons",
    buttons: [
      { label: back, act: (s) => (s[name] > 0 ? { [name]: s[name] - 1 } : null) },
      { label: next, act: (s) => (s[name] < last ? { [name]: s[name] + 1 } : null) },
    ],
  });

  return {
    ...{ times, transpose, add, multiply, outer, softmax, oneHot, step },
    ...{ number, plain, pair, largest, line, text, arrow, svg, table },
    ...{ known, still, define, backAndNext },
  };
})();
