// One turn of a conversation: the question, what is being done, the answer or why there is none, and what can be done
// with it. In: a turn as stored and a context {app, open, retry, edit, ask, last}; out: {node, update(turn, last)}.

import { asText, checkedLine, drawClaims, sources, withheld } from './claims.js';
import { copyText } from './clipboard.js';
import { button, el, fill } from './dom.js';
import { feedbackButtons } from './feedback.js';
import { icon } from './icons.js';
import { asCitation, origin } from './names.js';

const LONG = 240;

/** Draws a turn; update() draws what has changed and leaves statements that are there as they are. */
export function makeTurn(turn, context) {
  const claims = el('div', { class: 'claims' });
  const head = el('div', { class: 'turn-head' });
  const before = el('div', { class: 'turn-before' });
  const after = el('div', { class: 'turn-after' });
  const node = el('article', { class: 'turn', data: { turn: turn.id } }, head, before, claims, after);
  const update = (now, last) => {
    Object.assign(node.dataset, { turn: now.id, state: now.state, abstained: String(Boolean(now.answer?.abstained)) });
    const own = { ...context, last, open: (id, opener) => openCitation(now, id, opener, context.app) };
    drawHead(head, now, own);
    fill(before, notes(now, own));
    drawClaims(claims, now.answer ?? { claims: [], citations: [] }, own);
    fill(after, outcome(now, own));
  };
  return { node, update };
}

/** Opens the source panel at one of the turn's citations; each carries the statements it is cited for. */
function openCitation(turn, id, opener, app) {
  const { answer } = turn;
  const citations = answer.citations.map((one) => ({
    ...one, claim: answer.claims.filter((claim) => claim.citations.includes(one.id)).map((claim) => claim.text).join(' '),
  }));
  app.openSource({ citations, index: citations.findIndex((one) => one.id === id), opener });
}

function drawHead(head, turn, { app, edit }) {
  const drawn = JSON.stringify([turn.id, turn.question, turn.state === 'working', app.language]);
  if (head.dataset.drawn === drawn) return;
  head.dataset.drawn = drawn;
  const change = button({ class: 'k-icon-button turn-edit', 'aria-label': app.t('ask.edit'), title: app.t('ask.edit'),
    on: { click: () => drawEditor(head, turn, { app, edit }) } }, icon('edit'));
  fill(head, el('h2', { class: `question ${turn.question.length > LONG ? 'question-long' : ''}` }, turn.question), turn.state !== 'working' && change);
}

function drawEditor(head, turn, context) {
  const { app, edit } = context;
  const back = () => { delete head.dataset.drawn; drawHead(head, turn, context); head.querySelector('.turn-edit')?.focus(); };
  const field = el('textarea', { class: 'k-field question-field', rows: 2, maxlength: app.about?.max_question ?? 2000, 'aria-label': app.t('ask.edit-label') });
  field.value = turn.question;
  const form = el('form', { class: 'question-form' }, field, el('div', { class: 'question-form-foot' },
    el('p', { class: 'k-hint' }, app.t('ask.edit-hint')),
    button({ class: 'k-button k-quiet k-small', on: { click: back } }, app.t('common.cancel')),
    el('button', { class: 'k-button k-primary k-small', type: 'submit' }, app.t('ask.send'))));
  const send = (event) => { event.preventDefault(); if (field.value.trim()) edit(turn, field.value.trim()); };
  form.addEventListener('submit', send);
  form.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') { event.stopPropagation(); back(); }
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing && event.target === field) send(event);
  });
  fill(head, form);
  field.focus();
}

function notes(turn, { app }) {
  const { answer } = turn;
  return [
    answer?.understood && answer.understood !== turn.question
      && el('p', { class: 'understood' }, app.t('ask.understood'), ' ', el('q', {}, answer.understood)),
    answer?.degraded && el('p', { class: 'k-note k-warn degraded' }, icon('info'), el('span', {}, el('strong', {}, app.t('ask.degraded')), ' ', answer.degraded)),
  ];
}

function outcome(turn, context) {
  if (turn.state === 'working') return [working(turn, context)];
  if (turn.state === 'failed') return [failed(turn, context)];
  if (turn.state === 'stopped') return [stopped(turn, context)];
  const { app } = context;
  const { answer } = turn;
  return [
    answer.abstained && abstention(answer, context),
    answer.abstained ? withheld(answer, app) : checkedLine(answer, app),
    sources(answer, context),
    tools(turn, context),
    context.last && suggestions(turn, context),
  ];
}

function working(turn, { app }) {
  const found = turn.passages;
  const said = turn.answer?.claims.length ? app.t('ask.writing')
    : found === null || found === undefined ? app.t('ask.looking') : app.t.n('ask.reading', found);
  return el('p', { class: 'working', data: { step: turn.answer?.claims.length ? 'writing' : found ? 'reading' : 'looking' } },
    el('span', { class: 'k-spinner', 'aria-hidden': 'true' }), said);
}

function failed(turn, { app, retry }) {
  return el('div', { class: 'k-note k-bad failed', data: { kind: turn.error?.kind ?? '' } }, icon('alert'), el('div', {},
    el('p', {}, el('strong', {}, app.t(turn.answer?.claims.length ? 'ask.broken-off' : 'ask.failed'))),
    el('p', {}, turn.error?.kind === 'unreachable' ? app.t('common.unreachable') : turn.error?.message || app.t('ask.failed-help')),
    retryButton(turn, { app, retry })));
}

function stopped(turn, { app, retry }) {
  return el('div', { class: 'k-note stopped' }, icon('stop'), el('div', {},
    el('p', {}, app.t(turn.answer?.claims.length ? 'ask.stopped-partly' : 'ask.stopped')), retryButton(turn, { app, retry })));
}

function retryButton(turn, { app, retry }) {
  return button({ class: 'k-button k-small turn-retry', on: { click: () => retry(turn) } }, icon('retry'), app.t('common.retry'));
}

function abstention(answer, context) {
  const { app } = context;
  return el('section', { class: 'abstention' },
    el('h3', {}, icon('empty'), app.t('ask.abstained')),
    el('p', { class: 'abstention-reason' }, answer.reason || app.t('ask.abstained-why')),
    answer.nearest.length > 0 && el('div', { class: 'nearest' }, el('h4', {}, app.t('ask.nearest')),
      el('ul', {}, answer.nearest.map((hit, i) => el('li', {}, nearest(answer, i, context))))));
}

function nearest(answer, i, { app }) {
  const citations = answer.nearest.map((hit, at) => asCitation(hit, at + 1));
  const one = citations[i];
  const node = button({ class: 'passage', data: { article: one.article_id, passage: i + 1 }, on: { click: () => app.openSource({ citations, index: i, opener: node, kind: 'passage' }) } },
    one.title && el('span', { class: 'passage-title' }, one.title),
    el('span', { class: 'passage-text' }, one.quote),
    el('span', { class: 'passage-origin' }, origin(app, one, 'short')));
  return node;
}

function tools(turn, { app, retry, given }) {
  const copy = async () => {
    const copied = await copyText(asText(turn, app));
    app.toast(app.t(copied ? 'common.copied' : 'common.copy-failed'), copied ? 'info' : 'error');
  };
  return el('div', { class: 'turn-tools' },
    button({ class: 'k-button k-quiet k-small turn-copy', on: { click: copy } }, icon('copy'), app.t('ask.copy')),
    button({ class: 'k-button k-quiet k-small turn-retry', on: { click: () => retry(turn) } }, icon('retry'), app.t('ask.again')),
    feedbackButtons(app, { turn: turn.id, answer: turn.answer, given: turn.feedback ?? null, onGiven: (feedback) => given(turn.id, feedback) }));
}

function suggestions(turn, { app, ask }) {
  if (!turn.suggestions?.length) return null;
  return el('section', { class: 'next' }, el('h3', {}, app.t('ask.next')), suggested(turn.suggestions, ask));
}

/** Questions that can be asked with a click. */
export function suggested(questions, ask) {
  return el('ul', { class: 'suggested' }, questions.map((question) => el('li', {},
    button({ class: 'suggestion', on: { click: () => ask(question) } }, el('span', {}, question), icon('arrow')))));
}
