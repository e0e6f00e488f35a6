// @ts-check
// The README's code, compiled in the shop as in a shop's own project, and run by it.
import { execFile } from "node:child_process";
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const PLUGIN = join(import.meta.dirname, "..");
const SHOP = join(import.meta.dirname, "shop");

/** Segment's guide for Medusa has this, in a project with the module in `src/modules/segment`. */
const GUIDE = `
import { SEGMENT_MODULE } from "./modules/segment"
import SegmentService from "./modules/segment/service"
import type { MedusaContainer } from "@medusajs/framework/types"

export default async function guide(container: MedusaContainer) {
const segmentService = container.resolve<SegmentService>(SEGMENT_MODULE)

await segmentService.track({
  userId: "cust_123",
  event: "Custom Event",
  properties: {
    custom_property: "value"
  }
})
}
`;

/**
 * Compiles the blocks that name a file (`// src/…`), and the guide's, into the shop's `src`. The
 * plugin must be installed there.
 *
 * @throws {Error} with what the compiler says
 */
export async function buildReadme() {
  const folder = join(SHOP, ".readme");
  await rm(folder, { recursive: true, force: true });
  const readme = await readFile(join(PLUGIN, "README.md"), "utf8");
  const blocks = [...readme.matchAll(/^```ts\n\/\/ (\S+\.ts)\n(.*?)^```$/gms)];
  const files = blocks.map(([, name = "", code = ""]) => ({ name, code }));
  files.push({ name: "src/guide.ts", code: GUIDE });
  for (const { name, code } of files) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, code);
  }
  // As Medusa's own starter has it.
  const compilerOptions = {
    ...{ target: "es2021", module: "node16", moduleResolution: "node16" },
    ...{ esModuleInterop: true, strict: true, skipLibCheck: true },
    ...{ types: ["node"], rootDir: ".", outDir: "built" },
  };
  const tsconfig = { compilerOptions, include: ["medusa-config.ts", "src"] };
  await writeFile(join(folder, "tsconfig.json"), JSON.stringify(tsconfig));
  const tsc = join(PLUGIN, "node_modules", ".bin", "tsc");
  try {
    await run(tsc, ["--project", folder]);
  } catch (error) {
    const { stdout } = /** @type {{ stdout: string }} */ (error);
    throw new Error(stdout, { cause: error });
  }
  await rm(join(SHOP, "src"), { recursive: true, force: true });
  await cp(join(folder, "built", "src"), join(SHOP, "src"), {
    recursive: true,
  });
  await rm(folder, { recursive: true });
}
