// The empty check view: the field for the draft and what the signs will mean. In: the text so far; out: the text to
// check.
import { VERDICTS, label, slug } from './check_words.js';
import { button, el } from './dom.js';
import { icon } from './icons.js';

const LONGEST = 200_000;

/** The form. check(text) is called with a text that can be checked, typed(text) at each change. */
export function editor(app, text, check, typed) {
  const count = el('p', { class: 'k-hint check-count', id: 'check-count' });
  const area = el('textarea', {
    class: 'k-field check-draft',
    id: 'check-draft',
    rows: 10,
    spellcheck: 'false',
    placeholder: app.t('check.placeholder'),
    'aria-describedby': 'check-count',
  });
  const run = button({ class: 'k-button k-primary check-run', type: 'submit' }, icon('tick'), app.t('check.run'));
  const look = () => {
    const length = Array.from(area.value).length;
    const long = length > LONGEST;
    count.textContent = long
      ? app.t('check.toolong', { max: app.number(LONGEST) })
      : app.t.n('check.characters', length);
    count.classList.toggle('check-over', long);
    area.setAttribute('aria-invalid', String(long));
    run.disabled = long || !/[\p{L}\p{N}]/u.test(area.value);
  };
  const submit = (event) => {
    event.preventDefault();
    if (!run.disabled) check(area.value);
  };
  area.value = text;
  area.addEventListener('input', () => {
    look();
    typed(area.value);
  });
  area.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) submit(event);
  });
  look();
  return el(
    'form',
    { class: 'check-editor', on: { submit } },
    el('label', { class: 'k-label', for: 'check-draft' }, app.t('check.label')),
    area,
    el('div', { class: 'check-foot' }, count, el('span', { class: 'k-hint check-keys' }, app.t('check.keys')), run),
  );
}

/** What the signs mean. */
export function legend(app) {
  const one = ([verdict, { icon: name, tone }]) =>
    el(
      'div',
      { class: 'check-meaning' },
      el('dt', { class: `k-status k-${tone}` }, icon(name), label(app, verdict)),
      el('dd', {}, app.t(`check.meaning.${slug(verdict)}`)),
    );
  return el(
    'section',
    { class: 'check-legend', 'aria-labelledby': 'check-legend-title' },
    el('h2', { class: 'check-legend-title', id: 'check-legend-title' }, app.t('check.empty.title')),
    el('dl', {}, Object.entries(VERDICTS).map(one)),
    el('p', { class: 'k-hint' }, app.t('check.note')),
  );
}
