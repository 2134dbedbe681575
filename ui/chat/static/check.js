// The check view: a draft in, each sentence's verdict out, with evidence from the archive. In: the bridge's events
// 'check' and 'stop' and its values ({run, state, done, of, result, error}); out: the view. The text and the last
// result are kept in the browser, so that a reload loses nothing.
import { call, pause } from './calls.js';
import { copyText } from './clipboard.js';
import { resultText, summaryText } from './check_words.js';
import { legend, editor } from './check_editor.js';
import { results } from './check_results.js';
import { button, el, fill } from './dom.js';
import { icon } from './icons.js';

const KEY = 'kutip.check';
const SILENCE_MS = 10_000; // without a value before the server is asked for a sign of life

/** Draws the view and follows the bridge. */
export function start(root, bridge, app) {
  const view = new Check(root, bridge, app);
  bridge.watch('value', () => view.receive(bridge.props.value));
  app.on('language', () => view.draw());
  app.on('refused', ({ data, error }) => view.receive({ run: data.run ?? null, state: 'failed', error }));
  view.draw();
}

class Check {
  constructor(root, bridge, app) {
    Object.assign(this, { root, bridge, app, phase: 'edit', run: null, done: 0, of: 0, error: null, found: null });
    this.filter = { shown: null };
    const kept = recall();
    this.text = kept.text ?? '';
    this.checked = kept.checked ?? '';
    this.sentences = kept.sentences ?? [];
    if (this.sentences.length) this.phase = 'done';
    this.live = el('p', { class: 'k-unseen', 'aria-live': 'polite' });
  }

  // What happens

  begin(text) {
    const { app } = this;
    Object.assign(this, { text, checked: text, sentences: [], phase: 'working', done: 0, of: 0, error: null });
    this.filter.shown = null;
    this.run = crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`;
    this.draw();
    this.root.querySelector('.check-stop').focus();
    this.bridge.trigger('check', { run: this.run, text, language: app.language });
    this.listen(this.run);
  }

  /** Fails a run whose server has gone, instead of waiting for ever. */
  async listen(run) {
    this.heard = Date.now();
    while (this.run === run && this.phase === 'working') {
      await pause(SILENCE_MS / 2);
      if (this.run !== run || this.phase !== 'working' || Date.now() - this.heard < SILENCE_MS) continue;
      try {
        await call(this.app, this.app.bridges.header?.server?.about, this.app.language);
        this.heard = Date.now();
      } catch (error) {
        this.receive({ run, state: 'failed', done: this.done, of: this.of, result: null, error });
      }
    }
  }

  receive(value) {
    if (!value || value.run !== this.run || this.phase !== 'working') return;
    const sentences = value.result?.sentences ?? this.sentences;
    this.heard = Date.now();
    Object.assign(this, { done: value.done ?? 0, of: value.of ?? 0, sentences });
    if (value.state === 'working') return this.grow();
    this.error = value.error;
    this.finish(value.state === 'done' ? 'done' : 'failed');
  }

  stop() {
    this.bridge.trigger('stop');
    this.finish('stopped');
  }

  finish(phase) {
    const { app } = this;
    this.phase = phase;
    const held = this.root.contains(document.activeElement);
    this.draw();
    keep(this);
    const told = {
      done: () => summaryText(app, this.sentences),
      stopped: () => app.t('check.stopped'),
      failed: () => app.t('check.failed'),
    };
    this.live.textContent = told[phase]();
    if (held)
      (this.root.querySelector('.check-results h2') ?? this.root.querySelector('textarea'))?.focus({
        preventScroll: true,
      });
  }

  edit(text) {
    Object.assign(this, { phase: 'edit', text, sentences: [], checked: '' });
    keep(this);
    this.draw();
    this.root.querySelector('textarea').focus();
  }

  // What is seen

  draw() {
    const { app } = this;
    this.found = null;
    const editing = this.phase === 'edit' || (this.phase === 'failed' && !this.sentences.length);
    fill(
      this.root,
      el(
        'div',
        { class: 'k-page check', data: { phase: this.phase } },
        el('h1', { class: 'k-title' }, app.t('check.title')),
        el('p', { class: 'k-lead' }, app.t('check.intro')),
        this.phase === 'failed' ? this.failure() : null,
        editing
          ? [
              editor(
                app,
                this.text,
                (text) => this.begin(text),
                (text) => this.remember(text),
              ),
              legend(app),
            ]
          : this.outcome(),
        this.live,
      ),
    );
    if (!editing) this.grow();
  }

  remember(text) {
    this.text = text;
    keep(this);
  }

  failure() {
    const { app } = this;
    return el(
      'div',
      { class: 'k-note k-bad check-failure', role: 'alert' },
      icon('alert'),
      el(
        'div',
        {},
        el('p', {}, el('strong', {}, app.t('check.failed')), this.error?.message ? `: ${this.error.message}` : ''),
        el('p', {}, app.t('check.failed.hint')),
      ),
    );
  }

  outcome() {
    const { app } = this;
    this.found = results(app, Array.from(this.checked), this.filter);
    const working = this.phase === 'working';
    return el(
      'section',
      { class: 'check-results', 'aria-labelledby': 'check-results-title' },
      el(
        'div',
        { class: 'check-head' },
        el(
          'h2',
          { id: 'check-results-title', tabindex: -1 },
          app.t('check.results'),
          el('span', { class: 'check-total' }),
        ),
        working ? null : this.actions(),
      ),
      working ? this.progress() : null,
      this.phase === 'stopped'
        ? el(
            'p',
            { class: 'k-note k-warn check-stopped' },
            icon('stop'),
            app.t(this.sentences.length ? 'check.stopped' : 'check.stopped.empty'),
          )
        : null,
      this.found.element,
      el('p', { class: 'k-hint check-note' }, app.t('check.note')),
    );
  }

  actions() {
    const { app } = this;
    const small = (name, sign, click) =>
      button({ class: 'k-button k-small', data: { action: name }, on: { click } }, icon(sign), app.t(`check.${name}`));
    return el(
      'div',
      { class: 'check-actions' },
      this.sentences.length ? small('copy', 'copy', () => this.copy()) : null,
      small('edit', 'edit', () => this.edit(this.checked)),
      this.phase === 'done' ? null : small('again', 'retry', () => this.begin(this.checked)),
      small('new', 'add', () => this.edit('')),
    );
  }

  progress() {
    const { app } = this;
    return el(
      'div',
      { class: 'check-progress' },
      el('div', { class: 'check-progress-told' }, el('span', { class: 'check-step' })),
      el('progress', { class: 'check-bar', 'aria-label': app.t('check.title') }),
      button(
        { class: 'k-button k-small check-stop', on: { click: () => this.stop() } },
        icon('stop'),
        app.t('check.stop'),
      ),
    );
  }

  /** Brings the shown result up to what has come. */
  grow() {
    const { app, root } = this;
    if (!this.found) return;
    this.found.grow(this.sentences);
    this.found.element.hidden = !this.sentences.length;
    const n = this.sentences.length;
    root.querySelector('.check-total').textContent = n ? app.t.n('check.sentences', n) : '';
    const step = root.querySelector('.check-step');
    if (!step) return;
    step.textContent = this.of
      ? app.t('check.progress', { done: app.number(this.done), of: app.number(this.of) })
      : app.t('check.starting');
    const bar = root.querySelector('.check-bar');
    if (this.of) Object.assign(bar, { max: this.of, value: this.done });
  }

  async copy() {
    const copied = await copyText(resultText(this.app, this.sentences));
    this.app.toast(this.app.t(copied ? 'check.copied' : 'check.copy.failed'), copied ? 'info' : 'error');
  }
}

function recall() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) ?? {};
  } catch {
    return {};
  }
}

/** Keeps the text and its result; a browser that is full keeps the text alone, or nothing. */
function keep({ text, checked, sentences }) {
  for (const value of [{ text, checked, sentences }, { text }]) {
    try {
      localStorage.setItem(KEY, JSON.stringify(value));
      return;
    } catch {
      // try with less
    }
  }
}
