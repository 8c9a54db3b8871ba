import { fileURLToPath } from "node:url";
import tailwindcss from "@tailwindcss/vite";
import { defineConfig } from "vitest/config";

/** Builds frontend/ into parley/static/dist/ with a manifest that the `asset` template tag reads. */
export default defineConfig({
  root: "frontend",
  base: "./", // relative, so that the files work under any STATIC_URL
  plugins: [tailwindcss()],
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
