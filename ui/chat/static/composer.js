// Where a question is written. In: {app, send(question), stop(), draft, keep(text)}; out: {node, redraw(busy), focus()}.
// Enter sends, Shift+Enter makes a new line; while an answer is on its way the button stops it.

import { button, el, fill } from './dom.js';
import { icon } from './icons.js';

const LONGEST = 2000;
const COUNT_FROM = 0.8;

/** Draws the composer. busy: null, 'here' (this conversation is being answered) or 'elsewhere'. */
export function makeComposer({ app, send, stop, draft, keep }) {
  const field = el('textarea', { class: 'composer-field', id: 'kutip-question', rows: 1, autocomplete: 'off', enterkeyhint: 'send' });
  const label = el('label', { class: 'k-unseen', for: 'kutip-question' });
  const action = el('span', { class: 'composer-action' });
  const count = el('p', { class: 'composer-count', role: 'status' });
  const hint = el('p', { class: 'composer-hint' });
  const form = el('form', { class: 'composer' }, el('div', { class: 'composer-box' }, label, field, action), el('div', { class: 'composer-foot' }, hint, count));
  let busy = null;
  field.value = draft;

  const longest = () => app.about?.max_question ?? LONGEST;
  const length = () => Array.from(field.value).length;

  const measure = () => {
    field.style.setProperty('height', 'auto');
    field.style.setProperty('height', `${field.scrollHeight}px`);
    const over = length() > longest();
    const told = length() > longest() * COUNT_FROM;
    count.textContent = told ? app.t('ask.count', { n: app.number(length()), max: app.number(longest()) }) : '';
    count.classList.toggle('over', over);
    const sender = action.querySelector('.composer-send');
    if (sender) sender.disabled = over || !field.value.trim();
  };
  const submit = () => {
    const question = field.value.trim();
    if (busy || !question || length() > longest()) return;
    field.value = '';
    keep('');
    measure();
    send(question);
  };

  field.addEventListener('input', () => { keep(field.value); measure(); });
  field.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    submit();
  });
  form.addEventListener('submit', (event) => { event.preventDefault(); submit(); });

  const redraw = (now) => {
    const held = action.contains(document.activeElement);
    busy = now;
    label.textContent = app.t('ask.label');
    field.placeholder = app.t(busy === 'elsewhere' ? 'ask.elsewhere' : 'ask.placeholder');
    fill(action, busy ? stopButton(app, stop) : sendButton(app));
    fill(hint, keyless(app));
    measure();
    if (held) (busy ? action.firstElementChild : field).focus();
  };
  watchWidth(field, measure);
  return { node: form, redraw, focus: () => field.focus() };
}

/** Measures again when the field's width has changed: the panel opened, the window was made smaller. */
function watchWidth(field, measure) {
  let width = 0;
  new ResizeObserver(([{ contentRect }]) => {
    if (contentRect.width === width) return;
    width = contentRect.width;
    requestAnimationFrame(measure);
  }).observe(field);
}

function sendButton(app) {
  return el('button', { class: 'composer-button composer-send', type: 'submit', 'aria-label': app.t('ask.send'), title: app.t('ask.send') }, icon('send'));
}

function stopButton(app, stop) {
  return button({ class: 'composer-button composer-stop', 'aria-label': app.t('ask.stop'), title: app.t('ask.stop'), on: { click: stop } }, icon('stop'));
}

function keyless(app) {
  if (!app.about?.ready) return app.t('ask.keys');
  return app.about.has_model ? app.t('ask.model', { model: app.about.answerer.replace(/^[a-z]+:/, '') }) : app.t('ask.keyless');
}
