// Sliders of sizes, and the curve of trained parameters above the one that is its axis.
const Curve = (() => {
  const { one, set, put, phrase, html, svg, measured } = Dom;
  const FAR = 16; // from such a span on a scale is logarithmic
  const STEPS = 1000; // of a slider on a logarithmic scale
  const THUMB = 22; // px: its middle is half of it from the end of the track

  // Where a value stands between two others, from 0 to 1, and back.
  const scale = (min, max) => {
    const far = max / min >= FAR, span = far ? Math.log(max / min) : max - min;
    return {
      far, min, max,
      part: (value) => Math.min(1, Math.max(0, far ? Math.log(value / min) / span : (value - min) / (span || 1))),
      value: (part) => (far ? min * Math.exp(part * span) : min + part * span),
    };
  };
  const marks = ({ far, min, max }, most) => {
    const found = [];
    if (far) {
      const least = Math.ceil(Math.log2(min)), count = Math.floor(Math.log2(max)) - least + 1, skip = Math.ceil(count / most);
      for (let i = 0; i < count; i += skip) found.push(2 ** (least + i));
    } else {
      let step = 1;
      while (Math.floor(max / step) - Math.ceil(min / step) >= most) step *= 2; // as sizes are
      for (let value = step * Math.ceil(min / step); value <= max; value += step) found.push(value);
    }
    return found;
  };
  const short = (value) => (value >= 1e9 ? `${value / 1e9}B` : value >= 1e6 ? `${value / 1e6}M` : value >= 1e3 ? `${Math.round(value / 100) / 10}K` : value.toLocaleString('en'));

  // A range input over whole numbers; `moved(value)` is told what a reader chooses.
  const slider = (box, moved) => {
    const range = one('input', box), ticks = one('.ticks', box);
    const least = Number(range.min), most = Number(range.max), step = Number(range.step);
    const size = measured(box, () => draw());
    let at = scale(least, most), value = Number(range.value), shown = '';
    const snapped = (wanted) => Math.min(at.max, Math.max(at.min, least + step * Math.round((wanted - least) / step)));
    const tell = (wanted) => { // known at once: the next key may come before the next frame
      const next = snapped(wanted);
      if (next !== value) { value = next; moved(next); }
    };
    range.min = 0;
    range.step = 1;
    range.max = STEPS;
    range.addEventListener('input', () => tell(at.value(range.value / STEPS)));
    range.addEventListener('keydown', (event) => {
      const far = at.far ? value : (at.max - at.min) / 8;
      const next = {
        ArrowRight: value + step, ArrowUp: value + step, ArrowLeft: value - step, ArrowDown: value - step,
        PageUp: value + Math.max(step, far), PageDown: value - Math.max(step, at.far ? value / 2 : far), Home: at.min, End: at.max,
      }[event.key];
      if (next === undefined) return;
      event.preventDefault();
      tell(next);
    });
    const draw = () => {
      const part = at.part(value), [wide] = size(), key = `${at.min} ${at.max} ${wide}`;
      range.value = Math.round(part * STEPS);
      set(range, 'aria-valuetext', value.toLocaleString('en'));
      range.style.setProperty('--p', `${100 * part}%`);
      if (key === shown || wide === 0) return;
      shown = key;
      const values = marks(at, Math.max(2, Math.floor(wide / (at.max >= 1000 ? 36 : 30))));
      ticks.replaceChildren(...values.map((one) => {
        const tick = html('span', {}, one >= 1e4 ? short(one) : one.toLocaleString('en'));
        tick.style.left = `${THUMB / 2 + (wide - THUMB) * at.part(one)}px`;
        return tick;
      }));
    };
    return {
      to(wanted, max = most) {
        if (max !== at.max) at = scale(least, Math.max(max, least + step));
        value = wanted;
        draw();
      },
      draw,
      get scale() { return at; },
    };
  };

  // The plot: two lines over the axis of a slider. `at` has the numbers that `draw` is given by the page.
  const GAP = { left: 52, right: 20, top: 14, bottom: 14 };
  const plot = (holder, name, changed) => {
    const space = measured(holder, changed);
    const root = svg('svg', { role: 'img' });
    const made = (tag, kind, ...text) => { const element = svg(tag, { class: kind }, ...text); root.append(element); return element; };
    const good = made('rect', 'good'), bad = made('rect', 'bad'), grid = made('g', '');
    const full = made('line', 'full'), even = made('line', 'even'), count = made('polyline', 'count');
    const drop = made('line', 'drop'), measure = made('path', 'measure'), hole = made('circle', 'hole'), dot = made('circle', 'dot');
    const [fullSaid, gapSaid, saidHere, evenSaid, evenAt, badSaid] =
      ['frozen', 'strong gap', 'trained', '', 'strong', 'bad-said'].map((kind) => made('text', kind));
    const saidSize = svg('tspan', { class: 'strong' }), saidAt = svg('tspan');
    saidHere.append(saidSize, saidAt);
    measure.setAttribute('fill', 'none');
    holder.replaceChildren(root);
    let drawnGrid = '';
    const line = (element, x1, y1, x2, y2) => { set(element, 'x1', x1); set(element, 'y1', y1); set(element, 'x2', x2); set(element, 'y2', y2); };
    const say = (element, text, x, y, anchor = 'start') => { phrase(element, text); set(element, 'x', x); set(element, 'y', y); set(element, 'text-anchor', anchor); };
    const box = (element, x, y, width, height) => {
      for (const [key, value] of Object.entries({ x, y, width: Math.max(0, width), height: Math.max(0, height) })) set(element, key, value);
    };
    const show = (element, shown) => { element.style.display = shown ? '' : 'none'; };
    const round = (value) => Math.round(value * 10) / 10;
    return {
      // points: [value, count] along the axis; size: the count now; whole: what is frozen; even: where both meet.
      draw({ axis, points, value, size, whole, even: meets, said }) {
        const [wide, high] = space();
        set(root, 'aria-label', said.all);
        if (wide === 0) return;
        set(root, 'viewBox', `0 0 ${wide} ${high}`);
        const left = GAP.left, right = wide - GAP.right, top = GAP.top, bottom = high - GAP.bottom;
        const sizes = [...points.map(([, y]) => y), size, ...(whole > 0 ? [whole] : [])].filter((y) => y > 0);
        const low = Math.floor(Math.log10(Math.min(...sizes)) + 1e-9), high10 = Math.log10(Math.max(...sizes) * 1.7);
        const x = (v) => round(left + (right - left) * axis.part(v));
        const y = (v) => round(bottom - (bottom - top) * (Math.log10(Math.max(v, 1e-9)) - low) / Math.max(high10 - low, 0.5));
        const key = `${low} ${high10} ${wide}`;
        if (key !== drawnGrid) {
          drawnGrid = key;
          // Powers of ten, or within few of them 1, 2 and 5 of each.
          const skip = Math.ceil((high10 - low) / 5), lines = [], parts = high10 - low < 2 ? [1, 2, 5] : [1];
          for (let p = low; p <= high10; p += skip) {
            for (const part of parts.filter((one) => p + Math.log10(one) <= high10)) {
              const at = y(part * 10 ** p);
              lines.push(svg('line', { x1: left, x2: right, y1: at, y2: at }), svg('text', { class: 'tick', x: left - 8, y: at + 4, 'text-anchor': 'end' }, short(part * 10 ** p)));
            }
          }
          grid.replaceChildren(...lines);
        }
        const now = x(value), at = y(size), above = whole > 0 ? y(whole) : top, end = meets === null ? right : x(meets);
        box(good, left, above, (whole > 0 ? end : left) - left, bottom - above);
        box(bad, end, top, whole > 0 && meets !== null ? right - end : 0, bottom - top);
        set(count, 'points', points.map(([v, c]) => `${x(v)},${y(c)}`).join(' '));
        line(full, left, above, right, above);
        show(full, whole > 0);
        line(drop, now, at, now, high);
        set(dot, 'cx', now); set(dot, 'cy', at); set(dot, 'r', 7);
        const met = meets !== null && whole > 0;
        for (const element of [even, hole, evenSaid, evenAt]) show(element, met);
        line(even, end, above, end, bottom);
        set(hole, 'cx', end); set(hole, 'cy', above); set(hole, 'r', 5);
        const aside = end - left > 110;
        say(evenSaid, 'break-even', aside ? end - 8 : end + 8, bottom - 20, aside ? 'end' : 'start');
        say(evenAt, `*${name}* = ${said.even}`, aside ? end - 8 : end + 8, bottom - 5, aside ? 'end' : 'start');
        say(fullSaid, said.whole, left + 8, above - 6);
        show(fullSaid, whole > 0);
        const apart = at - above, room = whole > 0 && Math.abs(apart) > 34;
        show(measure, room);
        const way = Math.sign(apart), from = above + 4 * way, to = at - 10 * way;
        set(measure, 'd', `M${now} ${from}V${to}M${now - 4} ${from + 5 * way}L${now} ${from}L${now + 4} ${from + 5 * way}M${now - 4} ${to - 5 * way}L${now} ${to}L${now + 4} ${to - 5 * way}`);
        const before = now - left > 130;
        say(gapSaid, said.gap, before ? now - 9 : now + 9, (from + to) / 2 + 4, before ? 'end' : 'start');
        const after = right - now > 150;
        show(gapSaid, room && (after || Math.abs(apart) > 64));
        // Below the curve there is room at its right, above it at its left.
        put(saidSize, said.size);
        phrase(saidAt, after ? ` at *${name}* = ${said.value}` : '');
        for (const [key, to] of Object.entries({ x: after ? now + 12 : now - 12, y: after ? at + 18 : at - 10, 'text-anchor': after ? 'start' : 'end' })) set(saidHere, key, to);
        show(badSaid, met && right - end > 22);
        say(badSaid, 'not fewer', 0, 0, 'middle');
        set(badSaid, 'transform', `translate(${(end + right) / 2 + 4} ${(above + bottom) / 2})rotate(-90)`);
      },
    };
  };

  return Object.freeze({ slider, plot, scale, marks });
})();
