// The guided tour: a stop that one comes to has the focus, so that it is read out; Escape and the link end it on the spot.
(() => {
  const panel = document.getElementById("tour");
  if (!panel) return;
  if (location.hash === "#tour") panel.focus({ preventScroll: true });

  const end = async () => {
    const address = panel.querySelector("[data-tour-end]").href, status = document.getElementById("announcements");
    panel.remove();
    document.getElementById("main").focus({ preventScroll: true });
    const said = Object.assign(document.createElement("p"), { className: "usa-sr-only", textContent: panel.dataset.ended });
    status.append(said);
    try {
      await fetch(address, { redirect: "manual" });
    } catch {
      location.assign(address); // the next page would show the tour again
    }
  };
  panel.addEventListener("keydown", (event) => { if (event.key === "Escape") end(); });
  panel.addEventListener("click", (event) => {
    if (!event.target.closest("[data-tour-end]") || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    end();
  });
})();
