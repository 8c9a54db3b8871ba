// Before the first paint: light, dark or as the system says. Loaded in <head>, not deferred.
(() => {
  // What the settings chose on another device, or just now, comes as a cookie once and is remembered here.
  const told = document.cookie.match(/(?:^|; )theme=(light|dark|system)/)?.[1];
  if (told) {
    document.cookie = "theme=; path=/; max-age=0; samesite=lax";
    if (told === "system") localStorage.removeItem("theme");
    else localStorage.setItem("theme", told);
  }
  const wish = localStorage.getItem("theme");
  const dark = wish === "dark" || (wish !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.classList.toggle("dark", dark);
  document.documentElement.style.colorScheme = dark ? "dark" : "light";
})();
