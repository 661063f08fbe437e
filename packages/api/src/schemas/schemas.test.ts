import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chatIdSchema, clientFrameSchema, createChatSchema, createMessageSchema, limits } from "./index.ts";

const messages = (result: { success: boolean; error?: { issues: { message: string }[] } | undefined }) =>
  result.error?.issues.map((issue) => issue.message) ?? [];

describe("chat_id", () => {
  it("reads any UUID in any case as lower case", () => {
    expect(chatIdSchema.parse("A1B2C3D4-E5F6-0A7B-FC9D-0E1F2A3B4C5D")).toBe(
      "a1b2c3d4-e5f6-0a7b-fc9d-0e1f2a3b4c5d",
    );
  });

  it.each([
    "",
    "a1b2c3d4",
    "a1b2c3d4e5f64a7b8c9d0e1f2a3b4c5d",
    "{a1b2c3d4-e5f6-4a7b-8c9d-0e1f2a3b4c5d}",
    "a1b2c3d4-e5f6-4a7b-8c9d-0e1f2a3b4c5d\n",
    "g1b2c3d4-e5f6-4a7b-8c9d-0e1f2a3b4c5d",
  ])("refuses %j with an example of a good one", (id) => {
    expect(messages(chatIdSchema.safeParse(id))[0]).toContain("such as a1b2c3d4");
  });
});

describe("title", () => {
  it("is trimmed before it is counted", () => {
    expect(createChatSchema.parse({ title: `  ${"x".repeat(limits.titleLength)}\n` }).title).toHaveLength(
      200,
    );
  });

  it.each([
    [undefined, "title is required"],
    [7, "title must be a string"],
    ["   ", "title must not be empty"],
    ["x".repeat(201), "title must be at most 200 characters long"],
    ["a\u0000b", "title must not contain the character U+0000"],
    ["a\ud800b", "title must be well-formed Unicode"],
  ])("refuses %j by name", (title, message) => {
    expect(messages(createChatSchema.safeParse({ title }))[0]).toContain(message);
  });

  it("accepts every text that it does not name a fault in, unchanged but for its ends", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 250 }), (title) => {
        const result = createChatSchema.safeParse({ title });
        if (result.success) expect(result.data.title).toBe(title.trim());
        else expect(messages(result)[0]).toMatch(/^title /);
      }),
    );
  });
});

it("keeps the white space of a body, but not a body of white space", () => {
  expect(createMessageSchema.parse({ author: " Ada ", body: " hi\n" })).toEqual({
    author: "Ada",
    body: " hi\n",
  });
  expect(messages(createMessageSchema.safeParse({ author: "Ada", body: " \n" }))[0]).toContain(
    "white space only",
  );
});

it("says what a client may send on a WebSocket", () => {
  expect(messages(clientFrameSchema.safeParse({ type: "ping" }))[0]).toContain("message.create");
  expect(messages(clientFrameSchema.safeParse("hello"))[0]).toContain("message.create");
  expect(clientFrameSchema.parse({ type: "message.create", author: "Ada", body: "hi" }).body).toBe("hi");
});
