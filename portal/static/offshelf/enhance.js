// Makes the queue quick: the next flag is fetched ahead and shown from memory, forms are sent without loading the page
// again, a claim renews while its holder works, and what runs out counts down. Without this file links and forms do the same.
(() => {
  const FRESH = 60_000, ahead = new Map();
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const absolute = (address) => new URL(address, location.href).href;
  const ask = (address, more = {}) => fetch(address, { credentials: "same-origin", ...more, headers: { "X-Enhance": "1" } });
  let busy = false, turn = 0;

  const parsed = (html) => new DOMParser().parseFromString(html, "text/html");
  const replace = (id, from) => {
    const fresh = from.getElementById(id), old = document.getElementById(id);
    if (fresh && old) { old.replaceWith(fresh); window.htmx?.process(fresh); }
  };

  // Ticked flags and the place in the list outlive a look at another flag.
  function keeping(change) {
    const ticked = new Set(all("input[name=flags]:checked").map((box) => box.value)), top = one(".wb-scroll")?.scrollTop;
    change();
    all("input[name=flags]").forEach((box) => { box.checked = ticked.has(box.value); });
    if (top) one(".wb-scroll")?.scrollTo({ top });
    one("input[name=flags]")?.dispatchEvent(new Event("change", { bubbles: true }));
  }

  // What waits is counted there. An open menu, or one that somebody is in, stays as it is.
  function renewNavigation(page) {
    const nav = document.getElementById("nav");
    if (nav && !nav.contains(document.activeElement) && !nav.matches(":popover-open") && !one("details[open]", nav)) replace("nav", page);
  }

  function show(html, address, { push = true } = {}) {
    const page = parsed(html);
    if (!page.getElementById("main")) { location.href = address; return; }
    keeping(() => ["main", "undoings"].forEach((id) => replace(id, page)));
    renewNavigation(page);
    const top = one(".wb-top"), now = one(".wb-top", page); // who is signed in is said there
    if (top && now && !one(".wb-who", now) !== !one(".wb-who", top)) top.replaceWith(now);
    one("#announcements").replaceChildren(...one("#announcements", page).children);
    document.title = page.title;
    if (push && absolute(address) !== location.href) history.pushState({ enhance: true }, "", address);
    document.dispatchEvent(new CustomEvent("enhance:shown"));
    tick();
  }

  async function lookAhead() {
    const link = one("a[data-ahead]");
    if (!link) return;
    const address = link.href;
    if (ahead.has(address) && Date.now() - ahead.get(address).at < FRESH) return;
    try {
      const response = await ask(address);
      if (!response.ok || response.redirected) return;
      const html = await response.text();
      ahead.clear();
      ahead.set(address, { at: Date.now(), html });
      if (one("a[data-ahead]")?.href === address) one("a[data-ahead]").dataset.held = "yes";
    } catch { /* then the link loads it */ }
  }

  function held(address) {
    const kept = ahead.get(absolute(address));
    return kept && Date.now() - kept.at < FRESH ? kept.html : null;
  }

  // What was shown from memory is a moment old: the list, the counts and what is told are brought up to date beside it.
  async function bringUpToDate(address, mine) {
    const page = parsed(await (await ask(address)).text());
    if (mine !== turn) return;
    const old = one(".wb-queue"), fresh = one(".wb-queue", page);
    if (old && fresh && !old.contains(document.activeElement)) keeping(() => old.replaceWith(fresh));
    const pager = one(".wb-pager"), now = one(".wb-pager", page);
    if (pager && now && !pager.contains(document.activeElement)) pager.replaceWith(now);
    replace("undoings", page);
    renewNavigation(page);
    document.title = page.title;
    one("#announcements").replaceChildren(...one("#announcements", page).children);
    document.dispatchEvent(new CustomEvent("enhance:renewed"));
    tick();
  }

  async function go(address, push = true) {
    const mine = ++turn, kept = held(address);
    if (kept) {
      show(kept, address, { push });
      await bringUpToDate(address, mine);
    } else {
      const response = await ask(address);
      if (mine !== turn) return;
      show(await response.text(), response.url, { push });
    }
    if (mine === turn) await lookAhead();
  }

  async function send(form, button) {
    const response = await ask(form.action, { method: "POST", body: new FormData(form, button) });
    busy = false;
    const next = response.headers.get("X-Go-On");
    if (next) { go(next).catch(() => { location.href = next; }); return; }
    const html = await response.text(), claim = parsed(html).getElementById("claim"), old = one("#claim");
    if ((response.ok || response.status === 422) && claim && old && !parsed(html).getElementById("main")) {
      const focused = old.contains(document.activeElement);
      old.replaceWith(claim);
      if (focused) (one("[data-autofocus]", claim) ?? one("button", claim))?.focus();
      tick();
      return;
    }
    turn += 1;
    show(html, response.redirected ? response.url : location.href);
    await lookAhead();
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-enhance]");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    go(link.href).catch(() => { location.href = link.href; });
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("form[data-enhance]") || event.defaultPrevented) return;
    event.preventDefault();
    if (busy) return;
    busy = true;
    one("#announcements").replaceChildren();
    form.setAttribute("aria-busy", "true");
    send(form, event.submitter).catch(() => form.submit()).finally(() => { busy = false; form.removeAttribute("aria-busy"); });
  });

  // A jump within the page is no other page: what is typed stays.
  let here = location.pathname + location.search;
  document.addEventListener("enhance:shown", () => { here = location.pathname + location.search; });
  window.addEventListener("popstate", () => {
    if (here !== location.pathname + location.search) go(location.href, false).catch(() => location.reload());
  });

  // Claims: renewed when two thirds are left or less and somebody did something since.
  let active = false;
  ["keydown", "pointerdown", "input"].forEach((name) => document.addEventListener(name, () => { active = true; }, { passive: true }));
  setInterval(() => {
    const form = one("form[data-renew]");
    if (!form || !active || busy || new Date(form.dataset.renew) - Date.now() > 600_000) return;
    if (one("#claim").contains(document.activeElement) && document.activeElement.matches("input,select")) return;
    active = false;
    send(form).catch(() => { /* the next interval tries again */ });
  }, 20_000);

  function tick() {
    all("[data-gone-at]").forEach((element) => { if (new Date(element.dataset.goneAt) <= Date.now()) element.remove(); });
    all("[data-until]").forEach((element) => {
      const left = Math.max(0, Math.ceil((new Date(element.dataset.until) - Date.now()) / 1000));
      element.textContent = left >= 60 ? element.dataset.minutes.replace("#", Math.floor(left / 60)) : element.dataset.seconds.replace("#", left);
    });
  }
  setInterval(tick, 1000);
  tick();
  lookAhead();
})();
