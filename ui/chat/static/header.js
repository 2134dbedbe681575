// The header: wordmark, navigation with the archive's size, language, theme, who is logged in. In: the app's events
// 'about', 'view' and 'language'; out: clicks that change them.
import { button, el, fill } from './dom.js';
import { holdFocus } from './focus.js';
import { icon, wordmark } from './icons.js';
import { themeButton } from './theme.js';

const VIEWS = { ask: '#/', check: '#/check', articles: '#/articles', quality: '#/quality' };
const LANGUAGES = { id: 'Bahasa Indonesia', en: 'English' };

/** Draws the header and keeps it true. */
export function start(root, bridge, app) {
  const theme = themeButton(app);
  const draw = () => {
    const refocus = holdFocus(root);
    fill(
      root,
      skip(app),
      el(
        'div',
        { class: 'k-header' },
        home(app),
        navigation(app),
        el('div', { class: 'k-header-tools' }, readOnly(app), user(app), languages(app), theme),
      ),
    );
    mark(root, app);
    refocus();
  };
  app.on('about', draw);
  app.on('language', draw);
  app.on('view', () => mark(root, app));
  draw();
}

/** The first stop of the Tab key: past the header. */
function skip(app) {
  const jump = () => {
    const target = document.querySelector(`#kutip-${app.view} :is(h1, textarea)`);
    if (target?.localName === 'h1') target.tabIndex = -1;
    target?.focus();
  };
  return button({ class: 'k-skip', on: { click: jump } }, app.t('common.skip'));
}

function home(app) {
  return el('a', { class: 'k-home', href: '#/', 'aria-label': app.t('header.home') }, wordmark());
}

function navigation(app) {
  const item = ([view, href]) =>
    el('li', {}, el('a', { href, data: { view } }, app.t(`header.${view}`), view === 'articles' ? size(app) : null));
  return el(
    'nav',
    { class: 'k-nav', 'aria-label': app.t('header.nav') },
    el('ul', {}, Object.entries(VIEWS).map(item)),
  );
}

/** The number of articles, beside the word. */
function size(app) {
  const n = app.about?.articles;
  if (typeof n !== 'number') return null;
  return el(
    'span',
    { class: 'k-count', title: app.t.n('header.count', n), data: { count: n } },
    el('span', { 'aria-hidden': 'true' }, app.number(n)),
    el('span', { class: 'k-unseen' }, app.t.n('header.count', n)),
  );
}

/** Says which view is open: in the navigation and in the browser's tab. */
function mark(root, app) {
  document.title = app.view === 'ask' ? 'Kutip' : `${app.t(`header.${app.view}`)} · Kutip`;
  for (const link of root.querySelectorAll('.k-nav a')) {
    if (link.dataset.view === app.view) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
}

function readOnly(app) {
  if (!app.about?.read_only) return null;
  return el('span', { class: 'k-readonly', title: app.t('header.readonly.hint') }, app.t('header.readonly'));
}

function user(app) {
  const name = app.about?.user;
  if (!name) return null;
  const out = new URL('logout', document.baseURI).href;
  return el(
    'span',
    { class: 'k-user' },
    el(
      'span',
      { class: 'k-user-name', title: app.t('header.user', { user: name }) },
      icon('user'),
      el('span', {}, name),
    ),
    el('a', { class: 'k-logout', href: out }, app.t('header.logout')),
  );
}

function languages(app) {
  const one = ([code, name]) =>
    button(
      {
        class: 'k-language',
        lang: code,
        title: name,
        'aria-pressed': String(code === app.language),
        data: { language: code },
        on: { click: () => app.setLanguage(code) },
      },
      code.toUpperCase(),
      el('span', { class: 'k-unseen' }, ` ${name}`),
    );
  return el(
    'div',
    { class: 'k-languages', role: 'group', 'aria-label': app.t('header.language') },
    Object.entries(LANGUAGES).map(one),
  );
}
