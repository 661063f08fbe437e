import { get } from "node:http";
import { gunzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { startWorld, writeChat } from "../testing/world.ts";

const { api, world } = await startWorld();
const { id } = await writeChat(world.context, { messages: 30 });

/** As the bytes come: `fetch` would unpack them. */
async function read(path: string, accepted: string | null, headers: Record<string, string> = {}) {
  const coding = accepted === null ? {} : { "Accept-Encoding": accepted };
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const request = get(`${api.baseUrl}${path}`, {
    headers: { "X-API-Key": world.keys.all, ...coding, ...headers },
  });
  const answered = new Promise<Record<string, unknown>>((answer) =>
    request.once("response", (response) => {
      answer(response.headers);
      response.toArray().then((chunks) => resolve(Buffer.concat(chunks)), reject);
    }),
  );
  request.once("error", reject);
  const [bytes, head] = await Promise.all([promise, answered]);
  return { bytes, coding: head["content-encoding"], vary: head.vary, cache: head["cache-control"] };
}

const pages = [
  `/api/v1/chats/${id}/messages`,
  `/api/trpc/message.list?input=${encodeURIComponent(JSON.stringify({ chat_id: id }))}`,
];

it.each(pages)("compresses %s for who takes gzip, and says so to caches", async (path) => {
  const plain = await read(path, null);
  expect(plain).toMatchObject({ coding: undefined, vary: expect.stringContaining("Accept-Encoding") });
  for (const accepted of ["gzip", "br, gzip;q=0.5", "deflate,GZIP ; q=1"]) {
    const packed = await read(path, accepted);
    expect(packed, accepted).toMatchObject({ coding: "gzip", vary: plain.vary, cache: "no-store" });
    expect(JSON.parse(gunzipSync(packed.bytes).toString())).toEqual(JSON.parse(plain.bytes.toString()));
    expect(packed.bytes.length).toBeLessThan(plain.bytes.length / 3);
  }
  for (const accepted of ["br", "gzip;q=0", "gzip; q=0.000, br", "identity", "xgzip"])
    expect((await read(path, accepted)).coding, accepted).toBeUndefined();
});

it("leaves alone what is short, has a validator, or comes bit by bit", async () => {
  expect((await read("/api/v1/settings", "gzip")).coding).toBeUndefined();
  expect((await read("/api/v1/openapi.json", "gzip")).coding).toBeUndefined();
  const input = encodeURIComponent(JSON.stringify({ chat_id: id, format: "ndjson" }));
  const streamed = await read(`/api/trpc/chat.export?input=${input}`, "gzip", {
    "trpc-accept": "application/jsonl",
  });
  expect(streamed.coding).toBeUndefined();
});
