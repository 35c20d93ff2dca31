// Gradient against lag: what the spectral radius predicts, and what was measured.
"use strict";

(() => {
  const { line, text, svg, table, define } = rnnFigures;
  const [left, right, low, high] = [52, 350, -24, 16];

  // log10 of the factor between the gradient at this lag and at lag 0.
  const predicted = (radius, lag) => lag * Math.log10(radius);
  const measured = (data, state, lag) =>
    data.measured[state.start][data.radii.indexOf(state.radius)][lag];

  // 3.2e−5 as "3.2 · 10⁻⁵", from its logarithm.
  function power(log) {
    if (log > -2 && log < 3) return (10 ** log).toPrecision(2).replace(/e\+2$/, "00");
    let exponent = Math.floor(log);
    let digits = (10 ** (log - exponent)).toFixed(1);
    if (digits === "10.0") [digits, exponent] = ["1.0", exponent + 1];
    const raised = [...String(exponent)].map((c) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(c)] ?? "⁻").join("");
    return `${digits} · 10${raised}`;
  }

  const x = (lag) => left + ((right - left) * lag) / 79;
  const y = (log) => 16 + (204 * (high - log)) / (high - low);
  const inside = (log) => Math.min(high, Math.max(low, log));
  const path = (values, kind) =>
    `<polyline class="${kind}" points="${values
      .map((log, lag) => `${x(lag).toFixed(1)},${y(inside(log)).toFixed(1)}`)
      .join(" ")}"/>`;

  function picture(data, state, label) {
    const lags = Array.from({ length: 80 }, (_, lag) => lag);
    const parts = [];
    for (const log of [16, 8, 0, -8, -16, -24]) {
      parts.push(line(left, y(log), right, y(log), "grid"));
      const raised = String(log).replace("-", "−");
      parts.push(text(left - 6, y(log) + 4, `10<tspan class="up" dy="-5">${raised}</tspan>`, "", "end"));
    }
    for (const lag of [0, 20, 40, 60, 79]) parts.push(text(x(lag), 238, lag));
    parts.push(text((left + right) / 2, 256, "lag"));
    parts.push(path(lags.map((lag) => predicted(state.radius, lag)), "W dashed"));
    parts.push(path(lags.map((lag) => measured(data, state, lag)), "gradient"));
    parts.push(line(x(state.lag), 16, x(state.lag), 220, "axis"));
    const [p, m] = [predicted(state.radius, state.lag), measured(data, state, state.lag)];
    const place = (log) => [x(state.lag).toFixed(1), y(inside(log)).toFixed(1)];
    parts.push(`<circle cx="${place(p)[0]}" cy="${place(p)[1]}" r="5" class="W open"/>`);
    parts.push(`<circle cx="${place(m)[0]}" cy="${place(m)[1]}" r="5" class="gradient head"/>`);
    return svg(360, 262, label, parts);
  }

  function view(data, state) {
    const { lag, radius } = state;
    const [p, m] = [predicted(radius, lag), measured(data, state, lag)];
    const drawn = `${state.start} W with spectral radius ${radius.toFixed(2)}`;
    const text =
      `At lag ${lag}, ${drawn}: the spectral radius alone predicts that the gradient is ` +
      `${power(p)} times as long as at lag 0. Measured, with tanh, it is ${power(m)} times as long.`;
    const label = `Two lines over lags 0 to 79, on a logarithmic axis: predicted dashed, measured solid. ${text}`;
    const each = Math.pow(10, m / Math.max(1, lag)).toFixed(3);
    const rows = [
      [`predicted: ${radius.toFixed(2)} to the power ${lag}`, "W dashed", [power(p), radius.toFixed(3)]],
      ["measured with tanh", "gradient", [power(m), lag === 0 ? "–" : each]],
    ];
    const numbers = table("Length of dL/dh, as a share of that at lag 0", [`at lag ${lag}`, "factor per step"], rows);
    return { picture: picture(data, state, label), table: numbers, text };
  }

  define("rnn-lag", {
    predicted,
    start: () => ({ start: "orthogonal", radius: 0.9, lag: 20 }),
    controls: (data) => [
      {
        kind: "range",
        name: "radius",
        label: "Spectral radius of W",
        min: data.radii[0],
        max: data.radii[data.radii.length - 1],
        step: 0.05,
        show: (radius) => radius.toFixed(2),
      },
      { kind: "range", name: "lag", label: "Lag", min: 0, max: 79, show: String },
      {
        kind: "select",
        name: "start",
        label: "W before scaling",
        options: Object.keys(data.measured).map((name) => [name, name]),
      },
    ],
    view,
  });
})();
