// The picture: its sides follow the setting, its numbers too; what is false is struck through, symbols light up, and
// a side can be taken by its knob.
const Picture = (() => {
  const { one, set, phrase, svg: make, narrow, DATA } = Dom;
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


  // How long the sides are drawn: lorafig/page/layouts.py, `drawn`.
  const lengthsOf = ({ longest, values, power, low, high }, sizes) => {
    const known = Object.entries(values).map(([name, own]) => [name, Number(sizes[name] ?? own)]);
    const largest = Math.max(...known.map(([, size]) => size));
    const share = (size) => (size === largest ? 1 : power === null
      ? DATA.shortest + (1 - DATA.shortest) * Math.log2(size) / Math.log2(Math.max(largest, 2)) : (size / largest) ** power);
    const found = {};
    let before = 0;
    for (const size of [...new Set(known.map(([, one]) => one))].sort((a, b) => a - b)) {
      const names = known.filter(([, one]) => one === size).map(([name]) => name);
      before = Math.max(before, share(size), ...names.map((name) => low[name]));
      for (const name of names) found[name] = longest * Math.min(before, high[name]);
    }
    return { lengths: Object.keys(low).map((name) => found[name]), largest };
  };
  // The size that is drawn so long where the largest is full.
  const sizeOf = ({ longest, power }, length, largest) => (power === null
    ? 2 ** ((length / longest - DATA.shortest) / (1 - DATA.shortest) * Math.log2(Math.max(largest, 2)))
    : largest * (length / longest) ** (1 / power));

  // `taken(name, size)` is told where a knob was moved to.
  const attach = (drawing, claims, taken) => {
    const svg = document.getElementById(drawing.id), ground = svg.lastElementChild;
    const find = (id) => (id === '' ? null : document.getElementById(`${drawing.id}_${id}`));
    const spots = drawing.spots.map(([id, child, name, pieces, which, ...rows]) => {
      const whole = id === '' ? (child < 0 ? svg : ground) : find(id);
      return { element: id === '' || child < 0 ? whole : whole.children[child], id, name, pieces, which, rows };
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
    const { names, orders, table, values: begin } = drawing;
    const every = Object.keys(drawing.low), moving = names.map((name) => every.indexOf(name));
    let box = one('svg', svg.parentElement).getAttribute('viewBox').split(' ').map(Number), view = 0, now = null;
    const corners = new Map(); // of polygons, as they are drawn now

    const { room } = drawing; // that knobs need beside the picture, and below
    // The frame is as wide as the picture can be, so that nothing jumps; a telephone shows one panel.
    const frame = () => {
      const group = narrow.matches && drawing.panels.length > 0 ? find(drawing.panels[view][0]) : null;
      for (const [id] of drawing.panels) find(id).style.visibility = group !== null && find(id) !== group ? 'hidden' : '';
      let [, , width, height] = box, x = (width - drawing.width) / 2, y = (height - drawing.height) / 2;
      [width, height] = [drawing.width, drawing.height];
      if (group !== null) {
        const inner = group.getBBox();
        [x, y, width, height] = [inner.x - 1, box[3] - inner.y - inner.height - 1, inner.width + 2, inner.height + 2];
      }
      set(svg, 'viewBox', [x - room[0], y, width + 2 * room[0], height + room[1]].map(fixed).join(' '));
      svg.closest('.picture').style.setProperty('--ratio', fixed((height + room[1]) / (width + 2 * room[0])));
    };

    const move = (sizes) => {
      now = sizes;
      if (names.length > 0) {
        const { lengths } = lengthsOf(drawing, sizes);
        const follows = (order) => order.every((at, i) => i === 0 || lengths[order[i - 1]] <= lengths[at] + 1e-9);
        const chosen = Math.max(0, orders.findIndex(follows));
        const values = new Map();
        const value = (row) => {
          if (!values.has(row)) values.set(row, table[row].reduce((sum, part, i) => sum + (i === 0 ? part : part * lengths[moving[i - 1]]), 0));
          return values.get(row);
        };
        for (const { element, id, name, pieces, which, rows } of spots) {
          const numbers = rows[(which.charCodeAt(chosen) || 48) - 48].map(value);
          const text = pieces.map((piece, i) => piece + (i < numbers.length ? fixed(numbers[i]) : '')).join('');
          if (name === 'viewBox') box = text.trim().split(/\s+/).map(Number);
          else if (name === 'wire') set(element, 'd', arrow(text.trim().split(/\s+/).map(Number), drawing.wires[id]));
          else if (name === 'corners') {
            corners.set(id, text.trim().split(/\s+/).map(Number));
            set(element, 'd', polygon(corners.get(id), drawing.corners[id]));
          } else set(element, name, text);
        }
      }
      frame();
      knobs.forEach((knob) => knob.follow());
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
        const element = make('path');
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
    const mark = (verdicts) => {
      const wrong = new Set(claims.flatMap((claim, i) => (verdicts[i] === false ? claim.at : [])));
      for (const [id, area] of areas) {
        if (!wrong.has(id)) { area.mark?.remove(); area.mark = null; continue; }
        if (area.mark === null) {
          const [x, y, wide, high] = area.box;
          area.mark = make('g', { class: 'mark' },
            make('rect', { x: x - 0.8, y: y - 0.8, width: wide + 1.6, height: high + 1.6, rx: 0.8 }),
            make('path', { d: `M${x} ${y}L${x + wide} ${y + high}` }));
          ground.append(area.mark);
        }
        set(area.mark, 'transform', `translate(${origin(find(id))})`);
      }
    };

    // A symbol: its shapes, and a ground behind every label in which it stands.
    const halos = [];
    for (const [symbol, items] of Object.entries(drawing.lights)) for (const id of items) (find(id).dataset.symbol ??= symbol);
    for (const [id, [symbol]] of Object.entries(drawing.shapes)) {
      find(id).dataset.symbol = symbol;
      const label = find(`${id}-label`);
      if (label) label.dataset.symbol = symbol;
    }
    const light = (symbol) => {
      for (const halo of halos.splice(0)) halo.remove();
      for (const [id, [own]] of Object.entries(drawing.shapes)) find(id).classList.toggle('lit', own === symbol);
      for (const id of drawing.lights[symbol] ?? []) {
        const [x, y, width, height] = areas.get(id).box, label = find(id);
        const halo = make('rect', { class: 'halo', x: x - 0.5, y: y - 0.5, width: width + 1, height: height + 1, rx: 0.7, transform: `translate(${origin(label)})` });
        label.before(halo);
        halos.push(halo);
      }
    };

    // Knobs: a pointer's way to what the sliders do.
    const cornersOf = (id) => {
      if (corners.has(id)) return corners.get(id);
      const { x, y, width, height } = find(id).getBBox();
      return [x, y, x + width, y, x + width, y + height, x, y + height];
    };
    const knob = ([name, id, corner, along, gain, off, said, brief, most, turned]) => {
      const [right, up] = said ?? [0, 0];
      const text = make('text', { transform: up ? 'scale(1 -1)rotate(-90)' : 'scale(1 -1)', y: 1.1 });
      const chevrons = along[0] ? 'M-.7 -1L-1.7 0L-.7 1M.7 -1L1.7 0L.7 1' : 'M-1 -.7L0 -1.7L1 -.7M-1 .7L0 1.7L1 .7';
      const group = make('g', { class: name === 'r' || drawing.grips.length === 1 ? 'knob first' : 'knob', 'aria-hidden': 'true', 'data-symbol': name },
        make('circle', { r: 4, fill: 'transparent' }), make('circle', { class: 'ring', r: 2.6 }), make('path', { d: chevrons }), text);
      ground.append(group);
      const scale = () => svg.getScreenCTM().a;
      let held = null;
      group.addEventListener('pointerdown', (event) => {
        const { lengths, largest } = lengthsOf(drawing, now);
        held = { at: [event.clientX, -event.clientY], length: lengths[every.indexOf(name)], largest };
        group.setPointerCapture(event.pointerId);
        group.classList.add('held');
        event.preventDefault();
      });
      group.addEventListener('pointermove', (event) => {
        if (held === null) return;
        const axis = along[0] ? 0 : 1, way = [event.clientX, -event.clientY][axis] - held.at[axis];
        const length = Math.max(held.length + way / scale() / gain, 0.01 * drawing.longest);
        taken(name, sizeOf(drawing, length, held.largest));
      });
      const drop = () => { held = null; group.classList.remove('held'); };
      group.addEventListener('pointerup', drop);
      group.addEventListener('pointercancel', drop);
      return {
        follow() {
          const places = cornersOf(id), at = [places[2 * corner] + off[0], places[2 * corner + 1] + off[1]];
          set(group, 'transform', `translate(${at.map(fixed).join(' ')})`);
          // In a waist that is wide it is said inside.
          const inside = turned !== null && lengthsOf(drawing, now).lengths[every.indexOf(name)] >= turned * drawing.longest;
          const way = inside ? -right - up : right + up;
          set(text, 'x', 3.6 * way);
          set(text, 'text-anchor', way > 0 ? 'start' : 'end');
          const size = Number(now[name] ?? begin[name]); // one that is larger has no room
          phrase(text, said && (inside || size <= most) ? `${brief ? '' : `*${name}* = `}${size.toLocaleString('en')}` : '');
        },
      };
    };
    const knobs = drawing.grips.map(knob);
    const show = (panel) => { view = panel; frame(); };
    return { svg, move, write, mark, light, show, find };
  };

  return Object.freeze({ attach, lengthsOf });
})();
