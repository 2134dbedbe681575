// What the server's refusals mean to the whole page, seen where Gradio sends its requests. In: the browser's fetch; out:
// the same, watched. A 401 is a session that has ended: the page is loaded again, which leads to the log-in (the
// conversations are in the browser, so nothing is lost). An event that is not let into Gradio's queue is told to whoever
// waits for it.
const JOIN = '/gradio_api/queue/join';
const fetched = window.fetch.bind(window);
let tell = () => {};

window.fetch = async (...given) => {
  const response = await fetched(...given);
  if (response.status === 401) ended();
  else if (!response.ok && new URL(response.url).pathname.endsWith(JOIN)) tell(sent(given[1]), response.status);
  return response;
};

/** Loads the page again, as whoever used it is not logged in any more. */
export function ended() {
  location.reload();
}

/** Calls cb(data, status) for every event that the server refuses; data is what was sent with it. */
export function onRefused(cb) {
  tell = cb;
}

function sent(options) {
  try {
    return JSON.parse(options.body).event_data ?? {};
  } catch {
    return {};
  }
}
