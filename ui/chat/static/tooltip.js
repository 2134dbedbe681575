// One tooltip for the whole page. In: an anchor and what builds its content; out: the tooltip near the anchor while the
// pointer or the focus is on it. It can be pointed at, Escape puts it away, and the anchor names it as its description.

import { el, fill } from './dom.js';

const ID = 'kutip-tip';
const LEAVE_MS = 160;
const GAP = 8;
const EDGE = 12;
let tip = null;
let anchor = null;
let leaving = null;

/** Shows build() as tooltip of the anchor on hover with a mouse and on focus with the keyboard. */
export function describe(node, build) {
  node.addEventListener('pointerenter', (event) => { if (event.pointerType === 'mouse') show(node, build); });
  node.addEventListener('pointerleave', () => { if (anchor === node && !node.matches(':focus-visible')) hideSoon(); });
  node.addEventListener('focus', () => { if (node.matches(':focus-visible')) show(node, build); });
  node.addEventListener('blur', () => { if (anchor === node) hide(); });
  node.addEventListener('click', hide);
}

function area() {
  if (tip) return tip;
  tip = el('div', { id: ID, class: 'tip kutip', role: 'tooltip', hidden: true });
  tip.addEventListener('pointerenter', () => clearTimeout(leaving));
  tip.addEventListener('pointerleave', hideSoon);
  document.addEventListener('keydown', escape, true);
  document.addEventListener('scroll', place, { capture: true, passive: true });
  (document.querySelector('main') ?? document.body).append(tip);
  return tip;
}

function show(node, build) {
  clearTimeout(leaving);
  if (anchor === node) return;
  hide();
  anchor = node;
  fill(area(), build()).hidden = false;
  node.setAttribute('aria-describedby', ID);
  place();
}

function hideSoon() {
  clearTimeout(leaving);
  leaving = setTimeout(hide, LEAVE_MS);
}

function hide() {
  clearTimeout(leaving);
  if (!anchor) return;
  anchor.removeAttribute('aria-describedby');
  anchor = null;
  tip.hidden = true;
}

function escape(event) {
  if (event.key !== 'Escape' || !anchor) return;
  event.stopPropagation();
  hide();
}

/** Above the anchor where there is room, below it otherwise, never beyond the window's edge. */
function place() {
  if (!anchor) return;
  if (!anchor.isConnected) { hide(); return; }
  const at = anchor.getBoundingClientRect();
  const size = tip.getBoundingClientRect();
  const over = at.top - size.height - GAP;
  const left = Math.min(Math.max(EDGE, at.left + at.width / 2 - size.width / 2), window.innerWidth - size.width - EDGE);
  tip.style.setProperty('left', `${Math.max(EDGE, left)}px`);
  tip.style.setProperty('top', `${over >= EDGE ? over : at.bottom + GAP}px`);
}
