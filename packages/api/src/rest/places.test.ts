import { describe, expect, it } from "vitest";
import { z } from "zod";
import { operations } from "../operations/index.ts";
import { onlyTrpc, strictInput } from "../schemas/index.ts";
import { placesOf } from "./places.ts";

const queryOf = (operation: string) => {
  const query = operations.find(({ name }) => name === operation)?.rest?.places.query;
  if (!query) throw new TypeError(`${operation} has no query`);
  return query;
};
const messages = (result: z.ZodSafeParseResult<unknown>) =>
  result.error?.issues.map((issue) => issue.message) ?? [];

describe("a query", () => {
  it("takes only true and false for force", () => {
    const query = queryOf("chat.delete");
    expect(query.parse({})).toEqual({ force: false });
    expect(query.parse({ force: "true" })).toEqual({ force: true });
    expect(messages(query.safeParse({ force: "1" }))).toEqual(["force must be true or false"]);
    expect(query.safeParse({ force: ["true", "false"] }).success).toBe(false);
  });

  it.each(["0", "101", "1.5", "-1", "1e1", " 1", "", "999999"])("refuses a limit of %j", (limit) => {
    expect(messages(queryOf("chat.list").safeParse({ limit }))[0]).toContain("from 1 to 100");
  });
});

describe("an input is taken apart", () => {
  const rule = "seq must be a number";
  const fields = {
    note: z.string(),
    chat_id: z.string(),
    seq: z.int(rule).min(1, rule).max(99, rule),
    loud: z.boolean("loud must be true or false").optional(),
    if_version: onlyTrpc(z.int().optional()),
  };
  const path = "/chats/{chat_id}/{seq}";

  it.each([
    ["post", path, ["chat_id", "seq"], [], ["note", "loud"]],
    ["delete", path, ["chat_id", "seq"], ["note", "loud"], []],
    ["get", "/chats", [], ["note", "chat_id", "seq", "loud"], []],
  ])("by method and path, without what only tRPC carries: %s %s", (method, path, ...names) => {
    const { params, query, body } = placesOf(strictInput(fields), { method, path });
    expect([params, query, body].map((place) => Object.keys(place?.shape ?? {}))).toEqual(names);
  });

  it("with the same values and words", () => {
    const { params, query } = placesOf(strictInput(fields), { method: "get", path });
    expect(params?.parse({ chat_id: "a", seq: "7" })).toEqual({ chat_id: "a", seq: 7 });
    expect(query?.parse({ note: "", loud: "false" })).toEqual({ note: "", loud: false });
    for (const seq of ["0", "100", "007", "x"])
      expect(params?.safeParse({ chat_id: "a", seq }).error?.issues).toMatchObject([{ message: rule }]);
    expect(query?.safeParse({ note: "", if_version: "7" }).success).toBe(false);
  });

  it("or refused when the program starts", () => {
    expect(() => placesOf(strictInput(fields), { method: "get", path: "/chats/{id}" })).toThrow("no id");
    const list = strictInput({ ids: z.array(z.string()) });
    expect(() => placesOf(list, { method: "get", path: "/chats" })).toThrow("A URL cannot carry ids");
    for (const odd of [z.number().min(0), z.int(), z.int().min(-1)])
      expect(() => placesOf(strictInput({ odd }), { method: "get", path: "/" })).toThrow("as odd");
  });
});
