// One question at a time on its way to Python and back. In: a turn and the turns before it; out: every value for it to
// `onValue(conversation, value)`. A server that has gone silent is asked for a sign of life, and the turn fails in words.

const HISTORY = 6;
const SILENCE_MS = 10_000;
const PATIENCE_MS = 8_000;

/** The turns before a question, as the server wants them. */
function historyOf(turns) {
  return turns.filter((turn) => turn.state === 'done' && turn.answer).slice(-HISTORY).map((turn) => ({
    question: turn.answer.understood ?? turn.question,
    answer: turn.answer.abstained ? '' : turn.answer.answer,
  }));
}

/** Makes the runner of the ask view. `busy` is {conversation, turn} or null. */
export function makeRuns(bridge, app, onValue) {
  const runs = { busy: null, ask, stop };
  let heard = 0;
  let clock = null;

  function ask(conversation, turn, before) {
    runs.busy = { conversation, turn: turn.id };
    heard = Date.now();
    clock ??= setInterval(listen, SILENCE_MS / 2);
    bridge.trigger('ask', { turn: turn.id, question: turn.question, history: historyOf(before), language: app.language });
  }

  function stop() {
    if (!runs.busy) return;
    bridge.trigger('stop', {});
    settle();
  }

  function settle() {
    runs.busy = null;
    clearInterval(clock);
    clock = null;
  }

  function take(value) {
    if (!runs.busy || value?.turn !== runs.busy.turn) return;
    heard = Date.now();
    const { conversation } = runs.busy;
    if (value.state !== 'working') settle();
    onValue(conversation, value);
  }

  async function listen() {
    const run = runs.busy;
    if (!run || Date.now() - heard < SILENCE_MS) return;
    heard = Date.now();
    if (await alive(app) || runs.busy !== run) return;
    take({ turn: run.turn, state: 'failed', answer: null, error: { kind: 'unreachable', message: app.t('common.unreachable') } });
  }

  app.on('refused', ({ data, error }) => {
    if (runs.busy && data.turn === runs.busy.turn) take({ turn: data.turn, state: 'failed', answer: null, error });
  });
  app.on('lost', () => {
    heard = 0;
    listen();
  });
  bridge.watch('value', () => take(bridge.props.value));
  return runs;
}

async function alive(app) {
  const late = new Promise((_, reject) => { setTimeout(() => reject(new Error('late')), PATIENCE_MS); });
  try {
    return Boolean(await Promise.race([app.bridges.header.server.about(app.language), late]));
  } catch { return false; }
}
