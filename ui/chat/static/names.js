// How an article and its outlet are called on the page. In: citations and articles as the server tells them; out:
// words.

/** The outlet; where none is known the file's name. */
export function outlet(app, of) {
  return of.publisher || fileName(of.source) || app.t('common.unnamed-source');
}

/** The article's title; without one how it begins, where that is known, or else its outlet. */
export function title(app, of) {
  return of.title || of.opening || outlet(app, of);
}

/** "KONTAN.CO.ID · 14 September 2023", as far as it is known. */
export function origin(app, of, month) {
  return [outlet(app, of), app.date(of.published, month)].filter(Boolean).join(' · ');
}

function fileName(source) {
  return (source ?? '').split('/').pop();
}

/** A found passage (abstention, other articles) in the shape of a citation. */
export function asCitation(hit, id) {
  return { id, article_id: hit.article_id, source: hit.source, title: hit.title, publisher: hit.publisher ?? null,
    published: hit.published ?? null, quote: hit.quote ?? hit.text, start: hit.start, end: hit.end };
}
