const jws = /^[\w-]+\.[\w-]*\.[\w-]*$/;
/** The first part of a compact JWS (RFC 7515) begins like that of any JSON object. */
const jwsWithin = /\beyJ[\w-]+\.[\w-]+\.[\w-]+/g;
const members = new Set(["receipt", "final_receipt"]);
/** Deeper than any answer of Lethe. */
const deepest = 20;

/**
 * The receipts in a text, each once: those of a JSON document, or of each line, as they are, in JSON, or amid
 * other words. A line in which there is none is answered whole, as a receipt that was damaged, so that it is not
 * overlooked.
 */
export function findReceipts(text: string): string[] {
  const document = parseJson(text);
  const found = document === undefined ? text.split("\n").flatMap(inLine) : inValue(document);
  return [...new Set(found)];
}

function inLine(line: string): string[] {
  const trimmed = line.trim();
  if (trimmed === "") return [];
  if (jws.test(trimmed)) return [trimmed];
  const value = parseJson(trimmed);
  return value === undefined ? (trimmed.match(jwsWithin) ?? [trimmed]) : inValue(value);
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
