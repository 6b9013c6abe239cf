// Bundles the page: dist/page.js (with the worker's source inside), dist/style.css and dist/page.html. The same sources
// give the same bytes.
import { build } from "esbuild";
import { readFile, writeFile, mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { dirname, join } from "node:path";

const folder = dirname(fileURLToPath(import.meta.url));
const common = {
  absWorkingDir: folder,
  bundle: true,
  format: "iife",
  target: "chrome100",
  minify: true,
  charset: "utf8",
  legalComments: "none",
  sourcemap: false,
  write: false,
};

const bundle = async (entry, plugins = []) => {
  const { outputFiles } = await build({ ...common, entryPoints: [entry], plugins });
  return outputFiles[0].text;
};

const worker = await bundle("src/worker.ts");
// The page starts the worker from a blob: address, for a page that was opened from a disk may load no other file.
const workerInside = {
  name: "worker-source",
  setup(plugin) {
    plugin.onResolve({ filter: /^worker-source$/ }, () => ({ path: "worker-source", namespace: "worker-source" }));
    plugin.onLoad({ filter: /.*/, namespace: "worker-source" }, () => ({ contents: worker, loader: "text" }));
  },
};

const script = await bundle("src/main.ts", [workerInside]);
// Both stand inside of the HTML: what would end their element there must not be in them.
for (const end of ["</script", "<!--"]) {
  if (script.toLowerCase().includes(end)) throw new Error(`dist/page.js holds ${end}`);
}
const style = await bundle("src/style.css");
if (style.includes("</")) throw new Error("dist/style.css holds </");

await mkdir(join(folder, "dist"), { recursive: true });
await writeFile(join(folder, "dist/page.js"), script.trimEnd());
await writeFile(join(folder, "dist/style.css"), style.trimEnd());
await writeFile(join(folder, "dist/page.html"), await readFile(join(folder, "src/page.html")));
console.log(`page.js ${script.length} (worker ${worker.length}), style.css ${style.length}`);
