// The forward pass of the tiny network, letter by letter, every number visible.
"use strict";

(() => {
  const { number, pair, plain, largest, svg, table, define, backAndNext } = rnnFigures;
  const { forward, working, unrolled } = rnnTiny;
  const last = 2;

  const words = (symbols) =>
    [...symbols].flatMap((a) => [...symbols].flatMap((b) => [...symbols].map((c) => a + b + c)));

  function picture(data, state, steps, label) {
    const shown = (t, part) => {
      if (t > state.t) return "later";
      if (part === "W" && state.reset) return "off";
      return t === state.t ? "now" : "done";
    };
    const says = ({ probabilities }) => {
      const best = largest(probabilities);
      return [`says ${data.symbols[best]}`, number(probabilities[best])];
    };
    return svg(360, 246, label, unrolled(3, shown, {
      reads: (t) => `reads ${state.letters[t]}`,
      state: (t) => (t > state.t ? ["?", "?"] : steps[t].h.map((v) => number(v))),
      above: (t) => (t > state.t ? ["", ""] : says(steps[t])),
    }));
  }

  const cell = (value, how) => `${number(value)}<small>${how}</small>`;
  const withWork = (values, rows, v, constants) =>
    values.map((value, i) => cell(value, working(rows[i], v, constants?.[i] ?? null)));

  function tables(data, state, step) {
    const p = data.parameters;
    const t = state.t;
    const letter = state.letters[t];
    const memory = t === 0 || state.reset ? "zeros" : `from step ${t - 1}`;
    const units = table(`The state after step ${t}`, ["unit 0", "unit 1"], [
      [`state before, ${memory}`, "state", step.before.map((v) => number(v))],
      [`U x: column ${letter} of U`, "U", withWork(step.Ux, p.U, step.x)],
      ["W times the state before", "W", withWork(step.Wh, p.W, step.before)],
      ["b", "", p.b.map(plain)],
      ["z, their sum", "", step.z.map((v) => number(v))],
      ["h = tanh z", "state", step.h.map((v) => number(v))],
    ]);
    const scores = table(`The prediction of step ${t}`, [...data.symbols], [
      ["o = V h + c", "V", withWork(step.o, p.V, step.h, p.c)],
      ["softmax of o", "", step.probabilities.map((v) => number(v))],
    ]);
    return units + scores;
  }

  function view(data, state) {
    const steps = forward(data, state.letters, state.reset);
    const step = steps[state.t];
    const best = largest(step.probabilities);
    const text =
      `Step ${state.t} reads ${state.letters[state.t]} ` +
      `with the state ${pair(step.before)} from before. ` +
      `The new state is ${pair(step.h)}. The network says ${data.symbols[best]} ` +
      `with probability ${number(step.probabilities[best])}.`;
    const label = `The tiny network, unrolled over the letters ${state.letters}. ${text}`;
    return {
      picture: picture(data, state, steps, label),
      table: tables(data, state, step),
      text,
    };
  }

  define("rnn-forward", {
    start: (data) => ({ letters: data.input, t: 0, reset: false }),
    controls: (data) => [
      backAndNext("t", last, "Step back", "Next step"),
      {
        kind: "range",
        name: "t",
        label: "Step",
        min: 0,
        max: last,
        show: (t) => `${t} of 0 to ${last}`,
      },
      {
        kind: "select",
        name: "letters",
        label: "Letters to read",
        options: words(data.symbols).map((word) => [word, word]),
      },
      { kind: "checkbox", name: "reset", label: "Forget: start each step from zeros" },
    ],
    view,
  });
})();
