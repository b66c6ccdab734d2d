import { readFile } from 'node:fs/promises';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [
    {
      // JupyterLab imports its icons as raw strings
      name: 'svg-as-string',
      enforce: 'pre',
      async load(id) {
        const file = id.split('?')[0];
        return file?.endsWith('.svg')
          ? `export default ${JSON.stringify(await readFile(file, 'utf8'))};`
          : null;
      }
    }
  ],
  test: {
    globals: true,
    environment: 'jsdom',
    include: ['src/**/__tests__/*.spec.{ts,tsx}'],
    setupFiles: ['./vitest.setup.ts'],
    server: { deps: { inline: [/@jupyterlab\//, /@jupyter\//, /@lumino\//, /@rjsf\//] } }
  }
});
