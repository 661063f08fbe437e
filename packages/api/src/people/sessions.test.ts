import { createTenant, removeMember, roleScopes } from "@lethe/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { codeOf } from "../testing/authenticator-app.ts";
import { addPerson, Browser, password, signedIn } from "../testing/people.ts";
import { startTestApi, type TestApi } from "../testing/start-test-api.ts";

let api: TestApi;
let tenantId: string;
beforeAll(async () => {
  api = await startTestApi();
  ({ tenantId } = await createTenant(api.db, { name: "Acme" }));
});
afterAll(() => api.stop());

const list = (browser: Browser) => browser.ask("GET", "/api/trpc/chat.list?input=%7B%7D");

describe("a session", () => {
  it("is listed for its person alone, and ended one by one or everywhere", async () => {
    const person = await addPerson(api, { tenantId });
    const { personId } = person;
    const [here, there] = [await signedIn(api, person), await signedIn(api, person)];
    const stranger = await signedIn(api, await addPerson(api, { tenantId }));
    const { body } = await here.ask("GET", "/api/sessions");
    expect(body.data).toHaveLength(2);
    const other = await api.db.personSession.findFirstOrThrow({
      where: { personId },
      orderBy: { createdAt: "desc" },
    });
    expect(body.data).toContainEqual(
      expect.objectContaining({ id: other.id, current: false, address: "192.0.2.1" }),
    );
    expect((await stranger.ask("DELETE", `/api/sessions/${other.id}`)).status).toBe(404);
    expect((await here.ask("DELETE", `/api/sessions/${other.id}`)).status).toBe(204);
    await expect.poll(async () => (await list(there)).status).toBe(401);
    expect((await list(here)).status).toBe(200);
    expect((await here.ask("DELETE", "/api/sessions")).status).toBe(204);
    expect((await list(here)).status).toBe(401);
    expect((await list(stranger)).status).toBe(200);
  });

  it("goes to another tenant of the person, and ends what it had under way in the first", async () => {
    const { tenantId: second } = await createTenant(api.db, { name: "Second" });
    const person = await addPerson(api, { tenantId });
    const { personId } = person;
    const browser = await signedIn(api, person);
    const go = () => browser.ask("PUT", "/api/session/tenant", { tenant_id: second });
    expect((await go()).status).toBe(404);
    await api.db.member.create({ data: { tenantId: second, personId, role: "viewer" } });
    const stream = await fetch(`${api.baseUrl}/api/trpc/events.subscribe`, {
      headers: { Cookie: browser.cookie },
    });
    const ended = stream.text();
    expect((await go()).status).toBe(204);
    expect((await browser.ask("GET", "/api/session")).body).toMatchObject({
      tenant: { id: second, role: "viewer" },
    });
    const created = await browser.ask("POST", "/api/trpc/chat.create", { title: "No" });
    expect(created.body).toMatchObject({
      error: { data: { reason: "missing_scope", scope: "chats:write" } },
    });
    expect(created.text).toContain("As viewer you may not do this");
    expect(await ended).toContain("invalid_credentials");
  });

  it("ends with the membership within two seconds, with its streams", async () => {
    const person = await addPerson(api, { tenantId, role: "member" });
    const { personId } = person;
    const browser = await signedIn(api, person);
    expect((await list(browser)).status).toBe(200);
    const stream = await fetch(`${api.baseUrl}/api/trpc/events.subscribe`, {
      headers: { Cookie: browser.cookie },
    });
    const ended = stream.text();
    const context = { tenantId: (await signedInTenant(browser)) ?? "", db: api.db };
    const actor = { kind: "operator", id: "test", via: "cli" } as const;
    await removeMember({ ...context, actor }, { personId, scopes: roleScopes.owner });
    expect(await ended).toContain("invalid_credentials");
    expect((await list(browser)).status).toBe(401);
    // Who belongs nowhere may sign in, and is told so.
    const again = await signedIn(api, person);
    expect((await again.ask("GET", "/api/session")).body).toMatchObject({
      tenant: null,
      tenants: [],
      scopes: [],
    });
  });

  it("opens nothing of a tenant that asks for a second factor until its person has one", async () => {
    const { tenantId: strict } = await createTenant(api.db, { name: "Strict" });
    const lacking = await addPerson(api, { tenantId: strict });
    const owner = await signedIn(api, lacking);
    const ofProvider = await addPerson(api, { tenantId: strict, role: "viewer" });
    await api.db.personAccount.updateMany({
      where: { personId: ofProvider.personId },
      data: { providerId: "oidc", accountId: "somebody", password: null },
    });
    const throughProvider = await signedIn(api, ofProvider);
    const stream = await fetch(`${api.baseUrl}/api/trpc/events.subscribe`, {
      headers: { Cookie: owner.cookie },
    });
    const ended = stream.text();
    const require = (is: boolean) =>
      owner.ask("POST", "/api/trpc/settings.update", { require_second_factor: is });
    expect((await require(true)).text).toContain('"require_second_factor":true');
    await expect.poll(async () => (await list(owner)).status).toBe(401);
    expect(await ended).toContain("invalid_credentials");
    expect((await require(false)).status).toBe(401);
    expect((await list(throughProvider)).status).toBe(200);
    expect((await owner.ask("GET", "/api/session")).body).toMatchObject({
      tenant: { id: strict, second_factor_required: true },
      scopes: [],
    });
    const into = await owner.ask("PUT", "/api/session/tenant", { tenant_id: strict });
    expect([into.status, (await list(owner)).status]).toEqual([204, 401]);

    const browser = new Browser(api);
    await browser.signIn(lacking.email);
    const { body } = await browser.ask("POST", "/api/auth/two-factor/enable", { password });
    const code = codeOf(body.totp_uri);
    expect((await browser.ask("POST", "/api/auth/two-factor/verify-totp", { code })).status).toBe(200);
    await expect.poll(async () => (await list(browser)).status).toBe(200);
    expect((await browser.ask("GET", "/api/session")).body).toMatchObject({
      tenant: { second_factor_required: false },
      scopes: roleScopes.owner,
    });
    // Without it the door is closed again.
    await browser.ask("POST", "/api/auth/two-factor/disable", { password });
    await expect.poll(async () => (await list(browser)).status).toBe(401);
  });

  it("changes its person's password, and is the only one left", async () => {
    const { email } = await addPerson(api, { tenantId });
    const [here, there] = [new Browser(api), new Browser(api)];
    for (const browser of [here, there]) expect((await browser.signIn(email)).status).toBe(200);
    const change = (given: string, chosen: string) =>
      here.ask("POST", "/api/auth/change-password", { password: given, new_password: chosen });
    expect(await change(password, "short")).toMatchObject({
      status: 400,
      body: { errors: [{ field: "new_password", message: expect.stringContaining("at least 12") }] },
    });
    expect((await change("wrong password", "another long password")).status).toBe(401);
    expect((await change(password, "another long password")).status).toBe(200);
    expect((await list(here)).status).toBe(200);
    await expect.poll(async () => (await list(there)).status).toBe(401);
    expect((await new Browser(api).signIn(email)).status).toBe(401);
    expect((await new Browser(api).signIn(email, "another long password")).status).toBe(200);
  });
});

async function signedInTenant(browser: Browser) {
  const session = await browser.ask("GET", "/api/session");
  const { tenantId: id } = await api.services.authenticator.session(
    decodeURIComponent(browser.cookies.get("lethe_session") ?? ""),
  );
  expect(session.body).toMatchObject({ tenant: { id } });
  return id;
}
