// @ts-check
// The names of all options, as the package's types have them.
import { basename, join } from "node:path";
import ts from "typescript";
import { ROOT } from "../support/program.mjs";

const FOLDER = join(ROOT, "pkg", "src", "model");
/** Where the options' own types are; a type from elsewhere is one value to the options. */
const OWN = ["delivery.ts", "load.ts", "options.ts", "storage.ts"];

/**
 * The paths of the members of the two arguments of `load`, such as `user.cookie.key`.
 *
 * @returns {string[]}
 */
export function optionNames() {
  const file = join(FOLDER, "load.ts");
  const program = ts.createProgram([file], { strict: true, noEmit: true });
  const checker = program.getTypeChecker();
  /** @type {Set<string>} */
  const names = new Set();

  /** @param {ts.Type} type */
  const isOwn = (type) =>
    (type.getSymbol()?.getDeclarations() ?? []).some((one) =>
      OWN.includes(basename(one.getSourceFile().fileName)),
    );

  /** @param {ts.Type} type @param {string} before @param {ts.Node} at */
  const walk = (type, before, at) => {
    for (const one of checker.getPropertiesOfType(type)) {
      const path = before ? `${before}.${one.name}` : one.name;
      names.add(path);
      const given = checker.getTypeOfSymbolAtLocation(one, at);
      const parts = given.isUnion() ? given.types : [given];
      for (const part of parts) {
        const members = part.isIntersection() ? part.types : [part];
        const isObject = members.every(
          (member) => member.flags & ts.TypeFlags.Object,
        );
        const isCalled = part.getCallSignatures().length > 0;
        if (isObject && !isCalled && members.some(isOwn)) walk(part, path, at);
      }
    }
  };
  const source = program.getSourceFile(file);
  if (!source) throw new Error(`${file} is not there`);
  for (const node of source.statements) {
    if (!ts.isInterfaceDeclaration(node)) continue;
    walk(checker.getTypeAtLocation(node), "", node);
  }
  return [...names].sort();
}
