// The page: controls to a setting, a setting to everything that depends on it.
// The data is written by lorafig from the trees that were verified; Exact, Program and Forward stand above.
const Page = (() => {
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const put = (element, text) => { if (element && element.textContent !== text) element.textContent = text; };
  const set = (element, name, value) => { if (element.getAttribute(name) !== value) element.setAttribute(name, value); };
  const NAMESPACE = 'http://www.w3.org/2000/svg';
  const DATA = JSON.parse(document.getElementById('data').textContent);
  const { rounding, kilo } = DATA.rules;
  const num = (n, d = 1n) => Exact.num(n, d);
  const whole = (text) => (text === null ? null : BigInt(text));
  const fraction = (text) => {
    const value = text === null ? null : num(...text.split('/'));
    return value?.d === 1n ? value.n : value;
  };
  const { d, k, r, alpha } = DATA.start;
  // Sizes of the figure's own: `size N` is that of N.
  const OWN = Object.keys(DATA.own);
  const own = Object.fromEntries(OWN.map((name) => [`size ${name}`, whole(DATA.own[name])]));
  const START = Object.freeze({ d: whole(d), k: whole(k), r: whole(r), alpha: fraction(alpha), ...own, method: 0 });
  const SIZED = ['d', 'k', 'r', 'alpha', ...Object.keys(own)];
  const MADE = DATA.made.map(([name, program]) => [name, Program.compile(program)]);
  const METHODS = DATA.methods.map((row) => ({ ...row, count: Program.choice(row.count) }));
  const NUMBERS = DATA.numbers.map(([program, form]) => [Program.compile(program), form]);
  const CLAIMS = DATA.claims.map((claim) =>
    ({ ...claim, holds: claim.holds.map((condition) => Program.condition(condition, DATA.rules)) }));
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

  // Everything that a setting makes of the figure, as plain values.
  const evaluate = (setting) => {
    const v = valuesOf(setting), first = isStart(setting);
    const trained = method(setting).count(v), full = Exact.mul(v.d, v.k);
    v['# trained'] = trained;
    return {
      v, trained, full,
      numbers: NUMBERS.map(([value, form]) => shown(value(v), form)),
      claims: CLAIMS.map((claim) => claim.holds[setting.method]({ v, first })),
    };
  };

  // -- ranks --------------------------------------------------------------------------------------

  const LARGEST = 2n ** 40n;
  // LoKr keeps a whole block where its rank is not low: its number of parameters does not rise with the rank.
  const NO_SEARCH = 'LoKr splits d and k, and keeps a whole block where its rank is not low: no rank is looked for.';
  // The largest rank with at most `limit` parameters: 0n for none, null where the rank does not matter.
  const largestRank = (setting, v, limit) => {
    const count = (r) => method(setting).count({ ...v, __proto__: null, r: num(r) });
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
  const savings = (setting, v, percent, wanted) => {
    const full = Exact.mul(v.d, v.k);
    const limit = Exact.mul(full, Exact.sub(num(1), Exact.div(percent, num(100))));
    const rank = largestRank(setting, v, limit);
    const at = (r) => method(setting).count({ ...v, __proto__: null, r: num(r) });
    if (rank === 0n) {
      const least = at(1n);
      const much = Exact.cmp(least, full) < 0 ? `rank 1 saves ${saved(least, full)}` : 'rank 1 saves nothing';
      return { rank, text: `No rank saves ${wanted}: even ${much}` };
    }
    return { rank, text: `Up to r = ${Exact.readable(num(rank))}: there ${saved(at(rank), full)} is saved` };
  };

  // -- the drawing --------------------------------------------------------------------------------

  const fixed = (value) => {
    const text = value.toFixed(3);
    return text.indexOf('.') < 0 ? text : text.replace(/\.?0+$/, '').replace(/^-0$/, '0');
  };
  // A straight arrow between two points: its line, and its head turned along it.
  const arrow = ([x0, y0, x1, y1], [line, end, head]) => {
    const length = Math.hypot(x1 - x0, y1 - y0) || 1, ux = (x1 - x0) / length, uy = (y1 - y0) / length;
    const at = (x, y, ox, oy) => `${fixed(ox + ux * x - uy * y)} ${fixed(oy + uy * x + ux * y)}`;
    const half = line / 2;
    const shaft = [at(0, -half, x0, y0), at(end, -half, x1, y1), at(end, half, x1, y1), at(0, half, x0, y0)];
    const tip = [];
    for (let i = 0; i < head.length; i += 2) tip.push(at(head[i], head[i + 1], x1, y1));
    return `M${shaft.join('L')}zM${tip.join('L')}z`;
  };
  // A polygon with corners of one radius, as PGF rounds them: no further than half-way along a side.
  const polygon = (places, radius) => {
    const points = [];
    for (let i = 0; i < places.length; i += 2) points.push([places[i], places[i + 1]]);
    const path = points.map(([x, y], i) => {
      const beside = [points.at(i - 1), points[(i + 1) % points.length]].map(([u, v]) => {
        const length = Math.hypot(u - x, v - y) || 1;
        return [(u - x) / length, (v - y) / length, length];
      });
      const [[a, b, one], [c, d, other]] = beside;
      const slope = Math.tan(Math.acos(Math.max(-1, Math.min(1, a * c + b * d))) / 2) || 1;
      const cut = Math.min(radius / slope, one / 2, other / 2), near = cut * (1 - 0.5522847);
      const at = ([ux, uy], by) => `${fixed(x + ux * by)} ${fixed(y + uy * by)}`;
      return `${at(beside[0], cut)}C${at(beside[0], near)} ${at(beside[1], near)} ${at(beside[1], cut)}`;
    });
    return `M${path.join('L')}z`;
  };
  const origin = (element) => {
    const text = element.getAttribute('transform') ?? element.firstElementChild?.getAttribute('transform') ?? '';
    return (text.match(/-?[\d.]+/g) ?? ['0', '0']).slice(0, 2).join(' ');
  };

  const picture = (drawing) => {
    const svg = document.getElementById(drawing.id);
    const ground = svg.lastElementChild;
    const find = (id) => (id === '' ? null : document.getElementById(`${drawing.id}_${id}`));
    const spots = drawing.spots.map(([id, child, name, pieces, ...rows]) => {
      const whole = id === '' ? (child < 0 ? svg : ground) : find(id);
      return { element: id === '' || child < 0 ? whole : whole.children[child], id, name, pieces, rows };
    });
    const labels = drawing.labels.map(([id, lines]) => {
      const element = find(id), parts = [...element.children];
      return {
        middle: lines[0][0] / 2,
        lines: lines.map(([width, drop, pieces, slots]) => ({
          width, drop,
          pieces: pieces.map(([before, scale]) => ({ before, scale, element: parts.shift() })),
          slots: slots.map(([number, x, y, room, inline, font]) =>
            ({ number, x, y, room, inline, font: DATA.fonts[font], element: parts.shift(), text: null })),
        })),
      };
    });
    const areas = new Map(drawing.areas.map(([id, ...box]) => [id, { box, mark: null }]));
    if (drawing.names.length > 0) {
      svg.parentElement.style.aspectRatio = `${drawing.width} / ${drawing.height}`;
    }
    const { names, orders, table, longest, largest, power, low, high } = drawing;

    const every = Object.keys(low), moving = names.map((name) => every.indexOf(name));
    const lengthOf = (name, size) => {
      if (low[name] === high[name]) return longest * low[name];
      const part = power === null
        ? DATA.shortest + (1 - DATA.shortest) * Math.log2(Number(size)) / Math.log2(largest)
        : (Number(size) / largest) ** power;
      return longest * Math.min(Math.max(part, low[name]), high[name]);
    };
    const move = (setting) => {
      if (names.length === 0) return;
      const sizes = { d: setting.d, k: setting.k ?? setting.d, r: setting.r };
      for (const name of OWN) sizes[name] = setting[`size ${name}`];
      const lengths = every.map((name) => lengthOf(name, sizes[name]));
      const follows = (order) => order.every((at, i) => i === 0 || lengths[order[i - 1]] <= lengths[at] + 1e-9);
      const chosen = Math.max(0, orders.findIndex(follows));
      const values = new Map();
      const value = (row) => {
        if (!values.has(row)) values.set(row, table[row].reduce((sum, part, i) => sum + (i === 0 ? part : part * lengths[moving[i - 1]]), 0));
        return values.get(row);
      };
      for (const { element, id, name, pieces, rows } of spots) {
        const numbers = rows[chosen].map(value);
        const text = pieces.map((piece, i) => piece + (i < numbers.length ? fixed(numbers[i]) : '')).join('');
        if (name === 'wire') set(element, 'd', arrow(text.trim().split(/\s+/).map(Number), drawing.wires[id]));
        else if (name === 'corners') set(element, 'd', polygon(text.trim().split(/\s+/).map(Number), drawing.corners[id]));
        else set(element, name, text);
        if (name === 'viewBox') {
          const [, , width, height] = element.getAttribute('viewBox').trim().split(/\s+/).map(Number);
          svg.style.width = `${100 * width / drawing.width}%`;
          svg.style.aspectRatio = `${width} / ${height}`;
        }
      }
    };

    const place = (element, x, y, scale, part) => {
      const scaled = part === 1 ? scale : scale.split(' ').map((one) => (one * part).toFixed(7)).join(' ');
      set(element, 'transform', `translate(${fixed(x)} ${fixed(y)})scale(${scaled})`);
    };
    const written = (slot, text, x, y, part) => {
      const scales = new Map();
      let at = 0;
      for (const char of text) {
        const [advance, ox, oy, path, across, up] = slot.font[char] ?? slot.font['.'];
        const key = across === up ? `${across}` : `${across} ${up}`;
        scales.set(key, `${scales.get(key) ?? ''}M${Math.round(at / across) + ox} ${oy}${path}`);
        at += advance;
      }
      const paths = [...scales].map(([scale, path]) => {
        const element = document.createElementNS(NAMESPACE, 'path');
        element.setAttribute('d', path);
        place(element, x, y, scale, part);
        return element;
      });
      slot.element.replaceChildren(...paths);
    };
    const width = (slot, text) => [...text].reduce((sum, char) => sum + (slot.font[char] ?? slot.font['.'])[0], 0);
    const write = (numbers) => {
      for (const { middle, lines } of labels) {
        for (const line of lines) {
          const texts = line.slots.map((slot) => numbers[slot.number].replace('—', '...'));
          if (line.slots.every((slot, i) => slot.text === texts[i])) continue;
          const widths = line.slots.map((slot, i) => width(slot, texts[i]));
          const gains = line.slots.map((slot, i) => (slot.inline ? widths[i] - slot.room : 0));
          // A number wider than any on the sliders is set smaller: the line keeps the room that it was given.
          const total = line.width + gains.reduce((a, b) => a + b, 0), part = Math.min(1, line.width / total);
          const left = middle - total * part / 2;
          const inline = gains.filter((_, i) => line.slots[i].inline);
          for (const { before, scale, element } of line.pieces) {
            place(element, left + part * inline.slice(0, before).reduce((a, b) => a + b, 0), line.drop, scale, part);
          }
          let moved = 0;
          line.slots.forEach((slot, i) => {
            const x = left + part * (moved + slot.x + (slot.inline ? 0 : (slot.room - widths[i]) / 2));
            written(slot, texts[i], x, line.drop + slot.y, part);
            slot.text = texts[i];
            moved += gains[i];
          });
        }
      }
    };

    // What is false is framed and struck through where it stands.
    const mark = (claims) => {
      const wrong = new Set(CLAIMS.flatMap((claim, i) => (claims[i] === false ? claim.at : [])));
      for (const [id, area] of areas) {
        if (!wrong.has(id)) { area.mark?.remove(); area.mark = null; continue; }
        if (area.mark === null) {
          const [x, y, wide, high] = area.box;
          const make = (name, attributes) => {
            const element = document.createElementNS(NAMESPACE, name);
            for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
            return element;
          };
          area.mark = make('g', { class: 'mark' });
          area.mark.append(
            make('rect', { x: x - 0.8, y: y - 0.8, width: wide + 1.6, height: high + 1.6, rx: 0.8 }),
            make('path', { d: `M${x} ${y}L${x + wide} ${y + high}` }),
          );
          ground.append(area.mark);
        }
        set(area.mark, 'transform', `translate(${origin(find(id))})`);
      }
    };
    return { svg, move, write, mark };
  };

  // -- the page -----------------------------------------------------------------------------------

  const begin = () => {
    const state = { ...START, mode: DATA.modes[0] ?? null };
    const pictures = DATA.drawings.map(picture);
    const numbers = all('[data-n]').map((element) => [element, Number(element.dataset.n)]);
    const rows = all('[data-claim]').map((element) => [element, Number(element.dataset.claim)]);
    const out = (name) => one(`[data-out="${name}"]`);
    const adapted = one('.forward') !== null; // a figure of its own symbols alone has no forward pass of a method
    const forward = adapted ? Forward.attach(one('.forward'), DATA.plans) : null;
    let percent = decimal(one('#percent')?.value ?? '99');
    let answer = null, speak = 0, waiting = false, again = false;

    const parameters = (found, setting) => {
      const { trained, full, v } = found;
      put(out('method'), `${method(setting).name}${method(setting).ranked ? `, r = ${Exact.readable(v.r)}` : ''}`);
      put(out('full'), Exact.readable(full));
      put(out('trained'), Exact.readable(trained));
      const most = Exact.cmp(trained, full) > 0 ? trained : full;
      out('full-bar').style.width = `${100 * Exact.float(Exact.div(full, most))}%`;
      out('trained-bar').style.width = `${100 * Exact.float(Exact.div(trained, most))}%`;
      const order = Exact.cmp(trained, full);
      const text = order < 0 ? `${share(trained, full)} of the parameters: ${saved(trained, full)} fewer`
        : order === 0 ? '✗ Not fewer: as many as the weight has'
          : `✗ Not fewer: ${shown(Exact.div(trained, full), 'x')} as many as the weight has`;
      put(out('saving'), text);
      out('saving').classList.toggle('false', order >= 0);
      const even = method(setting).divides ? undefined : largestRank(setting, v, Exact.sub(full, num(1)));
      put(out('even'), even === undefined ? NO_SEARCH : even === null ? `The rank does not change how many ${method(setting).name} trains.`
        : even === 0n ? 'No rank trains fewer parameters than the weight has.'
          : even >= LARGEST ? 'Every rank trains fewer.'
            : `Break-even: fewer up to r = ${Exact.readable(num(even))}, not from r = ${Exact.readable(num(even + 1n))} on.`);
      ask(setting, v);
      const sizes = { d: Number(setting.d), k: Number(setting.k ?? setting.d), r: Number(setting.r), 1: 1 };
      for (const name of ['d_1', 'd_2', 'k_1', 'k_2']) if (v[name]) sizes[name] = Exact.float(v[name]);
      const { shapes: factors, whole: block } = method(setting);
      const shapes = block && 2 * sizes.r >= Math.max(sizes.d_2, sizes.k_2) ? block : factors;
      const longest = Math.max(...shapes.flatMap(([, a, b]) => [sizes[a], sizes[b]]));
      all('#to-scale > div').forEach((box, i) => {
        const shape = shapes[i];
        box.hidden = shape === undefined;
        if (!shape) return;
        const [name, high, wide, trains] = shape;
        box.firstElementChild.style.width = `${Math.max(1, 88 * sizes[wide] / longest)}px`;
        box.firstElementChild.style.height = `${Math.max(1, 88 * sizes[high] / longest)}px`;
        put(box.lastElementChild, `${name}: ${Exact.readable(num(sizes[high]))} × ${Exact.readable(num(sizes[wide]))}`);
        box.classList.toggle('trained', trains);
      });
    };
    const ask = (setting, v) => {
      if (!out('answer')) return;
      const field = one('#percent');
      set(field, 'aria-invalid', percent === null ? 'true' : 'false');
      answer = percent === null || !method(setting).ranked || method(setting).divides ? null : savings(setting, v, percent, `${field.value.trim().replace(',', '.')}%`);
      put(out('answer'), percent === null ? 'Write a number of percent between 0 and 100, such as 99 or 99.5.'
        : answer?.text ?? (method(setting).divides ? NO_SEARCH
          : `${method(setting).name} has no rank that its number of parameters grows with.`));
      const go = one('#go');
      if (go) go.hidden = !answer?.rank || answer.rank > LARGEST;
    };

    const moves = one('#reset') !== null;
    const verdict = ({ claims, numbers: values }) => {
      const wrong = CLAIMS.filter((_, i) => claims[i] === false)
        .map((claim) => claim.plain.replace(/⟦(\d+)⟧/g, (_, index) => values[index]));
      const open = claims.filter((one) => one === null).length, foreign = claims.filter((one) => one === undefined).length;
      const stated = DATA.stated ? ` ${DATA.stated} ${DATA.stated === 1 ? 'is' : 'are'} stated, with a reason.` : '';
      const other = foreign ? ` ${foreign} ${foreign === 1 ? 'is' : 'are'} not about ${method(state).name}.` : '';
      const rest = stated + other + (open ? ` ${open} ${open === 1 ? 'is' : 'are'} decided at the start alone.` : '');
      const text = wrong.length === 0 ? `✓ ${open || foreign ? 'What is decided here holds' : `All ${claims.length - DATA.stated} statements of the figure hold`}${moves ? ' at this setting' : ''}.${rest}`
        : `✗ False at this setting: ${[...new Set(wrong)].join('; ')}.${rest}`;
      put(out('verdict'), text);
      out('verdict').classList.toggle('false', wrong.length > 0);
      return text;
    };

    const update = () => {
      const found = evaluate(state);
      pictures.forEach((one, i) => {
        one.svg.parentElement.parentElement.hidden = state.mode !== null && DATA.drawings[i].mode !== state.mode;
        if (one.svg.parentElement.parentElement.hidden) return;
        one.move(state);
        one.write(found.numbers);
        one.mark(found.claims);
      });
      for (const [element, index] of numbers) put(element, found.numbers[index]);
      for (const [element, index] of rows) {
        const holds = found.claims[index];
        put(element, holds === true ? '✓ holds' : holds === false ? '✗ false'
          : holds === undefined ? '– not about this method' : '? at the start only');
        element.className = holds === true ? 'holds' : holds === false ? 'fails' : 'open';
      }
      if (adapted) parameters(found, state);
      const text = verdict(found);
      forward?.draw(method(state).key, found.v);
      clearTimeout(speak);
      speak = setTimeout(() => {
        put(one('#spoken'), `${Exact.readable(found.trained)} trained parameters of ${Exact.readable(found.full)}. ${text}`);
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
      const name = box.dataset.name, range = one('input[type=range]', box), field = one('input[type=number]', box);
      const wrong = one('.wrong', box);
      const show = (invalid) => {
        set(field, 'aria-invalid', invalid ? 'true' : 'false');
        wrong.hidden = !invalid;
      };
      range.addEventListener('input', () => {
        state[name] = BigInt(range.value);
        field.value = range.value;
        show(false);
        soon();
      });
      field.addEventListener('input', () => {
        const text = field.value.trim();
        const good = /^\d{1,13}$/.test(text) && BigInt(text) >= 1n && BigInt(text) <= LARGEST;
        show(!good);
        if (!good) return;
        state[name] = BigInt(text);
        range.value = text;
        soon();
      });
      return { name, to: (value) => { state[name] = value; range.value = `${value}`; field.value = `${value}`; show(false); } };
    });
    const sized = (value) => (Exact.is(value) || value === null ? value : BigInt(value));
    const go = (setting) => {
      for (const slider of sliders) if (setting[slider.name] !== undefined) slider.to(sized(setting[slider.name]));
      for (const name of SIZED) {
        if (setting[name] !== undefined && !sliders.some((one) => one.name === name)) state[name] = sized(setting[name]);
      }
      soon();
    };
    all('input[name=mode]').forEach((radio) => radio.addEventListener('change', () => { state.mode = radio.value; soon(); }));
    all('input[name=method]').forEach((radio) => radio.addEventListener('change', () => { state.method = Number(radio.value); soon(); }));
    one('#method')?.addEventListener('change', (event) => { state.method = Number(event.target.value); soon(); });
    one('#percent')?.addEventListener('input', (event) => { percent = decimal(event.target.value); ask(state, valuesOf(state)); });
    one('#go')?.addEventListener('click', () => { if (answer?.rank) go({ r: answer.rank }); });
    one('#reset')?.addEventListener('click', () => {
      go(START);
      state.method = START.method;
      state.mode = DATA.modes[0] ?? null;
      all('input[name=mode]').forEach((radio, i) => { radio.checked = i === 0; });
      const menu = one('#method');
      if (menu) menu.value = '0';
      all('input[name=method]').forEach((radio) => { radio.checked = radio.value === '0'; });
    });
    all('[data-go]').forEach((button) => {
      button.hidden = false;
      button.addEventListener('click', () => {
        go(JSON.parse(button.dataset.go));
        one('#picture').scrollIntoView({ block: 'start' });
      });
    });
    const paint = (scheme) => {
      if (scheme === 'auto') delete document.documentElement.dataset.scheme;
      else document.documentElement.dataset.scheme = scheme;
    };
    const schemes = all('input[name=scheme]');
    schemes.forEach((radio) => radio.addEventListener('change', () => paint(radio.value)));
    // What frames the page may choose for it: page.html#scheme=dark.
    const framed = () => {
      const scheme = /^#scheme=(auto|light|dark)$/.exec(location.hash)?.[1];
      const radio = schemes.find((one) => one.value === scheme);
      if (radio) { radio.checked = true; paint(scheme); }
    };
    addEventListener('hashchange', framed);
    framed();
    all('.needs-script').forEach((element) => { element.hidden = false; });
    update();
  };

  return Object.freeze({ evaluate, savings, largestRank, decimal, begin, valuesOf });
})();
if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', Page.begin);
else Page.begin();
