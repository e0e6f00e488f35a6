// @ts-check
// `waymark types`: TypeScript types of a tracking plan.
import { readFile, writeFile } from "node:fs/promises";
import { generateTypes } from "../../dist/plan/types.js";
import { readArguments } from "./arguments.mjs";
import { Failure, UsageError } from "./failure.mjs";

/** @param {string[]} args */
export async function types(args) {
  const { values, positionals } = readArguments(args, {
    out: { type: "string" },
    check: { type: "boolean" },
  });
  const { out, check } = values;
  const [plan] = positionals;
  if (!plan || positionals.length > 1) {
    throw new UsageError("types takes one tracking plan, as a JSON file");
  }
  if (check && !out) throw new UsageError("--check needs --out FILE.d.ts");
  const written = await generated(plan);
  if (!out) process.stdout.write(written);
  else if (!check) await writeFile(out, written);
  else if ((await readFile(out, "utf8").catch(() => "")) !== written) {
    throw new Failure(
      `${out} is not what ${plan} makes; run it without --check`,
    );
  }
}

/** @param {string} plan the file's path */
async function generated(plan) {
  try {
    return generateTypes(JSON.parse(await readFile(plan, "utf8")));
  } catch (error) {
    throw new Failure(`${plan}: ${/** @type {Error} */ (error).message}`);
  }
}
