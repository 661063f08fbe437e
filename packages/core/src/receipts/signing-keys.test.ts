import { calculateJwkThumbprint } from "jose/jwk/thumbprint";
import { beforeEach, describe, expect, it } from "vitest";
import { useWorld } from "../../test/world.ts";
import { listPublicKeys, rotateSigningKey } from "../index.ts";
import { getSigningKey } from "./signing-keys.ts";

const world = useWorld();
const many = <Result>(run: () => Promise<Result>) => Promise.all(Array.from({ length: 12 }, run));

describe("keys of receipts", () => {
  beforeEach(async () => {
    await world.db.signingKey.deleteMany();
  });

  it("are made at first need, and one only, whoever needs it at the same time", async () => {
    const clients = Array.from({ length: 3 }, () => world.anotherClient());
    const found = await Promise.all(clients.flatMap((db) => [getSigningKey(db), getSigningKey(db)]));
    expect(new Set(found.map(({ kid }) => kid)).size).toBe(1);
    expect(await world.db.signingKey.count()).toBe(1);
  });

  it("are named by their thumbprint, and published without their private half", async () => {
    const { kid } = await getSigningKey(world.db);
    const [key] = await listPublicKeys(world.db);
    expect(key).toEqual({
      jwk: { kty: "OKP", crv: "Ed25519", x: expect.any(String), kid, alg: "EdDSA", use: "sig" },
      retiredAt: null,
    });
    expect(await calculateJwkThumbprint(key?.jwk ?? {})).toBe(kid);
  });

  it("leave their public half when they are retired, and nothing else", async () => {
    const { kid: old } = await getSigningKey(world.db);
    const { kid, retired } = await rotateSigningKey(world.db);
    expect(retired).toBe(old);
    expect((await getSigningKey(world.db)).kid).toBe(kid);
    expect(await world.db.signingKey.findUniqueOrThrow({ where: { kid: old } })).toMatchObject({
      privateJwk: null,
      retiredAt: expect.any(Date),
    });
    expect((await listPublicKeys(world.db)).map(({ jwk }) => jwk.kid)).toEqual([kid, old]);
  });

  it("are rotated where there was none yet", async () => {
    expect((await rotateSigningKey(world.db)).retired).toBeNull();
    expect(await world.db.signingKey.count()).toBe(1);
  });

  it("are one after any number of rotations at once, and whoever rotated knows it", async () => {
    await getSigningKey(world.db);
    const rotations = await many(() => rotateSigningKey(world.db));
    const { kid } = await getSigningKey(world.db);
    expect(await world.db.signingKey.count({ where: { retiredAt: null } })).toBe(1);
    expect(rotations.map((rotation) => rotation.kid)).toContain(kid);
    expect(await world.db.signingKey.count()).toBe(1 + new Set(rotations.map((one) => one.kid)).size);
  });

  it("cannot be retired and able to sign at once", async () => {
    await getSigningKey(world.db);
    const forged = world.db.signingKey.updateMany({ data: { retiredAt: new Date() } });
    await expect(forged).rejects.toThrow("signing_key_retired");
  });
});
