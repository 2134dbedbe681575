// Thumbs under an answer. In: a turn's id and its answer object; out: two buttons; up is stored at once, down after a
// dialog that asks for a reason and a comment. What was given is told to onGiven, so that it survives a reload.
import { call } from './calls.js';
import { openDialog } from './dialog.js';
import { button, el } from './dom.js';
import { icon } from './icons.js';

const REASONS = ['wrong', 'unsupported', 'incomplete', 'not-found', 'language', 'other'];
const LONGEST = 2000;

/** The two buttons. given: {thumbs, reason} of an earlier time, or null. */
export function feedbackButtons(app, { turn, answer, given = null, onGiven = () => {} }) {
  let current = given;
  const store = async (chosen) => {
    await call(app, app.bridges.ask?.server?.feedback, { turn, answer, language: app.language, ...chosen });
    current = { thumbs: chosen.thumbs, reason: chosen.reason };
    show();
    onGiven(current);
    app.toast(app.t('feedback.thanks'), 'info');
  };
  const up = thumb(app, 'up', () => current?.thumbs !== 'up' && praise(app, store));
  const down = thumb(app, 'down', () => complain(app, store));
  const show = () => {
    up.setAttribute('aria-pressed', String(current?.thumbs === 'up'));
    down.setAttribute('aria-pressed', String(current?.thumbs === 'down'));
  };
  show();
  return el('div', { class: 'k-feedback', role: 'group', 'aria-label': app.t('feedback.group') }, up, down);
}

function thumb(app, thumbs, click) {
  const told = app.t(`feedback.${thumbs}`);
  return button(
    { class: 'k-icon-button k-thumb', title: told, 'aria-label': told, data: { thumbs }, on: { click } },
    icon(`thumb-${thumbs}`),
  );
}

async function praise(app, store) {
  try {
    await store({ thumbs: 'up', reason: null, comment: '' });
  } catch (error) {
    app.toast(app.t('feedback.failed', { why: error.message }), 'error');
  }
}

function complain(app, store) {
  const problem = el('p', { class: 'k-dialog-problem', role: 'alert' });
  const comment = el('textarea', { class: 'k-field', id: 'k-feedback-comment', rows: 3, maxlength: LONGEST });
  const reasons = choices(app);
  const send = async () => {
    const reason = reasons.querySelector('input:checked')?.value;
    if (!reason) {
      problem.textContent = app.t('feedback.pick');
      reasons.querySelector('input').focus();
      return false;
    }
    try {
      await store({ thumbs: 'down', reason, comment: comment.value.trim() });
      return true;
    } catch (error) {
      problem.textContent = app.t('feedback.failed', { why: error.message });
      return false;
    }
  };
  openDialog(app, {
    title: app.t('feedback.title'),
    name: 'feedback',
    content: [
      reasons,
      el('label', { class: 'k-label', for: comment.id }, app.t('feedback.comment')),
      comment,
      el('p', { class: 'k-hint' }, app.t('feedback.hint')),
      problem,
    ],
    actions: [
      { text: app.t('common.cancel'), act: () => null },
      { text: app.t('feedback.send'), kind: 'primary', act: send },
    ],
  });
}

function choices(app) {
  const one = (reason, i) =>
    el(
      'label',
      { class: 'k-choice' },
      el('input', { type: 'radio', name: 'k-reason', value: reason, data: i === 0 ? { focus: 'yes' } : {} }),
      el('span', {}, app.t(`feedback.reason.${reason}`)),
    );
  return el(
    'fieldset',
    { class: 'k-choices' },
    el('legend', { class: 'k-unseen' }, app.t('feedback.reason')),
    REASONS.map(one),
  );
}
