// @ts-check
// The built core, made to trap: the real one, with a counter before one of its exports.
import { readFile } from "node:fs/promises";
import binaryen from "binaryen";
import { ROOT } from "../support/program.mjs";

/**
 * The core, but the `call`th call of the first export whose name contains `named` traps.
 *
 * @param {string} named
 * @param {number} call
 * @returns {Promise<Uint8Array>}
 */
export async function trappingCore(named, call) {
  const built = await readFile(`${ROOT}pkg/dist/waymark_bg.wasm`);
  const module = binaryen.readBinary(new Uint8Array(built));
  const { BulkMemory, Multivalue, MutableGlobals } = binaryen.Features;
  const { NontrappingFPToInt, ReferenceTypes, SignExt } = binaryen.Features;
  module.setFeatures(
    BulkMemory |
      Multivalue |
      MutableGlobals |
      NontrappingFPToInt |
      ReferenceTypes |
      SignExt,
  );
  const exported = Array.from({ length: module.getNumExports() }, (_, at) =>
    binaryen.getExportInfo(module.getExportByIndex(at)),
  ).find(({ name }) => name.includes(named));
  if (!exported) throw new Error(`the core exports no ${named}`);
  const { params, results } = binaryen.getFunctionInfo(
    module.getFunction(exported.value),
  );
  const { i32 } = binaryen;
  const calls = "calls of the export";
  module.addGlobal(calls, i32, true, module.i32.const(0));
  const count = () => module.global.get(calls, i32);
  const args = binaryen
    .expandType(params)
    .map((type, at) => module.local.get(at, type));
  const next = module.i32.add(count(), module.i32.const(1));
  const body = [
    module.global.set(calls, next),
    module.if(
      module.i32.eq(count(), module.i32.const(call)),
      module.unreachable(),
    ),
    module.call(exported.value, args, results),
  ];
  const trapping = `trapping ${exported.name}`;
  const block = module.block(null, body, results);
  module.addFunction(trapping, params, results, [], block);
  module.removeExport(exported.name);
  module.addFunctionExport(trapping, exported.name);
  const binary = module.emitBinary();
  module.dispose();
  return binary;
}
