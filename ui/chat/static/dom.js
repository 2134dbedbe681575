// The only way our modules make elements. In: tag, properties, children; out: a DOM node. Text is always text: strings
// become text nodes, and attributes that could carry code or lead away from http(s) are refused.

const SVG = 'http://www.w3.org/2000/svg';
const SAFE_LINK = /^(https?:\/\/|#)/i;

/** True for addresses a reader may be sent to. */
export function safeLink(address) {
  return typeof address === 'string' && SAFE_LINK.test(address);
}

/** Makes an element: el('button', {class: 'k-button', type: 'button', on: {click: f}}, 'Send').
    props: `class`, `data` ({name: value}), `on` ({event: handler}), `text`; anything else is an attribute: true for
    an empty one, null, undefined and false for none. Children: nodes, strings, arrays of them, null. */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) setProperty(node, name, value);
  node.append(...nodes(children));
  return node;
}

function setProperty(node, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name === 'class') node.className = value;
  else if (name === 'text') node.textContent = value;
  else if (name === 'data') Object.assign(node.dataset, value);
  else if (name === 'on') for (const [event, handler] of Object.entries(value)) node.addEventListener(event, handler);
  else setAttribute(node, name.toLowerCase(), value);
}

function setAttribute(node, name, value) {
  if (name.startsWith('on') || name === 'style' || name.startsWith('srcd')) throw new Error(`Attribute ${name} is not allowed.`);
  if ((name === 'href' || name === 'src') && !safeLink(value) && node.localName !== 'iframe') return;
  node.setAttribute(name, value === true ? '' : String(value));
}

function nodes(children) {
  return children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false);
}

/** Puts children in place of what was there. */
export function fill(node, ...children) {
  node.replaceChildren(...nodes(children));
  return node;
}

/** A link to an outlet's own page, opened beside ours; plain text when the address is not http(s). */
export function outLink(address, ...children) {
  if (!safeLink(address) || address.startsWith('#')) return el('span', {}, ...children);
  return el('a', { href: address, target: '_blank', rel: 'noopener noreferrer' }, ...children);
}

/** An svg element with attributes, for icons.js. */
export function svg(tag, attributes = {}, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

/** A button of type button. */
export function button(props, ...children) {
  return el('button', { type: 'button', ...props }, ...children);
}

/** A menu that opens under its summary; closes on Escape, on a choice, and when the focus or a click goes elsewhere.
    items: [{text, icon (node), act, data}]. */
export function menu(summary, items) {
  const box = el('details', { class: 'k-menu' }, summary);
  const close = () => { box.open = false; };
  const choose = (act) => () => { close(); summary.focus(); act(); };
  box.append(el('div', { class: 'k-menu-items' }, items.map(
    (item) => button({ on: { click: choose(item.act) }, data: item.data }, item.icon, item.text))));
  box.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !box.open) return;
    event.stopPropagation();
    close();
    summary.focus();
  });
  box.addEventListener('focusout', (event) => { if (event.relatedTarget && !box.contains(event.relatedTarget)) close(); });
  document.addEventListener('pointerdown', (event) => { if (!box.contains(event.target)) close(); });
  return box;
}
