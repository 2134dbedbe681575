// Words of the interface in the current language. In: dictionaries of words/*.js ({en: {…}, id: {…}}, same keys); out:
// t('ask.send', {vars}) and t.n('ask.claims', 3), which picks ask.claims_one or ask.claims_other and fills {n}.

const PARTS = ['common', 'header', 'ask', 'reader', 'check', 'articles', 'skipped', 'quality', 'feedback', 'export'];
export const LANGUAGES = ['id', 'en'];
const words = { id: {}, en: {} };
let language = 'id';

/** Reads all dictionaries; one that cannot be read leaves its keys unworded, never the page unopened. */
export async function load() {
  const parts = await Promise.allSettled(PARTS.map((name) => import(`./words/${name}.js`)));
  for (const part of parts) {
    if (part.status === 'rejected') console.error(part.reason);
    else for (const code of LANGUAGES) Object.assign(words[code], part.value.words[code]);
  }
}

/** The language of the browser: Indonesian and Malay readers get Indonesian, all others English. */
export function preferred(languages = navigator.languages) {
  const first = languages.map((tag) => tag.toLowerCase().split('-')[0]).find((code) => ['id', 'ms', 'en'].includes(code));
  return first === 'id' || first === 'ms' ? 'id' : 'en';
}

/** Sets the language of t(). */
export function use(code) {
  language = code;
}

/** The words of a key with {name} filled from vars; the key itself when there are none. */
export function t(key, vars = {}) {
  const found = words[language][key] ?? words.en[key] ?? key;
  return found.replace(/\{(\w+)\}/g, (whole, name) => (name in vars ? String(vars[name]) : whole));
}

/** A count in words: Indonesian has one form, English two. */
t.n = (key, n, vars = {}) => t(`${key}_${n === 1 ? 'one' : 'other'}`, { n: number(n), ...vars });

/** A number as the language writes it: 1.234 or 1,234. */
export function number(n) {
  return new Intl.NumberFormat(language === 'id' ? 'id-ID' : 'en-GB').format(n);
}

/** A date: '2023-09-14' → '14 September 2023' (or a shorter form); anything else is given back as it is. */
export function date(iso, month = 'long') {
  const parts = /^(\d{4})-(\d{2})-(\d{2})/.exec(iso ?? '');
  if (!parts) return iso ?? '';
  const day = new Date(Date.UTC(Number(parts[1]), Number(parts[2]) - 1, Number(parts[3])));
  const how = { day: 'numeric', month, year: 'numeric', timeZone: 'UTC' };
  return new Intl.DateTimeFormat(language === 'id' ? 'id-ID' : 'en-GB', how).format(day);
}
