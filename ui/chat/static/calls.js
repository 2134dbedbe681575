// Calls to the server that fail in one way. In: a function of a bridge and its arguments; out: what it gives back, or
// an Error whose message can be shown, with the server's kind of error in `kind`.

/** Calls a server function; an answer {error: {message}} and a lost connection become an Error. */
export async function call(app, ask, ...given) {
  if (typeof ask !== 'function') throw new Error(app.t('common.unreachable'));
  let answer;
  try {
    answer = await ask(...given);
  } catch (error) {
    console.error(error);
    throw Object.assign(new Error(app.t('common.unreachable'), { cause: error }), { kind: 'unreachable' });
  }
  if (answer === null || answer === undefined)
    throw Object.assign(new Error(app.t('common.unreachable')), { kind: 'unreachable' });
  const error = answer.error;
  if (error && typeof error === 'object') throw Object.assign(new Error(error.message), { kind: error.kind });
  return answer;
}

/** Waits. */
export function pause(ms) {
  return new Promise((done) => {
    setTimeout(done, ms);
  });
}
