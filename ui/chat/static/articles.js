// The articles view: what the archive holds, found, read, added to and taken from. In: the server functions articles,
// add, remove and job of the bridge; out: the view. Tells the app when the archive has changed.
import { fitting, heading, ordered, rows } from './articles_list.js';
import { finder } from './articles_finder.js';
import { call } from './calls.js';
import { confirmDialog } from './dialog.js';
import { button, el, fill } from './dom.js';
import { dropzone, takeDrops } from './dropzone.js';
import { icon } from './icons.js';
import { outlet } from './names.js';
import { followed, uploads } from './uploads.js';

const PAGE = 50;
const LISTED = 1_000; // articles the server lists at a time
const MOST = 5_000; // articles that are listed; the others are found by a search

/** Draws the view and keeps it true. */
export function start(root, bridge, app) {
  const view = new Articles(root, bridge, app);
  app.on('language', () => view.drawAll());
  app.on('about', () => view.aboutChanged());
  app.on('view', () => view.seen());
  takeDrops(root, () => app.view === 'articles' && view.writable(), (files) => view.uploads.add(files));
  view.drawAll();
  view.seen();
}

class Articles {
  constructor(root, bridge, app) {
    Object.assign(this, { root, bridge, app, all: null, total: 0, found: null, error: null, busy: false, shown: PAGE });
    this.wanted = { filter: '', outlet: '', order: 'newest' };
    this.uploads = uploads(app, bridge, () => this.changed());
    this.main = el('div', { class: 'articles-main' });
    this.list = el('div', { class: 'articles-found' });
  }

  writable() {
    return this.app.about !== null && !this.app.about.read_only;
  }

  /** What the server allows, as far as the view shows it. */
  allowance() {
    return JSON.stringify([this.app.about?.read_only, this.app.about?.max_upload]);
  }

  // What is known

  /** Loads the list when the view is looked at for the first time. */
  seen() {
    if (this.app.view === 'articles' && this.all === null && !this.busy) this.load();
  }

  aboutChanged() {
    if (this.drawnFor !== this.allowance()) this.drawAll();
    else if (this.all && this.app.about.articles !== this.total && this.app.view === 'articles') this.load();
  }

  async load() {
    this.busy = true;
    this.error = null;
    this.drawList();
    try {
      this.all = await this.listed();
    } catch (error) {
      this.error = error;
      if (error.kind === 'archive-missing') Object.assign(this, { all: [], total: 0, error: null });
    }
    this.busy = false;
    this.drawMain();
  }

  async listed() {
    const { app, bridge } = this;
    const all = [];
    do {
      const part = await call(app, bridge.server.articles, { offset: all.length, limit: LISTED, language: app.language });
      this.total = part.total ?? part.articles.length;
      all.push(...part.articles);
      if (!part.articles.length) break;
    } while (all.length < Math.min(this.total, MOST));
    return all;
  }

  async search(query) {
    const { app, bridge } = this;
    if (!/[\p{L}\p{N}]/u.test(query)) return this.clear();
    Object.assign(this, { busy: true, error: null, shown: PAGE });
    this.drawList();
    try {
      const { articles } = await call(app, bridge.server.articles, { query, language: app.language });
      this.found = { query, articles };
    } catch (error) {
      this.error = error;
    }
    this.busy = false;
    this.drawList();
  }

  clear() {
    Object.assign(this, { found: null, error: null, shown: PAGE });
    this.wanted.filter = '';
    this.drawMain();
    this.root.querySelector('.finder-input')?.focus();
  }

  want(wish) {
    Object.assign(this.wanted, wish);
    if ('filter' in wish) this.found = null;
    this.shown = PAGE;
    this.drawList();
  }

  /** The archive has changed by us: the list anew, the size in the header, the other views. */
  async changed() {
    const { app } = this;
    this.found = null;
    await this.load();
    await app.refreshAbout();
    app.emit('archive', { articles: this.total });
  }

  async remove(article, row) {
    const { app, bridge } = this;
    const title = heading(app, article);
    const sure = await confirmDialog(app, {
      name: 'remove', title: app.t('articles.remove.title'), yes: app.t('articles.remove.yes'), no: app.t('articles.remove.no'),
      content: [el('p', { class: 'remove-title' }, title), el('p', { class: 'k-hint' }, [outlet(app, article), app.date(article.published)].filter(Boolean).join(' · ')),
        el('p', {}, app.t('articles.remove.text'))],
    });
    if (!sure) return;
    row.dataset.state = 'removing';
    fill(row.querySelector('.article-tools'), el('span', { class: 'k-status' }, el('span', { class: 'k-spinner', 'aria-hidden': 'true' }), app.t('articles.removing')));
    const next = (row.nextElementSibling ?? row.previousElementSibling)?.dataset.article;
    try {
      const { job } = await call(app, bridge.server.remove, article.id);
      const result = await followed(app, bridge, job);
      if (result.status === 'failed') throw new Error(result.error);
      app.toast(app.t('articles.removed', { title }), 'info');
      await this.changed();
      this.focusOn(next);
    } catch (error) {
      app.toast(app.t('articles.remove.failed', { why: error.message }), 'error');
      this.drawList();
    }
  }

  focusOn(id) {
    const rowsSeen = Array.from(this.root.querySelectorAll('.article'));
    const row = rowsSeen.find((one) => one.dataset.article === id);
    (row?.querySelector('.article-title') ?? this.root.querySelector('.finder-input') ?? this.root.querySelector('.dropzone-choose'))?.focus();
  }

  // What is seen

  drawAll() {
    const { app } = this;
    const writable = this.writable();
    this.drawnFor = this.allowance();
    this.uploads.draw();
    fill(this.root, el('div', { class: 'k-page articles', data: { writable } },
      el('h1', { class: 'k-title' }, app.t('articles.title')),
      el('p', { class: 'k-lead' }, app.t('articles.intro')),
      app.about?.read_only ? el('p', { class: 'k-hint articles-readonly' }, icon('info'), app.t('header.readonly.hint')) : null,
      el('div', { class: 'articles-columns' }, this.main,
        writable ? el('div', { class: 'articles-side' }, dropzone(app, (files) => this.uploads.add(files)), this.uploads.element) : null)));
    this.drawMain();
  }

  /** The finder and the list; or that there is nothing yet. */
  drawMain() {
    const { app, all } = this;
    const empty = all !== null && !all.length && !this.error;
    this.root.querySelector('.articles')?.classList.toggle('articles-none', empty);
    fill(this.main, empty ? this.empty() : [finder(app, all ?? [], this.wanted, {
      want: (wish) => this.want(wish), search: (query) => this.search(query) }), this.list]);
    this.drawList();
  }

  empty() {
    const { app } = this;
    return el('section', { class: 'articles-empty' }, icon('archive'), el('h2', {}, app.t('articles.empty')),
      el('p', {}, app.t(this.writable() ? 'articles.empty.hint' : 'articles.empty.readonly')),
      this.writable() ? null : el('code', {}, 'kutip index FOLDER'));
  }

  drawList() {
    const { app } = this;
    this.main.querySelector('.finder-order')?.toggleAttribute('hidden', this.found !== null); // a search has its own order
    if (this.error) return fill(this.list, this.failure());
    if (this.busy || this.all === null) return fill(this.list, this.waiting());
    const { filter, outlet: chosen, order } = this.wanted;
    const articles = this.found ? fitting(this.found.articles, '', chosen) : ordered(app, fitting(this.all, filter, chosen), order);
    return fill(this.list, this.counted(articles.length), articles.length ? rows(app, articles.slice(0, this.shown), {
      query: this.found?.query, remove: this.writable() ? (article, row) => this.remove(article, row) : null,
    }) : this.nothing(), this.more(articles.length));
  }

  counted(n) {
    const { app, found, all } = this;
    const { filter, outlet: chosen } = this.wanted;
    const whole = !filter && chosen === '';
    const told = found ? app.t.n('articles.found', n, { query: found.query })
      : whole ? app.t.n('articles.count', this.total) : app.t('articles.shown', { shown: app.number(n), n: app.number(all.length) });
    return el('div', { class: 'articles-counted' }, el('p', { role: 'status', data: { count: n } }, told),
      found ? button({ class: 'k-button k-quiet k-small finder-clear', on: { click: () => this.clear() } }, icon('close'), app.t('articles.search.clear')) : null);
  }

  more(n) {
    if (n <= this.shown) return null;
    const next = Math.min(PAGE, n - this.shown);
    const show = () => {
      const from = this.shown;
      this.shown += PAGE;
      this.drawList();
      this.root.querySelectorAll('.article-title')[from]?.focus();
    };
    return button({ class: 'k-button articles-more', on: { click: show } }, this.app.t('articles.more', { n: this.app.number(next) }));
  }

  waiting() {
    const { app } = this;
    return el('p', { class: 'k-status articles-waiting', role: 'status' }, el('span', { class: 'k-spinner', 'aria-hidden': 'true' }),
      app.t(this.all === null ? 'articles.loading' : 'articles.searching'));
  }

  nothing() {
    const { app, found } = this;
    const { filter } = this.wanted;
    const why = found ? app.t('articles.nothing.search', { query: found.query })
      : filter ? app.t('articles.nothing.filter', { query: filter }) : app.t('articles.nothing.outlet');
    return el('div', { class: 'articles-nothing' }, el('p', {}, el('strong', {}, app.t('articles.nothing'))), el('p', {}, why),
      !found && filter ? button({ class: 'k-button', on: { click: () => this.search(filter) } }, icon('search'), app.t('articles.search.run')) : null);
  }

  failure() {
    const { app } = this;
    return el('div', { class: 'k-note k-bad articles-failure', role: 'alert' }, icon('alert'), el('div', {},
      el('p', {}, el('strong', {}, app.t('articles.failed')), `: ${this.error.message}`),
      button({ class: 'k-button k-small', on: { click: () => this.load() } }, icon('retry'), app.t('articles.retry'))));
  }
}
