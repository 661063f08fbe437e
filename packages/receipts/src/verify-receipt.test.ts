import { generateKeyPairSync } from "node:crypto";
import { CompactSign, calculateJwkThumbprint, importJWK, type JWK } from "jose";
import { beforeAll, describe, expect, it } from "vitest";
import {
  type ReceiptKeys,
  receiptKeySchema,
  receiptType,
  tenantReceiptType,
  typeOfReceipt,
  verifyReceipt,
  verifyTenantReceipt,
} from "./index.ts";

const claims = {
  iss: "urn:lethe",
  version: 1,
  tenant_id: "0b5f0c1e-94a1-4a26-8f5a-3f6a0f9f4b11",
  deletion_id: "4a8e19db-d6a3-47c0-a96d-84cf876b62c8",
  chat_id: "a1b2c3d4-e5f6-4a7b-8c9d-0e1f2a3b4c5d",
  deleted_at: "2026-11-24T03:34:50.497Z",
  erased_at: "2026-11-24T03:34:50.497Z",
  message_count: 9,
  actor_kind: "api_key",
  via: "rest",
  forced: false,
  export_checksum: null,
  final: true,
};

const departure = {
  iss: "urn:lethe",
  version: 1,
  tenant_id: claims.tenant_id,
  started_at: "2026-11-29T14:00:00.000Z",
  left_at: "2026-11-29T14:03:10.250Z",
  chat_count: 2,
  message_count: 12,
  ledger_digest: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
  actor_kind: "api_key",
  via: "rest",
};

async function makeKey() {
  const privateJwk: JWK = generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" });
  const { d: _, ...halves } = privateJwk;
  const kid = await calculateJwkThumbprint(halves);
  const jwk = receiptKeySchema.parse({ ...halves, kid, alg: "EdDSA", use: "sig" });
  const privateKey = await importJWK(privateJwk, "EdDSA");
  const sign = (payload: unknown, header: object = {}) =>
    new CompactSign(new TextEncoder().encode(JSON.stringify(payload)))
      .setProtectedHeader({ alg: "EdDSA", typ: receiptType, kid, ...header })
      .sign(privateKey);
  return { kid, jwk, sign };
}

describe("a receipt", () => {
  let ours: Awaited<ReturnType<typeof makeKey>>;
  let older: Awaited<ReturnType<typeof makeKey>>;
  let keys: ReceiptKeys;
  beforeAll(async () => {
    [ours, older] = await Promise.all([makeKey(), makeKey()]);
    keys = { keys: [ours.jwk, older.jwk] };
  });

  it("is verified with the key that has signed it, whichever of the published ones that is", async () => {
    for (const { sign, kid } of [ours, older]) {
      const jws = await sign(claims);
      expect(await verifyReceipt(` ${jws}\n`, keys)).toEqual({ valid: true, receipt: claims, kid });
    }
  });

  it("proves nothing once a single character of it has been changed", async () => {
    const jws = await ours.sign(claims);
    const [header, payload, signature] = jws.split(".");
    const forged = Buffer.from(JSON.stringify({ ...claims, message_count: 8 })).toString("base64url");
    const flipped = `${signature?.startsWith("A") ? "B" : "A"}${signature?.slice(1)}`;
    for (const text of [`${header}.${forged}.${signature}`, `${header}.${payload}.${flipped}`])
      expect(await verifyReceipt(text, keys)).toMatchObject({ valid: false, fault: "bad_signature" });
  });

  it("is not believed of a stranger's key, under whatever name", async () => {
    const stranger = await makeKey();
    expect(await verifyReceipt(await stranger.sign(claims), keys)).toMatchObject({ fault: "unknown_key" });
    const posing = await stranger.sign(claims, { kid: ours.kid });
    expect(await verifyReceipt(posing, keys)).toMatchObject({ fault: "bad_signature" });
    expect(await verifyReceipt(await ours.sign(claims), { keys: [] })).toMatchObject({
      fault: "unknown_key",
    });
  });

  it("is nothing else that the key has signed", async () => {
    const others = [
      await ours.sign(claims, { typ: "JWT" }),
      await ours.sign(claims, { kid: undefined }),
      await ours.sign({ ...claims, version: 2 }),
      await ours.sign({ ...claims, iss: "urn:other" }),
      await ours.sign({ ...claims, title: "Secret" }),
      await ours.sign({ ...claims, deleted_at: "yesterday" }),
      await ours.sign("claims"),
    ];
    for (const jws of others)
      expect(await verifyReceipt(jws, keys)).toMatchObject({ valid: false, fault: "not_a_receipt" });
  });

  it("of a tenant is told from that of a chat, and neither passes for the other", async () => {
    const [chat, tenant] = [await ours.sign(claims), await ours.sign(departure, { typ: tenantReceiptType })];
    expect([chat, tenant, "nonsense"].map(typeOfReceipt)).toEqual(["chat", "tenant", undefined]);
    const { kid } = ours;
    expect(await verifyTenantReceipt(tenant, keys)).toEqual({ valid: true, receipt: departure, kid });
    const others = [
      await verifyReceipt(tenant, keys),
      await verifyTenantReceipt(chat, keys),
      await verifyTenantReceipt(
        await ours.sign({ ...departure, name: "Acme" }, { typ: tenantReceiptType }),
        keys,
      ),
    ];
    for (const verdict of others) expect(verdict).toMatchObject({ valid: false, fault: "not_a_receipt" });
  });

  it("is signed: no other algorithm counts", async () => {
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
    for (const alg of ["none", "HS256", "RS256"]) {
      const jws = `${part({ alg, typ: receiptType, kid: ours.kid })}.${part(claims)}.${part("x")}`;
      expect(await verifyReceipt(jws, keys)).toMatchObject({ valid: false, fault: "not_a_receipt" });
    }
  });

  it("is nothing that is no text, and is believed by nothing that is no keys", async () => {
    for (const jws of [null, undefined, 7, {}]) {
      const given: string = JSON.parse(JSON.stringify({ jws })).jws;
      expect(await verifyReceipt(given, keys)).toMatchObject({ valid: false, fault: "malformed" });
    }
    const none: ReceiptKeys = JSON.parse('{"error":"not found"}');
    expect(await verifyReceipt(await ours.sign(claims), none)).toMatchObject({ fault: "unknown_key" });
  });

  it.each(["", "a", "a.b.c", "..", "{}", "a.b.c.d"])("is not %.20j", async (text) => {
    expect(await verifyReceipt(text, keys)).toMatchObject({ valid: false, fault: "malformed" });
  });
});
