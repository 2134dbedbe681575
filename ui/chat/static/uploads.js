// Files on their way into the archive. In: files that were dropped or chosen; out: a list that tells of each how far it
// is and what became of it, and onDone when the archive has changed. One job a file, so that each has its own result.
import { call, pause } from './calls.js';
import { button, el, fill } from './dom.js';
import { icon } from './icons.js';
import { skippedWords } from './skipped.js';
import { sendFile } from './upload.js';

export const SUFFIXES = ['.txt', '.md', '.html', '.htm', '.jsonl'];
const AT_ONCE = 3;
const LOOK_MS = 400;
const LONGEST_LOOK_MS = 2_000;
const SLOW_MS = 30_000;
const PATIENCE = 10; // looks in a row that may fail

/** Makes the list: {element, add(files), draw()}. */
export function uploads(app, bridge, onDone) {
  const items = [];
  const element = el('div', { class: 'uploads' });
  const live = el('p', { class: 'k-unseen', 'aria-live': 'polite' });
  const list = el('ul', { class: 'upload-list', 'aria-label': app.t('articles.uploads') });
  const all = { app, bridge, items, running: 0, onDone, told: 0 };
  all.draw = () => {
    list.setAttribute('aria-label', app.t('articles.uploads'));
    fill(
      list,
      items.map((item) => row(all, item)),
    );
    fill(element, items.length ? [head(all), list] : null, live);
  };
  all.settled = () => {
    if (items.length === all.told || items.some((item) => !finished(item))) return;
    live.textContent = app.t.n('articles.settled', items.length - all.told);
    all.told = items.length;
  };
  const add = (files) => {
    items.push(...Array.from(files, (file) => begun(all, file)));
    all.draw();
    work(all);
  };
  all.draw();
  return { element, add, draw: all.draw };
}

const finished = (item) => item.state === 'done' || item.state === 'failed';

/** A file that waits, or one that need not be sent. told() is what there is to say of it, in the page's language. */
function begun({ app }, file) {
  const refused = refusal(app, file);
  const state = refused ? 'failed' : 'waiting';
  return { file, state, sent: 0, told: refused, skipped: [], again: false, slow: false, moved: () => {} };
}

function refusal(app, file) {
  const most = app.about?.max_upload ?? Infinity;
  if (!SUFFIXES.some((suffix) => file.name.toLowerCase().endsWith(suffix)))
    return () => app.t('articles.upload.suffix');
  if (file.size > most)
    return () => app.t('articles.upload.size', { size: megabytes(app, file.size), max: megabytes(app, most) });
  return file.size === 0 ? () => app.t('articles.upload.empty') : null;
}

export function megabytes(app, bytes) {
  return app.number(Math.round(bytes / 100_000) / 10);
}

function work(all) {
  while (all.running < AT_ONCE) {
    const item = all.items.find((one) => one.state === 'waiting');
    if (!item) break;
    all.running += 1;
    item.state = 'sending';
    send(all, item).finally(() => {
      all.running -= 1;
      all.draw();
      all.settled();
      work(all);
    });
  }
  all.draw();
  all.settled();
}

async function send(all, item) {
  const { app, bridge } = all;
  try {
    const path = await sendFile(app, item.file, (share) => {
      item.sent = share;
      item.moved();
    });
    const { job } = await call(app, bridge.server.add, {
      paths: [{ path, name: item.file.name }],
      language: app.language,
    });
    item.state = 'indexing';
    all.draw();
    const result = await followed(app, bridge, job, () => {
      item.slow = true;
      all.draw();
    });
    settle(app, item, result);
    if (result.status === 'done') await all.onDone();
  } catch (error) {
    Object.assign(item, { state: 'failed', told: () => error.message, again: true });
  }
}

/** What became of a job, once it is known. slow() is called when it takes long.
    Throws an Error with words for the reader when the server says no more. */
export async function followed(app, bridge, job, slow = () => {}) {
  const began = Date.now();
  let told = false;
  let lost = 0;
  for (let wait = LOOK_MS; ; wait = Math.min(LONGEST_LOOK_MS, wait * 1.2)) {
    await pause(wait);
    try {
      const result = await call(app, bridge.server.job, job);
      if (result.status !== 'queued') return result;
      lost = 0;
    } catch (error) {
      lost += 1;
      if (error.kind !== 'unreachable' || lost > PATIENCE) throw error;
    }
    if (!told && Date.now() - began > SLOW_MS) {
      told = true;
      slow();
    }
  }
}

function settle(app, item, result) {
  const count = (name) => result[name]?.length && app.t.n(`articles.${name}`, result[name].length);
  item.state = result.status === 'done' ? 'done' : 'failed';
  item.skipped = result.skipped ?? [];
  const counts = () => ['added', 'changed', 'unchanged', 'skipped'].map(count).filter(Boolean).join(', ');
  const why = item.skipped.length ? null : () => result.error;
  item.told = result.status === 'done' ? counts : why;
}

function head(all) {
  const { app, items, draw } = all;
  const clear = () => {
    items.splice(0, items.length, ...items.filter((item) => !finished(item)));
    all.told = items.length;
    draw();
  };
  const done = items.some(finished);
  return el(
    'div',
    { class: 'upload-head' },
    el('h2', { class: 'k-label' }, app.t('articles.uploads')),
    done
      ? button(
          { class: 'k-button k-quiet k-small upload-clear', on: { click: clear } },
          app.t('articles.uploads.clear'),
        )
      : null,
  );
}

const SIGNS = {
  done: ['tick', 'ok'],
  failed: ['cross', 'bad'],
  waiting: [null, 'plain'],
  sending: [null, 'plain'],
  indexing: [null, 'plain'],
};

function row(all, item) {
  const { app } = all;
  const [sign, tone] = SIGNS[item.state];
  const busy = item.state === 'sending' || item.state === 'indexing';
  const status = el('span', {}, stated(app, item));
  const bar = busy ? progress(app, item) : null;
  item.moved = () => {
    status.textContent = stated(app, item);
    if (item.state === 'sending') bar.value = item.sent;
  };
  return el(
    'li',
    { class: `upload k-tone-${tone}`, data: { state: item.state, file: item.file.name } },
    el(
      'p',
      { class: 'upload-name' },
      el('span', {}, item.file.name),
      el('span', { class: 'k-hint' }, size(app, item.file.size)),
    ),
    el(
      'p',
      { class: `k-status k-${tone}` },
      busy ? el('span', { class: 'k-spinner', 'aria-hidden': 'true' }) : sign && icon(sign),
      status,
    ),
    bar,
    item.state === 'failed' && item.told ? el('p', { class: 'upload-why' }, item.told()) : null,
    item.slow && busy ? el('p', { class: 'upload-why' }, app.t('articles.upload.slow')) : null,
    item.skipped.length
      ? el(
          'ul',
          { class: 'upload-skipped' },
          item.skipped.map((line) => el('li', {}, skippedWords(app, line))),
        )
      : null,
    item.again && item.state === 'failed'
      ? button(
          { class: 'k-button k-small', on: { click: () => again(all, item) } },
          icon('retry'),
          app.t('articles.upload.again'),
        )
      : null,
  );
}

/** How much has gone; how long the rest takes, once all of it has, nobody knows. */
function progress(app, item) {
  const share = item.state === 'sending' ? { max: 1, value: item.sent } : {};
  const name = `articles.upload.bar.${item.state}`;
  return el('progress', { class: 'upload-bar', 'aria-label': app.t(name, { name: item.file.name }), ...share });
}

function stated(app, item) {
  if (item.state === 'done') return app.t('articles.upload.done', { told: item.told() });
  if (item.state === 'sending')
    return app.t('articles.upload.sending', { percent: app.number(Math.floor(100 * item.sent)) });
  return app.t(`articles.upload.${item.state}`);
}

function size(app, bytes) {
  return bytes < 100_000 ? `${app.number(Math.max(1, Math.round(bytes / 1000)))} kB` : `${megabytes(app, bytes)} MB`;
}

function again(all, item) {
  Object.assign(item, { state: 'waiting', sent: 0, told: null, again: false, slow: false });
  work(all);
}
