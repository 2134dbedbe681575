// Conversations in the browser's own storage. In: conversations and turns as plain objects; out: the same after a
// reload and in other tabs. Every change reads what is stored, changes it and writes it back, so two tabs do not undo
// each other; what does not fit any more is kept in memory and `onFull` is told.

const LIST = 'kutip.conversations';
const ONE = 'kutip.c.';
const DRAFT = 'kutip.draft';
const TITLE = 80;

/** Makes ids of conversations and turns. */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(9));
  return Array.from(bytes, (byte) => byte.toString(36).padStart(2, '0')).join('');
}

function parse(text) {
  try { return JSON.parse(text); } catch { return null; }
}

function isConversation(value) {
  return Boolean(value) && typeof value.id === 'string' && Array.isArray(value.turns);
}

function titled(question) {
  const line = question.trim().replace(/\s+/g, ' ');
  const characters = Array.from(line);
  return characters.length <= TITLE ? line : `${characters.slice(0, TITLE - 1).join('').trimEnd()}…`;
}

/** Opens the storage.
    onFull: called when a conversation could not be written; onOther(id or null): another tab changed a conversation,
    or the list. */
export function openStore({ onFull, onOther, storage = () => localStorage }) {
  const unsaved = new Map();

  const get = (key) => { try { return storage().getItem(key); } catch { return null; } };
  const set = (key, text) => { try { storage().setItem(key, text); return true; } catch { return false; } };
  const drop = (key) => { try { storage().removeItem(key); } catch { /* nothing was kept */ } };

  function listed() {
    const stored = parse(get(LIST));
    return Array.isArray(stored) ? stored.filter((entry) => entry && typeof entry.id === 'string') : [];
  }

  function list() {
    const all = new Map(listed().map((entry) => [entry.id, entry]));
    for (const { turns, ...entry } of unsaved.values()) all.set(entry.id, entry);
    return [...all.values()].sort((a, b) => (a.updated < b.updated ? 1 : -1));
  }

  function read(id) {
    const found = unsaved.get(id) ?? parse(get(ONE + id));
    return isConversation(found) ? found : null;
  }

  function write(conversation) {
    const { turns, ...entry } = conversation;
    const entries = [entry, ...listed().filter((other) => other.id !== entry.id)];
    if (set(ONE + entry.id, JSON.stringify(conversation)) && set(LIST, JSON.stringify(entries))) unsaved.delete(entry.id);
    else {
      if (!unsaved.has(entry.id)) onFull();
      unsaved.set(entry.id, conversation);
    }
    return conversation;
  }

  function create(question) {
    const now = new Date().toISOString();
    return write({ id: newId(), title: titled(question), created: now, updated: now, turns: [] });
  }

  /** Writes change(turns) in place of the turns; null when the conversation is gone. */
  function change(id, how) {
    const found = read(id);
    return found && write({ ...found, updated: new Date().toISOString(), turns: how(found.turns) });
  }

  function rename(id, title) {
    const found = read(id);
    return found && titled(title) ? write({ ...found, title: titled(title) }) : found;
  }

  /** A conversation that is still called after a question is called after what that was changed to. */
  function renameAfter(id, old, question) {
    if (old !== question && read(id)?.title === titled(old)) rename(id, question);
  }

  function remove(id) {
    unsaved.delete(id);
    drop(ONE + id);
    set(LIST, JSON.stringify(listed().filter((entry) => entry.id !== id)));
  }

  window.addEventListener('storage', (event) => {
    if (event.key === null || event.key === LIST) onOther(null);
    else if (event.key.startsWith(ONE)) onOther(event.key.slice(ONE.length));
  });

  return {
    list, read, create, rename, renameAfter, remove,
    addTurn: (id, turn) => change(id, (turns) => [...turns, turn]),
    putTurn: (id, turn) => change(id, (turns) => turns.map((one) => (one.id === turn.id ? turn : one))),
    /** A new turn in the place of an old one; `alone` drops all after it. */
    replaceTurn: (id, old, turn, { alone }) => change(id, (turns) => {
      const at = turns.findIndex((one) => one.id === old);
      return at < 0 ? [...turns, turn] : [...turns.slice(0, at), turn, ...(alone ? [] : turns.slice(at + 1))];
    }),
    draft: () => get(DRAFT) ?? '',
    keepDraft: (text) => (text ? set(DRAFT, text) : drop(DRAFT)),
  };
}
