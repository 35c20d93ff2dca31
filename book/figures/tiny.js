// The tiny network of two units and three letters: its two passes, its picture.
"use strict";

globalThis.rnnTiny = (() => {
  const { times, transpose, add, multiply, outer, oneHot, step } = rnnFigures;
  const { plain, line, text, arrow } = rnnFigures;

  // Returns one record a step. With `reset` each step starts from zeros.
  function forward(data, letters, reset = false) {
    const zeros = data.parameters.b.map(() => 0);
    const steps = [];
    for (const letter of letters) {
      const x = oneHot(data.symbols.indexOf(letter), data.symbols.length);
      const last = steps[steps.length - 1];
      steps.push(step(data.parameters, x, last && !reset ? last.h : zeros));
    }
    return steps;
  }

  // Returns one record a step, and the loss. Without `second` the gradient
  // that comes from the next step is left out.
  function backward(data, letters, targets, second = true) {
    const steps = forward(data, letters);
    const [Vt, Wt] = [transpose(data.parameters.V), transpose(data.parameters.W)];
    const size = data.symbols.length;
    const found = [];
    let [loss, dz] = [0, null];
    for (let t = steps.length - 1; t >= 0; t -= 1) {
      const { probabilities, h, before } = steps[t];
      const target = data.symbols.indexOf(targets[t]);
      loss -= Math.log(probabilities[target]) / steps.length;
      const wrong = add(probabilities, oneHot(target, size).map((y) => -y));
      const d_o = wrong.map((d) => d / steps.length);
      const output = times(Vt, d_o);
      const next = dz && second ? times(Wt, dz) : h.map(() => 0);
      const dh = add(output, next);
      const slope = h.map((value) => 1 - value * value);
      dz = multiply(slope, dh);
      found[t] = { d_o, output, next, dh, slope, dz, term: outer(dz, before) };
    }
    return { steps: found, loss };
  }

  // The sum of the terms of dL/dW from step `first` to the last.
  function sumOfTerms(found, first) {
    const zero = found[0].term.map((row) => row.map(() => 0));
    return found
      .slice(first)
      .reduce((sum, { term }) => sum.map((row, i) => add(row, term[i])), zero);
  }

  // "0.5·0.9051 − 1·0.4621 + 0.5", leaving out what is 0 because of the zero in `v`.
  function working(row, v, constant = null) {
    const factors = row.map((a, j) => [a, Number(Math.abs(v[j]).toFixed(4)), v[j] < 0]);
    const products = factors.map(([a, size, negative]) => {
      const value = String(size === Math.round(size) ? size : size.toFixed(4));
      return `${plain(a)}·${negative ? `(−${value})` : value}`;
    });
    const parts = constant === null ? products : [...products, plain(constant)];
    return parts.join(" + ").replaceAll("+ −", "− ");
  }

  // The network unrolled over its steps. `shown(t, part)` returns the class of a
  // part of step t: x, U, W (the arrow into step t), h, V or y; "" is not drawn.
  function unrolled(count, shown, words) {
    const parts = [];
    for (let t = 0; t < count; t += 1) {
      const x = 66 + 114 * t;
      const draw = (part, drawing) => {
        const kind = shown(t, part);
        if (kind) parts.push(`<g class="${kind}">${drawing}</g>`);
      };
      draw("x", text(x, 234, words.reads(t), "letter"));
      draw("U", arrow(x, 214, x, 176, "U") + text(x + 14, 200, "U", "name"));
      if (t > 0) {
        const name = text(x - 57, 110, "W", "name");
        draw("W", arrow(x - 76, 128, x - 38, 128, "W") + name);
      }
      const values = words.state(t).map((v, i) => text(x, 124 + 20 * i, v, "value"));
      const box = `<rect x="${x - 37}" y="84" width="74" height="90" rx="9" class="state"/>`;
      draw("h", box + text(x, 102, `h<tspan dy="4">${t}</tspan>`, "name") + values.join(""));
      draw("V", arrow(x, 82, x, 46, "V") + text(x + 14, 68, "V", "name"));
      draw("y", text(x, 20, words.above(t)[0]) + text(x, 38, words.above(t)[1] ?? ""));
    }
    return parts;
  }

  return { forward, backward, sumOfTerms, working, unrolled };
})();
