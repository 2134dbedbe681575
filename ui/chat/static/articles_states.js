// What the articles view says in place of its list, and around it: empty, loading, nothing found, failed, how many. In:
// what is known and what a click does; out: elements.
import { confirmDialog } from './dialog.js';
import { button, el } from './dom.js';
import { icon } from './icons.js';
import { origin } from './names.js';

/** No article at all yet. */
export function emptyArchive(app, writable) {
  return el(
    'section',
    { class: 'articles-empty' },
    icon('archive'),
    el('h2', {}, app.t('articles.empty')),
    el('p', {}, app.t(writable ? 'articles.empty.hint' : 'articles.empty.readonly')),
    writable ? null : el('code', {}, 'kutip index FOLDER'),
  );
}

/** The list or the result of a search is on its way. */
export function waiting(app, searching) {
  return el(
    'p',
    { class: 'k-status articles-waiting', role: 'status' },
    spinner(),
    app.t(searching ? 'articles.searching' : 'articles.loading'),
  );
}

export function spinner() {
  return el('span', { class: 'k-spinner', 'aria-hidden': 'true' });
}

/** How many articles are shown, and the way back from a search. query: what was searched for, or null. */
export function counted(app, n, { query, filtered, total, clear }) {
  const shown = () => app.t('articles.shown', { shown: app.number(n), n: app.number(total) });
  const whole = () => (filtered ? shown() : app.t.n('articles.count', total));
  const told = query === null ? whole() : app.t.n('articles.found', n, { query });
  return el(
    'div',
    { class: 'articles-counted' },
    el('p', { role: 'status', data: { count: n } }, told),
    query === null
      ? null
      : button(
          { class: 'k-button k-quiet k-small finder-clear', on: { click: clear } },
          icon('close'),
          app.t('articles.search.clear'),
        ),
  );
}

/** Nothing fits; what was only looked for in titles may be searched for in the texts. */
export function nothing(app, { query, filter, search }) {
  const why = () => (filter ? app.t('articles.nothing.filter', { query: filter }) : app.t('articles.nothing.outlet'));
  return el(
    'div',
    { class: 'articles-nothing' },
    el('p', {}, el('strong', {}, app.t('articles.nothing'))),
    el('p', {}, query === null ? why() : app.t('articles.nothing.search', { query })),
    query === null && filter
      ? button({ class: 'k-button', on: { click: () => search(filter) } }, icon('search'), app.t('articles.search.run'))
      : null,
  );
}

/** Asks whether an article shall go; resolves to true or false. */
export function sureToRemove(app, article, title) {
  return confirmDialog(app, {
    name: 'remove',
    title: app.t('articles.remove.title'),
    yes: app.t('articles.remove.yes'),
    no: app.t('articles.remove.no'),
    content: [
      el('p', { class: 'remove-title' }, title),
      el('p', { class: 'k-hint' }, origin(app, article)),
      el('p', {}, app.t('articles.remove.text')),
    ],
  });
}

/** The list could not be loaded. */
export function failure(app, error, again) {
  return el(
    'div',
    { class: 'k-note k-bad articles-failure', role: 'alert' },
    icon('alert'),
    el(
      'div',
      {},
      el('p', {}, el('strong', {}, app.t('articles.failed')), `: ${error.message}`),
      button({ class: 'k-button k-small', on: { click: again } }, icon('retry'), app.t('articles.retry')),
    ),
  );
}
