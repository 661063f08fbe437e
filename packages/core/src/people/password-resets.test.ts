import { describe, expect, it } from "vitest";
import { addPerson, signIn } from "../../test/people.ts";
import { useWorld } from "../../test/world.ts";
import {
  authenticateSession,
  createPasswordReset,
  hashPassword,
  readPasswordReset,
  requireStrongPassword,
  resetPassword,
  verifyPassword,
} from "../index.ts";

const world = useWorld();
const gone = { code: "NOT_FOUND", reason: "password_reset_not_found" };
const weak = { code: "BAD_REQUEST", reason: "weak_password" };
const chosen = "four words without relation";

describe("a password that is chosen", () => {
  it.each([
    ["passwordpassword", "repeats itself"],
    ["aaaaaaaaaaaaaaaa", "repeats itself"],
    ["abcdefghijkl", "goes on as"],
    ["qwertyuiop12", "others use"],
    ["1qaz2wsx3edc", "others use"],
    ["123qweasdzxc", "others use"],
    ["iloveyouforever", "others use"],
    ["lethelethelethe", "repeats itself"],
    ["Lovelace Ada", "your name"],
    ["acme-research", "your name"],
  ])("is not easy to guess: %s", async (password, reason) => {
    const about = ["Ada Lovelace", "ada.lovelace@example.com", "Acme Research"];
    await expect(requireStrongPassword(password, about)).rejects.toMatchObject({
      ...weak,
      message: expect.stringContaining(reason),
    });
  });

  it("may be of any characters, and long", async () => {
    for (const password of [
      chosen,
      "ümläutpäßwört",
      "ключ от старой двери",
      "k3k3k39f!vq-2Lz",
      "x8#Kd01mQp7z",
    ])
      await requireStrongPassword(password, ["Ada"]);
    const began = performance.now();
    await requireStrongPassword(`${"@55w0rd$".repeat(15)}z9!kq`, ["Ada"]).catch(() => {});
    // No clock: it ends one that takes minutes.
    expect(performance.now() - began).toBeLessThan(60_000);
  });
});

describe("a password that is forgotten", () => {
  const forgetful = async () => {
    const { tenantId } = await world.tenant();
    const person = await addPerson(world.db, "Ada Lovelace", tenantId);
    const { personId } = person;
    await world.db.personAccount.create({
      data: {
        personId,
        providerId: "credential",
        accountId: personId,
        password: await hashPassword("forgotten by now"),
      },
    });
    return { ...person, session: await signIn(world.db, personId) };
  };
  const passwordOf = async (personId: string) =>
    (await world.db.personAccount.findFirstOrThrow({ where: { personId } })).password ?? "";

  it("is changed by a link, once; that ends every session, and leaves the second factor", async () => {
    const { email, personId, session } = await forgetful();
    const other = await forgetful();
    await world.db.secondFactor.create({ data: { personId, secret: "s", backupCodes: "b" } });
    const { token } = await createPasswordReset(world.db, {
      email: email.toUpperCase(),
      withSecondFactor: false,
    });
    const stored = JSON.stringify(await world.db.$queryRaw`SELECT verification::text AS t FROM verification`);
    expect(stored).not.toContain(token.split(".")[1]);
    expect(await readPasswordReset(world.db, { token })).toEqual({ email, name: "Ada Lovelace" });
    await expect(resetPassword(world.db, { token, password: "ada lovelace" })).rejects.toMatchObject(weak);
    const both = await Promise.allSettled([
      resetPassword(world.db, { token, password: chosen }),
      resetPassword(world.db, { token, password: `${chosen}!` }),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    const winner = both[0].status === "fulfilled" ? chosen : `${chosen}!`;
    expect(await verifyPassword({ hash: await passwordOf(personId), password: winner })).toBe(true);
    await expect(authenticateSession(world.db, session)).rejects.toMatchObject({ code: "UNAUTHORIZED" });
    expect(await world.db.secondFactor.count({ where: { personId } })).toBe(1);
    await expect(readPasswordReset(world.db, { token })).rejects.toMatchObject(gone);
    expect((await authenticateSession(world.db, other.session)).id).toBe(other.personId);
    expect(
      await verifyPassword({ hash: await passwordOf(other.personId), password: "forgotten by now" }),
    ).toBe(true);
  });

  it("takes the latest link, within an hour, and the second factor with it where that is lost too", async () => {
    const { email, personId } = await forgetful();
    await world.db.secondFactor.create({ data: { personId, secret: "s", backupCodes: "b" } });
    await world.db.person.update({ where: { id: personId }, data: { twoFactorEnabled: true } });
    const first = await createPasswordReset(world.db, { email, withSecondFactor: false });
    const second = await createPasswordReset(world.db, { email, withSecondFactor: true });
    await expect(readPasswordReset(world.db, first)).rejects.toMatchObject(gone);
    expect(await readPasswordReset(world.db, second)).toMatchObject({ email });
    expect(await world.db.secondFactor.count({ where: { personId } })).toBe(0);
    expect(await world.db.person.findFirst({ where: { id: personId } })).toMatchObject({
      twoFactorEnabled: false,
    });
    await world.db.$executeRaw`
      UPDATE verification SET expires_at = clock_timestamp() WHERE identifier = ${`password-reset:${personId}`}`;
    for (const token of [second.token, "", "nonsense", `${personId}.`, `${personId}.guessed`])
      await expect(resetPassword(world.db, { token, password: chosen })).rejects.toMatchObject(gone);
    await expect(
      createPasswordReset(world.db, { email: "nobody@example.com", withSecondFactor: true }),
    ).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});
