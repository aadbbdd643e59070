// The page: controls to a setting, a setting to everything that depends on it.
// The data is written by lorafig from the trees that were verified; the other scripts stand above.
const Page = (() => {
  const { one, all, put, phrase, set, still, narrow, DATA } = Dom;
  const { rounding, kilo } = DATA.rules;
  const num = (n, d = 1n) => Exact.num(n, d);
  const integer = (text) => (text === null ? null : BigInt(text));
  const fraction = (text) => {
    const value = text === null ? null : num(...text.split('/'));
    return value?.d === 1n ? value.n : value;
  };
  const { d, k, r, alpha } = DATA.start;
  // Sizes of the figure's own: `size N` is that of N.
  const OWN = Object.keys(DATA.own);
  const own = Object.fromEntries(OWN.map((name) => [`size ${name}`, integer(DATA.own[name])]));
  const START = Object.freeze({ d: integer(d), k: integer(k), r: integer(r), alpha: fraction(alpha), ...own, method: 0 });
  const SIZED = ['d', 'k', 'r', 'alpha', ...Object.keys(own)];
  const MADE = DATA.made.map(([name, program]) => [name, Program.compile(program)]);
  // What a figure without a method trains is what its own symbols say.
  const METHODS = DATA.methods.map((row) => ({ ...row, count: Program.choice(DATA.counts === null ? row.count : { then: DATA.counts.trained }) }));
  const whole = DATA.counts === null ? (v) => Exact.mul(v.d, v.k) : Program.compile(DATA.counts.frozen);
  const NUMBERS = DATA.numbers.map(([program, form]) => [Program.compile(program), form]);
  const CLAIMS = DATA.claims.map((claim) => (claim === 1 ? { plain: '', at: [], holds: METHODS.map(() => () => true) } :
    { ...claim, moves: claim.holds.some(([kind]) => kind !== 'fixed'), holds: claim.holds.map((condition) => Program.condition(condition, DATA.rules)) }));
  const shown = (value, form) => Exact.shown(value, form, rounding, kilo) ?? '—';

  // -- settings -----------------------------------------------------------------------------------

  // A dimension as a product of two, as near to its root as they come: core/adapters/lokr.py.
  const divided = (size) => {
    let first = BigInt(Math.floor(Math.sqrt(Number(size))));
    while (first * first > size) first -= 1n;
    while (size % first !== 0n) first -= 1n;
    return [first, size / first];
  };
  const method = (setting) => METHODS[setting.method];
  const valuesOf = (setting) => {
    const { d, r } = setting, k = setting.k ?? d;
    const values = { __proto__: null, d: num(d), k: num(k), r: num(r) };
    if (setting.alpha !== null) values['α'] = Exact.is(setting.alpha) ? setting.alpha : num(setting.alpha);
    for (const name of OWN) values[name] = num(setting[`size ${name}`]);
    if (method(setting).divides) {
      [values.d_1, values.d_2] = divided(d).map((one) => num(one));
      [values.k_1, values.k_2] = divided(k).map((one) => num(one));
    }
    for (const [name, value] of MADE) {
      const made = value(values);
      if (made !== null) values[name] = made;
    }
    return values;
  };
  const isStart = (setting) =>
    [...SIZED, 'method'].every((name) => setting[name] === START[name]);

  // With what the adapter trains; symbols of the figure's own are counted one by one.
  const valued = (setting) => {
    const v = valuesOf(setting);
    v['# trained'] = DATA.counts === null ? method(setting).count(v) : num(0);
    return v;
  };
  // Everything that a setting makes of the figure, as plain values.
  const evaluate = (setting) => {
    const v = valued(setting), first = isStart(setting);
    const trained = method(setting).count(v), full = whole(v);
    return {
      v, trained, full,
      numbers: NUMBERS.map(([value, form]) => shown(value(v), form)),
      claims: CLAIMS.map((claim) => claim.holds[setting.method]({ v, first })),
    };
  };

  // -- ranks --------------------------------------------------------------------------------------

  const LARGEST = 2n ** 40n;
  // What another size would train; numbers that `let` makes of it follow.
  const counted = (setting, v, name, size) => method(setting).count(MADE.length > 0
    ? valuesOf({ ...setting, [SIZED.includes(name) ? name : `size ${name}`]: BigInt(size) }) : { ...v, __proto__: null, [name]: num(size) });
  const NO_SEARCH = 'LoKr splits d and k, and keeps a whole block where its rank is not low.';
  // The largest rank with at most `limit` parameters: 0n for none, null where the rank does not matter.
  const largestRank = (setting, v, limit, name = 'r') => {
    const count = (size) => counted(setting, v, name, size);
    if (Exact.eq(count(1n), count(2n))) return null;
    let low = 0n, high = LARGEST + 1n; // count(low) fits, count(high) does not
    while (high - low > 1n) {
      const middle = (low + high) / 2n;
      if (Exact.cmp(count(middle), limit) <= 0) low = middle; else high = middle;
    }
    return low;
  };
  // A part of the whole, with as many digits as it takes to tell it from all.
  const percentage = (part) => {
    const short = shown(part, '%');
    for (let places = 2; places < 30 && !Exact.eq(part, num(1)); places += 1) {
      const text = places === 2 ? short : shown(part, `% .${places}`);
      if (!/^100(\.0*)?%$/.test(text)) return text;
    }
    return short;
  };
  const share = (part, whole) => percentage(Exact.div(part, whole));
  const saved = (part, whole) => percentage(Exact.sub(num(1), Exact.div(part, whole)));
  const decimal = (text) => {
    const match = /^\s*(\d{1,3})(?:[.,](\d{1,9}))?\s*$/.exec(text);
    if (!match) return null;
    const places = (match[2] ?? '').length;
    const value = num(BigInt(match[1] + (match[2] ?? '')), 10n ** BigInt(places));
    return Exact.cmp(value, num(0)) > 0 && Exact.cmp(value, num(100)) < 0 ? value : null;
  };
  // The ranks that train at most so many percent of the weight's size: the largest one, and in words.
  const atMost = (setting, v, percent) => {
    const { name, ranked, divides } = method(setting);
    if (divides || !ranked) return { rank: null, text: divides ? NO_SEARCH : `the rank does not matter to ${name}` };
    const full = whole(v), rank = largestRank(setting, v, Exact.div(Exact.mul(full, percent), num(100)));
    const least = method(setting).count({ ...v, __proto__: null, r: num(1) });
    if (rank === 0n) return { rank, text: `no rank, rank 1 trains ${share(least, full)}` };
    return { rank, text: `r ≤ ${rank >= LARGEST ? 'any' : Exact.readable(num(rank))}` };
  };
  // 131 KB: bytes of so many numbers, in units of 1,000.
  const bytes = (numbers, each) => {
    const size = Exact.mul(numbers, num(each));
    const [unit, one] = [['GB', 10n ** 9n], ['MB', 10n ** 6n], ['KB', 1000n], ['bytes', 1n]].find(([, least]) => Exact.cmp(size, num(least)) >= 0) ?? ['bytes', 1n];
    return `${shown(Exact.div(size, num(one)), '3')} ${unit}`;
  };

  // -- the address --------------------------------------------------------------------------------

  // What differs from the start, as a fragment: r=16&d=2048&method=vera.
  const fragment = (state) => [
    ...SIZED.filter((name) => state[name] !== START[name] && state[name] !== null).map((name) => [name.replace('size ', ''), Exact.is(state[name]) ? Exact.text(state[name]) : `${state[name]}`]),
    ...(state.method === 0 ? [] : [['method', METHODS[state.method].key]]),
    ...(state.mode === 'merged' ? [['mode', 'merged']] : []),
  ].map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&');
  // What a fragment says of the setting; what is not understood is passed over.
  const setting = (text) => {
    const said = Object.fromEntries(new URLSearchParams(text.replace(/^#/, ''))), found = {};
    for (const name of SIZED) {
      const value = said[name.replace('size ', '')] ?? '';
      if (/^\d{1,13}$/.test(value) && BigInt(value) >= 1n && BigInt(value) <= LARGEST && START[name] !== null) found[name] = BigInt(value);
    }
    const at = METHODS.findIndex(({ key }) => key === said.method);
    return { found, method: Math.max(0, at), mode: said.mode === 'merged' ? 'merged' : 'training', scheme: /^(auto|light|dark)$/.exec(said.scheme ?? '')?.[0] };
  };

  // -- the page -----------------------------------------------------------------------------------

  const begin = () => {
    const moves = one('#reset') !== null, adapted = DATA.counts === null && DATA.methods[0].key !== 'none';
    const state = { ...START, mode: 'training' };
    const out = (name) => one(`[data-out="${name}"]`);
    const numbers = all('[data-n]').map((element) => [element, Number(element.dataset.n)]);
    const rows = all('[data-claim]').map((element) => [element, Number(element.dataset.claim)]);
    const formulas = all('[data-formula]');
    const sizesNow = () => ({ d: state.d, k: state.k ?? state.d, r: state.r, ...Object.fromEntries(OWN.map((name) => [name, state[`size ${name}`]])) });
    const keyOf = (name) => (SIZED.includes(name) ? name : `size ${name}`);
    const picture = Picture.attach(DATA.drawings[0], CLAIMS, (name, size) => {
      const slider = sliders.find((one) => one.name === keyOf(name));
      if (slider) slider.choose(size);
    });
    let percent = decimal(one('#percent')?.value ?? '1');
    let answer = null, speak = 0, waiting = false, again = false, held = { ...state };

    // The curve, over the first control
    const box = one('.axis'), axisName = box?.dataset.name, plotted = box ? Curve.plot(one('.plot', box), axisName.replace('size ', ''), () => soon()) : null;
    const valueName = axisName?.replace('size ', '');
    // What the curve counts: what is trained or, where the control does not change that, the entries of another symbol.
    const shows = DATA.curve === null ? null : { ...DATA.curve, count: Program.compile(DATA.curve.count) };
    const at = (v, value) => (shows ? shows.count({ ...v, __proto__: null, [valueName]: num(value) }) : counted(state, v, valueName, value));
    const reach = (even) => {
      const { max } = sliders[0] ?? {};
      if (adapted && axisName === 'r') {
        const k = state.k ?? state.d, least = state.d < k ? state.d : k;
        return Number(least > state.r ? least : state.r);
      }
      if (adapted || !even || even > 64 * max) return undefined;
      return Math.max(max, Number(state[axisName]), 2 ** Math.floor(Math.log2(Number(even) + 1) + 1));
    };
    // The largest value of the control at which fewer are trained than stay frozen.
    const breakEven = ({ v, full }) => {
      if (!box || shows || method(state).divides || full === null || full.n === 0n || (adapted && axisName !== 'r')) return undefined;
      const other = { ...state, [axisName]: state[axisName] + 1n };
      if (!adapted && !Exact.eq(whole(valuesOf(other)), full)) return undefined;
      return largestRank(state, v, Exact.sub(full, num(1)), valueName);
    };
    const curve = (found, even) => {
      const { v } = found, [trained, full] = shows ? [shows.count(v), found.trained] : [found.trained, found.full];
      const hidden = trained === null || full === null || Exact.cmp(trained, num(0)) <= 0;
      one('.plot', box).hidden = hidden;
      if (hidden) return;
      const axis = sliders[0].scale, value = Number(state[axisName]), values = new Set([axis.min, axis.max, value]);
      for (let i = 1; i < 24; i += 1) values.add(Math.round(axis.value(i / 24)));
      const meets = even !== undefined && even !== null && even + 1n < BigInt(Math.round(axis.max)) ? Number(even) + 1 : null;
      if (meets !== null) values.add(meets);
      const points = [...values].sort((a, b) => a - b).map((x) => [x, Exact.float(at(v, x) ?? num(0))]).filter(([, y]) => y > 0);
      const shownSize = Exact.readable(trained), factor = Exact.cmp(full, num(0)) > 0 ? Exact.div(full, trained) : null;
      const ratio = factor === null ? '' : Exact.cmp(factor, num(1)) > 0 ? `${shown(factor, 'x')} fewer` : 'not fewer';
      const kept = shows ? shows.whole : adapted ? 'W' : 'frozen', what = shows ? `Entries of ${shows.name}` : 'Trained parameters';
      phrase(out('axis-note'), `${shows ? `entries of *${shows.name}*` : 'trained parameters'}, log scale${axis.far ? 's' : ''}`);
      const all = `${what} over ${valueName}: ${shownSize} at ${valueName} = ${value}${factor === null ? '' : `, ${kept} has ${Exact.readable(full)}`}${meets ? `; from ${valueName} = ${meets} on not fewer` : ''}.`;
      plotted.draw({ axis, points, value, size: Exact.float(trained), whole: Exact.float(full), even: meets,
        said: { whole: `${kept === 'frozen' ? kept : `*${kept}*`} = ${Exact.readable(full)}`, gap: ratio, size: shownSize, value: value.toLocaleString('en'), even: meets?.toLocaleString('en') ?? '', all } });
    };

    const parameters = ({ trained, full, v }, even) => {
      put(out('full'), Exact.readable(full) ?? '—');
      put(out('trained'), Exact.readable(trained) ?? '—');
      if (trained === null || full === null) return;
      const order = Exact.cmp(trained, full), most = order > 0 ? trained : full, none = Exact.cmp(full, num(0)) === 0;
      put(out('adam'), `Adam’s two moments in 32 bits: ${bytes(trained, 8)}${none ? '.' : `, not ${bytes(full, 8)}.`}`);
      const long = (part) => `${Exact.cmp(most, num(0)) > 0 ? 100 * Exact.float(Exact.div(part, most)) : 0}%`;
      if (!none) out('full-bar').style.width = long(full);
      out('trained-bar').style.width = long(trained);
      put(out('share'), none ? '—' : share(trained, full));
      const zero = Exact.cmp(trained, num(0)) === 0;
      put(out('times'), none || zero ? '—' : order < 0 ? shown(Exact.div(full, trained), 'x') : '✗ Not fewer');
      put(out('fewer'), none || zero ? '' : order < 0 ? 'fewer parameters' : order === 0 ? 'as many as the weight has' : `${shown(Exact.div(trained, full), 'x')} as many`);
      out('times')?.classList.toggle('false', order >= 0);
      if (plotted) curve({ trained, full, v }, even);
      if (adapted) {
        put(out('even'), even === undefined ? NO_SEARCH : even === null ? `The rank does not change how many ${method(state).name} trains.`
          : even === 0n ? 'No rank trains fewer parameters than the weight has.'
            : even >= LARGEST ? 'Every rank trains fewer.'
              : `Break-even: fewer up to r = ${Exact.readable(num(even))}, not from r = ${Exact.readable(num(even + 1n))} on.`);
      }
      ask(v);
      models(v);
    };
    const ask = (v) => {
      const field = one('#percent'), go = one('#go');
      if (!field) return;
      set(field, 'aria-invalid', percent === null ? 'true' : 'false');
      answer = percent === null ? null : atMost(state, v, percent);
      phrase(out('answer'), percent === null ? 'write a number between 0 and 100' : answer.text.replace('r ≤', '*r* ≤'));
      go.hidden = !answer?.rank || answer.rank > LARGEST;
      if (!go.hidden) phrase(go, `Set *r* = ${answer.rank}`);
    };
    const rowsOfModels = all('.models tbody tr');
    const models = (v) => {
      if (DATA.presets.length === 0) return;
      put(out('models-note'), `${method(state).name}${method(state).ranked ? ` of rank ${Exact.readable(v.r)}` : ''} beside every adapted weight.`);
      DATA.presets.forEach(([parameters, weights], i) => {
        const counts = weights.map(([d, k, times]) => Exact.mul(method(state).count(valuesOf({ ...state, d: BigInt(d), k: BigInt(k) })), num(times)));
        const trained = counts.reduce((a, b) => Exact.add(a, b));
        const [, , , count, file, adam] = rowsOfModels[i].cells;
        put(count.firstChild, Exact.readable(trained));
        put(count.lastChild, `${share(trained, num(parameters))} of all`);
        put(file, bytes(trained, 2));
        put(adam.firstChild, bytes(trained, 8));
      });
    };

    const plain = (claim, values) => claim.plain.replace(/⟦(\d+)⟧/g, (_, index) => values[index]);
    const verdict = ({ claims, numbers: values }) => {
      const wrong = CLAIMS.filter((_, i) => claims[i] === false)
        .map((claim) => plain(claim, values));
      const open = claims.filter((one) => one === null).length, foreign = claims.filter((one) => one === undefined).length;
      const stated = DATA.stated ? ` ${DATA.stated} ${DATA.stated === 1 ? 'is' : 'are'} stated, with a reason.` : '';
      const other = foreign ? ` ${foreign} ${foreign === 1 ? 'is' : 'are'} not about ${method(state).name}.` : '';
      const rest = stated + other + (open ? ` ${open} ${open === 1 ? 'is' : 'are'} decided at the start alone.` : '');
      const text = wrong.length === 0 ? `✓ ${open || foreign ? 'What is decided here holds' : `All ${claims.length - DATA.stated} statements hold`}${moves && !narrow.matches ? ' at this setting' : ''}.${rest}`
        : `✗ False at this setting: ${[...new Set(wrong)].join('; ')}.${rest}`;
      put(out('verdict'), text);
      put(out('marks'), claims.map((one) => (one ? '▮' : one === false ? '✗' : '▯')).join(''));
      one('.verdict').classList.toggle('false', wrong.length > 0);
      if (wrong.length === 0) held = { ...state };
      if (one('#return')) one('#return').hidden = wrong.length === 0;
      const at = new Set(CLAIMS.flatMap((claim, i) => (claims[i] === false ? claim.at : [])));
      formulas.forEach((item, i) => item.classList.toggle('wrongly', at.has(`=${i}`)));
      return text;
    };

    // Which statement is the first to turn false where the first control grows: looked for between frames, value by value.
    const MOVING = CLAIMS.filter((claim) => claim.moves);
    let ahead = 0;
    const next = (good) => {
      clearTimeout(ahead);
      const { scale, step } = sliders[0] ?? {}, setting = { ...state };
      if (!box || MOVING.length === 0 || !good) { put(out('next'), ''); return; }
      let value = Number(state[axisName]) + step;
      const look = () => {
        const until = performance.now() + 6;
        for (; value <= scale.max; value += step) {
          const there = { ...setting, [axisName]: BigInt(value) }, v = valued(there), first = isStart(there);
          const claim = MOVING.find((one) => one.holds[setting.method]({ v, first }) === false);
          if (claim) {
            const said = NUMBERS.map(([number, form]) => shown(number(v), form));
            out('next').replaceChildren('First to turn false: ', Dom.html('s', {}, `✗ ${plain(claim, said)}`), ' at ', Dom.html('i', {}, valueName), ` = ${value.toLocaleString('en')}`);
            return;
          }
          if (performance.now() > until) { ahead = setTimeout(look); return; }
        }
        phrase(out('next'), `None turns false up to *${valueName}* = ${scale.max.toLocaleString('en')}.`);
      };
      ahead = setTimeout(look, 120);
    };

    const forward = one('.forward') ? Forward.attach(one('.forward'), DATA.plans) : null;
    const delta = one('#delta') ? Delta.attach(one('#delta'), DATA.plans, () => grow()) : null;
    const address = () => {
      const text = fragment(state), link = one('#link');
      const here = `${location.href.split('#')[0]}${text ? `#${text}` : ''}`;
      if (link) link.value = here;
      if (!moves || (text === '' && !/#[a-z0-9_]+=/i.test(location.hash))) return;
      try { history.replaceState(null, '', here); } catch { /* a frame without an origin has no address */ }
    };

    const update = () => {
      const found = evaluate(state);
      const even = breakEven(found), reached = reach(even);
      sliders.forEach((slider, i) => slider.to(Number(state[slider.name]), i === 0 ? reached : undefined));
      picture.move(sizesNow());
      picture.write(found.numbers);
      picture.mark(found.claims);
      for (const [element, index] of numbers) put(element, found.numbers[index]);
      for (const [element, index] of rows) {
        const holds = found.claims[index];
        put(element, holds === true ? '✓ holds' : holds === false ? '✗ false'
          : holds === undefined ? '– not about this method' : '? at the start only');
        element.className = holds === true ? 'holds' : holds === false ? 'fails' : 'open';
      }
      if (out('trained')) parameters(found, even);
      const text = verdict(found);
      next(!found.claims.includes(false));
      forward?.draw(method(state).key, found.v);
      if (delta) {
        const { steps, outer: [high, wide = high], rank } = DATA.plans[method(state).key], alpha = found.v['α'];
        const below = alpha && steps.find(({ op, args }) => op === 'divide' && args[0] === 'α')?.args[1]; // r, or the step of √r
        const scaling = below === undefined ? '' : below in found.v ? `times *α*/*${below}* = ${Exact.shown(Exact.div(alpha, found.v[below]))}; ` : 'times *α*/√*r*; ';
        const size = (name) => Exact.float(found.v[name] ?? num(1));
        delta.draw(method(state), { d: size(high), k: size(wide), r: rank === null ? 1 : size(rank), scaling });
      }
      clearTimeout(speak);
      speak = setTimeout(() => {
        if (out('trained')) put(one('#spoken'), `${Exact.readable(found.trained)} trained parameters of ${Exact.readable(found.full)}. ${text}`);
        else put(one('#spoken'), text);
        address();
      }, 600);
    };
    // At once, so that the work is done before the next frame begins; more than one a frame waits for it.
    const soon = () => {
      if (waiting) { again = true; return; }
      waiting = true;
      update();
      requestAnimationFrame(() => {
        waiting = false;
        if (again) { again = false; soon(); }
      });
    };

    // Controls
    const sliders = all('.slider').map((box) => {
      const name = box.dataset.name, slide = one('.slide', box), field = one('input[type=number]', box), wrong = one('.wrong', box);
      const tab = one(`[data-tab="${name}"] b`);
      const show = (invalid) => {
        set(field, 'aria-invalid', invalid ? 'true' : 'false');
        wrong.hidden = !invalid;
      };
      const chosen = (value) => { state[name] = BigInt(Math.max(1, Math.round(value))); show(false); soon(); };
      const { min, max, step } = Object.fromEntries(['min', 'max', 'step'].map((key) => [key, Number(one('input', slide)[key])]));
      const range = Curve.slider(slide, chosen);
      field.addEventListener('input', () => {
        const text = field.value.trim();
        const good = /^\d{1,13}$/.test(text) && BigInt(text) >= 1n && BigInt(text) <= LARGEST;
        show(!good);
        if (!good) return;
        state[name] = BigInt(text);
        soon();
      });
      return {
        name, slide, min, max, step, home: slide.parentElement, next: slide.nextElementSibling,
        choose: (value) => chosen(Math.min(range.scale.max, Math.max(min, min + step * Math.round((value - min) / step)))),
        to(value, most) {
          range.to(value, most ?? max);
          if (document.activeElement !== field || Number(field.value) !== value) {
            if (field.getAttribute('aria-invalid') !== 'true') field.value = `${state[name]}`;
          }
          put(tab, Number(state[name]).toLocaleString('en'));
        },
        clear: () => show(false),
        get scale() { return range.scale; },
      };
    });
    const sized = (value) => (Exact.is(value) || value === null ? value : BigInt(value));
    const go = (setting) => {
      for (const name of SIZED) if (setting[name] !== undefined) state[name] = sized(setting[name]);
      sliders.forEach((slider) => slider.clear());
      soon();
    };
    const choose = (index) => {
      state.method = index;
      const menu = one('#method');
      if (menu) menu.value = `${index}`;
      all('input[name=method]').forEach((radio) => { radio.checked = radio.value === `${index}`; });
    };
    all('input[name=method]').forEach((radio) => radio.addEventListener('change', () => { choose(Number(radio.value)); soon(); }));
    one('#method')?.addEventListener('change', (event) => { choose(Number(event.target.value)); soon(); });
    one('#percent')?.addEventListener('input', (event) => { percent = decimal(event.target.value); ask(valuesOf(state)); });
    one('#go')?.addEventListener('click', () => { if (answer?.rank) go({ r: answer.rank }); });
    one('#reset')?.addEventListener('click', () => { choose(START.method); merge('training'); go(START); });
    one('#return')?.addEventListener('click', () => { choose(held.method); go(held); });
    all('[data-preset]').forEach((button) => {
      const [d, k] = DATA.presets[button.dataset.preset][1][0];
      button.addEventListener('click', () => go(START.k === null ? { d } : { d, k }));
    });

    // One rank after the other, up to the one that is set.
    let growing = 0;
    const grow = () => {
      clearInterval(growing);
      const rankName = keyOf(DATA.plans[method(state).key].rank), end = state[rankName], ranks = [];
      for (let rank = 1n; rank < end && rank <= 8n; rank += 1n) ranks.push(rank);
      ranks.push(end);
      if (still()) return;
      growing = setInterval(() => {
        const rank = ranks.shift();
        if (rank === undefined) { clearInterval(growing); return; }
        state[rankName] = rank;
        soon();
      }, 300);
    };
    addEventListener('pointerdown', () => clearInterval(growing), true);

    // Merging: what is trained moves into the weight. With a panel for the merged weight, that is where it goes.
    const drawing = DATA.drawings[0], mergeButton = one('#merge'), views = all('[data-view]');
    const panelOf = (mode) => drawing.panels.findIndex(([, own]) => own === mode);
    const show = (panel) => { picture.show(panel); views.forEach((view, i) => set(view, 'aria-pressed', `${i === panel}`)); };
    const merge = (mode, played = false) => {
      if (!mergeButton) return;
      state.mode = mode;
      set(mergeButton, 'aria-pressed', `${mode === 'merged'}`);
      put(mergeButton, mode === 'merged' ? 'Take apart' : 'Merge');
      const entries = Object.entries(drawing.shapes), panel = panelOf('merged');
      const inside = (id) => panel >= 0 && picture.find(drawing.panels[panel][0])?.contains(picture.find(id));
      const sources = entries.filter(([id, [symbol]]) => !inside(id) && method(state).shapes.some(([name, , , trains]) => trains && name === symbol));
      const target = entries.find(([id, [, role]]) => (panel >= 0 ? inside(id) && !['input', 'output'].includes(role) : role === 'frozen'));
      if (panel >= 0) drawing.panels.forEach(([id], i) => picture.find(id).classList.toggle('dim', mode === 'merged' && i !== panel));
      else for (const [id] of sources) for (const name of [id, `${id}-label`]) picture.find(name)?.classList.toggle('dim', mode === 'merged');
      if (target && panel < 0) picture.find(target[0]).classList.toggle('into', mode === 'merged');
      if (panel >= 0) show(mode === 'merged' ? panel : 0);
      if (!played || !target || mode !== 'merged' || still()) return;
      const to = picture.find(target[0]).getBBox();
      for (const [id] of panel >= 0 ? [...sources, ...entries.filter(([one, [, role]]) => role === 'frozen' && !inside(one))] : sources) {
        const shape = picture.find(id), from = shape.getBBox(), ghost = shape.cloneNode();
        ghost.removeAttribute('id');
        shape.ownerSVGElement.lastElementChild.append(ghost);
        const way = [to.x + to.width / 2 - from.x - from.width / 2, to.y + to.height / 2 - from.y - from.height / 2];
        ghost.animate([{ transform: 'none', opacity: 1 }, { transform: `translate(${way[0]}px,${way[1]}px)`, opacity: 0.25 }], { duration: 600, easing: 'ease-in-out' })
          .finished.then(() => ghost.remove(), () => ghost.remove());
      }
    };
    mergeButton?.addEventListener('click', () => { merge(state.mode === 'merged' ? 'training' : 'merged', true); address(); });
    const zoom = one('#zoom');
    if (drawing.panels.length > 0 || drawing.height > 0.8 * drawing.width) zoom.remove();
    zoom.addEventListener('click', () => set(zoom, 'aria-pressed', `${one('.frame').classList.toggle('zoomed')}`));
    views.forEach((view, i) => view.addEventListener('click', () => show(i)));

    // A lesson: what a reader predicts is kept beside the answer.
    all('form.predict').forEach((form) => {
      const item = form.parentElement, answer = one('details', item), field = one('input', form);
      answer.hidden = true;
      form.addEventListener('submit', (event) => {
        event.preventDefault();
        const said = field.value.trim();
        if (said === '') { field.focus(); return; }
        const plain = (text) => text.replace(/[\s,\u2062]/g, '').replace(/×$/, '');
        const known = all('mn', answer).map((number) => plain(number.textContent));
        const right = /\d/.test(said) && known.includes(plain(said).replace(/^[a-zα]=/i, ''));
        answer.hidden = false;
        answer.open = true;
        put(one('.said', answer), right ? `✓ ${said} is in the answer.` : `You predicted: ${said}. Compare:`);
      });
    });
    all('[data-go]').forEach((button) => {
      button.hidden = false;
      button.addEventListener('click', () => {
        go(JSON.parse(button.dataset.go));
        one('#picture').scrollIntoView({ block: 'start' });
      });
    });

    // Symbols: wherever one stands it lights up, by a pointer or by the keyboard.
    for (const item of all('.formulas mi, .formulas msub, .claims mi, .claims msub')) {
      const base = item.localName === 'msub' ? [...item.children].map((one) => one.textContent).join('_') : item.textContent;
      if (item.parentElement.localName !== 'msub') item.dataset.symbol = base;
    }
    let lit = null;
    const light = (target) => {
      const symbol = target?.closest?.('[data-symbol]')?.dataset.symbol ?? null;
      if (symbol === lit) return;
      lit = symbol;
      picture.light(symbol);
      for (const item of all('[data-symbol]:not(svg *)')) item.classList.toggle('lit', item.dataset.symbol === symbol);
      for (const item of all('.slider')) item.classList.toggle('lit', item.dataset.name === keyOf(symbol ?? '') && symbol !== null);
    };
    addEventListener('pointerover', (event) => light(event.target));
    addEventListener('focusin', (event) => light(event.target));

    const paint = (scheme) => {
      if (scheme === 'auto') delete document.documentElement.dataset.scheme;
      else document.documentElement.dataset.scheme = scheme;
      delta?.again();
    };
    const schemes = all('input[name=scheme]');
    schemes.forEach((radio) => radio.addEventListener('change', () => paint(radio.value)));
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => delta?.again());

    // The address: a setting, and what frames the page may choose for it, page.html#scheme=dark.
    const framed = () => {
      const said = setting(location.hash);
      if (said.scheme) {
        const radio = schemes.find((one) => one.value === said.scheme);
        radio.checked = true;
        paint(said.scheme);
      }
      choose(said.method);
      merge(said.mode);
      go({ ...START, ...said.found });
    };
    addEventListener('hashchange', framed);
    all('.copy').forEach((button) => button.addEventListener('click', async () => {
      address();
      const link = one('#link');
      let copied = false;
      try { await navigator.clipboard.writeText(link.value); copied = true; } catch { link.focus(); link.select(); }
      put(one('#copied'), copied ? 'The link is copied.' : 'The link is selected: copy it by Ctrl+C.');
      const before = button.textContent;
      if (copied) { button.textContent = 'Copied'; setTimeout(() => { button.textContent = before; }, 1500); }
    }));

    // A telephone has one slider at a time, at the end of the screen.
    const dock = one('.dock'), tabs = all('[data-tab]');
    const turn = (name) => {
      tabs.forEach((tab) => set(tab, 'aria-pressed', `${tab.dataset.tab === name}`));
      for (const { name: own, slide } of sliders) slide.classList.toggle('on', own === name);
      update();
    };
    tabs.forEach((tab) => tab.addEventListener('click', () => turn(tab.dataset.tab)));
    // A frame is laid out after its page has begun, and not every browser tells it of its width then.
    let docked = null;
    const settle = () => {
      if (docked === narrow.matches) return;
      docked = narrow.matches;
      for (const { slide, home, next } of sliders) if (narrow.matches) dock.append(slide); else home.insertBefore(slide, next);
      if (tabs.length > 0) turn(tabs.find((tab) => tab.getAttribute('aria-pressed') === 'true').dataset.tab);
    };
    all('.needs-script').forEach((element) => { element.hidden = false; });
    framed();
    // The figure has what the others leave of the screen, as the page begins: it does not jump when they grow.
    const frame = one('.frame');
    const stay = () => {
      frame.style.cssText = '';
      if (!narrow.matches && moves) frame.style.cssText = `flex:none;height:${frame.clientHeight}px`;
    };
    address();
    settle();
    narrow.addEventListener('change', settle);
    addEventListener('resize', () => { settle(); stay(); soon(); });
    requestAnimationFrame(() => { settle(); stay(); });
    update();
    stay();
  };

  return Object.freeze({ evaluate, atMost, largestRank, decimal, begin, valuesOf });
})();
if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', Page.begin);
else Page.begin();
