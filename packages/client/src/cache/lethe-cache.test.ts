import type { AppRouter } from "@lethe/api";
import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { createTRPCOptionsProxy } from "@trpc/tanstack-react-query";
import { expect, onTestFinished, test } from "vitest";
import { createLetheClient } from "../create-lethe-client.ts";
import { serve } from "../testing/serve.ts";
import { createLetheCache } from "./lethe-cache.ts";

/** Reads a chat from a server that fails with a code; answers how often that is asked, and what comes of it. */
async function read(code: string, httpStatus: number, defaults: { retry?: boolean } = {}) {
  let asked = 0;
  const data = { code, httpStatus, reason: "r", request_id: "r" };
  const url = await serve((_, response) => {
    asked += 1;
    response.writeHead(httpStatus, { "Content-Type": "application/json" });
    response.end(JSON.stringify([{ error: { code: -32_000, message: "No", data } }]));
  });
  const queryClient = new QueryClient({ defaultOptions: { queries: { retryDelay: 1, ...defaults } } });
  const client = createLetheClient({ url, apiKey: "k" });
  const trpc = createTRPCOptionsProxy<AppRouter>({ client, queryClient });
  createLetheCache(queryClient, trpc);
  const observer = new QueryObserver(queryClient, trpc.chat.byId.queryOptions({ chat_id: "c" }));
  onTestFinished(observer.subscribe(() => undefined));
  await expect.poll(() => observer.getCurrentResult().status).toBe("error");
  return asked;
}

test("a query that was refused is not asked again; one that the server could not answer is", async () => {
  expect(await read("NOT_FOUND", 404)).toBe(1);
  expect(await read("FORBIDDEN", 403)).toBe(1);
  expect(await read("SERVICE_UNAVAILABLE", 503)).toBe(4);
});

test("an application that has decided how often decides", async () => {
  expect(await read("SERVICE_UNAVAILABLE", 503, { retry: false })).toBe(1);
});
