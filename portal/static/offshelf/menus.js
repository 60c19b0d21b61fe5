// Menus by keyboard: Escape closes, arrows go from entry to entry, and what is left closes behind one. Without this file a
// menu opens and closes by its own button, and the browser lets one be open at a time.
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const open = () => all(".wb-nav details[open]");
  const narrow = () => matchMedia("(max-width: 900px)").matches;

  document.addEventListener("keydown", (event) => {
    const group = event.target.closest?.(".wb-nav details");
    if (event.key === "Escape" && open().length) {
      event.preventDefault(); // the menu of a phone stays open around the group
      open().forEach((one) => {
        const within = one.contains(document.activeElement);
        one.open = false;
        if (within) one.querySelector("summary").focus();
      });
    } else if (group && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      group.open = true;
      const stops = all("summary, a", group), step = event.key === "ArrowDown" ? 1 : stops.length - 1;
      stops[(stops.indexOf(document.activeElement) + step) % stops.length].focus();
    }
  });

  document.addEventListener("click", (event) => {
    open().forEach((one) => { if (!one.contains(event.target) && !narrow()) one.open = false; });
  });
  document.addEventListener("focusout", (event) => {
    const group = event.target.closest?.(".wb-nav details[open]");
    if (group && event.relatedTarget && !group.contains(event.relatedTarget) && !narrow()) group.open = false;
  });
})();
