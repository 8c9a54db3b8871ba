// Before the first paint: light, dark or as the system says. Loaded in <head>, not deferred.
(() => {
  const wish = localStorage.getItem("theme");
  const dark = wish === "dark" || (wish !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.classList.toggle("dark", dark);
  document.documentElement.style.colorScheme = dark ? "dark" : "light";
})();
