import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RefusedInput } from "../errors/refused-input.ts";
import { etagOf, judgeRead, readPreconditions, versionCondition } from "./etag.ts";

/** Reads one header. */
const read = (name: string, value: string | undefined) =>
  readPreconditions((asked) => (asked === name ? value : undefined));
const conditionOf = (name: string, value: string) => versionCondition(read(name, value) ?? {});

describe("a list of entity tags", () => {
  it.each([
    ["*", undefined, []],
    [" * ", undefined, []],
    ['"3"', [3], [3]],
    ['"3", "4"', [3, 4], [3, 4]],
    ['"3","4"\t,"3"', [3, 4], [3, 4]],
    [', "3" ,, ', [3], [3]],
    ['W/"3"', [], [3]],
    ['W/"3", "4"', [4], [3, 4]],
    ['"a,b", "7"', [7], [7]],
    ['"03"', [], []],
    ['"0"', [], []],
    ['"-1"', [], []],
    ['""', [], []],
    ['"99999999999999999999"', [], []],
    ['"2147483648"', [], []],
    ['"2147483647"', [2_147_483_647], [2_147_483_647]],
  ])("%j allows %j in If-Match, and in If-None-Match all but %j", (header, versions, exceptVersions) => {
    expect(conditionOf("If-Match", header)).toEqual(versions ? { versions } : {});
    const star = header.trim() === "*";
    expect(conditionOf("If-None-Match", header)).toEqual(star ? { versions: [] } : { exceptVersions });
  });

  it("is no condition where it is not there", () => {
    expect(readPreconditions(() => undefined)).toBeUndefined();
  });

  it.each([
    "",
    " ",
    ",",
    "3",
    '"3',
    '3"',
    "W/3",
    'w/"3"',
    '"3" "4"',
    '*, "3"',
    '"3", *',
    '"a b"',
    `"${"x".repeat(5_000)}"`,
  ])("is not %j, which is refused under the header's name", (header) => {
    for (const name of ["If-Match", "If-None-Match"])
      expect(() => read(name, header)).toThrowError(new RegExp(`^${name} must be`));
  });

  it("matches what etagOf made, wherever it stands in a list", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 2_147_483_647 }), { minLength: 1, maxLength: 20 }),
        (versions) => {
          const condition = conditionOf("If-Match", versions.map(etagOf).join(", "));
          expect(condition).toEqual({ versions: [...new Set(versions)] });
        },
      ),
    );
  });

  it("answers or refuses any header, and never hangs on one", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('"', ",", " ", "W", "/", "1", "*", "\t", "é"), maxLength: 300 }),
        (header) => {
          try {
            expect(conditionOf("If-Match", header).versions?.every(Number.isInteger) ?? true).toBe(true);
          } catch (error) {
            expect(error).toBeInstanceOf(RefusedInput);
          }
        },
      ),
    );
  });
});

describe("a read", () => {
  it.each([
    ["*", undefined, '"3"', "met"],
    ["*", undefined, null, "met"],
    ['"3"', undefined, '"3"', "met"],
    ['W/"3"', undefined, '"3"', "failed"],
    ['"3"', undefined, 'W/"3"', "failed"],
    ['"4"', undefined, '"3"', "failed"],
    ['"3"', undefined, null, "failed"],
    [undefined, "*", '"3"', "not_modified"],
    [undefined, "*", null, "not_modified"],
    [undefined, '"4", W/"3"', '"3"', "not_modified"],
    [undefined, '"3"', 'W/"3"', "not_modified"],
    [undefined, '"4"', '"3"', "met"],
    [undefined, '"3"', null, "met"],
    ['"3"', '"3"', '"3"', "not_modified"],
    ['"4"', '"3"', '"3"', "failed"],
  ])("under If-Match %s and If-None-Match %s, of %s: %s", (ifMatch, ifNoneMatch, etag, verdict) => {
    const asked = readPreconditions((name) => (name === "If-Match" ? ifMatch : ifNoneMatch));
    expect(judgeRead(asked ?? {}, etag)).toBe(verdict);
  });
});
