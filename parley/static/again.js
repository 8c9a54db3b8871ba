// A page that says "not now" looks every few seconds, and at once when the network is back, whether it is over.
(() => {
  const link = document.querySelector("[data-again]");
  const look = async () => {
    try {
      const answer = await fetch("/healthz", { cache: "no-store" });
      if (!answer.ok) return;
      const page = await fetch(location.href, { method: "HEAD", cache: "no-store" });
      if (page.status !== 503) location.reload();
    } catch {
      // still away
    }
  };
  setInterval(look, 15000);
  addEventListener("online", look);
  // On the offline page the address is the one that was asked for, which the page itself cannot know.
  link?.addEventListener("click", (event) => {
    event.preventDefault();
    location.reload();
  });
})();
