import { RefusedInput } from "../errors/refused-input.ts";
import { shownName } from "../schemas/index.ts";

/** No input of ours is nested deeper than a fifth of this (RFC 8259, section 9, allows a limit). */
const deepest = 32;

/** A byte order mark at the start is taken for what it is: nothing (RFC 8259, section 8.1). */
const utf8 = new TextDecoder("utf-8", { fatal: true });

/**
 * Decodes a JSON text that can be understood in one way only (I-JSON, RFC 7493, sections 2.1 and 2.3): it is UTF-8, and
 * no name comes twice in an object. What is no JSON at all passes: its parser says so.
 *
 * @param place what errors call the whole of it
 * @throws RefusedInput (BAD_REQUEST) that names the place
 */
export function decodeJson(bytes: Uint8Array, place: string): string {
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    const at = firstBadByte(bytes);
    const byte = bytes[at]?.toString(16).padStart(2, "0").toUpperCase();
    const message = `${place} is not UTF-8: see the byte ${byte} at position ${at}; encode it as UTF-8`;
    throw new RefusedInput([{ field: place, message }]);
  }
  checkJson(text, place);
  return text;
}

/** The same for a JSON text that is decoded already. */
export function checkJson(text: string, place: string): void {
  /** For every object and list that we are in: its names so far, null for a list; and where in it we are. */
  const names: (Set<string> | null)[] = [];
  const path: (string | number)[] = [];
  const refuse = (field: string, message: string) => {
    throw new RefusedInput([{ field, message: `${field} ${message}` }]);
  };

  function enter(own: Set<string> | null) {
    if (names.length === deepest) refuse(place, `is nested deeper than ${deepest} levels; send it flatter`);
    names.push(own);
    path.push(own ? "" : 0);
  }

  function meetName(raw: string) {
    const own = names.at(-1);
    if (!own) return;
    const name = raw.includes("\\") ? readString(raw) : raw.slice(1, -1);
    path[path.length - 1] = shownName(name);
    if (own.has(name)) refuse(path.join("."), "is there more than once; send it once");
    own.add(name);
  }

  for (let at = 0; at < text.length; at += 1) {
    switch (text[at]) {
      case '"': {
        const end = endOfString(text, at);
        colon.lastIndex = end;
        if (colon.test(text)) meetName(text.slice(at, end));
        at = end - 1;
        break;
      }
      case "{":
        enter(new Set());
        break;
      case "[":
        enter(null);
        break;
      case "}":
      case "]":
        names.pop();
        path.pop();
        break;
      case ",": {
        const index = path.at(-1);
        if (typeof index === "number") path[path.length - 1] = index + 1;
      }
    }
  }
}

const colon = /[ \t\n\r]*:/y;

/** The place behind the closing quote; the end of the text where there is none. */
function endOfString(text: string, start: number): number {
  let quote = text.indexOf('"', start + 1);
  while (quote > 0 && isEscaped(text, quote)) quote = text.indexOf('"', quote + 1);
  return quote < 0 ? text.length : quote + 1;
}

function isEscaped(text: string, at: number): boolean {
  let first = at;
  while (text[first - 1] === "\\") first -= 1;
  return (at - first) % 2 === 1;
}

/** What a string says; of one that is none, nothing is known yet. */
function readString(raw: string): string {
  try {
    return String(JSON.parse(raw));
  } catch {
    return raw;
  }
}

/** Where decoding stops to be exact. */
function firstBadByte(bytes: Uint8Array): number {
  const encoded = new TextEncoder().encode(new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes));
  const at = bytes.findIndex((byte, index) => byte !== encoded[index]);
  return at < 0 ? bytes.length - 1 : at;
}
