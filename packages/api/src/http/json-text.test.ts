import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RefusedInput } from "../errors/refused-input.ts";
import { checkJson, decodeJson } from "./json-text.ts";

const bytes = (text: string) => Buffer.from(text, "latin1");

/** The message that a text is refused with, or the text. */
function outcome(read: () => string | undefined): string | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof RefusedInput)) throw error;
    const [fault] = error.failure.errors ?? [];
    return `${fault?.field}: ${fault?.message}`;
  }
}

describe("decodeJson", () => {
  it.each([
    ['{"title":"caf\xe9"}', "body: body is not UTF-8: see the byte E9 at position 13; encode it as UTF-8"],
    [
      '{"title":"\xc3\xa9\xe9"}',
      "body: body is not UTF-8: see the byte E9 at position 12; encode it as UTF-8",
    ],
    [
      '{"title":"\xed\xa0\x80"}',
      "body: body is not UTF-8: see the byte ED at position 10; encode it as UTF-8",
    ],
    ['{"title":"\xc3', "body: body is not UTF-8: see the byte C3 at position 10; encode it as UTF-8"],
    ['{\x00"\x00', '{\x00"\x00'],
    ['\xef\xbb\xbf{"a":1}', '{"a":1}'],
  ])("reads %j as %j", (sent, expected) => {
    expect(outcome(() => decodeJson(bytes(sent), "body"))).toBe(expected);
  });

  it("refuses exactly what is no UTF-8", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 12 }), (sent) => {
        const exact = Buffer.from(Buffer.from(sent).toString()).equals(Buffer.from(sent));
        const refused =
          outcome(() => decodeJson(sent, "body"))?.startsWith("body: body is not UTF-8") ?? false;
        expect(refused).toBe(!exact);
      }),
    );
  });
});

describe("checkJson", () => {
  const twice = "is there more than once; send it once";
  it.each([
    ['{"force":false,"force":true}', `force: force ${twice}`],
    ['{"force":1,"f\\u006frce":2}', `force: force ${twice}`],
    ['{"a":1,"a"\n\t :2}', `a: a ${twice}`],
    ['{"filter":{"q":"x","state":"y","q":""}}', `filter.q: filter.q ${twice}`],
    ['[{"a":1},{"a":1},[{"b":{},"b":{}}]]', `2.0.b: 2.0.b ${twice}`],
    ['{"":1,"":2}', `"": "" ${twice}`],
    ['{"__proto__":1,"__proto__":2}', `__proto__: __proto__ ${twice}`],
    [`${"[".repeat(33)}`, expect.stringMatching(/is nested deeper than 32 levels/)],
  ])("refuses %s", (text, message) => {
    expect(outcome(() => checkJson(text, "body") ?? undefined)).toEqual(message);
  });

  it.each([
    '{"a":"\\"a\\":","b":"a\\\\","c":["a","a"],"d":{"a":1}}',
    '[{"a":1},{"a":1}]',
    '{"title":"\\ud83d\\udcac"}',
    `${"[".repeat(32)}${"]".repeat(32)}`,
    '{"a":"',
    '"\\',
    "}]},",
    "",
  ])("leaves %s to the parser", (text) => {
    expect(() => checkJson(text, "body")).not.toThrow();
  });

  it("finds a name that comes twice, and no other, wherever it stands", () => {
    type Written = { text: string; twice: boolean };
    const name = fc.constantFrom("a", "b", '"', "\\", ":", "{", "é", "");
    const { value } = fc.letrec<{ value: Written }>((tie) => ({
      value: fc.oneof(
        { depthSize: "small" },
        fc.string({ maxLength: 5 }).map((text) => ({ text: JSON.stringify(text), twice: false })),
        fc.constantFrom("1", "null", "true").map((text) => ({ text, twice: false })),
        fc.array(tie("value"), { maxLength: 3 }).map((items) => ({
          text: `[${items.map(({ text }) => text).join(" ,")}]`,
          twice: items.some(({ twice }) => twice),
        })),
        fc.array(fc.tuple(name, tie("value")), { maxLength: 3 }).map((members) => ({
          text: `{${members.map(([key, { text }]) => `${JSON.stringify(key)} : ${text}`).join(", ")}}`,
          twice:
            members.some(([, { twice }]) => twice) ||
            new Set(members.map(([key]) => key)).size < members.length,
        })),
      ),
    }));
    fc.assert(
      fc.property(value, ({ text, twice }) => {
        expect(outcome(() => checkJson(text, "body") ?? undefined) !== undefined).toBe(twice);
      }),
      { numRuns: 300 },
    );
  });
});
