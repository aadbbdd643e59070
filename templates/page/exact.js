'use strict';
// Exact rationals: numbers as lorafig verifies and shows them, to the character.
//
// A number is n / d in lowest terms, d > 0. What has no value (a division by zero, a symbol without one,
// a number of more than 1,200 digits) is null, and so is everything that is computed from it.
// The same as lorafig/notation/numbers/arithmetic.py (operations) and shown.py (how numbers are shown and read).
const Exact = (() => {
  const LARGEST_BITS = 4000;
  const POWER = { __proto__: null, K: 1n, M: 2n, B: 3n, T: 4n };

  class Rational {
    constructor(n, d) { this.n = n; this.d = d; Object.freeze(this); }
  }
  const is = (value) => value instanceof Rational;
  const size = (n) => (n < 0n ? -n : n);

  // n / d; whole numbers may be given as numbers.
  const num = (n, d = 1n) => {
    let above = BigInt(n), below = BigInt(d);
    if (below === 0n) return null;
    if (below === 1n) return new Rational(above, below);
    let a = size(above), b = size(below);
    while (b !== 0n) [a, b] = [b, a % b];
    if (below < 0n) a = -a;
    return new Rational(above / a, below / a);
  };
  const zero = num(0), half = num(1, 2);

  // Null where it is given one.
  const over = (operation) => (...values) => (values.every(is) ? operation(...values) : null);
  const folded = (operation) => over((...values) => values.reduce((a, b) => (a === null ? a : operation(a, b))));
  const small = (a, power = 1) => {
    const bits = BigInt(Math.floor(LARGEST_BITS / Math.max(power, 1)));
    return size(a.n) >> bits === 0n && a.d >> bits === 0n;
  };
  const order = (a, b) => { const x = a.n * b.d, y = b.n * a.d; return x < y ? -1 : x > y ? 1 : 0; };
  const down = (a) => { const q = a.n / a.d; return q * a.d > a.n ? q - 1n : q; };

  const neg = over((a) => new Rational(-a.n, a.d));
  const add = folded((a, b) => num(a.n * b.d + b.n * a.d, a.d * b.d));
  const sub = folded((a, b) => num(a.n * b.d - b.n * a.d, a.d * b.d));
  const quotient = (a, b) => num(a.n * b.d, a.d * b.n);
  const mul = folded((a, b) => (small(a) && small(b) ? num(a.n * b.n, a.d * b.d) : null));
  const div = folded((a, b) => (small(a) && small(b) ? quotient(a, b) : null));
  const pow = (a, power) =>
    (is(a) && small(a, power) ? new Rational(a.n ** BigInt(power), a.d ** BigInt(power)) : null);
  const min = folded((a, b) => (order(b, a) < 0 ? b : a));
  const max = folded((a, b) => (order(b, a) > 0 ? b : a));
  const floor = over((a) => num(down(a)));
  const ceil = over((a) => num(-down(neg(a))));
  const cmp = over(order); // -1, 0 or 1
  const eq = over((a, b) => order(a, b) === 0);

  // The nearest double, for drawing.
  const float = (a) => {
    if (!is(a)) return NaN;
    const bits = 64 + a.d.toString(2).length - size(a.n).toString(2).length;
    const scaled = bits > 0 ? (a.n << BigInt(bits)) / a.d : a.n / (a.d << BigInt(-bits));
    return Number(scaled) * 2 ** -bits;
  };
  const text = (a) => (is(a) ? (a.d === 1n ? `${a.n}` : `${a.n}/${a.d}`) : '');

  // How numbers are shown

  const ten = (power) => (power < 0 ? num(1n, 10n ** BigInt(-power)) : num(10n ** BigInt(power)));
  const unitValue = (unit, kilo) =>
    (unit === '%' ? num(1, 100) : num(unit in POWER ? BigInt(kilo) ** POWER[unit] : 1n));
  const cut = (a) => a.n / a.d;
  const halfUp = (a) => (2n * a.n + (a.n < 0n ? -a.d : a.d)) / (2n * a.d);
  const halfEven = (a) => {
    const up = down(add(a, half));
    return up % 2n !== 0n && order(sub(num(up), a), half) === 0 ? up - 1n : up;
  };
  // In units of the last decimal.
  const rounded = (a, places, rounding) => {
    const units = num(a.n * 10n ** BigInt(places), a.d);
    return rounding === 'down' ? cut(units) : halfUp(units);
  };
  // Digits before the point, or minus the zeros after it.
  const magnitude = (a) => {
    if (a.n === 0n) return 1;
    const whole = new Rational(size(a.n), a.d);
    let digits = `${whole.n}`.length - `${whole.d}`.length;
    while (order(whole, ten(digits)) >= 0) digits += 1;
    while (order(whole, ten(digits - 1)) < 0) digits -= 1;
    return digits;
  };
  const write = (units, places, separator) => {
    const digits = `${size(units)}`.padStart(places + 1, '0');
    const end = digits.length - places;
    const whole = digits.slice(0, end).replace(/\B(?=(\d{3})+$)/g, separator);
    return (units < 0n ? '-' : '') + whole + (places > 0 ? `.${digits.slice(end)}` : '');
  };
  // The bracket of \num[…]: forms.py.
  const readForm = (form) => {
    let unit = '', digits = null, places = null;
    for (const word of form.split(/[\s,]+/).filter((one) => one !== '')) {
      if (/^([KMBT%×x])$/.test(word) && unit === '') unit = word === 'x' ? '×' : word;
      else if (/^\.\d{1,2}$/.test(word) && places === null) places = Number(word.slice(1));
      else if (/^\d{1,2}$/.test(word) && Number(word) > 0 && digits === null) digits = Number(word);
      else return null;
    }
    return digits !== null && places !== null ? null : { unit, digits, places };
  };

  // `\num[form]{…}` as text: '65,536', '16.8M', '0.391%', '32×'. Null for a negative value.
  const shown = (value, form = '', rounding = 'nearest', kilo = 1000) => {
    const how = readForm(form);
    if (!is(value) || value.n < 0n || how === null) return null;
    let { unit, digits, places } = how;
    const a = quotient(value, unitValue(unit, kilo));
    const at = (count) => num(rounded(a, count, rounding), 10n ** BigInt(count));
    if (places === null) {
      const whole = '×'.startsWith(unit) && digits === null && a.d === 1n;
      places = whole ? 0 : Math.max((digits ?? 3) - magnitude(a), 0);
      if (places > 0 && magnitude(at(places)) > magnitude(a)) places -= 1;
      if (digits === null && eq(at(places), a)) while (places > 0 && eq(at(places - 1), a)) places -= 1;
    }
    while (a.n !== 0n && rounded(a, places, rounding) === 0n) places += 1;
    return write(rounded(a, places, rounding), places, ',') + unit;
  };

  const decimals = (digits) => (digits.split('e')[0].split('.')[1] ?? '').length;
  // [mantissa, value of one in the last digit]
  const parts = (digits, unit, kilo) => {
    const [mantissa, exponent] = digits.replace(/[, ]/g, '').split('e');
    const last = ten(decimals(digits) - Number(exponent ?? 0));
    return [BigInt(mantissa.replace('.', '')), quotient(unitValue(unit, kilo), last)];
  };

  // Whether the number typed as `digits` and `unit` is `value` at the digits shown.
  const reads = (value, digits, unit = '', rounding = 'nearest', kilo = 1000, roundZeros = false) => {
    if (!is(value)) return null;
    const [mantissa, one] = parts(digits, unit, kilo);
    const zeros = roundZeros && decimals(digits) === 0 && !digits.includes('e') && mantissa !== 0n
      ? 10n ** BigInt(/0*$/.exec(`${mantissa}`)[0].length) : 1n;
    const units = quotient(value, new Rational(one.n * zeros, one.d));
    const claimed = num(mantissa, zeros);
    if (mantissa === 0n && value.n !== 0n) return false;
    const near = rounding === 'down' ? [cut(units)] : [halfUp(units), halfEven(units)];
    return near.some((whole) => eq(claimed, num(whole)));
  };

  // A value for a message: '65,536', '0.0208333 (1/48)'.
  const readable = (value) => {
    if (!is(value)) return null;
    if (value.d === 1n) return write(value.n, 0, ',');
    const decimal = (value.n < 0n ? '-' : '') + shown(new Rational(size(value.n), value.d), '6');
    return text(value).length < 24 ? `${decimal} (${text(value)})` : decimal;
  };

  return Object.freeze({
    is, num, zero, neg, add, sub, mul, div, pow, min, max, floor, ceil, cmp, eq, float, text,
    shown, reads, readable,
  });
})();
