import { createTestDatabase, type TestDatabase } from "@lethe/db/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ensureBuild } from "./support/ensure-build.ts";
import { sendRaw } from "./support/send-raw.ts";
import { startNext, type TestProcess } from "./support/start-server.ts";

let database: TestDatabase;
let next: TestProcess;
beforeAll(async () => {
  [database] = await Promise.all([createTestDatabase(), ensureBuild()]);
  next = await startNext({ DATABASE_URL: database.url });
}, 900_000);
afterAll(async () => {
  await next.end("SIGTERM");
  await database.drop();
});

it.each(["/livez", "/readyz", "/metrics", "/version", "/.well-known/jwks.json", "/api/v1/openapi.json/"])(
  "answers %s under plain Next too",
  async (path) => {
    const answer = await fetch(`${next.url}${path}`, { redirect: "error" });
    expect(answer.status).toBe(200);
    expect(answer.headers.get("x-request-id")).not.toBeNull();
    expect(answer.headers.get("content-security-policy")).toBeNull();
  },
);

it.each([
  "/docs",
  "/docs/rest",
  "/docs/rest.md",
  "/docs/search?q=hold",
  "/docs/assets/docs.css",
  "/llms.txt",
  "/llms-full.txt",
])("has the documentation at %s under plain Next too", async (path) => {
  const answer = await fetch(`${next.url}${path}`);
  expect([answer.status, answer.headers.get("cache-control")]).toEqual([200, "no-cache"]);
  expect(answer.headers.get("content-security-policy")).toContain("default-src 'none'");
});

it.each([
  "/api/v1/chats/%2e%2e/openapi.json",
  "/api/v1/chats/../openapi.json",
  "/sign-in/../api/v1/openapi.json",
  "//api/v1/openapi.json",
  "/api/v1//openapi.json",
  "/api/v1%2Fopenapi.json",
])("finds nothing at %s", async (path) => {
  const bytes = `GET ${path} HTTP/1.1\r\nHost: lethe\r\nConnection: close\r\n\r\n`;
  const { status, headers } = await sendRaw(next.url, bytes);
  expect([status, headers.get("content-type")]).toEqual([404, "application/problem+json"]);
});
