// Programs and conditions, as lorafig writes them, to functions of a setting. Needs Exact (exact.js).
//
// A program is an expression in postfix order (lorafig/notation/write/program.py); a condition says when a
// statement holds (lorafig/page/conditions.py).
const Program = (() => {
  // A root to within 2^-256 of it, and whether two numbers are nearer to each other than that shows.
  const root = (n) => {
    if (n < 2n) return n;
    let x = 1n << BigInt((n.toString(2).length + 1) >> 1);
    for (;;) {
      const y = (x + n / x) >> 1n;
      if (y >= x) return x;
      x = y;
    }
  };
  const sqrt = (a) => (Exact.is(a) && a.n >= 0n ? Exact.num(root((a.n * a.d) << 512n), a.d << 256n) : null);
  const near = (a, b) => {
    const size = (n) => (n < 0n ? -n : n), x = a.n * b.d, y = b.n * a.d;
    return size(x - y) << 200n <= (size(x) > size(y) ? size(x) : size(y));
  };

  const UNARY = { __proto__: null, neg: Exact.neg, floor: Exact.floor, ceil: Exact.ceil, sqrt };
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
  // A number that is `rooted` is equal to what is near to it.
  const compare = (a, op, b, rooted = false) => {
    if (!Exact.is(a) || !Exact.is(b)) return false;
    const order = rooted && near(a, b) ? 0 : Exact.cmp(a, b);
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
      case 'start': return ({ first }) => (first ? parts[0] : null);
      case 'foreign': return () => undefined;
      case 'fixed': return () => parts[0];
      case 'all': {
        const every = parts.map((part) => condition(part, { rounding, kilo }));
        return (at) => {
          const found = every.map((holds) => holds(at));
          const open = found.findIndex((one) => one !== true);
          return found.includes(false) ? false : open < 0 ? true : found[open];
        };
      }
      case 'either': {
        const some = parts.map((part) => condition(part, { rounding, kilo }));
        return (at) => some.some((holds) => holds(at) === true);
      }
      case 'not': {
        const holds = condition(parts[0], { rounding, kilo });
        return (at) => holds(at) !== true;
      }
      case 'compares': {
        const [left, op, right, rooted] = [compile(parts[0]), parts[1], compile(parts[2]), parts[3]];
        return ({ v }) => compare(left(v), op, right(v), rooted);
      }
      case 'reads': {
        const [value, digits, unit, loose] = [compile(parts[0]), ...parts.slice(1)];
        return ({ v }) => reads(value(v), digits, unit, loose);
      }
      case 'shows': { // a number that is computed, and must read as it is shown
        const [value, inner, form, sign, loose] = [compile(parts[0]), compile(parts[1]), ...parts.slice(2)];
        return ({ v }) => {
          const text = Exact.shown(inner(v), form, rounding, kilo);
          if (text === null) return false;
          const unit = /[KMBT%×]$/.exec(text)?.[0] ?? '';
          return reads(value(v), unit ? text.slice(0, -1) : text, sign || unit, loose);
        };
      }
      default: throw new TypeError(`no condition is called ${kind}`);
    }
  };

  return Object.freeze({ compile, compare, choice, condition });
})();
