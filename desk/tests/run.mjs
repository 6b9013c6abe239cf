// Bundles the unit tests of what needs no browser, and runs them with Node's own runner.
import { build } from "esbuild";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const folder = dirname(fileURLToPath(import.meta.url));
const out = mkdtempSync(join(tmpdir(), "duban-desk-"));
// There are no workers here.
const noWorker = {
  name: "worker-source",
  setup(plugin) {
    plugin.onResolve({ filter: /^worker-source$/ }, () => ({ path: "worker-source", namespace: "worker-source" }));
    plugin.onLoad({ filter: /.*/, namespace: "worker-source" }, () => ({ contents: "", loader: "text" }));
  },
};
try {
  const entryPoints = readdirSync(folder).filter((name) => name.endsWith(".test.ts")).map((name) => join(folder, name));
  await build({ entryPoints, outdir: out, outExtension: { ".js": ".mjs" }, bundle: true, plugins: [noWorker], platform: "node", format: "esm", target: "node20" });
  const { status } = spawnSync(process.execPath, ["--test", ...entryPoints.map((name) => join(out, name.slice(folder.length + 1).replace(/ts$/, "mjs")))], { stdio: "inherit" });
  process.exitCode = status ?? 1;
} finally {
  rmSync(out, { recursive: true });
}
