const id = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/;
const time = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/;
/** What means nothing to its reader: cursors, checksums, receipts, secrets. */
const opaque = /ey[\w-]+\.[\w-]+\.[\w-]+|[\w+/=-]{40,}/;

/**
 * What pages show for what is another each time. The same id on a page is the same thing, so what stands for it is
 * remembered when an answer has told it.
 */
export type Known = Map<string, string>;

/** A text of a page with what is known by now in the place of what the page shows. */
export const filled = (text: string, known: Known): string =>
  [...known].reduce((said, [shown, actual]) => said.replaceAll(shown, actual), text);

/**
 * Where an answer is not what a page shows; empty: nowhere. Names and their order, numbers and words are the same; ids, times and
 * what is opaque is of the same kind; `…` stands for anything.
 */
export function differences(shown: unknown, actual: unknown, known: Known, path = "the answer"): string[] {
  if (typeof shown === "string" && typeof actual === "string")
    return isLike(shown, actual, known) ? [] : [`${path} is “${actual}” and not “${shown}”`];
  if (!isObject(shown) || !isObject(actual))
    return shown === actual ? [] : [`${path} is ${JSON.stringify(actual)} and not ${JSON.stringify(shown)}`];
  const names = Object.keys(shown).join();
  if (names !== Object.keys(actual).join()) return [`${path} has ${Object.keys(actual)} and not ${names}`];
  return Object.keys(shown).flatMap((name) =>
    differences(Reflect.get(shown, name), Reflect.get(actual, name), known, `${path}.${name}`),
  );
}

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;

/** Whether a text is what a page shows. Remembers what an id that the page shows stands for. */
export function isLike(shown: string, actual: string, known: Known): boolean {
  const names: string[] = [];
  const pattern = shown
    .split(new RegExp(`(${[id, time, opaque].map(({ source }) => source).join("|")}|…)`))
    .map((part) => {
      if (part === "…") return ".*";
      if (id.test(part)) {
        const stands = known.get(part);
        if (stands !== undefined) return stands;
        names.push(part);
        return `(${id.source})`;
      }
      const kind = [time, opaque].find((one) => one.test(part));
      return kind?.source ?? part.replaceAll(/[^\w\s]/g, "\\$&");
    });
  const found = new RegExp(`^${pattern.join("")}$`, "s").exec(actual);
  if (!found) return false;
  for (const [index, name] of names.entries()) known.set(name, found[index + 1] ?? "");
  return true;
}
