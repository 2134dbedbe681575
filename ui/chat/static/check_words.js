// What the check view says about a sentence or a text, in words only. In: sentences and counts of a check object; out:
// signs, labels, places, and the whole result as plain text.
import { problemText } from './problems.js';

/** In the order they are told: icon and class for the page, sign for plain text. */
export const VERDICTS = {
  supported: { icon: 'tick', tone: 'ok', sign: '✓' },
  partly: { icon: 'half', tone: 'warn', sign: '~' },
  contradicted: { icon: 'cross', tone: 'bad', sign: '✗' },
  'not found': { icon: 'question', tone: 'none', sign: '?' },
  'not checked': { icon: 'empty', tone: 'plain', sign: '·' },
};

/** The part of a word key or data attribute that stands for a verdict: 'not found' → 'not-found'. */
export function slug(verdict) {
  return verdict.replace(' ', '-');
}

export function label(app, verdict) {
  return app.t(`check.${slug(verdict)}`);
}

/** How many sentences have each verdict. */
export function counts(sentences) {
  const found = Object.fromEntries(Object.keys(VERDICTS).map((verdict) => [verdict, 0]));
  for (const sentence of sentences) found[sentence.verdict] += 1;
  return found;
}

/** '5 supported, 2 not found' */
function countText(app, sentences) {
  const found = counts(sentences);
  return Object.keys(VERDICTS)
    .filter((verdict) => found[verdict])
    .map((verdict) => `${app.number(found[verdict])} ${label(app, verdict).toLowerCase()}`)
    .join(', ');
}

/** 'Checked: 7 sentences. 5 supported, 2 not found.' */
export function summaryText(app, sentences) {
  return app.t('check.done', {
    sentences: app.t.n('check.sentences', sentences.length),
    counts: countText(app, sentences),
  });
}

/** The result for a mail or a document. */
export function resultText(app, sentences) {
  return [summaryText(app, sentences), '', ...sentences.map((sentence) => sentenceText(app, sentence))].join('\n');
}

function sentenceText(app, sentence) {
  const { verdict, text, problems, evidence } = sentence;
  const lines = [`${VERDICTS[verdict].sign} ${label(app, verdict)}: ${oneLine(text)}`];
  for (const raw of problems) lines.push(`    ${problemText(app, raw)}`);
  for (const found of evidence) {
    const place = [found.title, found.publisher, found.published && app.date(found.published)].filter(Boolean);
    lines.push(`    “${oneLine(found.quote)}” (${place.join(', ') || found.source})`);
  }
  return `${lines.join('\n')}\n`;
}

function oneLine(text) {
  return text.split(/\s+/).join(' ').trim();
}
