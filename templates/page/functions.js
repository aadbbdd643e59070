'use strict';
// What steps of a figure's own need besides the operations that methods have (forward.js): functions of the core,
// parts of matrices, inverses. Only a page that needs one of them has this script.
const Functions = (() => {
  const U = 2 ** -53;
  // By its series (Abramowitz and Stegun, 7.1.6); beyond 6 it is 1 to the last place.
  const erf = (x) => {
    const z = Math.max(-6, Math.min(6, x));
    let term = z, total = z;
    for (let n = 1; n < 200; n += 1) { term *= 2 * z * z / (2 * n + 1); total += term; }
    return 2 / Math.sqrt(Math.PI) * Math.exp(-z * z) * total;
  };
  // A function of numbers, and how far its value is off where its argument is off by e.
  const EXP = { value: Math.exp, off: (v, e) => Math.exp(v) * (Math.expm1(e) + 4 * U) };
  const LOG = { value: Math.log, off: (v, e) => (v > e ? e / (v - e) : NaN) + 4 * U * Math.abs(Math.log(v)) };
  const ERF = { value: erf, off: (v, e) => 1.13 * e + 1e-14 };

  return (N, { each, sum }) => {
    const exp = (x) => N.real(x, EXP), erf = (x) => N.real(x, ERF);
    const one = N.of(Exact.num(1)), none = N.of(Exact.num(0));
    const minus = (a) => N.sub(none, a), sign = (a) => (a === null ? NaN : Math.sign(N.float(a)));
    const transpose = (a) => a[0].map((_, j) => a.map((row) => row[j]));
    const part = (a, axis, from, to) => (axis === 'rows' ? a.slice(from, to) : a.map((row) => row.slice(from, to)));
    const mean = (column) => N.div(sum(column), N.of(Exact.num(column.length)));
    const normed = (column) => { const size = N.sqrt(mean(column.map((x) => N.mul(x, x)))); return column.map((x) => N.div(x, size)); };
    const column = (a) => [].concat(...transpose(a)).map((x) => [x]);
    // The functions of the core (core/functions.py): of an entry, of a column, or of all arguments.
    const sigmoid = (x) => N.div(one, N.add(one, exp(minus(x))));
    const entrywise = {
      ReLU: (x) => (sign(x) > 0 ? x : x === null ? null : none), sigmoid, SiLU: (x) => N.mul(x, sigmoid(x)),
      tanh: (x) => N.sub(one, N.div(N.of(Exact.num(2)), N.add(one, exp(N.add(x, x))))),
      GELU: (x) => N.mul(N.div(x, N.of(Exact.num(2))), N.add(one, erf(N.div(x, N.sqrt(N.of(Exact.num(2))))))),
      exp, log: (x) => N.real(x, LOG), dropout: (x) => x,
      sign: (x) => (x === null ? null : N.of(Exact.num(sign(x)))),
    };
    const columns = {
      softmax: (x) => { const powers = x.map(exp), all = sum(powers); return powers.map((one) => N.div(one, all)); },
      'RMS norm': normed,
      'layer norm': (x) => { const middle = mean(x); return normed(x.map((one) => N.sub(one, middle))); },
    };
    const all = {
      concat: (first, ...rest) => (rest.length === 0 ? column(first) : [first, ...rest].flat()),
      columns: (first, ...rest) => first.map((row, i) => [row, ...rest.map((a) => a[i])].flat()),
      mean: (first, ...rest) => (rest.length === 0 ? [[mean(first.flat())]]
        : each(first, (x, i, j) => mean([x, ...rest.map((a) => a[i][j])]))),
      top: (a, [[many]]) => transpose(transpose(a).map((x) => {
        const kept = x.map((_, i) => i).sort((i, j) => N.float(x[j]) - N.float(x[i])).slice(0, Number(N.float(many)));
        return x.map((entry, i) => (kept.includes(i) ? entry : none));
      })),
    };
    const along = (by, a, each) => (by === 'rows' ? a.map(each) : transpose(transpose(a).map(each)));
    const softened = (x) => (x === null ? null : N.div(x, N.add(one, sign(x) < 0 ? minus(x) : x)));
    return {
      sum: (...several) => {
        const [signs] = several.splice(-2);
        return each(several[0], (_, i, j) => sum(several.map((a, n) => (signs[n] < 0 ? minus(a[i][j]) : a[i][j]))));
      },
      norm: (a) => [[N.sqrt(sum(a.flat().map((y) => N.mul(y, y))))]],
      transpose,
      diagonal: (v) => v.map(([x], i) => v.map((_, j) => (i === j ? x : none))),
      identity: ([size], sizes) => Array.from({ length: sizes[size] }, (_, i) => Array.from({ length: sizes[size] }, (_, j) => (i === j ? one : none))),
      slice: (a, [axis, place]) => (axis === 'rows' ? a[place - 1].map((x) => [x]) : a.map((row) => [row[place - 1]])),
      cut: (a, [axis, after, extent], sizes) => {
        const from = after.reduce((total, size) => total + sizes[size], 0);
        return part(a, axis, from, from + sizes[extent]);
      },
      // By the columns of the inverse, each found with the others (Gauss and Jordan).
      inverse: (a) => {
        const rows = a.map((row, i) => [...row, ...a.map((_, j) => (i === j ? one : none))]);
        rows.forEach((_, i) => {
          const pivot = rows.findIndex((row, at) => at >= i && (sign(row[i]) || 0) !== 0);
          if (pivot > i) [rows[i], rows[pivot]] = [rows[pivot], rows[i]];
          rows[i] = rows[i].map((x) => N.div(x, rows[i][i]));
          rows.forEach((row, at) => { if (at !== i) rows[at] = row.map((x, j) => N.sub(x, N.mul(row[i], rows[i][j]))); });
        });
        return rows.map((row) => row.slice(a.length));
      },
      call: (...several) => {
        const [[name, by]] = several.splice(-2);
        if (name in entrywise) return each(several[0], entrywise[name]);
        return name in columns ? along(by, several[0], columns[name]) : all[name](...several);
      },
      // A function of which nothing is known: a table times its arguments, x / (1 + |x|) of every entry.
      'stand-in': (...several) => {
        const [[name, acts, by, rows, wide], sizes] = several.splice(-2);
        if (acts === 'entries') return several.reduce((a, b) => each(a, (x, i, j) => N.add(x, b[i][j]))).map((row) => row.map(softened));
        const table = (i, j) => N.of(Exact.num(((i * 5 + j * 3 + name.length) % 7) - 3, 4));
        const made = (x, high) => Array.from({ length: high }, (_, i) => softened(sum(x.map((one, j) => N.mul(table(i, j), one)))));
        const size = (which) => sizes[which] ?? 1, joined = by === 'rows' ? several[0].map((row, i) => several.flatMap((a) => a[i])) : several.flat();
        if (acts === 'columns') return along(by, joined, (x) => made(x, size(by === 'rows' ? wide : rows)));
        const flat = made(several.flat(2), size(rows) * size(wide));
        return Array.from({ length: size(rows) }, (_, i) => flat.slice(i * size(wide), (i + 1) * size(wide)));
      },
    };
  };
})();
