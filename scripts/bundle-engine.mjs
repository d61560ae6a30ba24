/**
 * The executable's program as modules of JavaScript: src/main.ts and all it needs, a module for each verb, with nothing of
 * Node's in them. bundle-engine.mjs FOLDER VERSION COMMIT; prints the modules' files, the program's first.
 */
import { join } from 'node:path';
import { rolldown } from 'rolldown';

const [folder = '', version = '', commit = ''] = process.argv.slice(2);
const engine = new URL('../src/engine/', import.meta.url).pathname;

/** What takes the place of Node's modules, and of the file that loads librunt. */
const ours = { 'node:fs': 'fs.ts', 'node:path': 'path.ts', 'node:events': 'events.ts' };
/** commander names them for programs that start others, which runt is not. */
const empty = {
  'node:child_process': 'module.exports = {};',
  'node:process': 'module.exports = globalThis.process;',
};

const bundle = await rolldown({
  input: { runt: 'src/main.ts' },
  platform: 'neutral',
  resolve: { mainFields: ['module', 'main'] },
  transform: {
    define: { RUNT_VERSION: JSON.stringify(version), RUNT_COMMIT: JSON.stringify(commit) },
  },
  plugins: [
    {
      name: 'surroundings',
      resolveId(name) {
        if (Object.hasOwn(ours, name)) return join(engine, ours[name]);
        if (Object.hasOwn(empty, name)) return `\0${name}`;
        if (name.endsWith('/load-addon.ts')) return join(engine, 'load-addon.ts');
        if (name.startsWith('node:'))
          throw new Error(`${name}: a module of Node's that src/engine lacks`);
        return undefined;
      },
      load: (id) => (id.startsWith('\0node:') ? { code: empty[id.slice(1)] } : undefined),
    },
  ],
  onLog(level, log, handler) {
    if (level === 'warn') throw new Error(log.message);
    handler(level, log);
  },
});
const { output } = await bundle.write({
  dir: folder,
  format: 'esm',
  plugins: [
    {
      // import() asks for the name of the file that it stands in, which is debug information, and left out
      name: 'imports-by-name',
      renderChunk: (code) => code.replaceAll(/\bimport\(([`"'])\.\//g, 'importModule($1'),
    },
  ],
  minify: true,
  entryFileNames: '[name].js',
  chunkFileNames: '[name]-[hash].js',
});
const first = output.findIndex(({ isEntry }) => isEntry);
const files = [output[first], ...output.filter((_, index) => index !== first)];
console.log(files.map(({ fileName }) => join(folder, fileName)).join('\n'));
