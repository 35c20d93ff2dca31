// Back-propagation through time on the tiny network, four moves a step.
"use strict";

(() => {
  const { number, pair, svg, table, define, backAndNext } = rnnFigures;
  const { forward, backward, sumOfTerms, unrolled } = rnnTiny;
  const stages = ["output", "next", "dz", "term"];
  const last = 3 * stages.length - 1;

  // Move 0 is the first stage of the last step.
  const place = (move) => ({ t: 2 - Math.floor(move / 4), stage: move % 4 });

  function picture(data, state, steps, found, label) {
    const { t: now, stage } = place(state.move);
    const shown = (t, part) => {
      const arrives = t === now && (part === "h" || (part === "V" && stage === 0));
      const through = part === "W" && t === now + 1 && stage === 1;
      if (through && !state.second) return "off";
      const used = part === "W" && t === now && stage === 3;
      if (arrives || through || used) return "now";
      return "done";
    };
    const blame = (t) => {
      if (t > now || (t === now && stage >= 2)) return found[t].dz;
      if (t < now) return ["?", "?"];
      return stage === 0 ? found[t].output : found[t].dh;
    };
    const name = (t) => {
      if (t < now) return "";
      if (t > now || stage >= 2) return "dL/dz";
      return stage === 0 ? "part" : "dL/dh";
    };
    const parts = unrolled(3, shown, {
      reads: (t) => `read ${data.input[t]}`,
      state: (t) => [...blame(t).map((v) => (v === "?" ? v : number(v))), name(t)],
      above: (t) => [`right: ${data.target[t]}`, ""],
    });
    return svg(360, 246, label, parts.concat(arrows(now, stage, state.second)));
  }

  // What moves now, against the direction of the forward pass.
  function arrows(t, stage, second) {
    const { arrow } = rnnFigures;
    const x = 66 + 114 * t;
    if (stage === 0) return [arrow(x - 16, 44, x - 16, 80, "gradient")];
    if (stage === 1 && t < 2 && second) return [arrow(x + 76, 148, x + 40, 148, "gradient")];
    return [];
  }

  function tables(found, state) {
    const { t, stage } = place(state.move);
    const from = (first, values) => values.map((v) => (stage >= first ? number(v) : "·"));
    const step = found[t];
    const late = t === 2 ? "no step follows" : `from step ${t + 1}`;
    const units = table(`The way back through step ${t}`, ["unit 0", "unit 1"], [
      ["through the output, Vᵀ dL/do", "V", from(0, step.output)],
      [`through the next step, Wᵀ dL/dz: ${late}`, "W", from(1, step.next)],
      ["dL/dh, their sum", "gradient", from(1, step.dh)],
      ["slope 1 − h²", "state", from(2, step.slope)],
      ["dL/dz = slope times dL/dh", "gradient", from(2, step.dz)],
    ]);
    const first = stage === 3 ? t : t + 1;
    const flat = (matrix) => matrix.flat().map((v) => number(v));
    const terms = [2, 1, 0].map((s) => {
      const name = `term of step ${s}`;
      return [name, "", s >= first ? flat(found[s].term) : ["·", "·", "·", "·"]];
    });
    const sum = ["sum so far", "gradient", flat(sumOfTerms(found, first))];
    const columns = ["0 ← 0", "0 ← 1", "1 ← 0", "1 ← 1"];
    return units + table("dL/dW grows, one term a step (to unit ← from unit)", columns, [
      ...terms,
      sum,
    ]);
  }

  function told(data, state, steps, found, right) {
    const { t, stage } = place(state.move);
    const step = found[t];
    if (stage === 0) return `the output of step ${t} sends back ${pair(step.output)}.`;
    if (stage === 1) {
      if (t === 2) return `no step follows step 2, so nothing comes along W: dL/dh is ${pair(step.dh)}.`;
      if (!state.second) return `the path through step ${t + 1} is left out: dL/dh is ${pair(step.dh)}.`;
      return `step ${t + 1} sends back ${pair(step.next)}; added to ${pair(step.output)} this makes dL/dh ${pair(step.dh)}.`;
    }
    if (stage === 2) return `times the slope ${pair(step.slope)} this is dL/dz ${pair(step.dz)}.`;
    const sum = sumOfTerms(found, t).flat();
    const start = `dL/dz times the state before, ${pair(steps[t].before)}, is added to dL/dW`;
    const end = t === 0 ? " This is the whole gradient." : "";
    const gap = Math.max(...sum.map((v, i) => Math.abs(v - right[i])));
    const wrong = gap > 1e-9 ? ` The right gradient is ${pair(right)}.` : end;
    return `${start}, which is now ${pair(sum)}.${t === 0 ? wrong : ""}`;
  }

  function view(data, state) {
    const steps = forward(data, data.input);
    const found = backward(data, data.input, data.target, state.second).steps;
    const right = sumOfTerms(backward(data, data.input, data.target).steps, 0).flat();
    const { t } = place(state.move);
    const text = `Move ${state.move + 1} of ${last + 1}, step ${t}: ${told(data, state, steps, found, right)}`;
    const label = `The tiny network, unrolled over the letters ${data.input}. ${text}`;
    return {
      picture: picture(data, state, steps, found, label),
      table: tables(found, state),
      text,
    };
  }

  define("rnn-backward", {
    start: () => ({ move: 0, second: true }),
    controls: () => [
      backAndNext("move", last, "Undo", "Go back in time"),
      {
        kind: "range",
        name: "move",
        label: "Move",
        min: 0,
        max: last,
        show: (move) => `${move + 1} of ${last + 1}, step ${place(move).t}`,
      },
      { kind: "checkbox", name: "second", label: "With the path through the next step" },
    ],
    view,
  });
})();
