import { tsad } from "tsad/vite";
import { defineConfig } from "vite";

export default defineConfig({ plugins: [tsad()] });
