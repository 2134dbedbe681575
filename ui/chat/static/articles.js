// The articles view: what the archive holds, found, read, added to and taken from. In: the server functions articles,
// add, remove and job of the bridge; out: the view. Tells the app when the archive has changed.
import { fitting, ordered, rows } from './articles_list.js';
import { finder } from './articles_finder.js';
import { counted, emptyArchive, failure, nothing, spinner, sureToRemove, waiting } from './articles_states.js';
import { call } from './calls.js';
import { button, el, fill } from './dom.js';
import { dropzone, takeDrops } from './dropzone.js';
import { holdFocus } from './focus.js';
import { icon } from './icons.js';
import { title } from './names.js';
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
  takeDrops(
    root,
    () => app.view === 'articles' && view.writable(),
    (files) => view.uploads.add(files),
  );
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
    const anew = this.all === null || this.error !== null; // else the seen list stays until the new one is there
    this.busy = anew;
    this.error = null;
    if (anew) this.drawList();
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
      const part = await call(app, bridge.server.articles, {
        offset: all.length,
        limit: LISTED,
        language: app.language,
      });
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
    this.stale = true;
    if (this.refreshing) return;
    this.refreshing = true;
    while (this.stale) {
      this.stale = false; // what changes from here on is seen by the next round
      await this.load();
      await this.app.refreshAbout();
    }
    this.refreshing = false;
    this.app.emit('archive', { articles: this.total });
  }

  async remove(article, row) {
    const { app, bridge } = this;
    const called = title(app, article);
    if (!(await sureToRemove(app, article, called))) return;
    row.dataset.state = 'removing';
    fill(row.querySelector('.article-tools'), el('span', { class: 'k-status' }, spinner(), app.t('articles.removing')));
    const next = (row.nextElementSibling ?? row.previousElementSibling)?.dataset.article;
    try {
      const { job } = await call(app, bridge.server.remove, article.id);
      const result = await followed(app, bridge, job);
      if (result.status === 'failed') throw new Error(result.error);
      app.toast(app.t('articles.removed', { title: called }), 'info');
      if (this.found) this.found.articles = this.found.articles.filter((one) => one.id !== article.id);
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
    (
      row?.querySelector('.article-title') ??
      this.root.querySelector('.finder-input') ??
      this.root.querySelector('.dropzone-choose')
    )?.focus();
  }

  // What is seen

  drawAll() {
    const { app } = this;
    const refocus = holdFocus(this.root);
    const writable = this.writable();
    this.drawnFor = this.allowance();
    this.uploads.draw();
    fill(
      this.root,
      el(
        'div',
        { class: 'k-page articles', data: { writable } },
        el('h1', { class: 'k-title' }, app.t('articles.title')),
        el('p', { class: 'k-lead' }, app.t('articles.intro')),
        app.about?.read_only
          ? el('p', { class: 'k-hint articles-readonly' }, icon('info'), app.t('header.readonly.hint'))
          : null,
        el(
          'div',
          { class: 'articles-columns' },
          this.main,
          writable
            ? el(
                'div',
                { class: 'articles-side' },
                dropzone(app, (files) => this.uploads.add(files)),
                this.uploads.element,
              )
            : null,
        ),
      ),
    );
    this.drawMain();
    refocus();
  }

  /** The finder and the list; or that there is nothing yet. */
  drawMain() {
    const { app, all } = this;
    const refocus = holdFocus(this.main);
    const empty = all !== null && !all.length && !this.error;
    this.root.querySelector('.articles')?.classList.toggle('articles-none', empty);
    fill(
      this.main,
      empty
        ? emptyArchive(app, this.writable())
        : [
            finder(app, all ?? [], this.wanted, {
              want: (wish) => this.want(wish),
              search: (query) => this.search(query),
            }),
            this.list,
          ],
    );
    this.drawList();
    refocus();
  }

  drawList() {
    const { app } = this;
    const order = this.main.querySelector('.finder-order');
    order?.toggleAttribute('hidden', this.found !== null); // a search has an order of its own
    if (this.error)
      return fill(
        this.list,
        failure(app, this.error, () => this.load()),
      );
    if (this.busy || this.all === null) return fill(this.list, waiting(app, this.all !== null));
    const { filter, outlet: chosen } = this.wanted;
    const articles = this.fitting();
    const query = this.found?.query ?? null;
    const filtered = Boolean(filter) || chosen !== '';
    const remove = this.writable() ? (article, row) => this.remove(article, row) : null;
    return fill(
      this.list,
      counted(app, articles.length, {
        query,
        filtered,
        total: filtered ? this.all.length : this.total,
        clear: () => this.clear(),
      }),
      articles.length
        ? rows(app, articles.slice(0, this.shown), { query: query ?? '', remove })
        : nothing(app, { query, filter, search: (words) => this.search(words) }),
      this.more(articles.length),
    );
  }

  /** The articles to show, in their order. */
  fitting() {
    const { filter, outlet: chosen, order } = this.wanted;
    if (this.found) return fitting(this.found.articles, '', chosen);
    return ordered(this.app, fitting(this.all, filter, chosen), order);
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
    return button(
      { class: 'k-button articles-more', on: { click: show } },
      this.app.t('articles.more', { n: this.app.number(next) }),
    );
  }
}
