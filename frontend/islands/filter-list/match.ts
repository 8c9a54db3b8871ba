export interface Wish {
  text: string;
  choices: Record<string, string>;
}

export interface Item {
  text: string;
  data: Record<string, string | undefined>;
}

function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

/** True when the item has every word that was typed and every choice that was made. */
export function matches(item: Item, wish: Wish): boolean {
  const text = plain(item.text);
  const words = plain(wish.text).split(/\s+/).filter(Boolean);
  return (
    words.every((word) => text.includes(word)) &&
    Object.entries(wish.choices).every(([name, value]) => item.data[name] === value)
  );
}
