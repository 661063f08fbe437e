import { expect, it } from "vitest";
import { clientOf } from "./client.ts";

const proxy = { remoteAddress: "10.0.0.9" };
const seen = (trustProxy: number, headers: Record<string, string>, connection = proxy) => {
  const { address, scheme, host } = clientOf({ trustProxy }, new Headers(headers), connection);
  return `${address} ${scheme}://${host}`;
};

const forwarded = {
  Host: "inner:8000",
  "X-Forwarded-For": "6.6.6.6, 192.0.2.7, 10.0.0.1",
  "X-Forwarded-Proto": "http, https, http",
  "X-Forwarded-Host": "made.up, lethe.example, inner",
};

it.each([
  [0, "10.0.0.9 http://inner:8000"],
  [1, "10.0.0.1 http://inner"],
  [2, "192.0.2.7 https://lethe.example"],
  [3, "6.6.6.6 http://made.up"],
  [9, "6.6.6.6 http://made.up"],
])("believes %i proxies and nobody in front of them", (trustProxy, view) => {
  expect(seen(trustProxy, forwarded)).toBe(view);
});

it("takes one word for what all proxies could have noted", () => {
  expect(
    seen(2, { Host: "lethe.example", "X-Forwarded-Proto": "HTTPS", "X-Forwarded-For": "192.0.2.7" }),
  ).toBe("192.0.2.7 https://lethe.example");
});

it.each(["unknown", "", " , ", "6.6.6.6.6", "_hidden", "evil\u00e9"])(
  "keeps to the connection where a proxy notes %j",
  (note) => {
    const headers = { Host: "h", "X-Forwarded-For": note, "X-Forwarded-Proto": note };
    expect(seen(1, headers)).toBe("10.0.0.9 http://h");
  },
);

it.each([
  ["192.0.2.7:4711", "192.0.2.7"],
  ["[2001:DB8::1]:443", "2001:db8::1"],
  ["[2001:db8::1]", "2001:db8::1"],
  ["::ffff:192.0.2.7", "192.0.2.7"],
  ["fe80::1%eth0", "fe80::1"],
])("reads the address %s as %s", (note, address) => {
  expect(clientOf({ trustProxy: 1 }, new Headers({ "X-Forwarded-For": note }), proxy).address).toBe(address);
});

it("knows TLS that ends in the server itself, and says what it does not know", () => {
  expect(clientOf({ trustProxy: 0 }, new Headers(), { encrypted: true })).toEqual({
    address: null,
    scheme: "https",
    host: null,
  });
});
