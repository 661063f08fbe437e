import { createTenant, roleScopes } from "@lethe/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { codeOf } from "../testing/authenticator-app.ts";
import { addPerson, Browser, password } from "../testing/people.ts";
import { rawRequest } from "../testing/raw-request.ts";
import { startTestApi, type TestApi } from "../testing/start-test-api.ts";

let api: TestApi;
let tenantId: string;
beforeAll(async () => {
  api = await startTestApi();
  ({ tenantId } = await createTenant(api.db, { name: "Acme" }));
});
afterAll(() => api.stop());

const list = (browser: Browser) => browser.ask("GET", "/api/trpc/chat.list?input=%7B%7D");

describe("signing in by password", () => {
  it("gives a cookie that scripts cannot read, an answer without a token, and stores no token", async () => {
    const { email } = await addPerson(api, { tenantId });
    const browser = new Browser(api);
    const { status, set, body } = await browser.signIn(email.toUpperCase());
    expect({ status, body }).toEqual({ status: 200, body: { second_factor: false } });
    const [cookie = "", ...more] = set;
    expect(more).toEqual([]);
    expect(cookie).toMatch(/^lethe_session=[A-Za-z0-9]{32}\./);
    for (const attribute of ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=604800"])
      expect(cookie).toContain(attribute);
    expect(cookie).not.toMatch(/Secure|Domain/);
    const [token = ""] = decodeURIComponent(browser.cookies.get("lethe_session") ?? "").split(".");
    const rows = await api.db.$queryRaw`SELECT s::text AS row FROM person_session AS s`;
    expect(JSON.stringify(rows)).not.toContain(token);
    expect(api.logs.join("\n")).not.toContain(token);
    expect((await list(browser)).status).toBe(200);
    expect((await browser.ask("GET", "/api/session")).body).toMatchObject({
      ...{ kind: "person", name: "Ada", email, second_factor: false },
      ...{ tenant: { id: tenantId, name: "Acme", role: "owner" }, tenants: [{ id: tenantId }] },
      scopes: [...roleScopes.owner],
    });
    const before = browser.cookies.get("lethe_session") ?? "";
    await browser.signIn(email);
    const stale = new Browser(api);
    stale.cookies.set("lethe_session", before);
    expect((await list(stale)).status).toBe(401);
    expect((await browser.ask("DELETE", "/api/session")).status).toBe(204);
    expect((await list(browser)).status).toBe(401);
  });

  it("binds the cookie to the host over https, and knows it again", async () => {
    const behind = await startTestApi(undefined, { trustProxy: 1 });
    const host = "lethe.example";
    const headers = {
      ...{ Host: host, Origin: `https://${host}`, "X-Forwarded-Proto": "https" },
      ...{ "Content-Type": "application/json", "X-Forwarded-For": "203.0.113.7" },
    };
    const { tenantId } = await createTenant(behind.db, { name: "Behind" });
    const { email, personId } = await addPerson(behind, { tenantId });
    const send = (path: string, body: object, cookie = "") =>
      rawRequest(behind.baseUrl, {
        method: "POST",
        path: `/api/auth${path}`,
        headers: { ...headers, ...(cookie && { Cookie: cookie }) },
        body: JSON.stringify(body),
      });
    const { status, headers: answered } = await send("/sign-in/email", { email, password });
    expect(status).toBe(200);
    const [bound = "", plain = ""] = answered["set-cookie"] ?? [];
    expect(bound).toMatch(/^__Host-lethe_session=.*; Secure/);
    expect(plain).toMatch(/^lethe_session=;.*Max-Age=0/);
    expect(await behind.db.personSession.findFirst({ where: { personId } })).toMatchObject({
      ipAddress: "203.0.113.7",
    });
    // better-auth finds the session by the cookie that it gave.
    const enabled = await send("/two-factor/enable", { password }, bound.split(";")[0]);
    expect(enabled.status).toBe(200);
    await behind.stop();
  });

  it("says the same of a wrong password and of an address that nobody has", async () => {
    const { email } = await addPerson(api, { tenantId });
    const [wrong, unknown] = [
      await new Browser(api).signIn(email, "something else entirely"),
      await new Browser(api).signIn("nobody@example.com"),
    ];
    for (const { status, body, set } of [wrong, unknown]) {
      expect({ status, set }).toEqual({ status: 401, set: [] });
      expect(body).toMatchObject({
        code: "invalid_credentials",
        message: "The address or the password is wrong",
      });
    }
  });

  it("is for pages of this host, with what is asked for and nothing else, and there is nothing beside it", async () => {
    const { email } = await addPerson(api, { tenantId });
    const browser = new Browser(api);
    const sent = { email, password };
    const path = "/api/auth/sign-in/email";
    for (const Origin of ["https://elsewhere.example", "null", `${api.baseUrl}.example`])
      expect(await browser.ask("POST", path, sent, { Origin })).toMatchObject({
        status: 403,
        body: { code: "origin_refused" },
      });
    for (const [more, field] of [
      [{ rememberMe: false }, "rememberMe"],
      [{ callbackURL: "https://elsewhere.example" }, "callbackURL"],
      [{ email: "no address" }, "email"],
      [{ password: "" }, "password"],
    ] as const)
      expect((await browser.ask("POST", path, { ...sent, ...more })).body).toMatchObject({
        status: 400,
        errors: [{ field: expect.stringContaining(field === "email" || field === "password" ? field : "") }],
      });
    for (const absent of [
      "/sign-up/email",
      "/get-session",
      "/list-sessions",
      "/update-user",
      "/delete-user",
      "/ok",
    ])
      expect((await browser.ask("POST", `/api/auth${absent}`, {})).status, absent).toBe(404);
    expect(browser.cookies.size).toBe(0);
  });

  it("slows down who guesses, by network and by account", async () => {
    const slow = await startTestApi(undefined, { wrongKeys: 3, trustProxy: 1 });
    const { tenantId } = await createTenant(slow.db, { name: "Slow" });
    const [ada, bob] = [await addPerson(slow, { tenantId }), await addPerson(slow, { tenantId })];
    const from = (n: number) => ({ "X-Forwarded-For": `192.0.2.${n}` });
    const guess = async (email: string, n: number, given = "a wrong password") =>
      (await new Browser(slow).ask("POST", "/api/auth/sign-in/email", { email, password: given }, from(n)))
        .status;
    // Of one account from many networks.
    for (const n of [1, 2, 3]) expect(await guess(ada.email, n)).toBe(401);
    expect(await guess(ada.email, 4)).toBe(429);
    expect(await guess(bob.email, 4, password)).toBe(200);
    // By whoever has a session of theirs, under cookies that differ each time.
    const thief = new Browser(slow);
    await thief.signIn(bob.email);
    const confirm = (n: number) => {
      thief.cookies.set("x", `${n}`);
      const given = { password: `guess ${n}` };
      return thief.ask("POST", "/api/auth/two-factor/disable", given, from(20 + n));
    };
    const statuses = [await confirm(1), await confirm(2), await confirm(3), await confirm(4)];
    expect(statuses.map(({ status }) => status)).toEqual([401, 401, 401, 429]);
    // Of many accounts from one network.
    for (const name of ["a", "b", "c"]) expect(await guess(`${name}@example.com`, 9)).toBe(401);
    expect(await guess("d@example.com", 9)).toBe(429);
    // Of links and codes.
    const open = async (token: string) =>
      (await new Browser(slow).ask("POST", "/api/invitation/read", { token }, from(30))).status;
    expect([await open("a"), await open("b"), await open("c"), await open("d")]).toEqual([
      404, 404, 404, 429,
    ]);
    await slow.stop();
  });
});

describe("a second factor", () => {
  it("is asked for before there is a session, and its codes open once", async () => {
    const { email, personId } = await addPerson(api, { tenantId });
    const browser = new Browser(api);
    expect((await browser.signIn(email)).status).toBe(200);
    expect(
      (await browser.ask("POST", "/api/auth/two-factor/enable", { password: "not the password" })).status,
    ).toBe(401);
    const { body } = await browser.ask("POST", "/api/auth/two-factor/enable", { password });
    const [backup = ""] = Array.isArray(body.backup_codes) ? body.backup_codes : [];
    const stored = JSON.stringify(await api.db.secondFactor.findMany({ where: { personId } }));
    expect(stored).not.toContain(backup);
    const confirm = (code: string, who = browser) =>
      who.ask("POST", "/api/auth/two-factor/verify-totp", { code });
    expect((await confirm("000000")).status).toBe(401);
    const turnedOn = codeOf(body.totp_uri);
    expect((await confirm(turnedOn)).status).toBe(200);
    expect((await browser.ask("GET", "/api/session")).body).toMatchObject({ second_factor: true });

    const next = new Browser(api);
    expect((await next.signIn(email)).body).toEqual({ second_factor: true });
    expect(next.cookies.has("lethe_session")).toBe(false);
    expect((await list(next)).status).toBe(401);
    expect((await confirm("123456", next)).status).toBe(401);
    // That which has turned it on opens nothing any more; the one after it is good already.
    expect((await confirm(turnedOn, next)).status).toBe(401);
    await next.signIn(email);
    const { status, text } = await confirm(codeOf(body.totp_uri, 1), next);
    expect({ status, text }).toEqual({ status: 200, text: "{}" });
    expect((await list(next)).status).toBe(200);

    const lost = new Browser(api);
    await lost.signIn(email);
    const use = (who: Browser) =>
      who.ask("POST", "/api/auth/two-factor/verify-backup-code", { code: backup });
    expect((await use(lost)).status).toBe(200);
    const thief = new Browser(api);
    await thief.signIn(email);
    expect((await use(thief)).status).toBe(401);
    // Who mistypes it often is told the way on.
    for (let tries = 1; tries < 5; tries += 1) expect((await confirm("000000", thief)).status).toBe(401);
    const { status: over, body: way } = await confirm("000000", thief);
    expect({ over, way }).toMatchObject({
      over: 401,
      way: { detail: expect.stringContaining("Sign in again, and") },
    });
    expect((await lost.ask("POST", "/api/auth/two-factor/disable", { password })).status).toBe(200);
    expect((await new Browser(api).signIn(email)).body).toEqual({ second_factor: false });
  });
});
