// Keyboard, theme, selection and focus. Everything works without this file too: it only makes forms and links quicker.
(() => {
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const store = {
    get(key) { try { return localStorage.getItem(key); } catch { return null; } },
    set(key, value) { try { localStorage.setItem(key, value); } catch { /* not kept, still works */ } },
  };
  const root = document.documentElement, help = one("#help"), keysOn = one("#keys-on");

  if (keysOn) {
    keysOn.checked = store.get("keys") !== "off";
    const show = () => root.classList.toggle("keys-off", !keysOn.checked);
    keysOn.addEventListener("change", () => { store.set("keys", keysOn.checked ? "on" : "off"); show(); });
    show();
  }

  function openHelp() {
    one("#help-list").replaceChildren(...all("[data-key-label]").flatMap((element) => {
      const term = document.createElement("dt"), key = document.createElement("kbd"), text = document.createElement("dd");
      key.textContent = element.dataset.key.toUpperCase();
      term.append(key);
      text.textContent = element.dataset.keyLabel;
      return [term, text];
    }));
    help.showModal();
  }

  const theme = () => root.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-open-help]")) openHelp();
    if (event.target.closest("[data-theme-toggle]")) {
      root.dataset.theme = theme() === "dark" ? "light" : "dark";
      store.set("theme", root.dataset.theme);
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat || help?.open) {
      if (event.ctrlKey && event.key === "Enter") (one("[data-send]", event.target.form ?? undefined) ?? one("[data-key=d]"))?.click();
      return;
    }
    const target = event.target;
    const typing = target.matches("textarea,select,input:not([type=radio]):not([type=checkbox])") || target.isContentEditable;
    if (typing) {
      if (event.key === "Escape") { target.blur(); one("h1[tabindex]")?.focus({ preventScroll: true }); }
      return;
    }
    if (!keysOn?.checked) return;
    const element = all("[data-key]").find((item) => item.dataset.key === event.key.toLowerCase() && !item.disabled);
    if (!element) return;
    event.preventDefault();
    if (element.matches("textarea,select,input[type=search],[role=combobox]")) element.focus();
    else if (element.type === "radio") { element.checked = true; element.focus(); }
    else element.click();
  });

  document.addEventListener("change", (event) => {
    const box = event.target;
    if (box.matches("[data-select-all]")) all(`input[name="${box.dataset.selectAll}"]`).forEach((item) => { item.checked = box.checked; });
    all("[data-count-of]").forEach((element) => {
      const count = all(`input[name="${element.dataset.countOf}"]:checked`).length;
      element.textContent = count ? element.dataset.some.replace("#", count) : element.dataset.none;
    });
  });

  // A file that would be refused for its size is refused where it is chosen: sent, it could take the message with it.
  document.addEventListener("change", ({ target }) => {
    if (!target.matches("input[type=file][data-max-bytes]")) return;
    const large = [...target.files].find((file) => file.size > target.dataset.maxBytes);
    target.setCustomValidity(large ? target.dataset.tooLarge.replace("#", large.name) : "");
    target.reportValidity();
  });
  document.addEventListener("submit", (event) => {  // before htmx, which lets a form with novalidate go
    const refused = [...event.target.elements].find((field) => field.type === "file" && field.validity.customError);
    if (!refused) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    refused.reportValidity();
  }, true);

  // What htmx sent and the server refused as a whole: the page stays as it is, with all that is written, and says why.
  document.addEventListener("htmx:responseError", ({ detail: { xhr } }) => {
    const told = one("main p", new DOMParser().parseFromString(xhr.responseText, "text/html"));
    const box = document.createElement("p");
    box.className = "wb-note-box is-error";
    box.textContent = told?.textContent.trim() || `${xhr.status}`;
    one("#announcements").replaceChildren(box);
    one("#announcements").scrollIntoView({ block: "nearest" });
  });

  document.addEventListener("submit", (event) => {
    const question = event.target.dataset?.confirm;
    if (question && !event.target.dataset.confirmed && !window.confirm(question)) event.preventDefault();
  });

  // What renews itself says when it no longer does: for so many seconds nothing came, or another page than was asked for (signed out).
  let renewed = performance.now();
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { target, xhr } = event.detail;
    if (!target.matches?.("[data-renews]") || xhr.status >= 400) return;
    if (new URL(xhr.responseURL).pathname !== new URL(target.getAttribute("hx-get"), location.href).pathname) event.detail.shouldSwap = false;
    else renewed = performance.now();
  });
  if (one("[data-renews]")) setInterval(() => {
    const box = one("[data-renews]");
    if (box && performance.now() - renewed > box.dataset.renews * 1000) one("[data-renew-failed]", box)?.removeAttribute("hidden");
  }, 1000);

  // On a narrow screen the list stands below the review: scrolling to it would hide what is to be read first.
  const showCurrent = () => { if (matchMedia("(min-width: 901px)").matches) one(".wb-item.is-current")?.scrollIntoView({ block: "nearest" }); };
  const settle = () => {
    one("[data-autofocus]")?.focus({ preventScroll: false });
    showCurrent();
  };
  one("[data-autofocus]")?.focus();
  showCurrent();
  // What is shown once is copied with a button, where the browser can.
  if (navigator.clipboard) all("[data-copy]").forEach((element) => {
    const button = document.createElement("button"), parts = [...element.children];
    const text = element.value ?? (parts.length ? parts.map((part) => part.textContent).join("\n") : element.textContent);
    Object.assign(button, { type: "button", className: "usa-button usa-button--outline wb-copy" });
    button.textContent = element.dataset.copy;
    button.setAttribute("aria-live", "polite");
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(text.trim());
      button.textContent = element.dataset.copied;
    });
    element.after(button);
  });
  // Another flag: the focus goes to its heading, and on a narrow screen, where list, flag and form stand one below the
  // other, the page does too. Nobody is left at the form of a flag that they have not seen.
  document.addEventListener("enhance:shown", () => {
    settle();
    if (one("[data-autofocus]")) return;
    const heading = one("#flag-h") ?? one("#main h1");
    heading?.setAttribute("tabindex", "-1");
    heading?.focus({ preventScroll: true });
    if (matchMedia("(max-width: 900px)").matches) heading?.scrollIntoView({ block: "start" });
  });
  document.addEventListener("enhance:renewed", showCurrent);
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail?.target?.id === "messages") (one("#messages [data-autofocus]") ?? one("#messages-h"))?.focus();
  });
})();
