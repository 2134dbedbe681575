// The list of conversations kept in this browser. In: {app, store, open(id), fresh(), removed(id)}; out: {node,
// redraw(current)}. Renaming and removing happen in the row; removing asks first.

import { button, el, fill } from './dom.js';
import { holdFocus } from './focus.js';
import { icon } from './icons.js';

const DAY_MS = 86_400_000;

/** Draws the list into a <nav>; redraw() leaves it alone where nothing changed, or a row is being renamed or removed. */
export function makeConversations({ app, store, open, fresh, removed }) {
  const node = el('nav', { class: 'conversations' });
  let current = null;
  let drawn = '';
  const draw = (found = groups(app, store.list())) => {
    drawn = stateOf(found);
    const refocus = holdFocus(node);
    node.setAttribute('aria-label', app.t('ask.conversations'));
    fill(node,
      button({ class: 'k-button conversations-new', on: { click: fresh } }, icon('add'), app.t('ask.new')),
      found.map(([named, entries]) => el('section', {},
        el('h2', { class: 'conversations-group' }, named),
        el('ul', {}, entries.map((entry) => row(entry, { app, store, open, removed, redraw: () => draw(), current }))))),
      el('p', { class: 'k-hint conversations-kept' }, app.t('ask.kept')));
    refocus();
  };
  const stateOf = (found) => JSON.stringify([current, app.language,
    found.map(([named, entries]) => [named, entries.map(({ id, title }) => [id, title])])]);
  const redraw = (now = current) => {
    current = now;
    const found = groups(app, store.list());
    const settled = !node.querySelector('.conversation-field, .conversation-confirm'); // else once that is done
    if (settled && stateOf(found) !== drawn) draw(found);
  };
  return { node, redraw };
}

/** Conversations of today, of the seven days before, and older ones; groups without any are left out. */
function groups(app, entries) {
  const today = new Date().setHours(0, 0, 0, 0);
  const age = (entry) => (Date.parse(entry.updated) >= today ? 0 : Date.parse(entry.updated) >= today - 7 * DAY_MS ? 1 : 2);
  return ['ask.today', 'ask.week', 'ask.older']
    .map((key, i) => [app.t(key), entries.filter((entry) => age(entry) === i)]).filter(([, found]) => found.length);
}

function row(entry, context) {
  const { app, open, current } = context;
  const item = el('li', { class: 'conversation', data: { conversation: entry.id } });
  const tool = (name, key, act) => button({ class: `k-icon-button conversation-${name}`, 'aria-label': app.t(key, { title: entry.title }), title: app.t(key, { title: entry.title }), on: { click: act } }, icon(name === 'rename' ? 'edit' : 'remove'));
  return fill(item,
    button({ class: 'conversation-open', 'aria-current': entry.id === current ? 'true' : null, on: { click: () => open(entry.id) } }, entry.title),
    el('span', { class: 'conversation-tools' },
      tool('rename', 'ask.rename', () => rename(item, entry, context)),
      tool('delete', 'ask.delete', () => confirm(item, entry, context))));
}

function rename(item, entry, context) {
  const { app, store, redraw } = context;
  const field = el('input', { class: 'k-field conversation-field', value: entry.title, maxlength: 80, 'aria-label': app.t('ask.rename', { title: entry.title }) });
  let over = false;
  const finish = (kept) => {
    if (over) return;
    over = true;
    if (kept) store.rename(entry.id, field.value);
    redraw();
    app.emit('conversation', entry.id);
    focusTool(entry, 'rename');
  };
  field.addEventListener('keydown', (event) => {
    if (event.isComposing || (event.key !== 'Enter' && event.key !== 'Escape')) return;
    keep(event); // the button that gets the focus next must not take this Enter as a click
    finish(event.key === 'Enter');
  });
  field.addEventListener('blur', () => finish(true));
  fill(item, field);
  field.focus();
  field.select();
}

function confirm(item, entry, { app, store, redraw, removed }) {
  const back = () => { redraw(); focusTool(entry, 'delete'); };
  const remove = () => {
    store.remove(entry.id);
    removed(entry.id);
    redraw();
    (document.querySelector('.conversation-open') ?? document.querySelector('.conversations-new'))?.focus();
  };
  const stay = button({ class: 'k-button k-small', on: { click: back } }, app.t('common.cancel'));
  const box = el('div', { class: 'conversation-confirm', role: 'group', 'aria-label': app.t('ask.delete', { title: entry.title }) },
    el('p', {}, app.t('ask.delete-sure', { title: entry.title })),
    el('div', {}, stay, button({ class: 'k-button k-danger k-small conversation-delete-sure', on: { click: remove } }, app.t('common.delete'))));
  box.addEventListener('keydown', (event) => { if (event.key === 'Escape') { keep(event); back(); } });
  fill(item, box);
  stay.focus();
}

/** Keeps a key to the row: Escape leaves the drawer and the source panel open. */
function keep(event) {
  event.stopPropagation();
  event.preventDefault();
}

/** The tools of a row are there only while the row has the focus, so its name gets it first. */
function focusTool(entry, name) {
  const row = document.querySelector(`[data-conversation="${entry.id}"]`);
  row?.querySelector('.conversation-open').focus();
  row?.querySelector(`.conversation-${name}`).focus();
}
