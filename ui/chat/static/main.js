// The page's start: Gradio calls start() once for each of its five views. In: the view's name and its bridge to Python;
// out: the view's module drawn into its element, one view shown at a time by location.hash. Makes `app`, which every
// view gets: words, language, theme, events, navigation, toasts and the source panel.

import { el, fill, button } from './dom.js';
import { icon } from './icons.js';
import { onRefused } from './session.js';
import { catchToasts, shedReset } from './shell.js';
import * as words from './words.js';
import { startReader } from './reader.js';

const VIEWS = ['ask', 'check', 'articles', 'quality'];
const LANGUAGE = 'kutip.language';
const THEME = 'kutip.theme';
const THEMES = ['light', 'dark', 'system'];
const TOAST_MS = 5000;
const SUGGESTING_MS = 1500;
const bridges = {};
const listeners = new Map();
const dark = window.matchMedia('(prefers-color-scheme: dark)');

const app = {
  words: words.t,
  t: words.t,
  number: words.number,
  date: words.date,
  about: null,
  bridges,
  language: remembered(LANGUAGE, words.LANGUAGES) ?? words.preferred(),
  theme: remembered(THEME, THEMES) ?? 'system',
  view: 'ask',
  conversation: null,
  on, emit, go, setLanguage, setTheme, toast, refreshAbout,
  openSource: () => {},
  openArticle: () => {},
  closeReader: () => {},
};

function remembered(key, allowed) {
  try {
    const value = localStorage.getItem(key);
    return allowed.includes(value) ? value : null;
  } catch { return null; }
}

function remember(key, value) {
  try { localStorage.setItem(key, value); } catch { /* a browser without storage forgets the choice, nothing else */ }
}

/** Calls cb whenever the event is emitted; gives back what ends that. */
function on(event, cb) {
  if (!listeners.has(event)) listeners.set(event, new Set());
  listeners.get(event).add(cb);
  return () => listeners.get(event).delete(cb);
}

function emit(event, data) {
  for (const cb of listeners.get(event) ?? []) cb(data);
}

function setLanguage(language) {
  if (!words.LANGUAGES.includes(language)) return;
  app.language = language;
  remember(LANGUAGE, language);
  applyLanguage();
  emit('language', language);
  refreshAbout();
}

function applyLanguage() {
  words.use(app.language);
  document.documentElement.lang = app.language;
}

function setTheme(theme) {
  if (!THEMES.includes(theme)) return;
  app.theme = theme;
  remember(THEME, theme);
  applyTheme();
}

function applyTheme() {
  const shown = app.theme === 'system' ? (dark.matches ? 'dark' : 'light') : app.theme;
  document.documentElement.dataset.theme = shown;
  document.body.classList.toggle('dark', shown === 'dark');
  emit('theme', app.theme);
}

/** Asks the server again what it holds and can do; emits 'about'. */
async function refreshAbout() {
  const bridge = bridges.header;
  if (!bridge?.server?.about) return;
  try {
    const about = await bridge.server.about(app.language);
    if (!about || about.error) throw new Error(about?.error?.message ?? words.t('common.unreachable'));
    app.about = about;
    emit('about', app.about);
    if (app.about.suggesting) setTimeout(refreshAbout, SUGGESTING_MS); // the server is still making questions
  } catch (error) {
    console.error(error);
    if (!app.about) toast(words.t('common.unreachable'), 'error');
  }
}

/** Goes to a view ('check') or a place in it ('c/ID'). */
function go(place) {
  const hash = place === 'ask' ? '#/' : `#/${place}`;
  if (location.hash === hash) route();
  else location.hash = hash;
}

function route() {
  const [first, second] = location.hash.replace(/^#\/?/, '').split('/');
  const view = VIEWS.includes(first) ? first : 'ask';
  const conversation = first === 'c' && /^[\w-]{1,64}$/.test(second ?? '') ? second : null;
  if (view === 'ask' && !conversation && app.view !== 'ask' && app.conversation) {
    location.replace(`#/c/${app.conversation}`); // back from another view to the conversation that was open
    return;
  }
  app.view = view;
  if (view === 'ask') app.conversation = conversation;
  for (const view of VIEWS) {
    const part = document.getElementById(`kutip-${view}`);
    if (part) part.hidden = view !== app.view;
  }
  document.documentElement.dataset.view = app.view;
  emit('view', { view: app.view, conversation: app.conversation });
}

function toastArea() {
  const found = document.querySelector('.k-toasts');
  if (found) return found;
  const area = el('div', { class: 'k-toasts kutip', role: 'status', 'aria-live': 'polite' });
  document.body.append(area);
  return area;
}

/** Shows a short message for some seconds; it stays while the pointer or the focus is on it. */
function toast(text, kind = 'info') {
  const note = el('div', { class: `k-toast ${kind === 'error' ? 'k-bad' : ''}`, data: { kind } },
    icon(kind === 'error' ? 'alert' : 'check'), el('span', {}, text),
    button({ class: 'k-toast-close', 'aria-label': words.t('common.close'), on: { click: () => note.remove() } }, icon('close')));
  const leave = () => (note.matches(':hover, :focus-within') ? setTimeout(leave, TOAST_MS) : note.remove());
  toastArea().append(note);
  setTimeout(leave, kind === 'error' ? 2 * TOAST_MS : TOAST_MS);
}

/** --k-top is what the header takes of the window: it has two lines on a phone. */
function watchHeader(header) {
  new ResizeObserver(() => {
    document.documentElement.style.setProperty('--k-top', `${header.getBoundingClientRect().height}px`);
  }).observe(header);
}

/** Why the server has not let an event in. */
function refusal(status) {
  if (status === 503) return { kind: 'busy', message: words.t('common.busy') };
  return { kind: 'bad-request', message: words.t('common.refused', { status }) };
}

let ready = null;

function prepare() {
  shedReset();
  catchToasts(toast, () => emit('lost'));
  onRefused((data, status) => emit('refused', { data, error: refusal(status) }));
  applyLanguage();
  applyTheme();
  dark.addEventListener('change', applyTheme);
  window.addEventListener('hashchange', route);
  toastArea();
  return words.load().then(() => startReader(app));
}

/** Called by Gradio for each view when it is on the page. */
export async function start(view, bridge) {
  bridges[view] = bridge;
  ready ??= prepare();
  await ready;
  const root = bridge.element.querySelector('.kutip-view') ?? bridge.element.appendChild(el('div'));
  root.classList.add('kutip-view');
  try {
    const module = await import(`./${view}.js`);
    module.start(root, bridge, app);
  } catch (error) {
    console.error(error);
    fill(root, el('p', { class: 'k-note k-bad' }, icon('alert'), words.t('common.broken-view')));
  }
  if (view === 'header') {
    watchHeader(document.getElementById('kutip-header') ?? root);
    refreshAbout();
  }
  route();
}
