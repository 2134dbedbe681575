// The conversation view. In: its root element, the bridge to Python, the app; out: the list of conversations, the turns
// and the composer, drawn from what the store holds, and questions sent through runs.js.

import { checkedWords } from './claims.js';
import { makeComposer } from './composer.js';
import { makeConversations } from './conversations.js';
import { button, el, fill, menu } from './dom.js';
import { exportJson, exportMarkdown, hasAnswers } from './export.js';
import { icon } from './icons.js';
import { makeRuns } from './runs.js';
import { makeSide } from './side.js';
import { newId, openStore } from './store.js';
import { makeTurn } from './turns.js';
import { welcome } from './welcome.js';

/** Draws the view and keeps it drawn. */
export function start(root, bridge, app) {
  new Ask(root, bridge, app).begin();
}

class Ask {
  constructor(root, bridge, app) {
    this.app = app;
    this.root = root;
    this.id = null;
    this.drawn = new Map();
    this.store = openStore({ onFull: () => app.toast(app.t('ask.full'), 'error'), onOther: (id) => this.changedElsewhere(id) });
    this.runs = makeRuns(bridge, app, (conversation, value) => this.take(conversation, value));
    this.composer = makeComposer({ app, send: (question) => this.ask(question), stop: () => this.stop(),
      draft: this.store.draft(), keep: (text) => this.store.keepDraft(text) });
    this.list = makeConversations({ app, store: this.store, open: (id) => app.go(`c/${id}`), fresh: () => this.fresh(),
      removed: (id) => this.removed(id) });
    this.said = el('p', { class: 'k-unseen', role: 'status', 'aria-live': 'polite' });
    this.bar = el('div', { class: 'ask-bar' });
    this.flow = el('div', { class: 'ask-flow' });
    this.side = makeSide({ app, content: this.list.node, opened: () => this.drawBar() });
  }

  begin() {
    const { app } = this;
    fill(this.root, el('div', { class: 'ask' }, this.side.node,
      el('div', { class: 'ask-main' }, this.bar, this.flow, el('div', { class: 'ask-foot' }, this.composer.node), this.said)));
    app.on('view', ({ view, conversation }) => { if (view === 'ask') this.show(conversation); });
    app.on('language', () => { this.drawn.clear(); this.redraw(); });
    app.on('about', () => this.redraw());
    app.on('archive', () => app.refreshAbout());
    app.on('conversation', () => this.drawBar());
    this.show(app.conversation);
  }

  /** Shows a conversation; null for a new one. One that is not there any more leads to a new one. */
  show(id) {
    const found = id && this.store.read(id);
    if (id && !found) { this.app.toast(this.app.t('ask.gone'), 'error'); this.app.go('ask'); return; }
    const other = id !== this.id || !this.shown;
    this.shown = true;
    this.id = id;
    if (other) { this.drawn.clear(); fill(this.flow); this.app.closeReader(); this.side.closeDrawer(); }
    this.redraw();
    if (other && found) window.scrollTo({ top: 0 });
    else if (other) this.invite();
  }

  /** Where what had the focus is gone, or nothing had it, one can write at once; not on a phone, whose keyboard would
      come up over the answer. */
  invite() {
    const idle = this.app.view === 'ask' && document.activeElement === document.body;
    if (idle && window.matchMedia('(hover: hover)').matches) this.composer.focus();
  }

  redraw() {
    const conversation = this.id && this.store.read(this.id);
    this.drawBar();
    this.list.redraw(this.id);
    this.side.redraw();
    this.composer.redraw(this.busy());
    if (conversation?.turns.length) this.drawTurns(conversation);
    else this.greet();
  }

  greet() {
    const { app, flow } = this;
    const state = JSON.stringify([app.about, app.language]);
    if (flow.firstElementChild?.dataset.drawn === state) return;
    const node = welcome(app, (question) => this.ask(question));
    node.dataset.drawn = state;
    fill(flow, node);
  }

  busy() {
    if (!this.runs.busy) return null;
    return this.runs.busy.conversation === this.id ? 'here' : 'elsewhere';
  }

  drawTurns({ turns }) {
    const nodes = turns.map((stored, i) => {
      const turn = this.awake(stored);
      const known = this.drawn.get(turn.id) ?? makeTurn(turn, this.context());
      this.drawn.set(turn.id, known);
      const state = JSON.stringify([turn, i === turns.length - 1, this.app.language]);
      if (known.state !== state) known.update(turn, i === turns.length - 1);
      known.state = state;
      return known.node;
    });
    const now = [...this.flow.children];
    if (now.length !== nodes.length || now.some((node, i) => node !== nodes[i])) fill(this.flow, nodes);
  }

  /** A turn that says it is being worked on, but not by this page, was stopped when its page went away. */
  awake(turn) {
    const working = turn.state === 'working' && this.runs.busy?.turn !== turn.id;
    return working ? { ...turn, state: 'stopped' } : turn;
  }

  context() {
    return {
      app: this.app,
      ask: (question) => this.ask(question),
      retry: (turn) => this.again(turn, turn.question, { alone: false }),
      edit: (turn, question) => this.again(turn, question, { alone: true }),
      given: (id, feedback) => this.store.putTurn(this.id, { ...this.turn(this.id, id), feedback }),
    };
  }

  turn(conversation, id) {
    return this.store.read(conversation)?.turns.find((turn) => turn.id === id);
  }

  ask(question) {
    if (this.runs.busy) { this.app.toast(this.app.t('ask.busy'), 'error'); return; }
    const id = this.id ?? this.store.create(question).id;
    const turn = newTurn(question);
    const before = this.store.read(id).turns;
    this.store.addTurn(id, turn);
    this.run(id, turn, before);
    if (this.id === id) this.redraw();
    else this.app.go(`c/${id}`);
    this.lift(turn.id);
  }

  again(old, question, how) {
    if (this.runs.busy) { this.app.toast(this.app.t('ask.busy'), 'error'); return; }
    const turn = newTurn(question);
    const { turns } = this.store.read(this.id);
    const before = turns.slice(0, turns.findIndex((one) => one.id === old.id));
    this.store.replaceTurn(this.id, old.id, turn, how);
    this.store.renameAfter(this.id, old.question, question);
    this.run(this.id, turn, before);
    this.redraw();
    this.lift(turn.id);
  }

  run(id, turn, before) {
    this.runs.ask(id, turn, before);
    this.said.textContent = this.app.t('ask.looking');
  }

  /** A new question goes to the top of the window; its answer grows below it. */
  lift(id) {
    const behavior = window.matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth';
    requestAnimationFrame(() => {
      const node = this.drawn.get(id)?.node;
      node?.classList.add('fresh');
      node?.scrollIntoView({ block: 'start', behavior });
      this.invite();
    });
  }

  stop() {
    const run = this.runs.busy;
    this.runs.stop();
    const turn = run && this.turn(run.conversation, run.turn);
    if (turn) this.store.putTurn(run.conversation, { ...turn, state: 'stopped' });
    this.said.textContent = this.app.t('ask.stopped');
    this.redraw();
  }

  take(conversation, { turn: id, state, passages, answer, suggestions, error }) {
    const turn = this.turn(conversation, id);
    if (turn) this.store.putTurn(conversation, { ...turn, state, passages: passages ?? turn.passages, answer: answer ?? turn.answer, suggestions: suggestions ?? [], error: error ?? null });
    if (state !== 'working') this.announce(state, answer);
    this.redraw();
  }

  /** Says an answer once, when it is whole. */
  announce(state, answer) {
    const { t } = this.app;
    if (state === 'failed' || !answer) this.said.textContent = t('ask.failed');
    else if (answer.abstained) this.said.textContent = `${t('ask.abstained')} ${answer.reason ?? ''}`;
    else this.said.textContent = `${checkedWords(answer, this.app)}. ${answer.claims.map((claim) => claim.text).join(' ')}`;
  }

  fresh() {
    this.side.closeDrawer();
    this.app.go('ask');
    this.composer.focus();
  }

  removed(id) {
    if (this.runs.busy?.conversation === id) this.stop();
    if (id === this.id) this.app.go('ask');
  }

  changedElsewhere(id) {
    if (id && id === this.id && !this.store.read(id)) this.app.go('ask');
    else this.redraw();
  }

  drawBar() {
    const { app, side } = this;
    const conversation = this.id && this.store.read(this.id);
    const save = (how) => () => how(app, this.store.read(this.id));
    const full = conversation && hasAnswers(conversation);
    const state = JSON.stringify([conversation?.id, conversation?.title, full, app.language, side.shown()]);
    if (this.bar.dataset.drawn === state) return;
    this.bar.dataset.drawn = state;
    fill(this.bar, side.toggle(),
      conversation ? el('h1', { class: 'ask-title' }, conversation.title) : el('span', { class: 'ask-title' }),
      conversation && button({ class: 'k-button k-quiet k-small ask-new', on: { click: () => this.fresh() } }, icon('add'), app.t('ask.new-short')),
      full && menu(el('summary', { class: 'k-button k-quiet k-small ask-export' }, icon('export'), app.t('ask.export')), [
        { text: app.t('export.markdown'), icon: icon('document'), act: save(exportMarkdown), data: { export: 'markdown' } },
        { text: app.t('export.json'), icon: icon('archive'), act: save(exportJson), data: { export: 'json' } },
      ]));
  }
}

function newTurn(question) {
  return { id: newId(), question, state: 'working', passages: null, answer: null, error: null, suggestions: [], feedback: null, asked: new Date().toISOString() };
}
