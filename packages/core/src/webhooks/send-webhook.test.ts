import { randomUUID } from "node:crypto";
import { describe, expect, it, onTestFinished } from "vitest";
import { startNameServer } from "../../test/name-server.ts";
import { startReceiver } from "../../test/receiver.ts";
import { type Connections, createConnections, sendWebhook } from "./send-webhook.ts";
import { isPublicAddress, lookupPublic, normalizeWebhookUrl } from "./webhook-url.ts";
import { randomWebhookSecret } from "./webhooks.ts";

const publicOnly = { allowPrivate: false };
const payload = { type: "webhook.test", timestamp: new Date().toISOString(), data: {} };

const send = (
  url: string,
  { allowPrivate = false, connections }: { allowPrivate?: boolean; connections?: Connections } = {},
) =>
  sendWebhook({
    ...(connections && { connections }),
    url,
    id: randomUUID(),
    payload,
    secrets: [randomWebhookSecret()],
    policy: { allowPrivate },
    timeoutMs: 60_000,
    clock: () => new Date(),
    signal: new AbortController().signal,
  });

describe("an address", () => {
  it.each([
    "127.0.0.1",
    "127.9.9.9",
    "0.0.0.0",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "100.100.100.200",
    "169.254.169.254",
    "168.63.129.16",
    "192.0.0.192",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "::127.0.0.1",
    "::10.0.0.1",
    "::2",
    "4000::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "ff02::1",
    "fe80::1%eth0",
    "nonsense",
  ])("%s is not public", (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  it.each(["1.1.1.1", "93.184.216.34", "2606:4700:4700::1111", "::ffff:1.1.1.1"])(
    "%s is public",
    (address) => {
      expect(isPublicAddress(address)).toBe(true);
    },
  );
});

describe("a url", () => {
  it.each([
    "http://example.com/",
    "https://127.0.0.1/",
    "https://127.1/",
    "https://2130706433/",
    "https://0x7f.0.0.1/",
    "https://[::1]/",
    "https://[::ffff:10.0.0.1]/",
    "https://169.254.169.254/latest/meta-data",
    "https://localhost:8443/",
    "https://LOCALHOST./",
    "https://db.localhost/",
    "https://user@example.com/",
    "https://user:password@example.com/",
    "ftp://example.com/",
    "file:///etc/passwd",
    "example.com",
    "https://example.com:0/",
    "https://example.com/hooks#secret",
    "https://example.com/#",
    "https://ex\u00adample.com/",
    "https://ex\u200bample.com/",
    "https://ex\tample.com/",
    `https://example.com/${"x".repeat(2_000)}`,
  ])("%s is refused when it is saved", (url) => {
    expect(() => normalizeWebhookUrl(url, publicOnly)).toThrow(/^url must /);
  });

  it.each([
    ["https://example.com:8443/hooks?tenant=1", "https://example.com:8443/hooks?tenant=1"],
    ["https://1.1.1.1/", "https://1.1.1.1/"],
    ["https:example.com", "https://example.com/"],
    ["HTTPS://EXAMPLE.com:443/a/../b c", "https://example.com/b%20c"],
    ["https:\\\\example.com\\x", "https://example.com/x"],
    ["https://b\u00fccher.example/%23", "https://xn--bcher-kva.example/%23"],
    ["https://@example.com/", "https://example.com/"],
  ])("%s of the public internet is taken for %s", (given, kept) => {
    expect(normalizeWebhookUrl(given, publicOnly)).toBe(kept);
  });

  it("of the inside is taken where the operator allows it", () => {
    expect(normalizeWebhookUrl("http://localhost:3000/", { allowPrivate: true })).toBe(
      "http://localhost:3000/",
    );
  });
});

it("connects to the addresses that were judged, and asks for the name once", async () => {
  // The second answer would lead inside (DNS rebinding).
  const names = await startNameServer({ "turns.example": ["93.184.216.34"] }, { later: ["127.0.0.1"] });
  const found = await new Promise((resolve, reject) => {
    lookupPublic("turns.example", { all: true }, (error, addresses) =>
      error ? reject(error) : resolve(addresses),
    );
  });
  expect(found).toEqual([{ address: "93.184.216.34", family: 4 }]);
  expect(names.asked).toEqual(["turns.example"]);
  await expect(
    new Promise((resolve, reject) => {
      lookupPublic("turns.example", {}, (error, address) => (error ? reject(error) : resolve(address)));
    }),
  ).rejects.toThrow("private or reserved");
});

describe("sending", () => {
  it("opens no connection to a private address, whatever the name says", async () => {
    const receiver = await startReceiver();
    const { port } = new URL(receiver.url);
    const names = await startNameServer({
      "inside.example": ["127.0.0.1"],
      "both.example": ["93.184.216.34", "127.0.0.1"],
    });
    // Saved as public names, they may lead to this machine now.
    for (const name of ["inside.example", "both.example"]) {
      expect(await send(`https://${name}:${port}/`)).toEqual({
        result: "failed",
        status: null,
        error: "The host name leads to a private or reserved address",
      });
      expect(names.asked.filter((asked) => asked === name)).toHaveLength(1);
    }
    expect(await send(`https://unknown.example:${port}/`)).toMatchObject({
      error: "The host name could not be looked up",
    });
    for (const host of ["127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0"])
      expect(await send(`https://${host}:${port}/`)).toMatchObject({
        error: expect.stringContaining("private or reserved"),
      });
    expect(await send(receiver.url)).toMatchObject({ error: expect.stringContaining("https://") });
    expect(receiver.connections()).toBe(0);
  });

  it("judges the address of every connection that it opens to be kept", async () => {
    const receiver = await startReceiver();
    const { port } = new URL(receiver.url);
    const names = await startNameServer({ "inside.example": ["127.0.0.1"] });
    const connections = createConnections();
    onTestFinished(() => connections.close());
    for (const _ of [1, 2])
      expect(await send(`https://inside.example:${port}/`, { connections })).toMatchObject({
        error: "The host name leads to a private or reserved address",
      });
    expect([names.asked.length, receiver.connections()]).toEqual([2, 0]);
  });

  it("uses a connection again, and opens another if the receiver has just closed it", async () => {
    const receiver = await startReceiver((response, _, count) =>
      count % 2 === 1 ? response.writeHead(204).end() : response.destroy(),
    );
    const connections = createConnections();
    onTestFinished(() => connections.close());
    const sendAgain = () => send(receiver.url, { allowPrivate: true, connections });
    expect(await sendAgain()).toEqual({ result: "delivered", status: 204 });
    expect(await sendAgain()).toEqual({ result: "delivered", status: 204 });
    expect([receiver.received.length, receiver.connections()]).toEqual([3, 2]);
  });

  it("follows no redirect", async () => {
    const inner = await startReceiver();
    const outer = await startReceiver((response) => response.writeHead(307, { Location: inner.url }).end());
    expect(await send(outer.url, { allowPrivate: true })).toEqual({
      result: "failed",
      status: 307,
      error: "It answered 307; redirects are not followed",
    });
    expect(inner.connections()).toBe(0);
  });

  it("leaves no connection open to a receiver that does not end its answer", async () => {
    const closed: string[] = [];
    const receiver = await startReceiver((response, { id }) => {
      response.on("close", () => closed.push(id));
      response.writeHead(202).write("and then");
    });
    const outcome = await send(receiver.url, { allowPrivate: true });
    expect(outcome).toEqual({ result: "delivered", status: 202 });
    await expect.poll(() => closed).toEqual(receiver.received.map(({ id }) => id));
  });

  it("says in words of ours what went wrong", async () => {
    const allowed = { allowPrivate: true };
    expect(await send("http://127.0.0.1:9/", allowed)).toMatchObject({ error: "The connection was refused" });
    const rude = await startReceiver((response) => response.destroy());
    expect(await send(rude.url, allowed)).toMatchObject({ error: "The connection was cut off" });
    const plain = await startReceiver();
    expect(await send(plain.url.replace("http:", "https:"), allowed)).toMatchObject({
      result: "failed",
      error: expect.stringContaining("The connection"),
    });
  });

  it("is cut off when the process stops", async () => {
    const silent = await startReceiver(() => {});
    const stopping = new AbortController();
    const sending = sendWebhook({
      url: silent.url,
      id: randomUUID(),
      payload,
      secrets: [randomWebhookSecret()],
      policy: { allowPrivate: true },
      timeoutMs: 600_000,
      clock: () => new Date(),
      signal: stopping.signal,
    });
    await expect.poll(() => silent.received.length).toBe(1);
    stopping.abort();
    expect(await sending).toEqual({ result: "cut_off" });
  });
});
