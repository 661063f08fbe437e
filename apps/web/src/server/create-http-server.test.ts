import { once } from "node:events";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { connect } from "node:net";
import { pino } from "pino";
import { afterAll, beforeAll, expect, it } from "vitest";
import { sendRaw } from "../../test/support/send-raw.ts";
import { createHttpServer } from "./create-http-server.ts";
import { listen } from "./listen.ts";

let server: Server;
let url: string;
let begun: (exchange: [IncomingMessage, ServerResponse]) => void;
beforeAll(async () => {
  server = createHttpServer({
    api: (request, response) => begun([request, response]),
    pages: null,
    live: () => false,
    allowedOrigins: new Set(["https://app.example"]),
    log: pino({ level: "silent" }),
  });
  server.headersTimeout = 1;
  url = `http://127.0.0.1:${await listen(server, "127.0.0.1", 0)}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const nextExchange = () =>
  new Promise<[IncomingMessage, ServerResponse]>((resolve) => {
    begun = resolve;
  });
const head = "POST /api/x HTTP/1.1\r\nHost: lethe\r\n";

it("answers 408 to a client that is too slow", async () => {
  const { status, headers, body } = await sendRaw(url, "GET /api/x HTT");
  expect(status).toBe(408);
  expect(JSON.parse(body)).toMatchObject({
    code: "request_timeout",
    request_id: headers.get("x-request-id"),
  });
});

it("lets a page of an allowed origin read what is wrong with its address", async () => {
  const ask = (origin: string) =>
    sendRaw(
      url,
      `GET /api/v1//chats HTTP/1.1\r\nHost: lethe\r\nOrigin: ${origin}\r\nConnection: close\r\n\r\n`,
    );
  const { status, headers } = await ask("https://app.example");
  expect([status, headers.get("access-control-allow-origin")]).toEqual([400, "https://app.example"]);
  expect((await ask("https://evil.example")).headers.has("access-control-allow-origin")).toBe(false);
});

it("answers a whole request before it refuses what comes after it", async () => {
  const exchange = nextExchange();
  const refusal = once(server, "clientError");
  const answer = sendRaw(url, `${head}Content-Length: 0\r\n\r\nnonsense\r\n\r\n`);
  const [, response] = await exchange;
  await refusal;
  response.writeHead(201, { "Content-Length": 4 }).end("done");
  const { status, body } = await answer;
  expect(status).toBe(201);
  expect(body).toMatch(/^doneHTTP\/1\.1 400 Bad Request/);
});

it("does not write a refusal into an answer that has begun", async () => {
  const exchange = nextExchange();
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  const received: Buffer[] = [];
  socket.on("data", (chunk) => received.push(chunk)).on("error", () => {});
  socket.write(`${head}Transfer-Encoding: chunked\r\n\r\n`);
  const [, response] = await exchange;
  response.writeHead(200, { "Content-Length": 100 });
  response.write("begun");
  socket.write("zz\r\n");
  await once(socket, "close");
  const text = Buffer.concat(received).toString();
  expect(text).toMatch(/^HTTP\/1\.1 200 OK/);
  expect(text).toMatch(/begun$/);
});
