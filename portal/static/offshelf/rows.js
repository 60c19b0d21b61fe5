// Adds empty rows to a formset, from its template[data-rows], and removes those that were never saved. Without this file
// the button that adds is sent, and the page comes back with one more row. Where a form has several formsets, their rows and
// buttons carry the prefix.
(() => {
  document.querySelectorAll("template[data-rows]").forEach((template) => {
    const { rows: prefix } = template.dataset, form = template.closest("form");
    const own = (name) => [...form.querySelectorAll(`[${name}]`)].filter((each) => ["", prefix].includes(each.getAttribute(name)));
    const [add] = own("data-row-add");
    const total = form.elements[`${prefix}-TOTAL_FORMS`], most = Number(form.elements[`${prefix}-MAX_NUM_FORMS`].value);
    const title = template.content.querySelector("legend").textContent, fields = "input, select, textarea", place = new RegExp(`${prefix}-(?:\\d+|__prefix__)-`, "g");
    const rows = () => own("data-row");

    // The server reads rows by their numbers, so that none may be left out.
    function count() {
      const all = rows();
      all.forEach((row, at) => {
        row.querySelector("legend").textContent = title.replace("#", at + 1);
        for (const name of ["id", "for", "name", "aria-describedby"]) {
          row.querySelectorAll(`[${name}*="${prefix}-"]`).forEach((element) => {
            element.setAttribute(name, element.getAttribute(name).replace(place, `${prefix}-${at}-`));
          });
        }
        row.querySelector("[data-row-remove]")?.toggleAttribute("hidden", all.length === 1);
      });
      total.value = all.length;
      add.hidden = all.length >= most;
    }

    add.addEventListener("click", (event) => {
      event.preventDefault();
      rows().at(-1).after(template.content.cloneNode(true));
      count();
      rows().at(-1).querySelector(fields).focus();
    });

    form.addEventListener("click", (event) => {
      const row = event.target.matches("[data-row-remove]") && event.target.closest("[data-row]");
      if (!rows().includes(row)) return;
      row.remove();
      count();
      (add.hidden ? rows().at(-1).querySelector(fields) : add).focus();
      form.dispatchEvent(new Event("input", { bubbles: true })); // what listens to typing hears that something is gone
    });

    count();
  });
})();
