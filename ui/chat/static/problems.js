// What is wrong with a statement, in the page's language. In: a problem as the server tells it ('number: claim says 50,
// source says 40'). Out: {kind, label, text}; label is null when the server names no kind, text is its own words when
// they are not known here.
const KINDS = ['number', 'unit', 'date', 'name', 'role', 'speaker', 'negation', 'opposite', 'certainty', 'scope',
  'addition', 'quote', 'length', 'model'];

// Each: what the server says, the words for it, what the groups stand for.
const TOLD = [
  [/^claim says '?(.+?)'?, source says '?(.+?)'?$/, 'problem.both', ['here', 'there']],
  [/^claim says '?(.+?)'?, source does not$/, 'problem.here', ['here']],
  [/^source says '(.+)', claim does not$/, 'problem.there', ['there']],
  [/^'(.+)' is on the other side of '(.+)' in the source$/, 'problem.side', ['here', 'there']],
  [/^'(.+)' and '(.+)' stand the other way round in the source$/, 'problem.swapped', ['here', 'there']],
  [/^claim states as fact what the source says with '(.+)'$/, 'problem.hedged', ['there']],
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
export function problem(raw, words) {
  const at = raw.indexOf(': ');
  const kind = KINDS.includes(raw.slice(0, at)) ? raw.slice(0, at) : null;
  return {
    kind,
    label: kind === null ? null : words.t(`problem.${kind}`),
    text: told(kind === null ? raw : raw.slice(at + 2), words),
  };
}

/** The same on one line: 'Number: “50” here, “40” in the article'. */
export function problemText(raw, words) {
  const { label, text } = problem(raw, words);
  return label === null ? text : `${label}: ${text}`;
}

function told(raw, words) {
  for (const [pattern, key, names] of TOLD) {
    const match = pattern.exec(raw);
    if (match) return words.t(key, Object.fromEntries(names.map((name, i) => [name, match[i + 1]])));
  }
  const missing = MISSING.exec(raw);
  return missing ? words.t('problem.missing', { words: quoted(missing[1]) }) : raw;
}

/** 'Harga', 'minyak' → “Harga”, “minyak”. */
function quoted(list) {
  const found = [...list.matchAll(/'(.+?)'(?=, '|$)/gs)].map((match) => `“${match[1]}”`);
  return found.length ? found.join(', ') : `“${list}”`;
}
