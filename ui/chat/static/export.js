// A conversation as a file. In: a conversation as it is kept in the browser ({id, title, turns: [{question, state,
// answer}]}); out: Markdown with footnotes, made by the server, or JSON, made here, saved as a download.
import { call } from './calls.js';
import { el } from './dom.js';

const LONGEST_NAME = 60;

/** Saves the answers of a conversation as Markdown; says so, or what went wrong, in a toast. */
export async function exportMarkdown(app, conversation) {
  const answers = answersOf(conversation);
  const title = conversation.title || app.t('export.untitled');
  try {
    const { markdown } = await call(app, app.bridges.ask?.server?.markdown, { title, answers });
    return save(app, `${fileName(title)}.md`, 'text/markdown', markdown);
  } catch (error) {
    return app.toast(app.t('export.failed', { why: error.message }), 'error');
  }
}

/** Saves a conversation as JSON with its answer objects whole. */
export function exportJson(app, conversation) {
  const title = conversation.title || app.t('export.untitled');
  const written = JSON.stringify(
    { schema: 1, kind: 'conversation', exported: new Date().toISOString(), ...conversation },
    null,
    2,
  );
  return save(app, `${fileName(title)}.json`, 'application/json', `${written}\n`);
}

/** Whether there is anything to export. */
export function hasAnswers(conversation) {
  return answersOf(conversation).length > 0;
}

function answersOf(conversation) {
  return conversation.turns.filter((turn) => turn.state === 'done' && turn.answer).map((turn) => turn.answer);
}

/** 'Siapa presiden?' → 'kutip-siapa-presiden': letters and digits only, whatever the title holds. */
function fileName(title) {
  const words =
    title
      .normalize('NFKD')
      .toLowerCase()
      .match(/[a-z0-9]+/g) ?? [];
  return ['kutip', ...words].join('-').slice(0, LONGEST_NAME).replace(/-$/, '');
}

function save(app, name, type, written) {
  const address = URL.createObjectURL(new Blob([written], { type: `${type};charset=utf-8` }));
  const link = el('a', { download: name, hidden: true });
  link.href = address;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
  app.toast(app.t('export.done', { name }), 'info');
}
