const jws = /^[\w-]+\.[\w-]*\.[\w-]*$/;
const members = new Set(["receipt", "final_receipt"]);
/** Deeper than any answer of Lethe. */
const deepest = 20;

/**
 * The receipts in a text, each once: those of a JSON document, or one a line, as they are or in JSON. What is
 * neither is taken for a receipt that was damaged, so that it is not overlooked.
 */
export function findReceipts(text: string): string[] {
  const document = parseJson(text);
  const found = document === undefined ? text.split("\n").flatMap(inLine) : inValue(document);
  return [...new Set(found)];
}

function inLine(line: string): string[] {
  const trimmed = line.trim();
  if (trimmed === "") return [];
  const value = jws.test(trimmed) ? undefined : parseJson(trimmed);
  return value === undefined ? [trimmed] : inValue(value);
}

function inValue(value: unknown, depth = 0): string[] {
  if (depth > deepest) return [];
  if (typeof value === "string") return depth === 0 ? [value] : [];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) =>
    members.has(name) && typeof member === "string" ? [member] : inValue(member, depth + 1),
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
