// The rows of the articles view. In: articles as the server lists them, what to show of them; out: a list of rows that
// open the reader and, where that is allowed, ask for a removal. Also: which articles fit, and in which order.
import { button, el, outLink, safeLink } from './dom.js';
import { icon } from './icons.js';
import { outlet, title } from './names.js';

const CHARACTERS_A_MINUTE = 1_200; // about 200 words of six letters

/** Articles whose title, outlet, author or file has all words of `filter`; chosen: an outlet, '' all, null none named. */
export function fitting(articles, filter, chosen) {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  return articles.filter((article) => {
    const told = [article.title, article.opening, article.publisher, article.author, article.source, article.published]
      .join(' ')
      .toLowerCase();
    return (chosen === '' || (article.publisher ?? null) === chosen) && words.every((word) => told.includes(word));
  });
}

/** In the order 'newest', 'oldest' (undated ones last in both) or 'title'; any other leaves the order as it is. */
export function ordered(app, articles, order) {
  const day = (article) => article.published ?? '';
  const undated = (one, other) => Number(!one.published) - Number(!other.published);
  const orders = {
    newest: (one, other) => undated(one, other) || day(other).localeCompare(day(one)),
    oldest: (one, other) => undated(one, other) || day(one).localeCompare(day(other)),
    title: (one, other) => title(app, one).localeCompare(title(app, other), app.language),
  };
  return orders[order] ? articles.toSorted(orders[order]) : articles;
}

/** The rows. remove(article, row) is null on a server that is read-only. */
export function rows(app, articles, { query = '', remove = null } = {}) {
  return el(
    'ul',
    { class: 'article-list', 'aria-label': app.t('articles.list') },
    articles.map((article) => row(app, article, query, remove)),
  );
}

function row(app, article, query, remove) {
  const called = title(app, article);
  const made = el('li', { class: 'article', data: { article: article.id } });
  const read = (event) => app.openArticle(article.id, event.currentTarget);
  made.append(
    el(
      'div',
      { class: 'article-main' },
      el(
        'h2',
        {},
        button(
          { class: article.title ? 'article-title' : 'article-title k-untitled', on: { click: read } },
          called,
        ),
      ),
      el('p', { class: 'article-meta' }, meta(app, article)),
      article.excerpt ? el('p', { class: 'article-excerpt' }, highlighted(article.excerpt.text, query)) : null,
    ),
    el(
      'div',
      { class: 'article-tools' },
      original(app, article, called),
      remove && bin(app, article, called, () => remove(article, made)),
    ),
  );
  return made;
}

function meta(app, article) {
  const minutes = Math.max(1, Math.round((article.characters ?? 0) / CHARACTERS_A_MINUTE));
  const language = ['id', 'en'].includes(article.language)
    ? app.t(`articles.language.${article.language}`)
    : article.language;
  const parts = [
    ['outlet', outlet(app, article)],
    [
      'date',
      article.published
        ? el('time', { datetime: article.published }, app.date(article.published))
        : app.t('articles.undated'),
    ],
    ['author', article.author],
    ['language', language],
    ['length', app.t.n('articles.minutes', minutes)],
  ];
  return parts.filter(([, value]) => value).map(([name, value]) => el('span', { class: `article-${name}` }, value));
}

function original(app, article, called) {
  if (!safeLink(article.url) || article.url.startsWith('#')) return null;
  const link = outLink(article.url, icon('out'), app.t('articles.link'));
  link.className = 'article-out';
  link.setAttribute('aria-label', app.t('articles.link.label', { title: called }));
  return link;
}

function bin(app, article, called, click) {
  return button(
    {
      class: 'k-icon-button article-remove',
      title: app.t('articles.remove'),
      'aria-label': app.t('articles.remove.label', { title: called }),
      on: { click },
    },
    icon('remove'),
  );
}

/** The words of a search marked in a text: those that begin alike, as 'gempa' in 'gempanya'. */
function highlighted(text, query) {
  const stems = (query.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).filter((word) => word.length > 2);
  const alike = (word) => stems.some((stem) => word.toLowerCase().startsWith(stem));
  return text.split(/([\p{L}\p{N}]+)/u).map((part) => (alike(part) ? el('mark', {}, part) : part));
}
