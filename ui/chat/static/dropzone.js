// The place to add files: a picker and a zone to drop them on; the whole view takes them too. In: what to do with
// files; out: the zone.
import { button, el } from './dom.js';
import { icon } from './icons.js';
import { SUFFIXES, megabytes } from './uploads.js';

/** The zone. add(files) is called with what was chosen or dropped. */
export function dropzone(app, add) {
  const picker = el('input', {
    type: 'file',
    multiple: true,
    hidden: true,
    accept: SUFFIXES.join(','),
    class: 'dropzone-input',
    'aria-label': app.t('articles.add'),
  });
  picker.addEventListener('change', () => {
    add(Array.from(picker.files));
    picker.value = '';
  });
  const most = app.about ? megabytes(app, app.about.max_upload) : '…';
  return el(
    'section',
    { class: 'dropzone', 'aria-labelledby': 'dropzone-title' },
    el('h2', { class: 'dropzone-title', id: 'dropzone-title' }, app.t('articles.add')),
    el(
      'div',
      { class: 'dropzone-field' },
      icon('upload'),
      el('p', { class: 'dropzone-told' }, app.t('articles.drop')),
      el('p', { class: 'dropzone-now', 'aria-hidden': 'true' }, app.t('articles.drop.now')),
      button({ class: 'k-button dropzone-choose', on: { click: () => picker.click() } }, app.t('articles.choose')),
      picker,
    ),
    el('p', { class: 'k-hint' }, app.t('articles.kinds', { max: most })),
  );
}

/** Takes files dropped anywhere on the page while allowed() says so, and keeps the browser from opening them. */
export function takeDrops(root, allowed, add) {
  let depth = 0;
  const holds = (event) => event.dataTransfer?.types.includes('Files');
  const over = (on) => root.classList.toggle('dropping', on);
  const leave = () => {
    depth = 0;
    over(false);
  };
  document.addEventListener('dragenter', (event) => {
    if (holds(event) && allowed()) {
      depth += 1;
      over(true);
    }
  });
  document.addEventListener('dragleave', (event) => {
    if (holds(event)) {
      depth = Math.max(0, depth - 1);
      over(depth > 0);
    }
  });
  document.addEventListener('dragover', (event) => {
    if (holds(event)) event.preventDefault();
  });
  document.addEventListener('drop', (event) => {
    if (!holds(event)) return;
    event.preventDefault();
    leave();
    if (allowed()) add(Array.from(event.dataTransfer.files));
  });
}
