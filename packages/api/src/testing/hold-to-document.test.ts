import { expect, it } from "vitest";
import { describeInterface } from "../interface.ts";
import { holdToDocument } from "./hold-to-document.ts";

const document = JSON.stringify(describeInterface("0").openapi);
const headers = { "Content-Type": "application/json", "X-Request-Id": "x" };
const empty = { data: [], next_cursor: null };

it.each([
  ["nothing where all is described", new Response(JSON.stringify(empty), { headers }), []],
  ["a status", new Response(null, { status: 402, headers }), ["402 is not described"]],
  [
    "a header",
    new Response(JSON.stringify(empty), { headers: { ...headers, "X-New": "1" } }),
    ["the header x-new"],
  ],
  ["a header that is missing", Response.json(empty), ["the header x-request-id is missing"]],
  ["a name", new Response(JSON.stringify({ ...empty, more: 1 }), { headers }), ["additional properties"]],
])("finds %s", async (_what, answer, found) => {
  const { api, faults } = holdToDocument(async ({ url }) =>
    url.endsWith("openapi.json") ? new Response(document) : answer,
  );
  await api(new Request("http://lethe/api/v1/chats"));
  expect(await faults()).toEqual(found.map((fault) => expect.stringContaining(fault)));
});
