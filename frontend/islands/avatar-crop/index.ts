import { find } from "../../lib/dom";
import { middle, moved, type Square, shares, zoomed } from "./square";

const SIZE = 512;
const STEP = 0.02;

/**
 * Lets a person choose the part of a picture that is kept: drag, arrow keys, zoom. The server does the cutting; without
 * this element it keeps the middle.
 */
class AvatarCrop extends HTMLElement {
  #image: ImageBitmap | null = null;
  #square: Square = { left: 0, top: 0, side: 1 };
  #canvas = document.createElement("canvas");

  connectedCallback(): void {
    const input = find<HTMLInputElement>(this, "input[type=file]");
    input.addEventListener("change", () => void this.#open(input.files?.[0]));
  }

  async #open(file: File | undefined): Promise<void> {
    const place = find(this, "[data-crop]");
    place.replaceChildren();
    place.hidden = true;
    this.#image = null;
    if (!file) return;
    try {
      this.#image = await createImageBitmap(file);
    } catch {
      return; // no picture: the server says why
    }
    this.#square = middle(this.#image.width, this.#image.height);
    this.#build(place);
    this.#show();
  }

  #build(place: HTMLElement): void {
    const canvas = this.#canvas;
    canvas.width = canvas.height = SIZE;
    canvas.className = "crop";
    canvas.tabIndex = 0;
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", "The part that is kept. Move it with the arrow keys or by dragging.");
    canvas.onkeydown = (event) => this.#key(event);
    canvas.onpointerdown = (event) => canvas.setPointerCapture(event.pointerId);
    canvas.onpointermove = (event) => {
      if (!canvas.hasPointerCapture(event.pointerId)) return;
      const scale = this.#square.side / canvas.clientWidth;
      this.#move(-event.movementX * scale, -event.movementY * scale);
    };
    const label = document.createElement("label");
    label.className = "mt-3 flex max-w-64 items-center gap-3 text-sm";
    const slider = document.createElement("input");
    Object.assign(slider, {
      type: "range",
      min: "1",
      max: "5",
      step: "0.05",
      value: "1",
      className: "input",
    });
    slider.addEventListener("input", () => {
      if (!this.#image) return;
      this.#square = zoomed(this.#square, Number(slider.value), this.#image.width, this.#image.height);
      this.#show();
    });
    label.append("Zoom", slider);
    const fields = ["left", "top", "width"].map((name) =>
      Object.assign(document.createElement("input"), { type: "hidden", name }),
    );
    place.append(canvas, label, ...fields);
    place.hidden = false;
  }

  #key(event: KeyboardEvent): void {
    const steps: Record<string, [number, number]> = {
      ArrowLeft: [-1, 0],
      ArrowRight: [1, 0],
      ArrowUp: [0, -1],
      ArrowDown: [0, 1],
    };
    const step = steps[event.key];
    if (!step) return;
    event.preventDefault();
    this.#move(step[0] * STEP * this.#square.side, step[1] * STEP * this.#square.side);
  }

  #move(dx: number, dy: number): void {
    if (!this.#image) return;
    this.#square = moved(this.#square, dx, dy, this.#image.width, this.#image.height);
    this.#show();
  }

  #show(): void {
    const image = this.#image;
    if (!image) return;
    const { left, top, side } = this.#square;
    this.#canvas.getContext("2d")?.drawImage(image, left, top, side, side, 0, 0, SIZE, SIZE);
    for (const [name, share] of Object.entries(shares(this.#square, image.width, image.height))) {
      find<HTMLInputElement>(this, `input[name=${name}]`).value = share.toFixed(5);
    }
  }
}

customElements.define("avatar-crop", AvatarCrop);
