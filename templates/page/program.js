// Programs and conditions, as lorafig writes them, to functions of a setting. Needs Exact (exact.js).
//
// A program is an expression in postfix order (lorafig/notation/write/program.py); a condition says when a
// statement holds (lorafig/page/data.py).
const Program = (() => {
  const UNARY = { __proto__: null, neg: Exact.neg, floor: Exact.floor, ceil: Exact.ceil };
  const BINARY = {
    __proto__: null, '+': Exact.add, '-': Exact.sub, '*': Exact.mul, '/': Exact.div, min: Exact.min, max: Exact.max,
  };

  // The value of an expression, by the values of its symbols: null where it has none.
  const compile = (program) => {
    const stack = [];
    for (const token of program) {
      const rest = token.slice(1);
      if (token[0] === '$') stack.push((v) => v[rest] ?? null);
      else if (token[0] === '#') {
        const number = Exact.num(...rest.split('/'));
        stack.push(() => number);
      } else if (token[0] === '^') {
        const base = stack.pop(), exponent = Number(rest);
        stack.push((v) => Exact.pow(base(v), exponent));
      } else if (token in UNARY) {
        const operation = UNARY[token], inner = stack.pop();
        stack.push((v) => operation(inner(v)));
      } else {
        const operation = BINARY[token], right = stack.pop(), left = stack.pop();
        stack.push((v) => operation(left(v), right(v)));
      }
    }
    return stack[0];
  };

  const eight = Exact.num(8);
  const compare = (a, op, b) => {
    if (!Exact.is(a) || !Exact.is(b)) return false;
    const order = Exact.cmp(a, b);
    switch (op) {
      case '<': return order < 0;
      case '>': return order > 0;
      case '≤': return order <= 0;
      case '≥': return order >= 0;
      case '=': return order === 0;
      case '≠': return order !== 0;
      case '≪': return a.n >= 0n && Exact.cmp(Exact.mul(eight, a), b) <= 0;
      case '≫': return b.n >= 0n && Exact.cmp(Exact.mul(eight, b), a) <= 0;
      default: return false;
    }
  };

  // One of two expressions by how two others compare, or one alone.
  const choice = ({ when, then, otherwise }) => {
    const first = compile(then);
    if (when === undefined) return first;
    const [left, op, right] = [compile(when[0]), when[1], compile(when[2])], second = compile(otherwise);
    return (v) => (compare(left(v), op, right(v)) ? first(v) : second(v));
  };

  // Of a setting: true, false, null where nobody has decided it, undefined where it is not about the method.
  const condition = ([kind, ...parts], { rounding, kilo }) => {
    const reads = (value, digits, unit, loose) => Exact.reads(value, digits, unit, rounding, kilo, loose) === true;
    switch (kind) {
      case 'start': return ({ first }) => (first ? true : null);
      case 'foreign': return () => undefined;
      case 'fixed': return () => parts[0];
      case 'all': {
        const every = parts.map((part) => condition(part, { rounding, kilo }));
        return (at) => every.every((holds) => holds(at));
      }
      case 'orders': {
        const [orders, scaled] = [new Set(parts[0]), new Map(parts[1])];
        return ({ order, scaling }) => scaled.get(scaling) ?? !orders.has(order);
      }
      case 'compares': {
        const [left, op, right] = [compile(parts[0]), parts[1], compile(parts[2])];
        return ({ v }) => compare(left(v), op, right(v));
      }
      case 'reads': {
        const [value, digits, unit, loose] = [compile(parts[0]), ...parts.slice(1)];
        return ({ v }) => reads(value(v), digits, unit, loose);
      }
      case 'shows': { // a number that is computed, and must read as it is shown
        const [value, inner, form, loose] = [compile(parts[0]), compile(parts[1]), ...parts.slice(2)];
        return ({ v }) => {
          const text = Exact.shown(inner(v), form, rounding, kilo);
          if (text === null) return false;
          const unit = /[KMBT%×]$/.exec(text)?.[0] ?? '';
          return reads(value(v), unit ? text.slice(0, -1) : text, unit, loose);
        };
      }
      case 'fewer': return ({ fewer }) => fewer;
      default: throw new TypeError(`no condition is called ${kind}`);
    }
  };

  return Object.freeze({ compile, compare, choice, condition });
})();
