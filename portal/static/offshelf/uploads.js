// Sends a large catalogue in parts (tus 1.0.0): progress by bytes, pause and resume, and after a break or a reload it goes on
// where it stopped once the same file is chosen. Without this file, and for small files, the form is sent as a whole.
(() => {
  const box = document.querySelector("[data-uploads]"), form = document.querySelector("main form[enctype]");
  if (!box || !form) return;
  const PART = Number(box.dataset.part), SLICE = 1 << 20, words = box.dataset;
  const one = (selector) => box.querySelector(selector);
  const bar = one("progress"), told = one("[data-told]"), pause = one("[data-pause]"), reason = one("[data-reason]");
  const token = form.elements.csrfmiddlewaretoken.value, submit = form.querySelector("button:not([type=button])");
  const digits = new Intl.NumberFormat(document.documentElement.lang, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const megabytes = (bytes) => `${digits.format(bytes / 2 ** 20)} MB`;
  let request = null, paused = false, go = () => {};

  class Stop extends Error {}

  function tell(text, bytes, file) {
    told.textContent = text.replace("#1", megabytes(bytes)).replace("#2", megabytes(file.size));
    bar.max = file.size;
    bar.value = bytes;
  }

  function send(method, address, { headers = {}, body = null, heard = () => {} } = {}) {
    return new Promise((resolve) => {
      request = new XMLHttpRequest();
      request.open(method, address);
      Object.entries({ "X-CSRFToken": token, "Tus-Resumable": "1.0.0", ...headers }).forEach((pair) => request.setRequestHeader(...pair));
      request.upload.onprogress = (event) => heard(event.loaded);
      request.onloadend = () => resolve(request);
      request.send(body);
    });
  }

  // What can be tried again is; all else ends it with the server's own words.
  function refused(answer) {
    if (answer.status === 0 || answer.status === 429 || (answer.status >= 500 && answer.status !== 507)) return false;
    if (answer.status < 400) throw new Stop(words.signedOut);
    let detail = words.failed;
    try { detail = JSON.parse(answer.responseText).detail; } catch { /* no problem details */ }
    throw new Stop(detail);
  }

  const wait = (seconds) => new Promise((resolve) => { go = resolve; setTimeout(resolve, seconds * 1000); });
  const whileEncoded = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

  async function hashed(hash, file, from, to, heard = () => {}) {
    for (let at = from; at < to; at += SLICE) {
      hash.update(new Uint8Array(await file.slice(at, Math.min(to, at + SLICE)).arrayBuffer()));
      heard(at);
    }
    return hash;
  }

  async function begun(file) {
    const known = [...document.querySelectorAll("[data-upload]")].find(({ dataset }) => dataset.name === file.name && Number(dataset.size) === file.size);
    if (known) {
      const { start, length, sha256: digest } = known.dataset;
      if (digest && (await hashed(window.sha256(), file, Number(start), Number(start) + Number(length))).hex() !== digest) throw new Stop(words.other);
      return known.dataset.upload;
    }
    const headers = { "Upload-Length": String(file.size), "Upload-Metadata": `filename ${whileEncoded(file.name)}` };
    for (let pauses = 1; ; pauses = Math.min(30, pauses * 2)) {
      const answer = await send("POST", box.dataset.uploads, { headers });
      if (answer.status === 201) return answer.getResponseHeader("Location");
      refused(answer);
      await wait(pauses);
    }
  }

  async function whereItIs(address) {
    const answer = await send("HEAD", address), offset = answer.getResponseHeader("Upload-Offset");
    if (answer.status === 200 && offset !== null) return Number(offset);
    if (answer.status === 404 || answer.status === 410) throw new Stop(words.gone);
    refused(answer);
    return null;
  }

  async function upload(file) {
    const address = await begun(file), whole = window.sha256();
    let offset = null, inHash = 0, pauses = 1;
    for (;;) {
      if (paused) {
        tell(words.paused, inHash, file);
        await new Promise((resolve) => { go = resolve; });
        continue;
      }
      if (offset === null) offset = await whereItIs(address);
      if (offset !== null) {
        await hashed(whole, file, inHash, offset, (at) => { if (offset - at > PART) tell(words.reading, at, file); });
        inHash = offset;
        if (offset >= file.size) return [address, whole.hex()];
        const part = new Uint8Array(await file.slice(offset, offset + PART).arrayBuffer()), own = window.sha256();
        own.update(part);
        tell(words.sent, offset, file);
        const from = offset, headers = {
          "Content-Type": "application/offset+octet-stream", "Upload-Offset": String(from), "Upload-Checksum": `sha256 ${own.base64()}`,
        };
        const answer = await send("PATCH", address, { headers, body: part, heard: (bytes) => tell(words.sent, from + bytes, file) });
        if (answer.status === 204) { offset = Number(answer.getResponseHeader("Upload-Offset")); pauses = 1; continue; }
        if (answer.status !== 409 && answer.status !== 460 && !paused) refused(answer);
        offset = null;
      }
      if (paused) continue;
      told.textContent = words.retry.replace("#", pauses);
      await wait(pauses);
      pauses = Math.min(30, pauses * 2);
    }
  }

  async function imported([address, digest]) {
    const body = new URLSearchParams({ csrfmiddlewaretoken: token, kind: new FormData(form).get("kind"), sha256: digest });
    for (let pauses = 1; ; pauses = Math.min(30, pauses * 2)) {
      const answer = await send("POST", `${address}import/`, { body });
      if (answer.status === 201) return answer.getResponseHeader("Location");
      refused(answer);
      await wait(pauses);
    }
  }

  pause.addEventListener("click", () => {
    paused = !paused;
    pause.textContent = paused ? words.resumeWord : words.pauseWord;
    if (paused) request?.abort();
    go();
  });

  form.addEventListener("submit", async (event) => {
    const [file] = form.elements.file.files;
    if (!file || file.size <= PART || !new FormData(form).get("kind")) return;
    event.preventDefault();
    if (submit.disabled) return;
    submit.disabled = true;
    reason.hidden = true;
    box.hidden = false;
    tell(words.sent, 0, file);
    try {
      location.href = await imported(await upload(file));
    } catch (error) {
      reason.textContent = error instanceof Stop ? error.message : words.failed;
      reason.hidden = false;
      submit.disabled = false;
    }
  });
})();
