// What stands where no question has been asked yet. In: the app and what asks a question; out: a greeting with questions
// to begin with, or what is missing: an archive, articles.

import { button, el } from './dom.js';
import { icon } from './icons.js';
import { suggested } from './turns.js';

/** The node for the state the server says it is in. */
export function welcome(app, ask) {
  const { about } = app;
  return el('div', { class: 'welcome', data: { state: stateOf(about), suggesting: Boolean(about?.suggesting) } },
    el('h1', { class: 'k-title' }, app.t('ask.welcome')),
    el('p', { class: 'k-lead' }, about?.articles ? app.t.n('ask.welcome-lead', about.articles) : app.t('ask.welcome-plain')),
    body(app, ask));
}

function stateOf(about) {
  if (!about) return 'loading';
  if (!about.ready) return 'problem';
  return about.articles ? 'ready' : 'empty';
}

function body(app, ask) {
  const { about } = app;
  if (!about) return null;
  if (!about.ready) {
    return el('div', { class: 'k-note k-bad welcome-problem' }, icon('alert'), el('div', {},
      el('p', {}, el('strong', {}, app.t('ask.not-ready'))), el('p', {}, about.problem ?? ''),
      button({ class: 'k-button k-small', on: { click: () => app.refreshAbout() } }, icon('retry'), app.t('common.retry'))));
  }
  if (!about.articles) return empty(app);
  if (!about.suggestions.length) return null;
  return el('section', { class: 'next' }, el('h2', {}, app.t('ask.begin')), suggested(about.suggestions, ask));
}

function empty(app) {
  return el('div', { class: 'welcome-empty' }, icon('archive'),
    el('div', {}, el('h2', {}, app.t('ask.empty')), el('p', {}, app.t(app.about.read_only ? 'ask.empty-read-only' : 'ask.empty-help')),
      !app.about.read_only && button({ class: 'k-button k-primary', on: { click: () => app.go('articles') } }, icon('upload'), app.t('ask.add'))));
}
