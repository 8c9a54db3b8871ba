/** Which line of the transcript belongs to a moment of the recording. Times in milliseconds, lines ordered by start. */
export interface Span {
  startMs: number;
  endMs: number;
}

/** A short breath before a line, so that its first sound is not cut. */
export const LEAD_MS = 150;
/** How long a line stays lit after its end while nobody speaks. */
const LINGER_MS = 1500;

/**
 * The index of the line being spoken: of those that run at `ms` the one that began last, so that whoever takes the
 * floor is lit; in a short pause the line before it; -1 in a long pause and before the first line.
 */
export function lineAt(lines: readonly Span[], ms: number): number {
  let running = -1;
  let before = -1;
  for (const [n, line] of lines.entries()) {
    if (line.startMs > ms) break;
    if (ms < line.endMs) running = n;
    if (before === -1 || line.endMs >= (lines[before]?.endMs ?? 0)) before = n;
  }
  if (running !== -1) return running;
  const last = lines[before];
  return last && ms - last.endMs <= LINGER_MS ? before : -1;
}

/** Where to start playing a span, in seconds. */
export function playFromS(span: Span): number {
  return Math.max(0, span.startMs - LEAD_MS) / 1000;
}

/** Is playback past the end of a span that was asked for alone? */
export function isPast(span: Span | null, seconds: number): boolean {
  return span !== null && seconds * 1000 >= span.endMs + 250;
}
