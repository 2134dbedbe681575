// The focus outlives a part being drawn anew. In: the part before it is drawn; out: what puts
// the focus back afterwards.
const NAMES = ['article', 'conversation', 'filter', 'language', 'view', 'action'];

/** Remembers where the focus is inside a part; call what it gives back when the part has been drawn again. */
export function holdFocus(part) {
  const held = document.activeElement;
  if (!held || held === part || !part.contains(held)) return () => {};
  const way = path(held);
  const caret = 'selectionStart' in held ? held.selectionStart : null;
  return () => {
    const found = part.querySelector(way);
    found?.focus();
    if (caret !== null) found?.setSelectionRange?.(caret, caret);
  };
}

/** A selector of an element: its id, or what it stands for, in the row it is in. */
function path(element) {
  if (element.id) return `#${CSS.escape(element.id)}`;
  const row = element.closest('[data-article], [data-conversation]');
  const inside = row && row !== element ? `${stands(row)} ` : '';
  return inside + (stands(element) || `.${CSS.escape(element.classList.item(0) ?? '')}`);
}

function stands(element) {
  const name = NAMES.find((one) => one in element.dataset);
  return name ? `[data-${name}="${CSS.escape(element.dataset[name])}"]` : '';
}
