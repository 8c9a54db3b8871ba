export const VERTEX = `
attribute vec2 position;
void main() { gl_Position = vec4(position, 0.0, 1.0); }`;

/** A grid of squares whose strength follows slow noise; cobalt below, terracotta above, as the two voices. */
export const FRAGMENT = `
precision mediump float;
uniform float uTime;
uniform vec2 uSize;
const float CELL = 14.0;
float hash(vec2 p) { return fract(sin(dot(p, vec2(127.1, 311.7))) * 43758.5453); }
float noise(vec2 p) {
  vec2 i = floor(p), f = fract(p);
  f = f * f * (3.0 - 2.0 * f);
  return mix(mix(hash(i), hash(i + vec2(1, 0)), f.x), mix(hash(i + vec2(0, 1)), hash(i + vec2(1, 1)), f.x), f.y);
}
void main() {
  vec2 cell = floor(gl_FragCoord.xy / CELL);
  vec2 inside = abs(fract(gl_FragCoord.xy / CELL) - 0.5);
  float drift = noise(cell * 0.12 + vec2(uTime * 0.10, uTime * 0.05));
  float spark = hash(cell) * 0.55;
  float strength = smoothstep(0.55, 0.95, drift + spark * 0.6) * 0.30;
  float square = step(max(inside.x, inside.y), 0.30);
  float high = gl_FragCoord.y / max(uSize.y, 1.0);
  vec3 tone = mix(vec3(0.27, 0.42, 0.86), vec3(0.86, 0.50, 0.30), smoothstep(0.35, 0.8, high + (hash(cell + 7.0) - 0.5) * 0.5));
  float alpha = strength * square * smoothstep(0.0, 0.4, high);
  gl_FragColor = vec4(tone * alpha, alpha);
}`;
