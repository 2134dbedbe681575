// An article's text with marks. In: an article as the server gives it, spans in code points; out: paragraphs whose words
// are exactly the article's, the quoted ones in <mark>.

import { el } from './dom.js';
import { paragraphs, pieces, points } from './offsets.js';

/** Where a citation's quote stands in the article now: {start, end, state}: 'same', 'moved' (found elsewhere), 'changed'
    (not in it any more). */
export function placeOf(article, { start, end, quote }) {
  const text = points(article.text);
  if (text.slice(start, end) === quote) return { start, end, state: 'same' };
  const at = text.find(quote);
  if (at === null) return { start, end, state: 'changed' };
  return { start: at, end: at + Array.from(quote).length, state: 'moved' };
}

/** The text in paragraphs. current: the quote to mark, {start, end} or null; others: further quotes of the same answer. */
export function articleBody(article, current, others = []) {
  const text = points(article.text);
  const spans = [
    ...(article.boilerplate ?? []).map(([start, end]) => ({ start, end, kind: 'boilerplate' })),
    ...others.map(({ start, end }) => ({ start, end, kind: 'other' })),
    ...(current && current.end > current.start ? [{ start: current.start, end: current.end, kind: 'current' }] : []),
  ];
  const lines = paragraphs(article.text).filter(([start, end]) => !repeatsTitle(article, text.slice(start, end), start, spans));
  return el('div', { class: 'article-text', lang: article.language },
    lines.map(([start, end]) => el('p', {}, pieces(start, end, spans).map((piece) => node(text.slice(piece.start, piece.end), piece.kinds)))));
}

/** The first lines often say the title again, which stands above them already. */
function repeatsTitle(article, line, start, spans) {
  return line === article.title && !spans.some((span) => span.kind !== 'boilerplate' && span.start < start + line.length && span.end > start);
}

function node(words, kinds) {
  if (kinds.has('current')) return el('mark', { class: 'current' }, words);
  if (kinds.has('other')) return el('mark', { class: 'other' }, words);
  if (kinds.has('boilerplate')) return el('span', { class: 'boilerplate' }, words);
  return words;
}
