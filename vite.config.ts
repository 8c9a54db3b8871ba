import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import tailwindcss from "@tailwindcss/vite";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

/** Writes a .br and a .gz beside every script and stylesheet, which WhiteNoise sends to browsers that take them. */
const compressed: Plugin = {
  name: "compressed",
  apply: (_config, { mode }) => mode === "production",
  async writeBundle({ dir = "" }) {
    const names = await readdir(dir, { recursive: true });
    for (const name of names.filter((one) => /\.(js|css|svg)$/.test(one))) {
      const file = join(dir, name);
      const content = await readFile(file);
      await writeFile(`${file}.br`, brotliCompressSync(content));
      await writeFile(`${file}.gz`, gzipSync(content, { level: 9 }));
    }
  },
};

/** Builds frontend/ into parley/static/dist/ with a manifest that the `asset` template tag reads. */
export default defineConfig({
  root: "frontend",
  base: "./", // relative, so that the files work under any STATIC_URL
  plugins: [tailwindcss(), compressed],
  resolve: {
    alias: { "@daily-co/daily-js": fileURLToPath(new URL("frontend/lib/no-daily.ts", import.meta.url)) },
  },
  build: {
    outDir: "../parley/static/dist",
    emptyOutDir: true,
    manifest: true,
    target: "es2022",
    sourcemap: false,
    chunkSizeWarningLimit: 900,
    rolldownOptions: { input: { app: "frontend/app.ts" } },
  },
  test: {
    root: "frontend",
    environment: "happy-dom",
    include: ["**/*.test.ts"],
  },
});
