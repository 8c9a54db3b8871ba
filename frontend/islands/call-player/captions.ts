export interface Caption {
  i: number;
  speaker: "rep" | "buyer";
  text: string;
  final: boolean;
}

/**
 * The captions with one more word of the server: the same `i` and speaker replaces, an empty text removes
 * (a buyer's line of which nothing was heard), anything else is put in its place by `i`.
 */
export function withCaption(captions: readonly Caption[], caption: Caption): Caption[] {
  const rest = captions.filter((c) => !(c.i === caption.i && c.speaker === caption.speaker));
  if (!caption.text.trim()) return rest;
  const place = rest.findIndex((c) => c.i > caption.i);
  return place === -1 ? [...rest, caption] : [...rest.slice(0, place), caption, ...rest.slice(place)];
}
