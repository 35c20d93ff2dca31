// The loss ladder: choose what a predictor may see, and its floor is computed.
"use strict";

(() => {
  const { number, line, text, svg, table, define } = rnnFigures;
  const top = 3.4;

  // What a predictor sees of a row at position t, as a string.
  function seen(row, t, state) {
    const parts = [row.slice(Math.max(0, t - state.letters + 1), t + 1)];
    if (state.letters === 0) parts[0] = "";
    if (state.first) parts.push(`first ${row[0]}`);
    if (state.position) parts.push(`position ${t}`);
    return parts.filter(Boolean).join(", ") || "nothing";
  }

  // The lowest loss of any predictor with this view, as rnn_lib.floor computes it.
  function floor(data, state) {
    const groups = new Map();
    data.inputs.forEach((row, r) =>
      [...row].forEach((_, t) => {
        const key = seen(row, t, state);
        if (!groups.has(key)) groups.set(key, new Map());
        const answers = groups.get(key);
        const answer = data.targets[r][t];
        answers.set(answer, (answers.get(answer) ?? 0) + 1);
      }),
    );
    let [nats, correct, total] = [0, 0, 0];
    const open = [];
    for (const [key, answers] of groups) {
      const counts = [...answers.values()];
      const size = counts.reduce((a, b) => a + b, 0);
      for (const n of counts) nats -= n * Math.log(n / size);
      correct += Math.max(...counts);
      total += size;
      if (counts.length > 1) open.push([key, answers]);
    }
    return { loss: nats / total + 0, correct, total, groups: groups.size, open };
  }

  function picture(data, loss, label) {
    const y = (nats) => 236 - (212 * nats) / top;
    const parts = [line(64, y(0), 64, y(top) , "axis")];
    for (const nats of [0, 1, 2, 3])
      parts.push(line(58, y(nats), 64, y(nats), "axis"), text(52, y(nats) + 4, nats, "", "end"));
    // The last two rungs are close: their names stand apart.
    const shift = [0, 0, -14, 0, 12];
    Object.entries(data.ladder).forEach(([name, rung], i) => {
      parts.push(line(64, y(rung), 168, y(rung), "rung"));
      parts.push(text(176, y(rung) + 4 + shift[i], `${name} ${number(rung)}`, "", "start"));
    });
    const level = y(loss).toFixed(1);
    parts.push(`<rect x="76" y="${level}" width="48" height="${(y(0) - level).toFixed(1)}" class="bar state"/>`);
    parts.push(line(66, level, 164, level, "chosen"));
    parts.push(text(100, Math.max(16, level - 8), number(loss), "strong"));
    return svg(360, 256, label, parts);
  }

  const share = (found) => `${((100 * found.correct) / found.total).toFixed(1)} %`;

  function openGroups({ open, groups }) {
    const rows = open.slice(0, 4).map(([key, answers]) => {
      const counts = [...answers].sort((a, b) => b[1] - a[1]);
      const listed = counts.slice(0, 5).map(([letter, n]) => `${letter} ${n}×`).join(", ");
      return [key, "", [listed + (counts.length > 5 ? ", …" : "")]];
    });
    const caption = `${open.length} of ${groups} views leave the answer open` + (open.length > 4 ? "; four of them" : "");
    if (!open.length) return "";
    return table(caption, ["answers that follow"], rows);
  }

  function view(data, state) {
    const found = floor(data, state);
    const sees = [
      state.letters === 0 ? "" : state.letters === 1 ? "the current letter" : `the last ${state.letters} letters`,
      state.first ? "the first letter of the row" : "",
      state.position ? "the position" : "",
    ].filter(Boolean);
    const text =
      `A predictor that sees ${sees.join(" and ") || "nothing"} cannot go below ` +
      `${number(found.loss)} nats per letter, a perplexity of ${number(Math.exp(found.loss), 2)}. ` +
      `At best it is right at ${found.correct} of ${found.total} positions, ${share(found)}.`;
    const label = `The loss ladder from 0 to 3.4 nats per letter with five rungs, and a bar for the chosen view. ${text}`;
    return { picture: picture(data, found.loss, label), table: openGroups(found), text };
  }

  define("rnn-ladder", {
    floor,
    start: () => ({ letters: 1, first: false, position: false }),
    controls: () => [
      {
        kind: "range",
        name: "letters",
        label: "Letters it sees, up to the current one",
        min: 0,
        max: 26,
        show: (n) => (n === 0 ? "none" : n === 26 ? "all so far" : String(n)),
      },
      { kind: "checkbox", name: "first", label: "The first letter of the row" },
      { kind: "checkbox", name: "position", label: "The position in the row" },
    ],
    view,
  });
})();
