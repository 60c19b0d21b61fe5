// "Try it" in the API guide: calls with the key that was pasted, from this page to this server and nowhere else. The server
// refuses calls that change something with a key of real data (portal/api/views.py); it is said here before.
(() => {
  const box = document.querySelector("[data-try-key]");
  if (!box) return;
  const key = box.querySelector("input"), kindText = document.getElementById("try-kind"), MOST_SHOWN = 20000;
  const kind = () => {
    const text = key.value.trim();
    if (!text) return "none";
    return text.startsWith("ofs_sandbox_") ? "sandbox" : text.startsWith("ofs_") ? "real" : "other";
  };
  const sayKind = () => { kindText.textContent = kindText.dataset[kind()]; };
  key.addEventListener("input", sayKind);
  sayKind();

  const made = (tag, properties, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };
  const field = (call, name, label, value, tag = "input") => {
    const id = `try-${call}-${name}`;
    const input = made(tag, { id, name, value, className: tag === "input" ? "usa-input" : "usa-textarea" });
    input.spellcheck = false;
    return [made("label", { className: "usa-label", htmlFor: id, textContent: label }), input];
  };

  const headerNames = (details) => Object.keys(JSON.parse(details.dataset.headers));

  async function call(details, form, shown) {
    const { try: method, path } = details.dataset, values = new FormData(form), changes = method !== "GET";
    if (kind() === "none" || kind() === "other" || (changes && kind() === "real")) {
      shown.textContent = kindText.textContent;
      key.focus();
      return;
    }
    const query = values.get("query"), body = values.get("body");
    const address = path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(values.get(`path-${name}`)));
    const headers = { Authorization: `Bearer ${key.value.trim()}`, "Offshelf-Try-It": "yes" };
    if (body) headers["Content-Type"] = "application/json";
    for (const name of headerNames(details)) headers[name] = values.get(`header-${name}`);
    shown.textContent = "…";
    try {
      const answer = await fetch(address + (query ? `?${query}` : ""), {
        method, headers, body: body || undefined, credentials: "omit", cache: "no-store", redirect: "error",
      });
      const type = answer.headers.get("Content-Type") || "", lines = [`${answer.status} ${answer.statusText}`.trim()];
      for (const name of ["Offshelf-Sandbox", "RateLimit-Remaining", "ETag"]) {
        if (answer.headers.has(name)) lines.push(`${name}: ${answer.headers.get(name)}`);
      }
      let text = /json|text|xml/.test(type) ? await answer.text() : `${(await answer.blob()).size} bytes of ${type}`;
      if (type.includes("json") && text) text = JSON.stringify(JSON.parse(text), null, 2);
      if (text.length > MOST_SHOWN) text = `${text.slice(0, MOST_SHOWN)}\n… (${text.length} characters)`;
      shown.textContent = `${lines.join("\n")}\n\n${text}`;
    } catch (error) {
      shown.textContent = `No answer: ${error.message}. Try again.`;
    }
  }

  function prepare(details, number) {
    const { try: method, path, query, body, headers } = details.dataset;
    const form = made("form", { className: "wb-form", noValidate: false });
    for (const [, name] of path.matchAll(/\{(\w+)\}/g)) {
      const parts = field(number, `path-${name}`, name, "");
      parts[1].required = true;
      form.append(...parts);
    }
    if (method === "GET" || query) form.append(...field(number, "query", "Query parameters", query));
    for (const name of headerNames(details)) {
      form.append(...field(number, `header-${name}`, name, JSON.parse(headers)[name]));
    }
    if (method !== "GET") {
      const isFile = "Content-Type" in JSON.parse(headers);
      form.append(...field(number, "body", isFile ? "Body (the file)" : "Body (JSON)", body, "textarea"));
    }
    const shown = made("pre", { className: "wb-pre", tabIndex: 0 });
    shown.setAttribute("role", "status");
    form.append(made("button", { className: "usa-button", textContent: `Send ${method} request` }));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      call(details, form, shown);
    });
    details.append(form, shown);
  }

  document.querySelectorAll("details[data-try]").forEach((details, number) => {
    details.addEventListener("toggle", () => prepare(details, number), { once: true });
  });
})();
