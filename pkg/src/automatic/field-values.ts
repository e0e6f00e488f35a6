import { inherited } from "../base/platform";

/** Words of `autocomplete` that mark a field as secret. */
const SECRET = /^(cc-.*|current-password|new-password|one-time-code)$/;

type Field =
  | HTMLInputElement
  | HTMLSelectElement
  | HTMLTextAreaElement
  | HTMLButtonElement;

/** Whether a field may hold a secret, which is never read even if the field is listed. */
function isSecret(field: Field): boolean {
  const words = field.getAttribute("autocomplete")?.toLowerCase().split(/\s+/);
  return (
    field.type === "password" ||
    field.type === "file" ||
    words?.some((word) => SECRET.test(word)) === true
  );
}

function valueOf(field: Field): unknown {
  if (field instanceof HTMLSelectElement && field.multiple) {
    return [...field.selectedOptions].map(({ value }) => value);
  }
  const ticked = field.type === "checkbox" || field.type === "radio";
  if (ticked && !(field as HTMLInputElement).checked) return undefined;
  return field.value;
}

/**
 * The values of the fields of `form` whose names are listed; an array if several share a name.
 * Passwords, payment cards and files are not read.
 */
export function fieldValues(
  form: HTMLFormElement,
  names: readonly string[],
): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  // A field may be named `elements`.
  const elements: Iterable<Field> = inherited(form, "elements");
  for (const field of elements) {
    const { name } = field;
    if (!name || names.indexOf(name) < 0 || isSecret(field)) continue;
    const value = valueOf(field);
    if (value === undefined) continue;
    values[name] =
      name in values ? ([] as unknown[]).concat(values[name], value) : value;
  }
  return values;
}
