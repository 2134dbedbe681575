// The source panel. In: citations and which of them to show, or an article's id; out: the article in a panel beside the
// page where there is room, over it where there is none, the quoted passage marked and scrolled to, with the citations
// before and after it and the other articles that say the same. Also what becomes of an article since changed or gone.

import { articleBody, placeOf } from './article.js';
import { call } from './calls.js';
import { button, el, fill, outLink, safeLink } from './dom.js';
import { icon } from './icons.js';
import { asCitation, origin, outlet, title } from './names.js';

const ROOM = '(min-width: 1100px)';
const ABOVE = 0.28;

/** Gives the app its openSource, openArticle and closeReader. */
export function startReader(app) {
  const reader = new Reader(app);
  app.openSource = ({ citations, index = 0, opener = null, kind = 'source' }) => reader.open({ citations, index, kind }, opener);
  app.openArticle = (id, opener = document.activeElement) => reader.open({ citations: [{ article_id: id }], index: 0, kind: 'article' }, opener);
  app.closeReader = () => reader.close();
}

class Reader {
  constructor(app) {
    this.app = app;
    this.room = window.matchMedia(ROOM);
    this.trail = [];
    this.opener = null;
    this.asked = 0;
    this.bar = el('div', { class: 'reader-bar' });
    this.top = el('header', { class: 'reader-head' });
    this.scroll = el('div', { class: 'reader-scroll', tabindex: '0', role: 'region' });
    this.node = el('dialog', { class: 'reader kutip' }, this.bar, this.top, this.scroll);
    document.body.append(this.node);
    this.node.addEventListener('close', () => this.closed());
    this.node.addEventListener('click', (event) => { if (event.target === this.node) this.close(); });
    document.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && this.node.open && !document.querySelector('dialog:modal')) this.close();
    });
    this.room.addEventListener('change', () => { if (this.node.open) this.reopen(); });
    app.on('language', () => { if (this.node.open) this.draw(); });
    app.on('view', ({ view }) => { if (this.node.open && view !== this.view) this.close(); });
  }

  /** The list of citations being read, and which one. */
  get now() { return this.trail.at(-1); }

  get citation() { return this.now.citations[this.now.index]; }

  open(place, opener) {
    this.opener = opener;
    this.view = this.app.view;
    this.trail = [{ ...place }];
    this.lay();
    this.draw();
    this.scroll.focus({ preventScroll: true });
  }

  lay() {
    if (this.node.open) return;
    if (this.room.matches) this.node.show();
    else this.node.showModal();
    document.documentElement.classList.toggle('has-reader', this.room.matches);
  }

  reopen() {
    this.node.close();
    this.lay();
    this.scroll.focus({ preventScroll: true });
    this.seek();
  }

  close() {
    if (this.node.open) this.node.close();
  }

  closed() {
    document.documentElement.classList.toggle('has-reader', this.node.open && this.room.matches);
    if (this.node.open) return;
    this.asked += 1;
    if (this.opener?.isConnected) this.opener.focus({ preventScroll: true });
  }

  step(by) {
    const { citations } = this.now;
    this.now.index = (this.now.index + by + citations.length) % citations.length;
    this.draw();
  }

  /** Goes to another article that says the same; back() returns. */
  follow(citations, index) {
    this.trail.push({ citations, index, kind: 'same' });
    this.draw();
    this.scroll.focus({ preventScroll: true });
  }

  back() {
    this.trail.pop();
    this.draw();
    this.scroll.focus({ preventScroll: true });
  }

  draw() {
    this.drawBar();
    this.load();
  }

  drawBar() {
    const { app } = this;
    const { citations, index, kind } = this.now;
    const held = this.bar.contains(document.activeElement) ? document.activeElement.dataset.act : null;
    const tool = (act, name, key, click) => button({ class: `k-icon-button reader-${act}`, 'aria-label': app.t(key), title: app.t(key), data: { act }, on: { click } }, icon(name));
    fill(this.bar,
      this.trail.length > 1 && tool('back', 'left', 'reader.back', () => this.back()),
      el('p', { class: 'reader-place', 'aria-live': 'polite' }, kind === 'article' ? app.t('reader.article') : app.t(`reader.${kind}`, { n: app.number(index + 1), of: app.number(citations.length) })),
      citations.length > 1 && [tool('previous', 'up', 'reader.previous', () => this.step(-1)), tool('next', 'down', 'reader.next', () => this.step(1))],
      tool('close', 'close', 'reader.close', () => this.close()));
    if (held) this.bar.querySelector(`[data-act="${held}"]`)?.focus();
  }

  async load() {
    const { app, citation } = this;
    const asked = this.asked += 1;
    this.node.setAttribute('aria-label', app.t('reader.label', { title: title(app, citation) }));
    this.scroll.setAttribute('aria-label', app.t('reader.text'));
    if (this.shown?.id !== citation.article_id) fill(this.scroll, el('p', { class: 'reader-loading' }, el('span', { class: 'k-spinner', 'aria-hidden': 'true' }), app.t('reader.loading')));
    const article = await this.fetch(citation.article_id);
    if (asked !== this.asked || !this.node.open) return;
    this.shown = article;
    const moved = !article.error && citation.quote && placeOf(article, citation).state === 'moved';
    fill(this.top, this.head(article.error ? { ...citation, url: null } : article), moved && this.notice('moved'));
    fill(this.scroll, article.error ? this.missing(article.error) : this.article(article));
    this.seek();
    if (!article.error && this.now.kind !== 'article' && this.now.kind !== 'passage') this.drawOthers(asked);
  }

  async fetch(id) {
    try {
      return await call(this.app, this.app.bridges.ask?.server?.article, id);
    } catch (error) {
      return { error: { kind: error.kind } };
    }
  }

  article(article) {
    const { citation } = this;
    const place = citation.quote ? placeOf(article, citation) : { start: 0, end: 0, state: 'same' };
    const others = this.now.citations.filter((one) => one !== citation && one.article_id === article.id && one.quote)
      .map((one) => placeOf(article, one)).filter((one) => one.state !== 'changed');
    return [
      this.claim(),
      place.state === 'changed' && [this.notice('changed'), this.asItWas()],
      articleBody(article, place.state === 'changed' ? null : place, others),
      el('section', { class: 'others', hidden: true }),
    ];
  }

  head(article) {
    const { app } = this;
    const called = title(app, article);
    const from = outlet(app, article);
    const known = [called !== from && from, article.author, app.date(article.published)].filter(Boolean);
    return [
      el('h2', { class: article.title ? 'reader-title' : 'reader-title k-untitled' }, called),
      el('p', { class: 'reader-origin' }, known.join(' · ') || app.t('common.undated'),
        safeLink(article.url) && [' ', outLink(article.url, app.t('reader.out'), icon('out'))]),
    ];
  }

  claim() {
    const { claim } = this.citation;
    return claim && claim !== this.citation.quote && el('div', { class: 'reader-claim' }, el('p', { class: 'k-hint' }, this.app.t('reader.claim')), el('p', {}, claim));
  }

  notice(state) {
    return el('div', { class: `k-note ${state === 'changed' ? 'k-bad' : 'k-warn'} reader-changed`, data: { state } }, icon('alert'), el('p', {}, this.app.t(`reader.${state}`)));
  }

  asItWas() {
    return el('blockquote', { class: 'reader-quote' }, this.citation.quote);
  }

  /** The article cannot be shown; the citation still tells what it said. */
  missing({ kind }) {
    const { app, citation } = this;
    const away = kind !== 'gone';
    return [
      el('div', { class: 'k-note k-bad reader-changed', data: { state: away ? 'unreachable' : 'gone' } }, icon('alert'), el('div', {},
        el('p', {}, away ? app.t('common.unreachable') : app.t('reader.gone')),
        away && button({ class: 'k-button k-small', on: { click: () => this.draw() } }, icon('retry'), app.t('common.retry')))),
      citation.quote && this.asItWas(),
    ];
  }

  /** Scrolls the panel, not the page, to the marked passage. */
  seek() {
    const mark = this.scroll.querySelector('mark.current');
    if (!mark) { this.scroll.scrollTop = 0; return; }
    const offset = mark.getBoundingClientRect().top - this.scroll.getBoundingClientRect().top;
    this.scroll.scrollTop += offset - this.scroll.clientHeight * ABOVE;
  }

  async drawOthers(asked) {
    const { app, citation } = this;
    let found, close;
    try {
      ({ citations: found, near: close } = await call(app, app.bridges.ask?.server?.corroborate, { article_id: citation.article_id, start: citation.start, end: citation.end, claim: citation.claim ?? '' }));
    } catch { return; }
    const area = this.scroll.querySelector('.others');
    if (asked !== this.asked || !area || !found) return;
    const same = found.map((one, i) => asCitation(one, i + 1));
    const near = (close ?? []).map((one, i) => asCitation(one, i + 1));
    area.hidden = false;
    if (same.length) this.top.append(this.jump(same.length, area));
    fill(area, el('h3', {}, app.t('reader.others')),
      same.length ? this.passages(same) : el('p', { class: 'k-hint' }, app.t('reader.others-none')),
      near.length > 0 && el('section', { class: 'near' }, el('h3', {}, app.t('reader.near')), this.passages(near)));
  }

  passages(citations) {
    return el('ul', {}, citations.map((one, i) => el('li', {}, this.other(one, () => this.follow(citations, i)))));
  }

  /** The others stand below the article's end; this says so above it. */
  jump(count, area) {
    const down = () => { area.scrollIntoView({ block: 'start' }); area.querySelector('button').focus({ preventScroll: true }); };
    return button({ class: 'reader-jump', on: { click: down } }, icon('document'), this.app.t.n('reader.jump', count), icon('down'));
  }

  other(one, click) {
    return button({ class: 'passage', data: { article: one.article_id }, on: { click } },
      el('span', { class: 'passage-origin' }, origin(this.app, one, 'short')),
      el('span', { class: 'passage-text' }, one.quote));
  }
}
