import {
  createApiKey,
  createInvitation,
  createPasswordReset,
  createTenant,
  issueSetUpCode,
  roleScopes,
} from "@lethe/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addPerson, Browser, password, signedIn } from "../testing/people.ts";
import { startTestApi, type TestApi } from "../testing/start-test-api.ts";

let api: TestApi;
let tenantId: string;
beforeAll(async () => {
  api = await startTestApi();
  ({ tenantId } = await createTenant(api.db, { name: "Acme" }));
});
afterAll(() => api.stop());

describe("a forgotten password", () => {
  it("is changed by an operator's link, on a page of this host, with another that is not easy to guess", async () => {
    const { email } = await addPerson(api, { tenantId });
    const { token } = await createPasswordReset(api.db, { email, withSecondFactor: false });
    const browser = new Browser(api);
    const ask = (path: string, body: object, headers = {}) =>
      browser.ask("POST", `/api/password/${path}`, body, headers);
    expect((await ask("read", { token })).body).toEqual({ email, name: "Ada" });
    expect((await ask("read", { token: "guessed" })).body).toMatchObject({
      code: "password_reset_not_found",
    });
    const chosen = "four words without relation";
    const elsewhere = { Origin: "https://elsewhere.example" };
    expect((await ask("reset", { token, password: chosen }, elsewhere)).status).toBe(403);
    expect((await ask("reset", { token, password: "passwordpassword" })).body).toMatchObject({
      code: "weak_password",
    });
    expect((await ask("reset", { token, password: chosen })).status).toBe(204);
    expect((await ask("reset", { token, password: chosen })).status).toBe(404);
    expect((await browser.signIn(email)).status).toBe(401);
    expect((await browser.signIn(email, chosen)).status).toBe(200);
    const change = (new_password: string) =>
      browser.ask("POST", "/api/auth/change-password", { password: chosen, new_password });
    expect((await change("iloveyouforever")).body).toMatchObject({ code: "weak_password" });
    expect((await change("another four words, unrelated")).status).toBe(200);
  });
});

describe("coming in", () => {
  it("by an invitation, as a new person or as who is signed in", async () => {
    const actor = { kind: "operator", id: "test" } as const;
    const invite = (email: string, to = tenantId) =>
      createInvitation(
        { db: api.db, tenantId: to, actor },
        { email, role: "viewer", scopes: roleScopes.owner },
      );
    const email = "new.person@example.com";
    const { token } = await invite(email);
    const browser = new Browser(api);
    const read = await browser.ask("POST", "/api/invitation/read", { token });
    expect(read.body).toEqual({ tenant_name: "Acme", email, role: "viewer", has_account: false });
    const accept = (more: object, who = browser) =>
      who.ask("POST", "/api/invitation/accept", { token, ...more });
    expect((await accept({})).status).toBe(401);
    expect((await accept({ name: "New" })).status).toBe(400);
    expect((await accept({ name: "New", password: "short" })).status).toBe(400);
    expect((await accept({ name: "New", password })).status).toBe(201);
    expect((await accept({ name: "New", password })).body).toMatchObject({ code: "invitation_not_found" });
    const person = await signedIn(
      api,
      await api.db.person.findFirstOrThrow({ where: { email } }).then(({ id }) => ({ personId: id })),
    );
    const { tenantId: second } = await createTenant(api.db, { name: "Other" });
    const other = await invite(email, second);
    expect((await person.ask("POST", "/api/invitation/accept", { token: other.token })).status).toBe(201);
    expect((await person.ask("GET", "/api/session")).body).toMatchObject({
      tenant: { id: second, role: "viewer" },
    });
  });

  it("as the first, by the code that was printed; then keys sign nobody in any more", async () => {
    const fresh = await startTestApi(undefined, { keySignIn: "until_people" });
    const { tenantId } = await createTenant(fresh.db, { name: "Was here" });
    const { apiKey } = await createApiKey(fresh.db, { tenantId, name: "k" });
    const byKey = () => new Browser(fresh).ask("POST", "/api/session", { api_key: apiKey });
    expect((await byKey()).status).toBe(204);
    const code = await issueSetUpCode(fresh.db);
    const first = { tenant_name: "Acme", name: "Ada", email: "ada@example.com", password };
    const setUp = (given: unknown) =>
      new Browser(fresh).ask("POST", "/api/set-up", { ...first, code: given });
    expect((await setUp("guessed")).status).toBe(401);
    expect((await setUp(code)).body).toEqual({ tenant_id: tenantId });
    expect((await setUp(code)).status).toBe(401);
    const owner = new Browser(fresh);
    expect((await owner.signIn(first.email)).status).toBe(200);
    expect((await owner.ask("GET", "/api/session")).body).toMatchObject({
      tenant: { id: tenantId, role: "owner" },
    });
    expect(await byKey()).toMatchObject({ status: 403, body: { code: "key_sign_in_off" } });
    await fresh.stop();
  });
});
