import { expect, it } from "vitest";
import { rawRequest } from "../testing/raw-request.ts";
import { startWorld, writeChat } from "../testing/world.ts";

const { api, world } = await startWorld();

it("judges a condition on an export, and answers HEAD, before a bound on those under way", async () => {
  const { tenantId } = world.context;
  const { id } = await writeChat(world.context);
  const holders = Array.from({ length: 100 }, (_, index) => ({ tenantId, holderId: `${index}` }));
  const leave = await Promise.all(holders.map((holder) => api.services.bounds.exports.take(holder)));
  const path = `/api/v1/chats/${id}/export`;
  const ask = (method: string, headers: Record<string, string> = {}) =>
    rawRequest(api.baseUrl, { method, path, headers: { "X-API-Key": world.keys.all, ...headers } });
  const head = await ask("HEAD");
  const etag = String(head.headers.etag);
  const answers = [
    head,
    await ask("HEAD", { "If-None-Match": etag }),
    await ask("GET", { "If-None-Match": etag }),
    await ask("GET", { "If-Match": '"99"' }),
    await ask("GET", { "If-Match": etag }),
    await ask("GET"),
  ];
  expect(answers.map(({ status }) => status)).toEqual([200, 304, 304, 412, 429, 429]);
  for (const one of leave) one();
  expect((await ask("GET", { "If-Match": etag })).status).toBe(200);
});
