// What is wrong with a statement, in the page's language. In: a problem as the server tells it ('number: claim says 50,
// source says 40') and the app; out: {kind: 'Number', code: 'number', text, here, there}. kind is null when the server
// names none, text is the server's own when it is not known here; here and there are the words concerned, in the
// statement and in the article.
const KINDS = [
  'number',
  'unit',
  'date',
  'name',
  'role',
  'speaker',
  'negation',
  'opposite',
  'certainty',
  'scope',
  'addition',
  'quote',
  'length',
  'model',
];

// Each: what the server says, the words for it, what the groups stand for.
const TOLD = [
  [/^claim says '?(.+?)'?, source says '?(.+?)'?$/s, 'problem.both', ['here', 'there']],
  [/^claim says '?(.+?)'?, source does not$/s, 'problem.here', ['here']],
  [/^source says '(.+)', claim does not$/s, 'problem.there', ['there']],
  [/^'(.+)' is on the other side of '(.+)' in the source$/s, 'problem.side', ['here', 'there']],
  [/^'(.+)' and '(.+)' stand the other way round in the source$/s, 'problem.swapped', ['here', 'there']],
  [/^claim states as fact what the source says with '(.+)'$/s, 'problem.hedged', ['there']],
  [/^judged partly$/, 'problem.judged.partly', []],
  [/^judged unsupported$/, 'problem.judged.unsupported', []],
  [/^nothing in the archive is near it$/, 'problem.nothing', []],
  [/^the claim quotes nothing$/, 'problem.quotes.none', []],
  [/^(?:not found in the passage it names|none of \d+ found in its passage)$/, 'problem.quotes.lost', []],
  [/^too short to support a statement$/, 'problem.quotes.short', []],
  [/^a statement of .* is too long to check$/, 'problem.long', []],
  [/^the statement has no words$/, 'problem.wordless', []],
  [/^a question$/, 'problem.question', []],
  [/^a heading$/, 'problem.heading', []],
  [/^too short$/, 'problem.short', []],
];
const MISSING = /^(.+?)(?: is)? not in the cited passage$/s;

/** A problem in the words of the page. */
export function problem(app, raw) {
  const at = raw.indexOf(': ');
  const code = KINDS.includes(raw.slice(0, at)) ? raw.slice(0, at) : null;
  const told = tell(code === null ? raw : raw.slice(at + 2), app.t);
  return { kind: code === null ? null : app.t(`problem.${code}`), code, ...told };
}

/** The same on one line: 'Number: “50” here, “40” in the article'. */
export function problemText(app, raw) {
  const { kind, text } = problem(app, raw);
  return kind === null ? text : `${kind}: ${text}`;
}

function tell(raw, t) {
  for (const [pattern, key, names] of TOLD) {
    const match = pattern.exec(raw);
    if (!match) continue;
    const found = Object.fromEntries(names.map((name, i) => [name, match[i + 1]]));
    return { text: t(key, found), here: [found.here].filter(Boolean), there: [found.there].filter(Boolean) };
  }
  const missing = MISSING.exec(raw);
  if (!missing) return { text: raw, here: [], there: [] };
  const here = quoted(missing[1]);
  return { text: t('problem.missing', { words: here.map((word) => `“${word}”`).join(', ') }), here, there: [] };
}

/** "'Harga', 'minyak'" → ['Harga', 'minyak']; words without marks are one. */
function quoted(list) {
  const found = [...list.matchAll(/'(.+?)'(?=, '|$)/gs)].map((match) => match[1]);
  return found.length ? found : [list];
}
