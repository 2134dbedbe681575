// Text to the clipboard. In: a string; out: whether the browser took it. The newer way needs https or this machine; the
// older one works on a page of the house as well.
import { el } from './dom.js';

/** Copies; resolves to true or false. */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copySelected(text);
  }
}

function copySelected(text) {
  const held = document.activeElement;
  const area = el('textarea', { class: 'k-unseen', readonly: true, 'aria-hidden': 'true' });
  area.value = text;
  document.body.append(area);
  area.select();
  const copied = document.execCommand('copy');
  area.remove();
  held?.focus?.();
  return copied;
}
