import { Mesh, Program, Renderer, Triangle } from "ogl";
import { decorationLevel } from "../../lib/decoration";

const LASTS_S = 0.9;
const WIDE_PX = 320;

const VERTEX = `
attribute vec2 position;
varying vec2 at;
void main() { at = position; gl_Position = vec4(position, 0.0, 1.0); }`;

/** Squares on a ring that widens and fades. */
const FRAGMENT = `
precision mediump float;
varying vec2 at;
uniform float uShare;
float hash(vec2 p) { return fract(sin(dot(p, vec2(127.1, 311.7))) * 43758.5453); }
void main() {
  vec2 cell = floor(at * 22.0);
  vec2 inside = abs(fract(at * 22.0) - 0.5);
  float far = length(cell / 22.0);
  float ring = smoothstep(0.22, 0.0, abs(far - uShare * 0.95));
  float lit = ring * step(0.45, hash(cell)) * (1.0 - uShare) * step(max(inside.x, inside.y), 0.38);
  vec3 tone = hash(cell + 3.0) > 0.5 ? vec3(0.27, 0.42, 0.86) : vec3(0.86, 0.50, 0.30);
  gl_FragColor = vec4(tone * lit, lit);
}`;

/** A burst around the middle of its parent, once for each `parley:blast` that is dispatched on it
 * or click on a `data-blasts` beside it. */
class PixelBlast extends HTMLElement {
  connectedCallback(): void {
    this.addEventListener("parley:blast", this.#blast);
    this.parentElement?.querySelector("[data-blasts]")?.addEventListener("click", this.#blast);
  }

  disconnectedCallback(): void {
    this.removeEventListener("parley:blast", this.#blast);
  }

  readonly #blast = async (): Promise<void> => {
    if ((await decorationLevel()) !== "full" || !this.parentElement || this.firstElementChild) return;
    const box = this.parentElement.getBoundingClientRect();
    this.style.left = `${box.left + box.width / 2 - WIDE_PX / 2}px`;
    this.style.top = `${box.top + box.height / 2 - WIDE_PX / 2}px`;
    try {
      play(this);
    } catch {
      this.replaceChildren(); // no WebGL, no burst
    }
  };
}

function play(host: HTMLElement): void {
  const renderer = new Renderer({ alpha: true, dpr: 1, width: WIDE_PX, height: WIDE_PX });
  const gl = renderer.gl;
  const uniforms = { uShare: { value: 0 } };
  const program = new Program(gl, { vertex: VERTEX, fragment: FRAGMENT, uniforms, transparent: true });
  const mesh = new Mesh(gl, { geometry: new Triangle(gl), program });
  host.append(gl.canvas);
  const begun = performance.now();
  const frame = (now: number): void => {
    uniforms.uShare.value = (now - begun) / 1000 / LASTS_S;
    if (uniforms.uShare.value >= 1 || !host.isConnected) {
      gl.getExtension("WEBGL_lose_context")?.loseContext();
      gl.canvas.remove();
      return;
    }
    renderer.render({ scene: mesh });
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}

customElements.define("pixel-blast", PixelBlast);
