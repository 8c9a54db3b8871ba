/** A square of a picture in its own pixels. */
export interface Square {
  left: number;
  top: number;
  side: number;
}

/** The largest square in the middle. */
export function middle(width: number, height: number): Square {
  const side = Math.min(width, height);
  return { left: (width - side) / 2, top: (height - side) / 2, side };
}

/** The square moved and kept inside of the picture. */
export function moved(square: Square, dx: number, dy: number, width: number, height: number): Square {
  const clamp = (value: number, most: number): number => Math.min(Math.max(0, value), most);
  return {
    ...square,
    left: clamp(square.left + dx, width - square.side),
    top: clamp(square.top + dy, height - square.side),
  };
}

/** The square at another zoom (1: as large as fits), around the same middle. */
export function zoomed(square: Square, zoom: number, width: number, height: number): Square {
  const side = Math.min(width, height) / Math.max(1, zoom);
  const shift = (square.side - side) / 2;
  return moved({ ...square, side }, shift, shift, width, height);
}

/** What the server wants: left by width, top by height, side by the shorter side, each 0..1. */
export function shares(
  square: Square,
  width: number,
  height: number,
): { left: number; top: number; width: number } {
  return {
    left: square.left / width,
    top: square.top / height,
    width: square.side / Math.min(width, height),
  };
}
