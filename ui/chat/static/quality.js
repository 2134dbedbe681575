// The quality view: the headline numbers of the latest evaluation, and its whole report in a frame that runs nothing.
// In: the server function report; out: the view.
import { call } from './calls.js';
import { button, el, fill, svg } from './dom.js';
import { icon } from './icons.js';

const COMMANDS = [
  'kutip eval --out eval-run',
  'python -m evals report eval-run --out report',
  'KUTIP_REPORT=report.html kutip serve',
];
// What the report calls its numbers, and the words for them here.
const METRICS = {
  'Recall@5': 'found',
  'Evidence recall': 'evidence',
  'Answer correctness': 'correct',
  'Quotes verbatim': 'verbatim',
  'Citation precision': 'cited',
  'Abstention recall': 'abstained',
  'Wrongly abstained': 'withheld',
  'Latency (ms)': 'latency',
};

/** Draws the view; the report is asked for when the view is first looked at. */
export function start(root, bridge, app) {
  const state = { report: null, error: null, busy: false };
  const draw = () =>
    fill(
      root,
      el(
        'div',
        { class: 'k-page quality' },
        el('h1', { class: 'k-title' }, app.t('quality.title')),
        el('p', { class: 'k-lead' }, app.t('quality.intro')),
        content(app, state, load),
      ),
    );
  const load = async () => {
    Object.assign(state, { busy: true, error: null });
    draw();
    try {
      state.report = await call(app, bridge.server.report, { language: app.language });
    } catch (error) {
      state.error = error;
    }
    state.busy = false;
    draw();
  };
  const seen = () => {
    if (app.view === 'quality' && !state.report && !state.busy) load();
  };
  app.on('language', draw);
  app.on('view', seen);
  draw();
  seen();
}

function content(app, { report, error }, load) {
  if (error) return failure(app, error, load);
  if (!report) {
    return el(
      'p',
      { class: 'k-status quality-waiting', role: 'status' },
      el('span', { class: 'k-spinner', 'aria-hidden': 'true' }),
      app.t('quality.loading'),
    );
  }
  return report.url ? [headline(app, report), whole(app, report)] : empty(app);
}

function headline(app, report) {
  if (!report.headline?.length) return null;
  return el(
    'section',
    { class: 'quality-headline', 'aria-labelledby': 'quality-headline-title' },
    el('h2', { id: 'quality-headline-title' }, app.t('quality.headline')),
    facts(app, report),
    el(
      'dl',
      { class: 'quality-figures' },
      report.headline.map((figure) => one(app, figure)),
    ),
  );
}

/** When, with what, on which part. */
function facts(app, { created, answerer, split }) {
  const told = [
    created && app.t('quality.created', { date: app.date(created) }),
    answerer && app.t('quality.answerer', { answerer }),
    split && app.t(`quality.split.${split === 'test' ? 'test' : 'other'}`, { split }),
  ];
  return el('p', { class: 'k-hint' }, told.filter(Boolean).join(' · '));
}

function one(app, { name, value, interval, n }) {
  const key = METRICS[name];
  const shown = (number) => written(app, number, key);
  return el(
    'div',
    { class: 'quality-figure', data: { metric: name, value } },
    el('dt', {}, key ? app.t(`quality.metric.${key}`) : name),
    el('dd', { class: 'quality-value' }, shown(value)),
    key !== 'latency' && interval ? scale(value, interval) : null,
    key ? el('dd', { class: 'quality-told' }, app.t(`quality.metric.${key}.told`)) : null,
    el(
      'dd',
      { class: 'k-hint' },
      interval &&
        el('span', {}, app.t('quality.interval', { low: shown(interval[0]), high: shown(interval[1]) })),
      el('span', {}, app.t.n('quality.n', n)),
    ),
  );
}

/** 0.762 → 76 %; milliseconds stay. Numbers outside 0..1 and unknown ones are told as they are. */
function written(app, number, key) {
  if (key === 'latency') return `${app.number(Math.round(number))} ms`;
  return key && number >= 0 && number <= 1 ? `${app.number(Math.round(number * 100))}%` : app.number(number);
}

/** The value and its interval on a line from 0 to 1. */
function scale(value, [low, high]) {
  const bar = (name, x, y, width, height) => svg('rect', { class: `quality-${name}`, x, y, width, height });
  return el(
    'dd',
    { class: 'quality-scale', 'aria-hidden': 'true' },
    svg(
      'svg',
      { viewBox: '0 0 100 10', preserveAspectRatio: 'none' },
      bar('track', 0, 4, 100, 2),
      bar('range', 100 * low, 2, Math.max(1, 100 * (high - low)), 6),
      bar('point', Math.min(99, 100 * value), 0, 1, 10),
    ),
  );
}

function whole(app, report) {
  const address = new URL(report.url, document.baseURI).href;
  return el(
    'section',
    { class: 'quality-report', 'aria-labelledby': 'quality-report-title' },
    el(
      'div',
      { class: 'quality-report-head' },
      el('h2', { id: 'quality-report-title' }, app.t('quality.report')),
      el(
        'a',
        { class: 'k-button k-small', href: address, target: '_blank', rel: 'noopener noreferrer' },
        icon('out'),
        app.t('quality.open'),
      ),
    ),
    el('iframe', { class: 'quality-frame', src: address, sandbox: true, title: app.t('quality.report') }),
  );
}

function empty(app) {
  return el(
    'section',
    { class: 'quality-empty' },
    icon('archive'),
    el('h2', {}, app.t('quality.empty')),
    el('p', {}, app.t('quality.empty.hint')),
    el('pre', {}, el('code', {}, COMMANDS.join('\n'))),
    el('p', {}, app.t('quality.empty.after')),
    el('p', { class: 'quality-promise' }, app.t('quality.promise')),
  );
}

function failure(app, error, load) {
  return el(
    'div',
    { class: 'k-note k-bad quality-failure', role: 'alert' },
    icon('alert'),
    el(
      'div',
      {},
      el('p', {}, el('strong', {}, app.t('quality.failed')), `: ${error.message}`),
      button({ class: 'k-button k-small', on: { click: load } }, icon('retry'), app.t('quality.retry')),
    ),
  );
}
