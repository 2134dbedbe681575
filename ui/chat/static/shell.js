// What Gradio, which carries the page, shows on its own, put away: its reset of styles and its messages. In: the app's
// toast and what is to be done when the connection is lost; out: the same news in our words and looks.

import { t } from './words.js';

/** Gradio resets buttons, headings and lists by rules that begin with a class named after its version and outweigh
    ours. Our parts bring their own reset, so the class goes, and stays away. */
export function shedReset() {
  for (const box of document.querySelectorAll('.gradio-container')) {
    const shed = () => {
      const named = [...box.classList].filter((name) => /^gradio-container-\d/.test(name));
      if (named.length) box.classList.remove(...named);
    };
    shed();
    new MutationObserver(shed).observe(box, { attributes: true, attributeFilter: ['class'] });
  }
}

/** Gradio's messages stand in .toast-wrap, which base.css hides. A lost connection is told in our words (Gradio loads the
    page again when the server is back) and lost() is called; that the server is busy is told where the answer would
    stand; anything else is told as it is. */
export function catchToasts(toast, lost) {
  const told = new WeakSet();
  const look = () => {
    for (const note of document.querySelectorAll('.toast-wrap .toast-body')) {
      if (told.has(note)) continue;
      told.add(note);
      const words = note.querySelector('.toast-text')?.textContent.trim() ?? note.textContent.trim();
      if (/currently busy/i.test(words)) continue;
      const gone = /connection/i.test(words);
      toast(gone ? t('common.connection') : words, 'error');
      if (gone) lost();
    }
  };
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
}
