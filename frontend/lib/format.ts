/** Seconds as `4:05` or `1:02:09`. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.floor(Number.isFinite(seconds) ? seconds : 0));
  const h = Math.floor(whole / 3600);
  const m = Math.floor((whole % 3600) / 60);
  const s = String(whole % 60).padStart(2, "0");
  return h > 0 ? `${h}:${String(m).padStart(2, "0")}:${s}` : `${m}:${s}`;
}

/** Seconds as a screen reader should say them: `4 minutes 5 seconds`. */
export function spokenClock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const m = Math.floor(whole / 60);
  const s = whole % 60;
  const part = (n: number, word: string): string => `${n} ${word}${n === 1 ? "" : "s"}`;
  if (m === 0) return part(s, "second");
  return s === 0 ? part(m, "minute") : `${part(m, "minute")} ${part(s, "second")}`;
}

/** The first letters of a name, as the server's `initials` filter makes them. */
export function initials(name: string): string {
  const words = name
    .replaceAll("&", " ")
    .split(/\s+/)
    .filter((word) => /^[\p{L}\p{N}]/u.test(word));
  const first = words[0];
  const last = words.at(-1);
  if (!first || !last) return "?";
  return (words.length === 1 ? first.slice(0, 1) : first.slice(0, 1) + last.slice(0, 1)).toUpperCase();
}
