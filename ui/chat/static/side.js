// The column beside a view: in the page where there is room, a drawer over it where there is none. In: {app, content,
// opened()}; out: {node, toggle(), shown(), redraw(), closeDrawer()}. Whether it stands open is remembered.

import { button, el, fill } from './dom.js';
import { icon } from './icons.js';

const KEPT = 'kutip.side';
const ROOM = '(min-width: 900px)';

/** Makes the column. */
export function makeSide({ app, content, opened }) {
  const room = window.matchMedia(ROOM);
  const close = button({ class: 'k-icon-button side-close', on: { click: () => drawer.close() } }, icon('close'));
  const node = el('div', { class: 'ask-side' });
  const drawer = el('dialog', { class: 'side-drawer kutip' });
  let open = recall();
  document.body.append(drawer);

  const place = () => {
    if (drawer.open) drawer.close();
    fill(drawer, close);
    (room.matches ? node : drawer).append(content);
    node.hidden = !room.matches || !open;
    node.parentElement?.classList.toggle('has-side', room.matches && open);
  };
  const turn = () => {
    if (!room.matches) { drawer.showModal(); opened(); return; }
    open = !open;
    remember(open);
    place();
    opened();
    document.querySelector('.side-toggle')?.focus();
  };
  drawer.addEventListener('close', () => { opened(); document.querySelector('.side-toggle')?.focus(); });
  drawer.addEventListener('click', (event) => { if (event.target === drawer) drawer.close(); });
  room.addEventListener('change', () => { place(); opened(); });

  const redraw = () => {
    close.setAttribute('aria-label', app.t('common.close'));
    drawer.setAttribute('aria-label', app.t('ask.conversations'));
    if (!content.isConnected || (room.matches && content.parentElement !== node)) place();
    node.parentElement?.classList.toggle('has-side', room.matches && open);
  };
  const shown = () => (room.matches ? open : drawer.open);
  const toggle = () => {
    const label = app.t(shown() ? 'ask.side-hide' : 'ask.side-show');
    return button({ class: 'k-icon-button side-toggle', 'aria-expanded': String(shown()), 'aria-label': label, title: label, on: { click: turn } }, icon('side'));
  };
  return { node, toggle, shown, redraw, closeDrawer: () => { if (drawer.open) drawer.close(); } };
}

function recall() {
  try { return localStorage.getItem(KEPT) !== 'closed'; } catch { return true; }
}

function remember(open) {
  try { localStorage.setItem(KEPT, open ? 'open' : 'closed'); } catch { /* the next page opens it again */ }
}
