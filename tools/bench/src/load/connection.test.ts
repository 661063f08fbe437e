import { once } from "node:events";
import { createServer as createHttpServer, type RequestListener } from "node:http";
import { createServer, type Server, type Socket } from "node:net";
import { setImmediate } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import { Connection } from "./connection.ts";
import { type LoadJob, runLoad } from "./run-load.ts";

const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0)) await end();
});

/** Serves until the end of the test; answers the origin, and the sockets that were opened so far. */
async function listen(server: Server): Promise<{ origin: string; sockets: Socket[] }> {
  const sockets: Socket[] = [];
  server.on("connection", (socket: Socket) => {
    sockets.push(socket);
    socket.on("error", () => {});
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  endings.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("No address");
  return { origin: `http://127.0.0.1:${address.port}`, sockets };
}

const serve = (listener: RequestListener) => listen(createHttpServer(listener));

/** What answers each request with pieces, each of them a packet of its own, and with `null` closes the connection. */
const servePieces = (answer: (turn: number) => (string | null)[]) => {
  let turn = 0;
  const server = createServer({ noDelay: true }, (socket) => {
    socket.on("data", async () => {
      for (const piece of answer(turn++)) {
        if (piece === null) socket.end();
        else socket.write(piece);
        // Between two of these the same process reads what came, so that pieces do not meet.
        await setImmediate();
        await setImmediate();
      }
    });
  });
  return listen(server);
};

function connectTo(origin: string): Connection {
  const connection = new Connection(origin, true);
  endings.push(() => connection.close());
  return connection;
}

const request = (path = "/") => Buffer.from(`GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`);
const good = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngood";

test("answers of a server of Node are told by status, with their bodies, over one connection", async () => {
  const large = "ä".repeat(200_000);
  const { origin, sockets } = await serve(async ({ url }, response) => {
    if (url === "/length") response.writeHead(200, { "content-length": Buffer.byteLength(large) }).end(large);
    else if (url === "/none") response.writeHead(204).end();
    else if (url === "/same") response.writeHead(304, { "content-length": 7 }).end();
    else if (url === "/empty") response.writeHead(404, { "content-length": 0 }).end();
    else if (url === "/hints") {
      response.writeEarlyHints({ link: "</style.css>; rel=preload" });
      response.end("hinted");
    } else {
      for (const part of ["one", large, "two"]) {
        response.write(part);
        await setImmediate();
      }
      response.addTrailers({ "server-timing": "x" });
      response.end();
    }
  });
  const connection = connectTo(origin);
  for (let turn = 0; turn < 2; turn += 1) {
    expect(await connection.ask(request("/length"))).toEqual({ status: 200, body: large });
    expect(await connection.ask(request("/none"))).toEqual({ status: 204, body: "" });
    expect(await connection.ask(request("/same"))).toEqual({ status: 304, body: "" });
    expect(await connection.ask(request("/chunked"))).toEqual({ status: 200, body: `one${large}two` });
    expect(await connection.ask(request("/empty"))).toEqual({ status: 404, body: "" });
    expect(await connection.ask(request("/hints"))).toEqual({ status: 200, body: "hinted" });
  }
  expect(sockets).toHaveLength(1);
});

test.for([
  ["a length", "HTTP/1.1 201 Created\r\nX-A: b\r\ncontent-LENGTH:  5 \r\n\r\nhello"],
  [
    "chunks",
    "HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nhel\r\n02\r\nlo\r\n0\r\nX-T: 1\r\n\r\n",
  ],
] as const)("an answer with %s may be cut anywhere", async ([, answer]) => {
  const { origin, sockets } = await servePieces((turn) =>
    turn === answer.length ? [...answer] : [answer.slice(0, turn), answer.slice(turn)].filter(Boolean),
  );
  const connection = connectTo(origin);
  for (let turn = 0; turn <= answer.length; turn += 1)
    expect(await connection.ask(request())).toEqual({ status: 201, body: "hello" });
  expect(sockets).toHaveLength(1);
});

const chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

test.for<[string, (string | null)[]]>([
  ["none", [null]],
  ["half a head", ["HTTP/1.1 200 OK\r\nContent-Le", null]],
  ["half a body", ["HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell", null]],
  ["a chunk too few", [`${chunked}3\r\nabc\r\n`, null]],
  ["half a trailer", [`${chunked}3\r\nabc\r\n0\r\nX-T: 1\r\n`, null]],
  ["only that it will come", ["HTTP/1.1 100 Continue\r\n\r\n", null]],
  ["two at once", [good + good]],
  ["one and the beginning of another", [`${good}H`]],
  ["a body with 204", ["HTTP/1.1 204 No Content\r\n\r\ngood"]],
  ["a body after the last chunk", [`${chunked}3\r\nabc\r\n0\r\n\r\nd`]],
  ["no end told", ["HTTP/1.1 200 OK\r\n\r\ngood", null]],
  ["two lengths", ["HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 4\r\n\r\ngood"]],
  [
    "a length and chunks",
    [chunked.replace("\r\n\r\n", "\r\nContent-Length: 3\r\n\r\n3\r\nabc\r\n0\r\n\r\n")],
  ],
  ["a length that is no number", ["HTTP/1.1 200 OK\r\nContent-Length: 4x\r\n\r\ngood"]],
  ["an encoding besides", ["HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"]],
  ["a chunk that is longer than it said", [`${chunked}3\r\nabcd\r\n0\r\n\r\n`]],
  ["a size that is no number", [`${chunked}-3\r\nabc\r\n0\r\n\r\n`]],
  ["a line without end", [`${chunked}3;${"x".repeat(2_000)}`]],
  ["a head without end", [`HTTP/1.1 200 OK\r\nX: ${"x".repeat(70_000)}`]],
  ["an older protocol", ["HTTP/1.0 200 OK\r\nContent-Length: 4\r\n\r\ngood"]],
  ["a status of two digits", ["HTTP/1.1 20 OK\r\nContent-Length: 4\r\n\r\ngood"]],
  ["another protocol", ["HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n"]],
  ["no HTTP", ["220 ready\r\n\r\n"]],
])("is an error: %s; the next request has a connection of its own", async ([, pieces]) => {
  const { origin, sockets } = await servePieces((turn) => (turn === 0 ? pieces : [good]));
  const connection = connectTo(origin);
  await expect(connection.ask(request())).rejects.toThrow();
  expect(await connection.ask(request())).toEqual({ status: 200, body: "good" });
  expect(sockets).toHaveLength(2);
});

test("a connection that the server closes after an answer is opened again", async () => {
  const closing = good.replace("\r\n\r\n", "\r\nConnection: Close\r\n\r\n");
  const { origin, sockets } = await servePieces((turn) => (turn === 0 ? [closing, null] : [good]));
  const connection = connectTo(origin);
  for (let turn = 0; turn < 3; turn += 1) expect((await connection.ask(request())).body).toBe("good");
  expect(sockets).toHaveLength(2);
});

test("a connection on which something comes unasked, or that ends while nobody asks, is given up", async () => {
  const stray = good.replaceAll("good", "evil");
  const { origin, sockets } = await servePieces((turn) => [[good, stray], [good, null], [good]][turn] ?? []);
  const connection = connectTo(origin);
  for (let turn = 0; turn < 3; turn += 1) {
    expect((await connection.ask(request())).body).toBe("good");
    const socket = sockets[turn];
    if (socket && turn < 2) await once(socket, "close");
  }
  expect(sockets).toHaveLength(3);
});

test("one request at a time, and none where nobody listens", async () => {
  const { origin } = await servePieces(() => [good]);
  const connection = connectTo(origin);
  const first = connection.ask(request());
  await expect(connection.ask(request())).rejects.toThrow("not answered yet");
  expect((await first).body).toBe("good");
  const unanswered = connection.ask(request());
  connection.close();
  await expect(unanswered).rejects.toThrow("closed");
  const nobody = connectTo("http://127.0.0.1:1");
  await expect(nobody.ask(request())).rejects.toThrow("ECONNREFUSED");
  expect(() => new Connection("https://127.0.0.1:1")).toThrow("Only http:");
});

test("a load asks for each path once, counts every status, and follows pages", async () => {
  const asked: string[] = [];
  const { origin } = await serve((incoming, response) => {
    const { method, url = "", headers } = incoming;
    if (url === "/api/v1/nothing") return response.writeHead(404).end();
    incoming
      .setEncoding("utf8")
      .on("data", (body) => asked.push(`${method} ${url} ${headers["x-api-key"]} ${body}`));
    if (method === "GET") asked.push(url);
    if (url === "/3") return incoming.socket.destroy();
    const page = Number(new URL(url, origin).searchParams.get("cursor") ?? 0);
    incoming.on("end", () => {
      response.writeHead(url === "/4" ? 409 : 200);
      response.end(JSON.stringify({ next_cursor: page === 2 ? null : `${page + 1}` }));
    });
    incoming.resume();
  });
  const job: LoadJob = {
    ...{ origin, callers: 3, seconds: 60, method: "POST", headers: { "x-api-key": "key" }, body: "Grüße" },
    ...{ paths: Array.from({ length: 20 }, (_, n) => `/${n}`), cycle: false, followPages: false },
  };
  const result = await runLoad(job);
  expect(result.statuses).toEqual({ 200: 18, 409: 1, error: 1 });
  expect(result.latencies).toHaveLength(19);
  expect(asked.toSorted()).toEqual(job.paths.map((path) => `POST ${path} key Grüße`).toSorted());
  expect(result.cpuSeconds).toBeGreaterThan(0);

  asked.length = 0;
  const { body: _, ...reading } = job;
  await runLoad({
    ...reading,
    callers: 1,
    method: "GET",
    paths: Array(5).fill("/?limit=2"),
    followPages: true,
  });
  const cursors = ["", "&cursor=1", "&cursor=2", "", "&cursor=1"];
  expect(asked).toEqual(cursors.map((cursor) => `/?limit=2${cursor}`));
});
