// Makes a long choice searchable: a combobox with a list, as the ARIA practices have it, takes the place of every select
// marked data-searchable. The select stays in the form, holds the value and is sent; without this file it is the field.
// With data-names="region" the choices are codes of countries, which the browser names in the language of the page.
(() => {
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toUpperCase(); // in capitals ß is SS
  const make = (tag, attributes) => {
    const element = document.createElement(tag);
    Object.entries(attributes).forEach(([name, value]) => element.setAttribute(name, value));
    return element;
  };

  function enhance(select) {
    const { id, dataset: words } = select, name = select.labels[0]?.textContent.trim() ?? "";
    const empty = [...select.options].find((option) => !option.value);
    const page = document.documentElement;
    const names = words.names && new Intl.DisplayNames([page.lang], { type: words.names });
    const choices = [...select.options].filter((option) => option.value).map((option, place) => {
      const item = make("li", { role: "option", id: `${id}-${place}`, "aria-selected": "false" });
      const sent = option.text; // found by the English name, too
      if (names) option.text = `${names.of(option.value)} (${option.value})`;
      item.textContent = option.text;
      return { option, item, text: plain(`${option.text} ${sent}`) };
    });
    if (names) choices.sort((one, other) => one.option.text.localeCompare(other.option.text, page.lang));
    const box = make("div", { class: "wb-combobox" });
    const field = make("input", {
      type: "text", id, class: select.className.replace("usa-select", "usa-input"), role: "combobox", autocomplete: "off", spellcheck: "false",
      autocapitalize: "none", placeholder: empty?.text ?? "", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": `${id}-list`,
    });
    const list = make("ul", { role: "listbox", id: `${id}-list`, "aria-label": name, hidden: "" });
    const clear = make("button", { type: "button", tabindex: "-1", "aria-label": words.clear, title: words.clear });
    const says = make("p", { role: "status", class: "usa-sr-only" });
    let open = false, typed = false, matching = choices, active = null;

    const chosen = () => choices.find(({ option }) => option.selected);

    function activate(choice) {
      active?.item.setAttribute("aria-selected", "false");
      active = choice ?? null;
      active?.item.setAttribute("aria-selected", "true");
      active?.item.scrollIntoView({ block: "nearest" });
      if (active) field.setAttribute("aria-activedescendant", active.item.id);
      else field.removeAttribute("aria-activedescendant");
    }

    // Below the field, or above it where there is more room; never longer than the room.
    function place() {
      let frame = box.parentElement;
      while (frame && getComputedStyle(frame).overflowY === "visible") frame = frame.parentElement;
      const around = frame?.getBoundingClientRect(), here = field.getBoundingClientRect();
      const below = Math.min(window.visualViewport?.height ?? innerHeight, around?.bottom ?? Infinity) - here.bottom;
      const above = here.top - Math.max(0, around?.top ?? 0), isAbove = below < list.scrollHeight + 8 && above > below;
      box.classList.toggle("is-above", isAbove);
      list.style.maxHeight = `${Math.max(isAbove ? above : below, 104) - 8}px`;
    }

    function show() {
      const wanted = typed ? plain(field.value).split(/\s+/) : [];
      open = true;
      matching = choices.filter(({ text }) => wanted.every((word) => text.includes(word)));
      list.replaceChildren(...matching.map(({ item }) => item));
      list.hidden = !matching.length;
      field.setAttribute("aria-expanded", String(!list.hidden));
      says.textContent = list.hidden ? words.none : words.found.replace("#", matching.length);
      says.classList.toggle("usa-sr-only", !list.hidden);
      place();
      choices.forEach(({ option, item }) => item.classList.toggle("is-chosen", option.selected));
      if (typed) activate(field.value.trim() ? matching[0] : null);
      else activate(chosen());
    }

    function close() {
      open = typed = false;
      list.hidden = true;
      field.setAttribute("aria-expanded", "false");
      says.textContent = "";
      says.classList.add("usa-sr-only");
      activate(null);
      field.value = chosen()?.option.text ?? "";
      clear.hidden = !chosen() || !empty;
      if (document.activeElement === field) field.select(); // what is typed next takes its place
    }

    function choose(option) {
      const changes = !option.selected;
      option.selected = true;
      close();
      if (changes) select.dispatchEvent(new Event("change", { bubbles: true }));
    }

    // The field never shows what is not sent: what is highlighted is taken, and what matches nothing chooses nothing.
    function settle() {
      const option = active?.option ?? (typed ? empty : null);
      if (!open) return;
      if (option) choose(option);
      else close();
    }

    const keys = {
      ArrowDown: (at) => (at + 1) % matching.length,
      ArrowUp: (at) => (at < 1 ? matching.length : at) - 1,
      Home: () => 0,
      End: () => matching.length - 1,
    };

    field.addEventListener("keydown", (event) => {
      const { key } = event;
      if (event.isComposing) return;
      if (key === "Escape" && open) {
        event.stopPropagation(); // the next one leaves the field
        close();
      } else if (key === "Enter") {
        if (!event.ctrlKey) event.preventDefault(); // it chooses; it never sends the form by the way
        if (matching.length || !open) settle();
        else event.stopPropagation(); // what the field shows is no reason to decide with
      } else if (key in keys && !event.ctrlKey && !event.metaKey && !event.shiftKey && (open || key.startsWith("Arrow"))) {
        event.preventDefault();
        if (!open) {
          show();
          if (!active && !event.altKey) activate(matching[keys[key](-1)]);
        } else if (event.altKey) settle();
        else activate(matching[keys[key](matching.indexOf(active))]);
      }
    });
    field.addEventListener("input", () => { typed = true; show(); });
    field.addEventListener("focus", () => { if (!open) field.select(); });
    field.addEventListener("click", () => { if (!open) { field.select(); show(); } });
    field.addEventListener("blur", () => { if (document.hasFocus()) settle(); });
    [list, clear].forEach((part) => part.addEventListener("mousedown", (event) => event.preventDefault())); // the field keeps the focus
    list.addEventListener("click", (event) => {
      const picked = choices.find(({ item }) => item === event.target.closest("li"));
      if (picked) choose(picked.option);
      field.focus();
    });
    clear.addEventListener("click", () => { choose(empty); field.focus(); show(); });

    for (const about of ["data-key", "data-key-label", "aria-describedby", "aria-invalid"]) {
      if (select.hasAttribute(about)) field.setAttribute(about, select.getAttribute(about));
      select.removeAttribute(about);
    }
    clear.textContent = "×";
    select.removeAttribute("id");
    select.hidden = true;
    box.append(field, clear, list, says);
    select.after(box);
    close();
  }

  const enhanceAll = () => document.querySelectorAll("select[data-searchable]:not([hidden])").forEach(enhance);
  enhanceAll();
  document.addEventListener("enhance:shown", enhanceAll);
})();
