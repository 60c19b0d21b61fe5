// Help where one stands: the link to the guide goes beside the page's heading, and opens its paragraph in a dialog.
// Without this file the link is at the foot of the page and opens the guide.
(() => {
  const link = document.querySelector("[data-guide]");
  if (!link) return;
  const place = () => { if (!document.querySelector("h1 + [data-guide]")) document.querySelector("main h1")?.after(link); };

  link.addEventListener("click", async (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const address = new URL(link.href), dialog = document.getElementById("guide-help");
    try {
      const answer = await fetch(`${address.pathname}?paragraph=${address.hash.slice(1)}`);
      if (!answer.ok || answer.redirected) throw new Error(answer.status);
      dialog.querySelector("[data-paragraph]").innerHTML = await answer.text();
      dialog.showModal(); // Escape closes it, and the browser gives the focus back
    } catch {
      location.assign(link.href);
    }
  });
  document.addEventListener("htmx:afterSettle", place); // a page whose heading was replaced
  place();
})();
