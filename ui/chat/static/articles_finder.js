// How articles are found: a field that filters as one types and searches the texts on Enter, the outlet, the order. In:
// the articles, what is wanted so far; out: a form that tells of each wish.
import { button, el } from './dom.js';
import { icon } from './icons.js';

const ORDERS = ['newest', 'oldest', 'title'];

/** The form. want({filter} or {outlet} or {order}) and search(query) are called with wishes. */
export function finder(app, articles, wanted, { want, search }) {
  const field = el('input', {
    class: 'k-field finder-input',
    type: 'search',
    id: 'finder-input',
    autocomplete: 'off',
    spellcheck: 'false',
    placeholder: app.t('articles.search.placeholder'),
    'aria-describedby': 'finder-hint',
    maxlength: 500,
    on: { input: () => want({ filter: field.value.trim() }) },
  });
  field.value = wanted.filter;
  const submit = (event) => {
    event.preventDefault();
    search(field.value.trim());
  };
  return el(
    'form',
    { class: 'finder', role: 'search', on: { submit } },
    el('label', { class: 'k-label', for: 'finder-input' }, app.t('articles.search')),
    el(
      'div',
      { class: 'finder-line' },
      el('div', { class: 'finder-box' }, icon('search'), field),
      button({ class: 'k-button finder-run', type: 'submit' }, app.t('articles.search.run')),
    ),
    el('p', { class: 'k-hint', id: 'finder-hint' }, app.t('articles.search.hint')),
    el('div', { class: 'finder-choices' }, outlets(app, articles, wanted, want), orders(app, wanted, want)),
  );
}

/** Values are places in the list of outlets, so that an outlet may have any name. */
function outlets(app, articles, wanted, want) {
  const names = [...new Set(articles.map((article) => article.publisher ?? null))].sort(
    (one, other) => (one === null) - (other === null) || one?.localeCompare(other),
  );
  if (names.length < 2) return null;
  const all = ['', ...names];
  const chosen = Math.max(0, all.indexOf(wanted.outlet));
  const told = (name, i) => (i === 0 ? app.t('articles.outlet.all') : (name ?? app.t('articles.outlet.none')));
  return choice('outlet', app.t('articles.outlet'), all.map(told), chosen, (i) => want({ outlet: all[i] }));
}

function orders(app, wanted, want) {
  return choice(
    'order',
    app.t('articles.sort'),
    ORDERS.map((order) => app.t(`articles.sort.${order}`)),
    ORDERS.indexOf(wanted.order),
    (i) => want({ order: ORDERS[i] }),
  );
}

function choice(name, label, texts, chosen, choose) {
  const list = el(
    'select',
    { class: 'k-field', id: `finder-${name}`, on: { change: () => choose(list.selectedIndex) } },
    texts.map((text, i) => el('option', { value: i, selected: i === chosen }, text)),
  );
  return el(
    'div',
    { class: `finder-choice finder-${name}` },
    el('label', { class: 'k-hint', for: list.id }, label),
    list,
  );
}
