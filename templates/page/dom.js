// What all parts of the page need: the data that lorafig wrote, and ways to change the document that change nothing
// where nothing is new.
const Dom = (() => {
  const NAMESPACE = 'http://www.w3.org/2000/svg';
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const put = (element, text) => { if (element && element.textContent !== text) element.textContent = text; };
  const set = (element, name, value) => { if (element.getAttribute(name) !== `${value}`) element.setAttribute(name, value); };
  const filled = (element, attributes, children) => {
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  };
  const html = (name, attributes = {}, ...children) => filled(document.createElement(name), attributes, children);
  const svg = (name, attributes = {}, ...children) => filled(document.createElementNS(NAMESPACE, name), attributes, children);
  // Words with symbols in them, which stand between stars: '*r* = 8', 'at *d_k* = 64'.
  const written = new WeakMap();
  const phrase = (element, text) => {
    if (!element || written.get(element) === text) return;
    written.set(element, text);
    const drawn = element.namespaceURI === NAMESPACE, make = drawn ? svg : html;
    element.replaceChildren(...text.split('*').map((part, i) => {
      if (i % 2 === 0) return part;
      const [base, index] = part.split('_');
      return make(drawn ? 'tspan' : 'i', drawn ? { class: 'i' } : {}, base, ...(index ? [make(drawn ? 'tspan' : 'sub', drawn ? { class: 'sub' } : {}, index)] : []));
    }));
  };
  // How large an element is, without a layout for it; `changed` is told when that is another size.
  const measured = (element, changed) => {
    let size = [element.clientWidth, element.clientHeight];
    new ResizeObserver(() => {
      const now = [element.clientWidth, element.clientHeight];
      if (`${now}` === `${size}`) return;
      size = now;
      changed();
    }).observe(element);
    return () => size;
  };
  const still = () => matchMedia('(prefers-reduced-motion: reduce)').matches;
  const narrow = matchMedia('(max-width: 719.9px)');
  const DATA = JSON.parse(document.getElementById('data').textContent);
  return { one, all, put, phrase, set, html, svg, measured, still, narrow, DATA };
})();
