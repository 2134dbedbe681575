// An answer's statements with their numbered chips, the line that says what was checked, the withheld statements and
// the sources. In: an answer object and a context {app, open(id, opener)}; out: nodes.

import { button, el } from './dom.js';
import { icon } from './icons.js';
import { origin, outlet, title } from './names.js';
import { problem } from './problems.js';
import { describe } from './tooltip.js';

const LAST_WORD = 24;

/** A numbered chip: shows outlet, date and quote; opens the source panel. */
function chip(citation, { app, open }) {
  const label = app.t('ask.chip', { n: citation.id, outlet: outlet(app, citation), date: app.date(citation.published) || app.t('common.undated') });
  const node = button({ class: 'chip', 'aria-label': label, data: { citation: citation.id, article: citation.article_id },
    on: { click: () => open(citation.id, node) } }, String(citation.id));
  describe(node, () => [
    el('p', { class: 'tip-origin' }, origin(app, citation)),
    citation.title && el('p', { class: 'tip-title' }, citation.title),
    el('p', { class: 'tip-quote' }, `“${citation.quote}”`),
  ]);
  return node;
}

/** Draws the statements into `list`; those that are there already stay as they are, focus and tooltip with them. */
export function drawClaims(list, answer, context) {
  answer.claims.forEach((claim, i) => {
    const known = JSON.stringify([claim, context.app.language]);
    const old = list.children[i];
    if (old?.dataset.known === known) return;
    const node = claimNode(claim, answer, context);
    node.dataset.known = known;
    if (old) old.replaceWith(node);
    else list.append(node);
  });
  while (list.children.length > answer.claims.length) list.lastElementChild.remove();
}

function claimNode(claim, answer, context) {
  const chips = claim.citations
    .map((id) => answer.citations.find((citation) => citation.id === id))
    .filter(Boolean).map((citation) => chip(citation, context));
  const [head, tail] = lastWord(claim.text);
  const node = el('div', { class: 'claim', data: { verdict: claim.verdict } },
    el('p', { class: 'claim-text' }, head, el('span', { class: 'claim-end' }, tail, chips.slice(0, 1)), chips.slice(1)));
  if (claim.verdict !== 'supported') node.append(partly(claim, context.app));
  return node;
}

/** The last word goes with the first chip, so that no line begins with it. */
function lastWord(text) {
  const at = text.trimEnd().lastIndexOf(' ') + 1;
  return text.length - at > LAST_WORD ? [text, ''] : [text.slice(0, at), text.slice(at)];
}

function partly(claim, app) {
  return el('div', { class: 'claim-partly' }, el('p', { class: 'k-status k-warn' }, icon('half'), app.t('ask.partly')), problems(claim, app));
}

function problems(claim, app) {
  if (!claim.problems.length) return null;
  return el('ul', { class: 'problems' }, claim.problems.map((raw) => {
    const { kind, text } = problem(app, raw);
    return el('li', {}, kind && el('strong', {}, `${kind}: `), text);
  }));
}

/** "4 statements, all supported": what verification found, in words. */
export function checkedWords(answer, app) {
  const partly = answer.claims.filter((claim) => claim.verdict !== 'supported').length;
  const whole = answer.claims.length - partly;
  if (!partly) return app.t.n('ask.all-supported', whole);
  if (!whole) return app.t.n('ask.all-partly', partly);
  return app.t('ask.some-partly', { whole: app.number(whole), partly: app.number(partly) });
}

/** The line under an answer, with the withheld statements folded beside it. */
export function checkedLine(answer, app) {
  const sound = answer.claims.every((claim) => claim.verdict === 'supported');
  return el('div', { class: 'checked', data: { sound: String(sound) } },
    answer.claims.length > 0 && el('p', { class: `k-status ${sound ? 'k-ok' : 'k-warn'}` }, icon(sound ? 'tick' : 'half'), checkedWords(answer, app)),
    withheld(answer, app));
}

/** The statements left out because the articles do not bear them out; null without any. */
export function withheld(answer, app) {
  if (!answer.withheld.length) return null;
  return el('details', { class: 'withheld' },
    el('summary', {}, icon('cross'), app.t.n('ask.withheld', answer.withheld.length), icon('down')),
    el('div', { class: 'withheld-list' },
      el('p', { class: 'k-hint' }, app.t('ask.withheld-why')),
      answer.withheld.map((claim) => el('div', { class: 'withheld-claim' }, el('p', {}, el('s', {}, claim.text)), problems(claim, app)))));
}

/** The cited articles, each once, with the numbers of its citations. */
export function sources(answer, { app, open }) {
  const byArticle = new Map();
  for (const one of answer.citations) byArticle.set(one.article_id, [...(byArticle.get(one.article_id) ?? []), one]);
  if (!byArticle.size) return null;
  return el('section', { class: 'sources' }, el('h3', {}, app.t.n('ask.sources', byArticle.size)),
    el('ul', {}, [...byArticle].map(([id, cited]) => source(id, cited, { app, open }))));
}

function source(id, cited, { app, open }) {
  const first = cited[0];
  const node = button({ class: 'source', data: { article: id }, on: { click: () => open(first.id, node) } },
    el('span', { class: 'source-words' },
      el('span', { class: 'source-title' }, title(app, first)),
      el('span', { class: 'source-origin' }, first.title ? origin(app, first, 'short') : app.date(first.published, 'short') || app.t('common.undated'))),
    el('span', { class: 'source-numbers' }, cited.map((citation) => `[${citation.id}]`).join(' ')),
    icon('right'));
  return el('li', {}, node);
}

/** The answer as plain text with its sources, for the clipboard. */
export function asText(turn, app) {
  const { answer } = turn;
  if (answer.abstained) return `${turn.question}\n\n${app.t('ask.abstained')}\n${answer.reason ?? ''}`.trim();
  const notes = answer.citations.map((one) => `[${one.id}] “${one.quote}” (${[one.title, outlet(app, one), app.date(one.published)].filter(Boolean).join(', ')})`);
  const claims = answer.claims.map((claim) => `${claim.text} ${claim.citations.map((id) => `[${id}]`).join('')}`);
  return `${turn.question}\n\n${claims.join('\n\n')}\n\n${notes.join('\n')}`;
}
