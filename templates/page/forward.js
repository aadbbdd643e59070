'use strict';
// The forward pass of a method, step by step, with small numbers. Needs Exact (exact.js).
//
// A plan (lorafig/page/forward.py) says what is given and which operation each step is. Every value is a matrix,
// an array of rows: a vector has one column, a number one entry. Entries are exact; where a root has no exact
// value all are doubles, each with a bound of its error, so that "equal" is decided, not guessed.
const Forward = (() => {
  const MOST = 4, RANK = 2; // the largest d and k shown, and the largest r below them

  // Arithmetic: null where there is no value -----------------------------------------------------------------

  const U = 2 ** -53;
  const both = (operation) => (a, b) => (a === null || b === null ? null : operation(a, b));
  // A double and what it may be off by: the errors of its parts and one rounding.
  const near = (v, e) =>
    (Number.isFinite(v) ? { v, e: (e + U * Math.abs(v) + Number.MIN_VALUE) * (1 + 8 * U) } : null);
  const isDouble = (a) => (a.d & (a.d - 1n)) === 0n && a.d < 2n ** 900n && a.n < 2n ** 53n && a.n > -(2n ** 53n);
  const doubles = {
    of(a) {
      if (!Exact.is(a)) return null;
      const v = Exact.float(a);
      return isDouble(a) ? { v, e: 0 } : near(v, 2 ** -60 * Math.abs(v));
    },
    add: both((a, b) => near(a.v + b.v, a.e + b.e)),
    sub: both((a, b) => near(a.v - b.v, a.e + b.e)),
    mul: both((a, b) => near(a.v * b.v, Math.abs(a.v) * b.e + Math.abs(b.v) * a.e + a.e * b.e)),
    div: both((a, b) => {
      const room = Math.abs(b.v) - b.e, v = a.v / b.v;
      return room > 0 ? near(v, (a.e + Math.abs(v) * b.e) / room) : null;
    }),
    sqrt: (a) => (a === null || a.v <= a.e ? null : near(Math.sqrt(a.v), a.e / Math.sqrt(a.v))),
    real: (a, { value, off }) => (a === null ? null : near(value(a.v), off(a.v, a.e))),
    float: (a) => a.v,
  };
  const whole = (n) => {
    const root = n < 2n ** 50n ? BigInt(Math.round(Math.sqrt(Number(n)))) : 0n;
    return root * root === n ? root : null;
  };
  const exactly = () => ({
    rootless: false, // whether a root was asked for that has no exact value
    of: (a) => a, add: Exact.add, sub: Exact.sub, mul: Exact.mul, div: Exact.div,
    sqrt(a) {
      if (!Exact.is(a) || a.n < 0n) return null;
      const n = whole(a.n), d = whole(a.d);
      if (n !== null && d !== null) return Exact.num(n, d);
      this.rootless = true;
      return null;
    },
    real() { this.rootless = true; return null; },
    float: Exact.float,
  });

  // Operations on matrices -----------------------------------------------------------------------------------

  const operations = (N) => {
    const each = (a, entry) => a.map((row, i) => row.map((x, j) => entry(x, i, j)));
    const sum = (terms) => terms.reduce((a, b) => N.add(a, b));
    return {
      matmul: (a, b) => a.map((row) => b[0].map((_, j) => sum(row.map((x, i) => N.mul(x, b[i][j]))))),
      scale: ([[s]], a) => each(a, (x) => N.mul(s, x)),
      add: (a, ...others) => others.reduce((total, b) => each(total, (x, i, j) => N.add(x, b[i][j])), a),
      subtract: (a, b) => each(a, (x, i, j) => N.sub(x, b[i][j])),
      hadamard: (a, b) => each(a, (x, i, j) => N.mul(x, b[i][j])),
      kron: (a, b) => a.flatMap((row) => b.map((other) => row.flatMap((x) => other.map((y) => N.mul(x, y))))),
      rows: (v, a) => each(a, (x, i) => N.mul(v[i][0], x)),
      columns: (v, a) => each(a, (x, i, j) => N.mul(v[j][0], x)),
      over: (a, v) => each(a, (x, i, j) => N.div(x, v[i][j])),
      'over-columns': (a, v) => each(a, (x, i, j) => N.div(x, v[j][0])),
      norms: (a) => a[0].map((_, j) => [N.sqrt(sum(a.map((row) => N.mul(row[j], row[j]))))]),
      divide: (a, [[b]]) => each(a, (x) => N.div(x, b)),
      sqrt: ([[a]]) => [[N.sqrt(a)]],
      ...(typeof Functions === 'undefined' ? {} : Functions(N, { each, sum })),
    };
  };

  const literal = (text) => Exact.num(...text.slice(1).split('/')); // #3/2

  // The sizes that are shown: large those of what comes in and goes out, cut down; the others so that they stay
  // below these where they are.
  const valueOf = (plan, v, size) => v[size] ?? (plan.values?.[size] ? Exact.num(plan.values[size]) : size === 'k' ? v.d : undefined);
  const sizesOf = (plan, v) => {
    const upTo = (a, most) => Number(Exact.min(a, Exact.num(most)).n);
    const split = (size) => (size === 4 ? [2, 2] : [1, size]); // as lorafig/core/adapters/lokr.py
    const value = (size) => valueOf(plan, v, size), sizes = {};
    const outer = plan.outer.filter((size) => !plan.copies?.[size]);
    for (const size of outer) sizes[size] = upTo(value(size), MOST);
    if (plan.divides) {
      sizes.k ??= sizes.d;
      [sizes.d_1, sizes.d_2] = split(sizes.d);
      [sizes.k_1, sizes.k_2] = split(sizes.k);
    }
    const room = Math.min(MOST, ...outer.map((size) => sizes[plan.divides ? `${size}_2` : size]));
    for (const size of plan.inner) {
      const low = outer.every((one) => Exact.cmp(value(size), value(one)) < 0);
      sizes[size] = Math.max(1, low ? Math.min(upTo(value(size), RANK), room - 1) : upTo(value(size), room));
    }
    for (const [part, all] of plan.parts ?? []) {
      const low = Exact.cmp(value(part), value(all)) < 0;
      sizes[part] = Math.max(1, Math.min(sizes[part], low ? sizes[all] - 1 : sizes[all]));
    }
    return Object.assign(sizes, plan.copies);
  };

  // The values of a plan's symbols and steps, each computed when it is first asked for: of symbols as `matrices`
  // and `numbers` say, but for those in `begin`, which are computed.
  const compute = (plan, N, sizes, matrices, numbers, begin = {}) => {
    const doing = operations(N), known = new Map();
    const done = (step) => doing[step.op](...step.args.map(value), ...(step.with ? [step.with, sizes] : []));
    const value = (which) => {
      if (!known.has(which)) {
        const given = plan.given.find((one) => one.name === which);
        known.set(which, `${which}`[0] === '#' ? [[N.of(literal(which))]] : given === undefined ? done(plan.steps[which]) : which in begin ? done(begin[which])
          : given.sizes.length === 0 && !given.table ? numbers(which) : matrices(given));
      }
      return known.get(which);
    };
    return value;
  };
  const evaluate = (plan, { v, start }, sizes, N) => {
    const table = (given) => {
      const [rows = null, columns = null] = given.sizes;
      const begin = start && given.start ? Exact.num(...given.start) : null;
      const entry = (i, j) => N.of(begin ?? Exact.num(given.table[i][j], 4));
      return Array.from({ length: rows === null ? 1 : sizes[rows] }, (_, i) =>
        Array.from({ length: columns === null ? 1 : sizes[columns] }, (_, j) => entry(i, j)));
    };
    const value = compute(plan, N, sizes, table, (which) => [[N.of(valueOf(plan, v, which) ?? null)]], start ? plan.begin : {});
    const given = Object.fromEntries(plan.given.map((one) => [one.name, value(one.name)]));
    return { given, steps: plan.steps.map((_, index) => value(index)) };
  };

  // {holds: true, false or null (no value), exact, difference, bound}
  const compare = (a, b, exact) => {
    const pairs = a.flatMap((row, i) => row.map((x, j) => [x, b[i][j]]));
    if (pairs.some(([x, y]) => x === null || y === null)) return { holds: null, exact };
    if (exact) return { holds: pairs.every(([x, y]) => Exact.eq(x, y)), exact };
    const apart = pairs.map(([x, y]) => Math.abs(x.v - y.v)), bounds = pairs.map(([x, y]) => x.e + y.e);
    const holds = apart.every((one, i) => one <= bounds[i]);
    return { holds, exact, difference: Math.max(...apart), bound: Math.max(...bounds) };
  };

  // What every step of the plan comes to. The setting is {v, start}: the page's exact numbers by symbol, of which
  // d, k and r are read and α where the plan has it; and whether training has not begun. Null without d or r.
  const run = (plan, setting) => {
    const { v } = setting;
    const shown = [...plan.outer, ...plan.inner].map((size) => valueOf(plan, v, size));
    if (!shown.every((one) => Exact.is(one) && Exact.cmp(one, Exact.num(1)) >= 0)) return null;
    const sizes = sizesOf(plan, v), exact = exactly();
    let found = evaluate(plan, setting, sizes, exact);
    if (exact.rootless) found = evaluate(plan, setting, sizes, doubles);
    const at = found.steps;
    const equal = plan.product === null ? null : compare(at[plan.h], at[plan.product], !exact.rootless);
    const begins = setting.start && plan.unadapted !== null; // where h is Wx before training
    const unadapted = begins ? compare(at[plan.h], at[plan.unadapted], !exact.rootless) : null;
    return { sizes, exact: !exact.rootless, ...found, equal, unadapted };
  };

  // Drawing: what is on the page is made once and then changed ------------------------------------------------

  const trimmed = (text) => (text.includes('.') ? text.replace(/\.?0+$/, '') : text);
  // 1.1 × 10⁻¹⁶
  const power = (size, decimals) => {
    if (size === 0) return '0';
    const [digits, exponent] = size.toExponential(decimals).split('e');
    const raised = (char) => '⁻⁰¹²³⁴⁵⁶⁷⁸⁹'['-0123456789'.indexOf(char)];
    return `${digits} × 10${[...exponent.replace('+', '')].map(raised).join('')}`;
  };
  // An entry at four decimals.
  const entry = (x) => {
    if (x === null) return '–';
    const number = Exact.is(x) ? Exact.float(x) : x.v, size = Math.abs(number);
    const decimal = () => (Exact.is(x) ? Exact.max(x, Exact.neg(x)) : Exact.num(Math.round(size * 1e4), 10000));
    const text = size < 1e9 ? trimmed(Exact.shown(decimal(), '.4')) : power(size, 3);
    return number < 0 && text !== '0' ? `−${text}` : text;
  };
  const write = (node, text) => { if (node.textContent !== text) node.textContent = text; };
  const hide = (node, hidden) => { if (node.hidden !== hidden) node.hidden = hidden; };

  const tables = new WeakMap();
  const fill = (holder, matrix) => {
    if (!tables.has(holder)) {
      const table = document.createElement('table');
      table.setAttribute('aria-label', holder.dataset.label);
      tables.set(holder, table.createTBody());
      holder.append(table);
    }
    const body = tables.get(holder);
    while (body.rows.length < matrix.length) body.insertRow();
    [...body.rows].forEach((row, i) => {
      hide(row, i >= matrix.length);
      if (row.hidden) return;
      while (row.cells.length < matrix[i].length) row.insertCell();
      [...row.cells].forEach((cell, j) => {
        hide(cell, j >= matrix[i].length);
        if (!cell.hidden) write(cell, entry(matrix[i][j]));
      });
    });
  };

  const said = ({ holds, exact, difference, bound }) => {
    if (holds === null) return 'not defined here: a number is missing, or something is divided by zero';
    if (exact) return holds ? 'equal, exactly' : 'not equal';
    const [apart, most] = [difference, bound].map((one) => power(one, 1));
    if (!holds) return `not equal: they differ by ${apart}`;
    return `equal: they differ by ${apart}, and rounding alone can make ${most}`;
  };

  const parts = new WeakMap();
  const find = (container) => {
    if (!parts.has(container)) {
      const all = (what) => [...container.querySelectorAll(what)];
      parts.set(container, { values: all('[data-value]'), verdicts: all('[data-equal]'), before: all('.before') });
    }
    return parts.get(container);
  };

  // Writes the values of a plan into its part of the page. Returns what run found.
  const draw = (container, plan, setting) => {
    const found = run(plan, setting), { values, verdicts, before } = find(container);
    hide(container, found === null);
    if (found === null) return null;
    for (const node of before) hide(node, !setting.start);
    for (const holder of values) {
      const which = holder.dataset.value;
      fill(holder, which in found.given ? found.given[which] : found.steps[Number(which)]);
    }
    for (const node of verdicts) {
      const verdict = node.dataset.equal === 'product' ? found.equal : found.unadapted;
      if (verdict === null) continue;
      node.dataset.holds = `${verdict.holds}`;
      write(node.querySelector('.verdict'), said(verdict));
    }
    return found;
  };

  // How the first entry of a step came about.
  const because = (plan, found, index) => {
    const { op, args, with: more } = plan.steps[index], result = found.steps[index];
    const [a, b] = args.map((which) => (typeof which === 'number' ? found.steps[which] : found.given[which] ?? [[literal(which)]]));
    const signed = (x) => { const text = entry(x); return text.startsWith('−') ? `(${text})` : text; };
    const first = a && signed(a[0][0]), second = b && signed(b[0][0]), over = () => `${first} / ${second}`;
    const made = {
      matmul: () => a[0].map((x, i) => `${signed(x)} · ${signed(b[i][0])}`).join(' + '),
      add: () => args.map((which) => signed((typeof which === 'number' ? found.steps[which] : found.given[which])[0][0])).join(' + '),
      subtract: () => `${first} − ${second}`, over, 'over-columns': over, divide: over,
      sqrt: () => `√${first}`, norms: () => `√(${a.map(([x]) => `${signed(x)}²`).join(' + ')})`,
    }[op] ?? (b && !more ? () => `${first} · ${second}` : () => '');
    const where = result.length > 1 ? (result[0].length > 1 ? 'row 1, column 1: ' : 'row 1: ') : '';
    return `${where}${[made(), entry(result[0][0])].filter(Boolean).join(' = ')}`;
  };

  // The whole section: draw(method, v) shows one method, and the switch "at the start of training" redraws it. A
  // reader can walk through the steps; `shown(container, step)` is told where they are.
  const attach = (root, plans, shown = () => {}) => {
    const start = root.querySelector('input.start'), sizes = root.querySelector('.sizes');
    const plan = [...root.querySelectorAll('[data-plan]')], bar = root.querySelector('.walk');
    const [back, next, every] = bar.querySelectorAll('button'), says = bar.querySelector('.because');
    const choices = [...root.querySelectorAll('[data-of]')];
    let last = null, at = null, found = null, of = choices[0]?.dataset.of || '';
    const walk = () => {
      const method = of || last[0], container = plan.find((one) => one.dataset.plan === method), { steps } = plans[method];
      if (at !== null) at = Math.max(0, Math.min(at, steps.length - 1));
      const used = at === null ? [] : steps[at].args.map(String);
      for (const holder of find(container).values) {
        const which = holder.dataset.value, place = holder.parentElement.classList;
        const index = which in found.given ? -1 : Number(which);
        place.toggle('now', at !== null && index === at);
        place.toggle('later', at !== null && index > at);
        place.toggle('used', used.includes(which));
      }
      back.disabled = at === null || at === 0;
      next.disabled = at === steps.length - 1;
      hide(every, at === null);
      write(next, at === null ? 'Walk through it' : 'Next');
      write(says, at === null ? '' : `Step ${at + 1} of ${steps.length}. ${because(plans[method], found, at)}`);
      shown(container, at);
    };
    const show = (chosen, values) => {
      last = [chosen, values];
      found = null;
      const method = of || chosen, v = { ...values };
      for (const [name, number] of Object.entries(plans[method]?.fixed ?? {})) v[name] = Exact.num(...number);
      for (const container of plan) {
        if (container.dataset.plan !== method) hide(container, true);
        else found = draw(container, plans[method], { v, start: start.checked });
      }
      hide(bar, found === null);
      if (found !== null) {
        const names = Object.keys(found.sizes).filter((name) => !/_[12]$/.test(name) || !plans[method].divides);
        write(sizes, names.map((name) => `${name} = ${found.sizes[name]}`).join(', '));
        walk();
      }
      return found;
    };
    const go = (step) => { at = step; walk(); };
    back.addEventListener('click', () => go(at - 1));
    next.addEventListener('click', () => go(at === null ? 0 : at + 1));
    every.addEventListener('click', () => { go(null); next.focus(); });
    bar.addEventListener('keydown', ({ key }) => {
      if (key === 'ArrowRight' && !next.disabled) go(at === null ? 0 : at + 1);
      if (key === 'ArrowLeft' && !back.disabled) go(at - 1);
    });
    for (const choice of choices) choice.addEventListener('click', () => {
      of = choice.dataset.of;
      at = null;
      for (const one of choices) one.setAttribute('aria-pressed', one === choice);
      show(...last);
    });
    start.addEventListener('change', () => { if (last !== null) show(...last); });
    return { draw: show };
  };

  return Object.freeze({ run, draw, attach, compute, entry, doubles });
})();
