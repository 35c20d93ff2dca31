// Temperature and sampling: a small trained network writes names, letter by letter.
"use strict";

(() => {
  const { softmax, oneHot, step, number, largest, text, svg, table, define } = rnnFigures;
  const longest = 12;

  // The logits after the boundary and the letters of `prefix`.
  function logits(data, prefix) {
    const size = data.symbols.length;
    let h = data.parameters.b.map(() => 0);
    let found = null;
    for (const symbol of data.symbols[0] + prefix) {
      found = step(data.parameters, oneHot(data.symbols.indexOf(symbol), size), h);
      h = found.h;
    }
    return found.o;
  }

  const probabilities = (scores, temperature) =>
    softmax(scores.map((score) => score / temperature));

  // Random numbers from 0 to 1 that are the same everywhere: mulberry32.
  function random(seed) {
    let state = seed >>> 0;
    return () => {
      state = (state + 0x6d2b79f5) >>> 0;
      let r = Math.imul(state ^ (state >>> 15), state | 1);
      r ^= r + Math.imul(r ^ (r >>> 7), r | 61);
      return ((r ^ (r >>> 14)) >>> 0) / 4294967296;
    };
  }

  function draw(shares, uniform) {
    let sum = 0;
    const index = shares.findIndex((share) => (sum += share) > uniform);
    return index < 0 ? shares.length - 1 : index;
  }

  // Continue `prefix` until the network draws the boundary.
  function write(data, prefix, temperature, uniform) {
    let name = prefix;
    while (name.length < longest) {
      const index = draw(probabilities(logits(data, name), temperature), uniform());
      if (index === 0) break;
      name += data.symbols[index];
    }
    return name;
  }

  function names(data, { prefix, temperature, seed }) {
    const uniform = random(seed);
    return Array.from({ length: 8 }, () => write(data, prefix, temperature, uniform));
  }

  const entropy = (shares) =>
    -shares.reduce((sum, p) => sum + (p > 0 ? p * Math.log(p) : 0), 0);

  function picture(data, shares, label) {
    const parts = [];
    const longestBar = Math.max(...shares);
    shares.forEach((share, i) => {
      const [column, row] = [Math.floor(i / 14), i % 14];
      const [x, y] = [22 + 178 * column, 18 + 19 * row];
      const width = (92 * share) / longestBar;
      const name = i === 0 ? "end" : data.symbols[i];
      parts.push(text(x, y, name));
      parts.push(`<rect x="${x + 16}" y="${y - 11}" width="${width.toFixed(1)}" height="13" class="bar V"/>`);
      parts.push(text((x + 21 + width).toFixed(1), y, number(share, 3), "", "start"));
    });
    return svg(360, 274, label, parts);
  }

  function view(data, state) {
    const { temperature, prefix } = state;
    const shares = probabilities(logits(data, prefix), temperature);
    const best = largest(shares);
    const next = best === 0 ? "the end" : data.symbols[best];
    const where = prefix ? `After ${prefix}` : "At the start of a name";
    const text =
      `${where}, at temperature ${temperature.toFixed(1)}, the likeliest next symbol is ${next} ` +
      `with probability ${number(shares[best], 3)}; the perplexity of the choice is ` +
      `${number(Math.exp(entropy(shares)), 1)} symbols.` +
      (state.written.length ? ` Written: ${state.written.map(([name]) => name).join(", ")}.` : "");
    const label = `A bar for the probability of each of 26 letters and the end of the name; the longest stands for the likeliest. ${text}`;
    const rows = state.written.map(([name, used], i) => [`${i + 1}. ${name}`, "", [used.toFixed(1)]]);
    const list = rows.length ? table("Names written", ["temperature"], rows) : "";
    return { picture: picture(data, shares, label), table: list, text };
  }

  const latest = (written) => written.slice(-8);

  // Draw one symbol; the end of the name goes on to a new one.
  function oneLetter(state, data) {
    const { prefix, temperature } = state;
    const uniform = random(7919 * (state.draws + 1));
    const index = draw(probabilities(logits(data, prefix), temperature), uniform());
    const draws = state.draws + 1;
    const longer = prefix + data.symbols[index];
    if (index > 0 && longer.length < longest) return { draws, prefix: longer };
    const name = index > 0 ? longer : prefix;
    return { draws, prefix: "", written: latest([...state.written, [name, temperature]]) };
  }

  function eightNames(state, data) {
    const seed = state.seed + 1;
    const made = names(data, { ...state, seed });
    return { seed, written: made.map((name) => [name, state.temperature]) };
  }

  define("rnn-temperature", {
    ...{ logits, probabilities, random, names },
    start: () => ({ temperature: 1, prefix: "", seed: 0, draws: 0, written: [] }),
    controls: () => [
      {
        kind: "range",
        name: "temperature",
        label: "Temperature",
        min: 0.1,
        max: 2,
        step: 0.1,
        show: (value) => value.toFixed(1),
      },
      { kind: "letters", name: "prefix", label: "Start of the name", max: longest },
      {
        kind: "buttons",
        buttons: [
          { label: "Draw one letter", act: oneLetter },
          { label: "Write eight names", act: eightNames },
          { label: "Start again", act: () => ({ prefix: "", written: [] }) },
        ],
      },
    ],
    view,
  });
})();
