import { acceptInvitation, resetPassword } from "@lethe/core";
import { createTestDatabase, type TestDatabase } from "@lethe/db/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { lethe } from "../../test/lethe.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const create = (...args: string[]) =>
  lethe(["user", "create", "--json", ...args], { DATABASE_URL: database.url });

test("the first owner of a tenant comes in by what user create prints", async () => {
  const { tenantId } = await database.db.tenant.create({ data: { name: "Acme" } });
  const { code, stdout } = await create(
    ...["--tenant", tenantId, "--email", " Ada@Example.com", "--role", "owner"],
  );
  expect(code).toBe(0);
  const made = z.object({ email: z.string(), path: z.string() }).parse(JSON.parse(stdout));
  expect(made).toEqual({ email: "ada@example.com", path: expect.stringMatching(/^\/join#[\w-]{43}$/) });
  const token = made.path.slice("/join#".length);
  await acceptInvitation(database.db, { token, by: { name: "Ada", password: "correct horse battery" } });
  expect(
    await database.db.member.findMany({
      where: { tenantId },
      select: { role: true, person: { select: { name: true, email: true } } },
    }),
  ).toMatchObject([{ role: "owner", person: { name: "Ada", email: "ada@example.com" } }]);
});

test("what cannot be is said, and nothing is made", async () => {
  const nobodys = "00000000-0000-4000-8000-000000000000";
  const { tenantId } = await database.db.tenant.create({ data: { name: "Beta" } });
  const refused: [string[], number, RegExp][] = [
    [["--tenant", nobodys, "--email", "a@example.com", "--role", "owner"], 1, /no tenant/],
    [["--tenant", tenantId, "--email", "nobody", "--role", "owner"], 2, /address of mail/],
    [["--tenant", tenantId, "--email", "a@example.com", "--role", "king"], 2, /viewer, member, admin, owner/],
    [["--tenant", tenantId, "--email", "a@example.com"], 2, /--role/],
  ];
  for (const [args, code, said] of refused) {
    const answer = await create(...args);
    expect(answer).toMatchObject({ code, stderr: expect.stringMatching(said) });
  }
  expect(await database.db.invitation.count({ where: { tenantId } })).toBe(0);
});

test("a person chooses another password by what user reset prints", async () => {
  const email = "grace@example.com";
  const { id: personId } = await database.db.person.create({ data: { name: "Grace", email } });
  const old = { personId, providerId: "credential", accountId: personId, password: "old" };
  await database.db.personAccount.create({ data: old });
  const { code, stdout } = await lethe(["user", "reset", "--json", "--email", "Grace@Example.com"], {
    DATABASE_URL: database.url,
  });
  expect(code).toBe(0);
  const made = z
    .object({ email: z.string(), path: z.string(), expires_at: z.iso.datetime() })
    .parse(JSON.parse(stdout));
  expect(made.email).toBe(email);
  const token = made.path.slice("/reset#".length);
  await resetPassword(database.db, { token, password: "four words without relation" });
  const { password } = await database.db.personAccount.findFirstOrThrow({ where: { personId } });
  expect(password).toMatch(/^\$scrypt\$/);
});
