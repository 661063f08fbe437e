import type { OutgoingHttpHeaders } from "node:http";
import { expect, it, onTestFinished } from "vitest";
import { networkOf } from "../http/client.ts";
import { rawRequest } from "../testing/raw-request.ts";
import { startTestApi } from "../testing/start-test-api.ts";
import { createWorld } from "../testing/world.ts";

it("believes no word of a client about its address where no proxy is believed", async () => {
  const api = await startTestApi(undefined, { wrongKeys: 5, trustProxy: 0 });
  onTestFinished(() => api.stop());
  const statuses: number[] = [];
  for (let n = 0; n < 7; n += 1) {
    const headers = {
      "X-API-Key": `guess ${n}`,
      "X-Forwarded-For": `192.0.2.${n}`,
      Forwarded: `for=192.0.2.${n}`,
    };
    statuses.push((await fetch(`${api.baseUrl}/api/v1/chats`, { headers })).status);
  }
  expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429]);
  expect((await fetch(`${api.baseUrl}/api/v1/chats`)).status).toBe(401);
});

it("counts a guess at a session that is to be signed out", async () => {
  const api = await startTestApi(undefined, { wrongKeys: 3 });
  onTestFinished(() => api.stop());
  const statuses: number[] = [];
  for (let n = 0; n < 5; n += 1) {
    const headers = { Cookie: `lethe_session=guess${n}`, Origin: api.baseUrl };
    statuses.push((await fetch(`${api.baseUrl}/api/session`, { method: "DELETE", headers })).status);
  }
  expect(statuses).toEqual([204, 204, 204, 429, 429]);
});

it("takes one API key, whatever else a browser or a proxy adds", async () => {
  const api = await startTestApi();
  onTestFinished(() => api.stop());
  const { keys } = await createWorld(api.db);
  const ask = async (headers: OutgoingHttpHeaders) =>
    (await rawRequest(api.baseUrl, { method: "GET", path: "/api/v1/chats", headers })).status;
  expect(await ask({ "X-API-Key": [keys.all, keys.all] })).toBe(400);
  expect(await ask({ "X-API-Key": [keys.all, keys.strangers] })).toBe(400);
  expect(await ask({ "X-API-Key": keys.all, Cookie: "lethe_session=x", Authorization: "Basic Og==" })).toBe(
    200,
  );
  expect(await ask({ Authorization: `Bearer ${keys.all}` })).toBe(401);
});

it.each([
  ["192.0.2.7", "192.0.2.7"],
  ["2001:db8::1", "2001:db8:0:0::/64"],
  ["2001:0db8:0:1:ffff::", "2001:db8:0:1::/64"],
  ["::1", "0:0:0:0::/64"],
  ["64:ff9b:1:2:3:4:192.0.2.7", "64:ff9b:1:2::/64"],
  ["::3:4:5:6:192.0.2.7", "0:0:3:4::/64"],
])("%s is of the network %s", (address, network) => {
  expect(networkOf(address)).toBe(network);
});
