// A session that has ended, seen by the first request that is refused with 401: the page is loaded again, which leads to
// the log-in. Conversations are in the browser, so nothing is lost. In: the browser's fetch; out: the same, watched.
const fetched = window.fetch.bind(window);

window.fetch = async (...given) => {
  const response = await fetched(...given);
  if (response.status === 401) location.reload();
  return response;
};
