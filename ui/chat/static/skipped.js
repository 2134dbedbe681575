// Why a file or a line of it is no article, in the page's language. In: the sentence that the server tells ('news.jsonl:3:
// expected a JSON object, saw 7; write one object a line.'); out: the same in the page's words, or as it came when it is
// not known here.

// Each: what the reason says, the words for it, what the groups stand for.
const REASONS = [
  [/^expected UTF-8(?: text)?, saw the byte (0x[0-9a-f]{2})/, 'skipped.encoding', ['seen']],
  [/^expected text, saw NUL characters/, 'skipped.binary', []],
  [/^expected text, saw none/, 'skipped.wordless', []],
  [/^expected an HTML page, saw none/, 'skipped.page', []],
  [/^expected the article's words under 'text', saw (.+); give/s, 'skipped.text', ['seen']],
  [/^expected one flat JSON object, saw one nested/, 'skipped.nested', []],
  [/^expected a JSON object on one line, saw a fault \(.+ at column (\d+)\)/s, 'skipped.json', ['column']],
  [/^expected a JSON object, saw (.+); write/s, 'skipped.object', ['seen']],
  [/^expected a string or null under '(\w+)', saw (.+); put/s, 'skipped.string', ['field', 'seen']],
  [/^expected text under '(\w+)', saw NUL/, 'skipped.characters', ['field']],
  [/^expected an ISO 8601 date under 'published', saw (.+); write/s, 'skipped.date', ['seen']],
  [/^expected an id of its own, saw (.+) as on line (\d+); rename/s, 'skipped.id', ['seen', 'line']],
];
const SENTENCE = /^([\w.-]+)(?::(\d+))?: (.+)\.$/s;

/** A sentence of the server in the words of the page. */
export function skippedWords(app, sentence) {
  const [, file, line, reason] = SENTENCE.exec(sentence) ?? [];
  for (const [pattern, key, names] of reason ? REASONS : []) {
    const match = pattern.exec(reason);
    if (!match) continue;
    const why = app.t(key, Object.fromEntries(names.map((name, i) => [name, match[i + 1]])));
    return line ? app.t('skipped.line', { line: app.number(Number(line)), why }) : app.t('skipped.file', { file, why });
  }
  return sentence;
}
