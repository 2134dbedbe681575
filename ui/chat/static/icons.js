// Our own drawings: line icons on a 20-unit grid and the wordmark. In: a name; out: an svg element hidden from screen
// readers (the words beside it, or an aria-label on its button, say what it means).

import { el, svg } from './dom.js';

const LINES = {
  add: ['M10 4v12M4 10h12'],
  alert: ['M10 3.2 17.6 16.4H2.4z', 'M10 8v4', 'M10 14.2v.1'],
  archive: ['M3 4h14v3.5H3z', 'M4.2 7.5V16h11.6V7.5', 'M8 10.8h4'],
  arrow: ['M4 10h12', 'M11 5l5 5-5 5'],
  check: ['M4 10.6 8.2 15 16 5.6'],
  close: ['M5 5l10 10M15 5 5 15'],
  copy: ['M7 7h9.5v9.5H7z', 'M13 7V3.5H3.5V13H7'],
  cross: ['M10 2.6a7.4 7.4 0 1 0 .01 0', 'M7.2 7.2l5.6 5.6M12.8 7.2l-5.6 5.6'],
  document: ['M5 2.8h7l3.5 3.5v10.9H5z', 'M11.8 2.8v3.7h3.7', 'M7.6 10h5M7.6 13h5'],
  down: ['M5 7.5l5 5 5-5'],
  edit: ['M4 16l.8-3.6L13 4.2l2.8 2.8-8.2 8.2z', 'M11.3 5.9l2.8 2.8'],
  empty: ['M10 2.6a7.4 7.4 0 1 0 .01 0', 'M4.9 15.1 15.1 4.9'],
  export: ['M10 12.5V3', 'M6.4 6.4 10 2.8l3.6 3.6', 'M4 11v5.6h12V11'],
  half: ['M10 2.6a7.4 7.4 0 1 0 .01 0', 'M10 2.8v14.4M7.6 3.4v13.2M5.2 5.2v9.6'],
  info: ['M10 2.6a7.4 7.4 0 1 0 .01 0', 'M10 9.2v4.6', 'M10 6.4v.1'],
  language: ['M10 2.6a7.4 7.4 0 1 0 .01 0', 'M2.8 10h14.4', 'M10 2.8c-4.2 4.4-4.2 10 0 14.4 4.2-4.4 4.2-10 0-14.4'],
  left: ['M12.5 5l-5 5 5 5'],
  moon: ['M15.8 12.2A6.6 6.6 0 0 1 7.8 4.2a6.6 6.6 0 1 0 8 8z'],
  more: ['M4.5 10h.1M10 10h.1M15.5 10h.1'],
  out: ['M8 4H4v12h12v-4', 'M11 3.4h5.6V9', 'M16.4 3.6 9 11'],
  question: ['M10 2.6a7.4 7.4 0 1 0 .01 0', 'M7.8 8a2.2 2.2 0 1 1 3.2 2c-.7.4-1 .9-1 1.6', 'M10 14.1v.1'],
  remove: ['M3.5 5.5h13', 'M8 5.2V3.4h4v1.8', 'M5.2 5.8l.8 11h8l.8-11'],
  retry: ['M15.9 8.2A6.3 6.3 0 1 0 16.2 11', 'M16.4 3.8v4.6h-4.6'],
  right: ['M7.5 5l5 5-5 5'],
  search: ['M8.8 3.2a5.6 5.6 0 1 0 .01 0', 'M12.9 12.9l4 4'],
  send: ['M10 16V4.4', 'M5.2 9.2 10 4.4l4.8 4.8'],
  side: ['M3 4h14v12H3z', 'M8 4v12'],
  stop: ['M6 6h8v8H6z'],
  sun: ['M10 6.4a3.6 3.6 0 1 0 .01 0', 'M10 2v1.6M10 16.4V18M2 10h1.6M16.4 10H18M4.3 4.3l1.2 1.2M14.5 14.5l1.2 1.2M4.3 15.7l1.2-1.2M14.5 5.5l1.2-1.2'],
  system: ['M3 4h14v9.4H3z', 'M7.2 16.6h5.6', 'M10 13.4v3'],
  'thumb-down': ['M6.4 11.4V3.6H3.2v7.8z', 'M6.4 4h7.4l2.4 7H11l.8 4.2c.2 1.2-1.4 1.8-2 .8L6.4 11.4'],
  'thumb-up': ['M6.4 8.6v7.8H3.2V8.6z', 'M6.4 16h7.4l2.4-7H11l.8-4.2c.2-1.2-1.4-1.8-2-.8L6.4 8.6'],
  tick: ['M10 2.6a7.4 7.4 0 1 0 .01 0', 'M6.6 10.3l2.4 2.5 4.5-5.4'],
  up: ['M5 12.5l5-5 5 5'],
  upload: ['M10 13V4.4', 'M6.2 8.2 10 4.4l3.8 3.8', 'M3.6 13v3.6h12.8V13'],
  user: ['M10 3.4a3.2 3.2 0 1 0 .01 0', 'M3.8 16.8c.6-3.4 3-5 6.2-5s5.6 1.6 6.2 5'],
};

/** A line icon; an unknown name is a mistake of ours and throws. */
export function icon(name) {
  if (!(name in LINES)) throw new Error(`There is no icon ${name}.`);
  const drawing = { viewBox: '0 0 20 20', fill: 'none', stroke: 'currentColor', 'stroke-width': '1.6',
    'stroke-linecap': 'round', 'stroke-linejoin': 'round', 'aria-hidden': 'true', focusable: 'false' };
  return svg('svg', drawing, ...LINES[name].map((d) => svg('path', { d })));
}

/** The device: quotation marks on a marked line, as a citation stands on its passage. */
function device() {
  const mark = (x) => svg('path', { d: 'M0 5a5 5 0 1 1 10 .4c0 4.5-2.9 7.9-7.2 9.300l-1-1.900c1.9-.8 3.2-2 3.7-3.600H5A4.7 4.7 0 0 1 0 5z', transform: `translate(${x} 3)` });
  return svg('svg', { viewBox: '0 0 26 26', 'aria-hidden': 'true', focusable: 'false', class: 'k-device' },
    svg('rect', { x: '0', y: '20.5', width: '26', height: '4', rx: '1', class: 'k-device-line' }), mark(1), mark(14));
}

/** "Kutip" in the serif with the device before it. */
export function wordmark() {
  return el('span', { class: 'k-wordmark' }, device(), el('span', {}, 'Kutip'));
}
