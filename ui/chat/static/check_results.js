// The checked sentences, each with its verdict, what is wrong with it, and its evidence beside it. In: sentences of a
// check object, as they come; out: a section with counts that filter, and a list that grows without losing the focus.
import { VERDICTS, counts, label, slug } from './check_words.js';
import { button, el, fill } from './dom.js';
import { holdFocus } from './focus.js';
import { icon } from './icons.js';
import { origin } from './names.js';
import { problem } from './problems.js';

/** Makes the section. text: the code points of what was checked; filter: {shown}, the verdict that is shown, null for
    all, kept there. Gives back {element, grow(sentences)}. */
export function results(app, text, filter) {
  const list = el('ol', { class: 'check-list' });
  const filters = el('div', { class: 'check-filters', role: 'group', 'aria-label': app.t('check.filter') });
  let known = 0;
  const show = (verdict) => {
    filter.shown = verdict;
    for (const item of list.children) item.hidden = verdict !== null && item.dataset.verdict !== slug(verdict);
    for (const chip of filters.children)
      chip.setAttribute('aria-pressed', String(chip.dataset.filter === (verdict ? slug(verdict) : 'all')));
  };
  const grow = (sentences) => {
    list.append(...sentences.slice(known).map((sentence, i) => item(app, text, sentence, sentences[known + i - 1])));
    known = sentences.length;
    drawFilters(app, filters, sentences, show);
    show(filter.shown);
  };
  return { element: el('div', { class: 'check-found' }, filters, list), grow };
}

/** One button for each verdict there is; those that are there stay, so that the focus stays. */
function drawFilters(app, filters, sentences, show) {
  const found = counts(sentences);
  const wanted = [null, ...Object.keys(VERDICTS).filter((verdict) => found[verdict])];
  const refocus = holdFocus(filters);
  fill(
    filters,
    wanted.map((verdict) => chip(app, verdict, verdict ? found[verdict] : sentences.length, show)),
  );
  refocus();
}

function chip(app, verdict, n, show) {
  const { icon: name, tone } = verdict ? VERDICTS[verdict] : { icon: null, tone: 'plain' };
  return button(
    {
      class: `check-filter k-${tone}`,
      data: { filter: verdict ? slug(verdict) : 'all', count: n },
      on: { click: () => show(verdict) },
    },
    name && icon(name),
    el('span', {}, verdict ? label(app, verdict) : app.t('check.all')),
    el('span', { class: 'check-number' }, app.number(n)),
  );
}

function item(app, text, sentence, before) {
  const { verdict, evidence } = sentence;
  const problems = sentence.problems.map((raw) => problem(app, raw));
  const { icon: name, tone } = VERDICTS[verdict];
  const made = el(
    'li',
    {
      class: `check-sentence k-tone-${tone}`,
      data: { verdict: slug(verdict), start: sentence.start, end: sentence.end },
    },
    el(
      'div',
      { class: 'check-said' },
      el('p', { class: `k-status k-${tone}` }, icon(name), label(app, verdict)),
      el(
        'p',
        { class: 'check-text' },
        marked(
          sentence.text,
          problems.flatMap((one) => one.here),
          'check-fault',
        ),
      ),
    ),
    el(
      'div',
      { class: 'check-notes' },
      verdict === 'not checked'
        ? whyNot(app, problems)
        : [problemList(problems), evidenceList(app, sentence, problems, evidence)],
    ),
  );
  if (before && parted(text, before.end, sentence.start)) made.classList.add('check-paragraph');
  return made;
}

/** Whether a blank line stands between two sentences. Offsets count code points. */
function parted(points, from, to) {
  return /\n\s*\n/.test(points.slice(from, to).join(''));
}

function whyNot(app, problems) {
  const why = problems.map((one) => one.text).join(', ');
  return el('p', { class: 'check-why' }, app.t('check.not-checked.told', { why }));
}

function problemList(problems) {
  if (!problems.length) return null;
  const told = ({ kind, code, text }) =>
    el('li', { data: { problem: code ?? 'other' } }, kind && el('b', {}, kind), ' ', text);
  return el('ul', { class: 'check-problems' }, problems.map(told));
}

function evidenceList(app, sentence, problems, evidence) {
  if (!evidence.length) return el('p', { class: 'check-why' }, app.t('check.evidence.none'));
  const closest = sentence.verdict === 'not found';
  const citations = evidence.map((found, i) => ({ ...found, id: found.id ?? i + 1, claim: sentence.text }));
  const words = problems.flatMap((one) => one.there);
  return [
    el('h3', { class: 'check-kind' }, app.t(closest ? 'check.evidence.closest' : 'check.evidence.found')),
    el(
      'ul',
      { class: 'check-evidence' },
      citations.map((found, index) => el('li', {}, quote(app, citations, index, words))),
    ),
  ];
}

/** A quote that opens its article at the passage. */
function quote(app, citations, index, words) {
  const found = citations[index];
  const place = origin(app, found);
  return button(
    {
      class: 'check-quote',
      data: { article: found.article_id, start: found.start, end: found.end },
      on: { click: (event) => app.openSource({ citations, index, opener: event.currentTarget }) },
    },
    el('span', { class: 'check-quoted' }, '“', marked(found.quote, words, 'check-other'), '”'),
    el(
      'span',
      { class: 'check-place' },
      el('span', { class: 'k-unseen' }, `${app.t('check.evidence')} `),
      place,
      icon('right'),
    ),
  );
}

/** The text with the first place of each of some words in an element of a class: [string | node]. */
function marked(text, words, name) {
  const spans = words
    .map((word) => [text.indexOf(word), word.length])
    .filter(([at]) => at >= 0)
    .sort((one, other) => one[0] - other[0] || other[1] - one[1]);
  const parts = [];
  let end = 0;
  for (const [at, length] of spans) {
    if (at < end) continue;
    parts.push(text.slice(end, at), el('span', { class: name }, text.slice(at, at + length)));
    end = at + length;
  }
  return [...parts, text.slice(end)];
}
