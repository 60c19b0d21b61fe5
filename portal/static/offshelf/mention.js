// After an @ in a text, offers the names of the people whom it can mention: those of the checkboxes that data-mentions names.
// Arrows go through them, Enter or Tab takes one, Escape closes. Without this file one types the name or ticks a box.
(() => {
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const ID = "mention-names", BEFORE = /(?:^|[^A-Za-z0-9_./@+-])@([^@\n]{0,40})$/; // as listings/mentions.py reads an @
  const list = Object.assign(document.createElement("ul"), { id: ID, className: "wb-mention", hidden: true });
  list.setAttribute("role", "listbox");
  let field = null, names = [], at = 0;

  const written = () => field.value.slice(0, field.selectionStart).match(BEFORE)?.[1];

  function close() {
    list.hidden = true;
    field?.removeAttribute("aria-activedescendant");
  }

  function activate(place) {
    at = place;
    [...list.children].forEach((item, number) => item.setAttribute("aria-selected", String(number === at)));
    field.setAttribute("aria-activedescendant", `${ID}-${at}`);
    list.children[at].scrollIntoView({ block: "nearest" });
  }

  function offer() {
    const begun = written(), people = [...document.querySelectorAll(`${field.dataset.mentions} label`)];
    if (begun === undefined) { close(); return; }
    const wanted = plain(begun);
    names = people.map((label) => label.textContent.trim()).filter((text) => {
      const name = plain(text.slice(0, text.lastIndexOf(",")));
      return name !== wanted.trim() && (name.startsWith(wanted) || name.split(" ").some((word) => wanted && word.startsWith(wanted)));
    }).slice(0, 8);
    if (!names.length) { close(); return; }
    list.replaceChildren(...names.map((text, number) => {
      const item = Object.assign(document.createElement("li"), { id: `${ID}-${number}`, textContent: text });
      item.setAttribute("role", "option");
      return item;
    }));
    list.setAttribute("aria-label", document.querySelector(`${field.dataset.mentions} summary`)?.textContent.trim() ?? "@");
    field.after(list);
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-controls", ID);
    list.hidden = false;
    activate(0);
  }

  function take(place) {
    const name = names[place].slice(0, names[place].lastIndexOf(",")), end = field.selectionStart;
    field.setRangeText(`${name} `, end - written().length, end, "end");
    close();
    field.dispatchEvent(new Event("change", { bubbles: true }));
    field.focus();
  }

  document.addEventListener("input", ({ target }) => {
    if (!target.matches("textarea[data-mentions]")) return;
    field = target;
    offer();
  });
  document.addEventListener("keydown", (event) => {
    if (list.hidden || event.target !== field || event.isComposing) return;
    const { key } = event, count = names.length;
    if (key === "Escape") close();
    else if (key === "ArrowDown") activate((at + 1) % count);
    else if (key === "ArrowUp") activate((at + count - 1) % count);
    else if ((key === "Enter" && !event.ctrlKey) || (key === "Tab" && !event.shiftKey)) take(at);
    else return;
    event.preventDefault();
    event.stopPropagation(); // Escape leaves the field only once nothing is offered
  }, true);
  list.addEventListener("mousedown", (event) => {
    const item = event.target.closest("li");
    event.preventDefault(); // the field keeps the focus
    if (item) take([...list.children].indexOf(item));
  });
  document.addEventListener("focusout", ({ target }) => { if (target === field) close(); });
})();
