import { Mesh, Program, Renderer, Triangle } from "ogl";
import { decorationLevel } from "../../lib/decoration";
import { FRAGMENT, VERTEX } from "./shader";

const FRAMES_PER_S = 24;

/** Pixels in the two voices' colours that drift behind a page. Stops when out of sight. */
class PixelBackground extends HTMLElement {
  #stop: (() => void) | null = null;

  async connectedCallback(): Promise<void> {
    const level = await decorationLevel();
    if (level === "none" || !this.isConnected || this.#stop) return;
    try {
      this.#stop = this.#start(level === "full");
    } catch {
      this.dataset.off = "no WebGL"; // the page is complete without it
    }
  }

  disconnectedCallback(): void {
    this.#stop?.();
    this.#stop = null;
  }

  #start(moves: boolean): () => void {
    const renderer = new Renderer({ alpha: true, dpr: 1, antialias: false, powerPreference: "low-power" });
    const gl = renderer.gl;
    const uniforms = { uTime: { value: 0 }, uSize: { value: [1, 1] } };
    const program = new Program(gl, { vertex: VERTEX, fragment: FRAGMENT, uniforms, transparent: true });
    const mesh = new Mesh(gl, { geometry: new Triangle(gl), program });
    this.append(gl.canvas);
    const size = new ResizeObserver(() => {
      renderer.setSize(this.clientWidth, this.clientHeight);
      uniforms.uSize.value = [this.clientWidth, this.clientHeight];
      renderer.render({ scene: mesh });
    });
    size.observe(this);
    let timer = 0;
    const seen = new IntersectionObserver(([entry]) => {
      clearInterval(timer);
      if (!moves || !entry?.isIntersecting) return;
      timer = window.setInterval(() => {
        if (document.hidden) return;
        uniforms.uTime.value += 1 / FRAMES_PER_S;
        renderer.render({ scene: mesh });
      }, 1000 / FRAMES_PER_S);
    });
    seen.observe(this);
    return () => {
      clearInterval(timer);
      size.disconnect();
      seen.disconnect();
      gl.getExtension("WEBGL_lose_context")?.loseContext();
      gl.canvas.remove();
    };
  }
}

customElements.define("pixel-background", PixelBackground);
