// A file on its way to the server, told byte by byte, which Gradio's own upload does not. In: a file and who is told how
// much of it has gone; out: where the server has put it, or an Error with words for the reader.
import { ended } from './session.js';

const ADDRESS = 'gradio_api/upload';

/** Sends a file. onProgress(share) is told from 0 to 1; the path of the file on the server comes back. */
export function sendFile(app, file, onProgress) {
  const form = new FormData();
  form.append('files', file, file.name);
  const request = new XMLHttpRequest();
  request.open('POST', new URL(ADDRESS, document.baseURI));
  request.responseType = 'json';
  request.upload.addEventListener('progress', ({ lengthComputable, loaded, total }) => {
    if (lengthComputable && total) onProgress(loaded / total);
  });
  return new Promise((resolve, reject) => {
    const answered = () => {
      const path = request.status === 200 ? request.response?.[0] : null;
      if (typeof path === 'string') resolve(path);
      else reject(refusal(app, request));
    };
    request.addEventListener('load', answered);
    for (const event of ['error', 'abort', 'timeout'])
      request.addEventListener(event, () => reject(refusal(app, request)));
    request.send(form);
  });
}

function refusal(app, { status }) {
  if (status === 401) ended();
  const said = { 403: 'header.readonly.hint', 413: 'articles.upload.large' }[status] ?? 'articles.upload.lost';
  return new Error(app.t(said));
}
