// Dialogs over the page on the browser's own <dialog>: the rest is inert, Escape and a click beside it close it, the
// focus goes back to where it was. In: title, content, actions; out: what was chosen.
import { button, el } from './dom.js';
import { icon } from './icons.js';

let made = 0;

/** Opens a dialog.
    actions: [{text, kind: 'primary'|'danger'|'', act: () => value|Promise, focus: bool}]; act gives back false to
    keep it open. Gives back {element, close}. onClose is called once, with the value close() was given or null. */
export function openDialog(app, { title, content, actions = [], name = '', onClose = () => {} }) {
  const id = `k-dialog-${++made}`;
  const opener = document.activeElement;
  let value = null;
  const close = (given = null) => {
    value = given;
    dialog.close();
  };
  const dialog = el(
    'dialog',
    { class: 'k-dialog kutip', 'aria-labelledby': id, data: { dialog: name } },
    el(
      'div',
      { class: 'k-dialog-box' },
      el(
        'div',
        { class: 'k-dialog-head' },
        el('h2', { id }, title),
        button(
          { class: 'k-icon-button k-dialog-close', 'aria-label': app.t('common.close'), on: { click: () => close() } },
          icon('close'),
        ),
      ),
      el('div', { class: 'k-dialog-body' }, content),
      el(
        'div',
        { class: 'k-dialog-actions' },
        actions.map((action) => actionButton(action, close)),
      ),
    ),
  );
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog) close();
  });
  dialog.addEventListener('close', () => {
    dialog.remove();
    if (opener?.isConnected) opener.focus();
    onClose(value);
  });
  document.body.append(dialog);
  dialog.showModal();
  dialog.querySelector('[data-focus]')?.focus();
  return { element: dialog, close };
}

function actionButton({ text, kind, act, focus }, close) {
  const classes = ['k-button', kind && `k-${kind}`].filter(Boolean).join(' ');
  const click = async (event) => {
    const pressed = event.currentTarget;
    if (pressed.ariaBusy === 'true') return; // a second click while the first is being done
    pressed.ariaBusy = 'true';
    const value = await act();
    pressed.ariaBusy = 'false';
    if (value !== false) close(value);
  };
  return button(
    { class: classes, data: { action: kind || 'cancel', ...(focus ? { focus: 'yes' } : {}) }, on: { click } },
    text,
  );
}

/** Asks before something that cannot be taken back; resolves to true or false. The focus is on "no". */
export function confirmDialog(app, { title, content, yes, no, name }) {
  return new Promise((decided) => {
    openDialog(app, {
      title,
      content,
      name,
      actions: [
        { text: no, kind: '', act: () => null, focus: true },
        { text: yes, kind: 'danger', act: () => true },
      ],
      onClose: (value) => decided(value === true),
    });
  });
}
