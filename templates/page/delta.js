// The update as it grows with the rank: what each rank adds, and the sum so far. Its numbers are made up, always the
// same ones, and plain doubles: only the steps are the method's own. Needs Forward.
const Delta = (() => {
  const { one, put, phrase, html } = Dom;
  const SIDE = 32, LEAST = 8; // entries along the longest side, and along the shortest
  const MOST = 8, PIECE = 46; // pieces that are shown, and how large in px
  const PLAIN = {
    of: (a) => (Exact.is(a) ? Exact.float(a) : a), float: (a) => a, real: (a, { value }) => value(a), add: (a, b) => a + b, sub: (a, b) => a - b, mul: (a, b) => a * b,
    div: (a, b) => a / b, sqrt: Math.sqrt,
  };

  // A smooth row of numbers for every name and place, so that patterns can be seen.
  const wave = (name, place) => {
    let state = [...name].reduce((sum, char) => (sum * 31 + char.codePointAt(0)) % 2147483647, 7 + 7919 * (place + 1));
    const dice = () => { state = (state * 48271) % 2147483647; return state / 2147483647; };
    dice(); // names that are alike begin alike
    dice();
    const parts = [0, 1, 2].map((i) => [0.1 + 0.3 * dice() * (i + 1) + Math.min(place, 8) / 30, dice() * 6.3, 1 / (i + 1)]);
    return (at) => parts.reduce((sum, [speed, phase, size]) => sum + size * Math.sin(speed * at + phase), 0);
  };
  const known = new Map();
  const entries = (sizes, first, rank) => {
    return (given) => {
      if (given.sizes.length === 0) return [[1]];
      const { name } = given, [rows, columns] = given.sizes.map((size) => (size === rank ? 'r' : size));
      const key = `${name} ${rows === 'r' ? 'r' : sizes[rows]} ${columns === 'r' ? 'r' : sizes[columns]}`;
      if (!known.has(key)) {
        // The rank is what rows or columns are told apart by; a vector along it weighs the pieces.
        const most = { ...sizes, r: SIDE };
        const across = rows === 'r', waves = Array.from({ length: across ? most[rows] : columns ? most[columns] : 1 }, (_, i) => wave(name, i));
        known.set(key, Array.from({ length: most[rows] }, (_, i) => Array.from({ length: columns ? most[columns] : 1 }, (_, j) =>
          (columns === undefined ? (rows === 'r' ? 1 / (1 + 0.15 * i) : 1 + 0.5 * waves[0](i)) : across ? waves[i](j) / Math.sqrt(1 + 0.3 * i) : waves[j](i)))));
      }
      const slice = (all, size) => (size === 'r' ? all.slice(first, first + sizes.r) : all.slice(0, size ? sizes[size] : 1));
      return slice(known.get(key), rows).map((row) => slice(row, columns));
    };
  };

  // What the update is at ranks from 1 on, each as it is asked for.
  const grown = (plan, d, k) => {
    const [high, wide = high] = plan.outer;
    const most = Math.max(d, k), side = (size) => Math.max(LEAST, Math.round(SIDE * size / most));
    const sizes = plan.divides ? { d: SIDE, k: SIDE, d_1: 4, d_2: 8, k_1: 4, k_2: 8 }
      : { ...Object.fromEntries(plan.inner.map((size) => [size, LEAST])), ...plan.copies, [high]: side(d), [wide]: side(k) };
    const sums = new Map(), limit = plan.divides ? 8 : Math.min(sizes[high], sizes[wide]);
    const values = (first, r) => {
      const all = { ...sizes, [plan.parts?.[0][1]]: SIDE, [plan.rank]: r };
      return Forward.compute(plan, PLAIN, all, entries(all, first, plan.rank), () => [[1]]);
    };
    const total = (value) => (plan.update !== null ? value(plan.update) : value(plan.merged).map((row, i) => row.map((x, j) => x - value('W')[i][j])));
    // A product through the rank is the sum of its pieces; any other update is computed at every rank.
    const at = (rank) => {
      if (!sums.has(rank)) {
        const alone = plan.pieces && rank > 1 ? total(values(rank - 1, 1)) : null;
        sums.set(rank, alone ? at(rank - 1).map((row, i) => row.map((x, j) => x + alone[i][j])) : total(values(0, rank)));
      }
      return sums.get(rank);
    };
    return { sizes: { d: sizes[high], k: sizes[wide] }, limit, at, matrix: (name, rank) => values(0, rank)(name) };
  };

  const colours = () => ['--trained', '--paper', '--ink'].map((name) => {
    const probe = html('i');
    probe.style.color = `var(${name})`;
    document.body.append(probe);
    const found = getComputedStyle(probe).color.match(/[\d.]+/g).slice(0, 3).map(Number);
    probe.remove();
    return found;
  });
  const paint = (canvas, matrix, most, [plus, none, minus]) => {
    const high = matrix.length, wide = matrix[0].length;
    if (canvas.width !== wide) canvas.width = wide;
    if (canvas.height !== high) canvas.height = high;
    const image = new ImageData(wide, high), { data } = image;
    let at = 0;
    for (const row of matrix) {
      for (const x of row) {
        const part = Math.min(1, Math.abs(x) / most), ink = x > 0 ? plus : minus;
        for (let c = 0; c < 3; c += 1) data[at + c] = none[c] + (ink[c] - none[c]) * part;
        data[at + 3] = 255;
        at += 4;
      }
    }
    canvas.getContext('2d').putImageData(image, 0, 0);
  };
  const largest = (matrix) => Math.max(...matrix.map((row) => Math.max(...row.map(Math.abs)))) || 1;
  const less = (a, b) => a.map((row, i) => row.map((x, j) => x - b[i][j]));
  const sized = (canvas, width, height) => { canvas.style.width = `${width}px`; canvas.style.height = `${height}px`; return canvas; };

  const canvas = () => html('canvas', { 'aria-hidden': 'true' });
  const attach = (root, plans, grow) => {
    const product = one('.product', root), pieces = one('.pieces', root), button = one('#grow', root);
    let known = null, key = '', drawn = '', built = '', last = null, ink = colours(), parts = null, waiting = 0, wide = 0;
    button.addEventListener('click', () => grow());

    // The places of all matrices; they are painted again at every setting.
    const build = (plan, what, shown, count, width) => {
      const { d: rows, k: columns } = known.sizes, unit = (width < 500 ? 84 : 104) / SIDE, per = PIECE / SIDE, strip = 28;
      const made = { whole: sized(canvas(), columns * unit, rows * unit), columns: [] };
      product.setAttribute('aria-hidden', 'true');
      if (plan.pieces) {
        made.left = sized(canvas(), strip, rows * unit);
        made.right = sized(canvas(), columns * unit, strip);
        product.replaceChildren(html('span', {}, plan.pieces[1]), made.right, made.left, made.whole, html('span', {}, plan.pieces[0]), html('span', {}, what));
      } else product.replaceChildren(html('span'), made.whole, html('span'), html('span', {}, what));
      const row = (high, ...text) => { const line = html('span', {}, ...text); line.style.height = `${high}px`; return line; };
      const names = html('span');
      phrase(names, plan.pieces ? `*${plan.pieces.map((one) => `${one[0].toLowerCase()}_i`).join('**')}*` : 'adds');
      const boxes = Array.from({ length: count }, (_, i) => {
        const column = { box: html('div', { class: 'piece' }), piece: sized(canvas(), columns * per, rows * per), sum: sized(canvas(), columns * per, rows * per), said: html('span') };
        column.box.append(column.piece, column.sum, column.said);
        column.box.addEventListener('pointerenter', () => outline(made, i));
        column.box.addEventListener('pointerleave', () => outline(made, -1));
        made.columns.push(column);
        return column.box;
      });
      const high = rows * per + 6;
      pieces.replaceChildren(...(shown > 0 ? [html('div', { class: 'rows' }, row(high, names), row(high, 'sum so far'), row(18, 'rank'))] : []), ...boxes);
      pieces.setAttribute('role', 'img');
      return made;
    };
    // Which column of B and which row of A a piece is made of.
    const outline = (made, i) => {
      for (const old of product.querySelectorAll('.outline')) old.remove();
      if (i < 0 || !made.left) return;
      const frame = product.getBoundingClientRect(), at = made.columns[i].rank - 1;
      for (const [strip, across] of [[made.left, true], [made.right, false]]) {
        const box = strip.getBoundingClientRect(), part = (across ? box.width : box.height) / made.rank, mark = html('div', { class: 'outline' });
        Object.assign(mark.style, {
          left: `${box.left - frame.left + (across ? part * at : 0)}px`, top: `${box.top - frame.top + (across ? 0 : part * at)}px`,
          width: `${across ? Math.max(part, 4) : box.width}px`, height: `${across ? box.height : Math.max(part, 4)}px`,
        });
        product.append(mark);
      }
    };

    const draw = () => {
      waiting = 0;
      wide ||= Math.round(root.clientWidth);
      const [method, { d, k, r, scaling }] = last, plan = plans[method.key];
      const ranked = plan.given.some((one) => one.sizes.includes(plan.rank)) || plan.parts, what = method.key === 'dora' ? 'ΔV' : 'ΔW';
      if (key !== `${method.key} ${d}/${k}`) {
        const next = grown(plan, d, k), same = known !== null && key.split(' ')[0] === method.key && ['d', 'k'].every((size) => known.sizes[size] === next.sizes[size]);
        if (!same) known = next; // another size of the same shape is drawn alike
        key = `${method.key} ${d}/${k}`;
      }
      phrase(one('h2', root), `${what.replace(/(.)$/, '*$1*')}${!ranked ? ' has no rank' : plan.pieces ? ` is a sum of *${plan.rank}* rank-one pieces` : ', rank by rank'}`);
      phrase(one('.note', root), `${scaling}drawn at ${known.sizes.d} × ${known.sizes.k}${r > known.limit && ranked ? `, which has no more than rank ${known.limit}` : ''}`);
      button.hidden = !ranked;
      const rank = ranked ? Math.min(r, known.limit) : 1, { d: rows, k: columns } = known.sizes;
      const shape = `${method.key} ${rows} ${columns}`, now = `${shape} ${rank} ${r} ${wide} ${ink}`;
      if (now === drawn || wide === 0) return;
      drawn = now;
      const room = wide - columns * (wide < 500 ? 84 : 104) / SIDE - (plan.pieces ? 36 : 10) - 100;
      const shown = ranked ? Math.max(1, Math.min(MOST, Math.floor(room / (columns * PIECE / SIDE + 8)))) : 0, count = Math.min(shown, rank);
      if (built !== `${shape} ${count} ${wide}`) parts = build(plan, what, shown, count, wide);
      built = `${shape} ${count} ${wide}`;
      parts.rank = rank;
      const sum = known.at(rank), most = 0.6 * largest(sum);
      paint(parts.whole, sum, most, ink);
      for (const [strip, name] of parts.left ? [[parts.left, plan.pieces[0]], [parts.right, plan.pieces[1]]] : []) {
        const matrix = known.matrix(name, rank);
        paint(strip, matrix, largest(matrix), ink);
      }
      parts.columns.forEach((column, i) => {
        const at = i === count - 1 ? rank : i + 1, so = known.at(at); // past the last column there is r
        column.rank = at;
        paint(column.piece, at === 1 ? so : less(so, known.at(at - 1)), most, ink);
        paint(column.sum, so, most, ink);
        put(column.said, `${at === rank && ranked ? r : at}`);
        column.box.classList.toggle('last', at === rank);
      });
      pieces.setAttribute('aria-label', ranked ? `${what} at rank ${parts.columns.map(({ rank }) => rank).join(', ')}: what each rank adds, and the sum so far.` : what);
    };
    // A few times a second: canvases are the one part whose painting takes longer than a frame has.
    const later = () => { if (last !== null && waiting === 0) waiting = setTimeout(draw, 120); };
    new ResizeObserver(([{ contentRect }]) => { wide = Math.round(contentRect.width); later(); }).observe(root);
    return {
      draw(method, setting) {
        const first = last === null;
        last = [method, setting];
        if (first) draw();
        else later();
      },
      again() { ink = colours(); later(); }, // in other colours
    };
  };

  return Object.freeze({ attach, grown });
})();
