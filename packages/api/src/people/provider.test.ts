import { createInvitation, createTenant, roleScopes } from "@lethe/core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startIdentityProvider } from "../testing/identity-provider.ts";
import { addPerson, Browser, password } from "../testing/people.ts";
import { startTestApi, type TestApi } from "../testing/start-test-api.ts";

const publicUrl = "http://lethe.example";
let idp: Awaited<ReturnType<typeof startIdentityProvider>>;
let api: TestApi;
let tenantId: string;
beforeAll(async () => {
  idp = await startIdentityProvider(publicUrl);
  api = await startTestApi(undefined, { provider: idp.provider, trustProxy: 1 });
  ({ tenantId } = await createTenant(api.db, { name: "Acme" }));
});
afterAll(async () => {
  await api.stop();
  await idp.stop();
});

/** As a page asks that people have opened at the address that the provider knows. */
const atHome = { Origin: publicUrl, "X-Forwarded-Host": "lethe.example" };
const begin = (browser: Browser, what: "sign-in" | "connect", next = "/chats") =>
  browser.ask(
    "POST",
    `/api/auth/provider/${what}`,
    what === "connect" ? { next, password } : { next },
    atHome,
  );

/** Goes to the provider and comes back, as a browser does; answers where it lands. */
async function goThrough(browser: Browser, what: "sign-in" | "connect" = "sign-in", next = "/chats") {
  const { body } = await begin(browser, what, next);
  return comeBack(browser, await backFrom(String(body.url)));
}

/** The path to which the provider sends a browser back. */
async function backFrom(url: string): Promise<string> {
  const { headers } = await fetch(url, { redirect: "manual" });
  const back = headers.get("location") ?? "";
  expect(back.startsWith(`${publicUrl}/api/auth/callback/oidc?`)).toBe(true);
  return back.slice(publicUrl.length);
}

async function comeBack(browser: Browser, path: string): Promise<string | null> {
  const response = await fetch(`${api.baseUrl}${path}`, {
    redirect: "manual",
    headers: { Cookie: browser.cookie },
  });
  browser.take(response);
  expect(response.status).toBe(303);
  return response.headers.get("location");
}

const ada = (email: string) => ({ sub: `sub of ${email}`, email, email_verified: true, name: "Ada at work" });

it("signs in who has connected it, by who they are there, whatever their address is by then", async () => {
  const { email, personId } = await addPerson(api, { tenantId });
  idp.become(ada(email));
  // The address alone opens no account.
  const stranger = new Browser(api);
  expect(await goThrough(stranger)).toBe("/sign-in?refused=account_not_linked");
  expect((await stranger.ask("GET", "/api/session")).status).toBe(401);
  expect((await begin(stranger, "connect")).status).toBe(401);

  const browser = new Browser(api);
  await browser.signIn(email);
  // Whoever finds a browser open does not make themselves a way back in.
  const unproved = { next: "/chats", password: "another password" };
  expect((await browser.ask("POST", "/api/auth/provider/connect", unproved, atHome)).status).toBe(401);
  expect(await goThrough(browser, "connect", "/settings/account")).toBe("/settings/account");
  idp.become({ ...ada(email), email: "ada.lovelace@work.example" });
  const next = new Browser(api);
  expect(await goThrough(next, "sign-in", "/trash?q=a+b&held=true")).toBe("/trash?q=a+b&held=true");
  expect((await next.ask("GET", "/api/session")).body).toMatchObject({ email, tenant: { id: tenantId } });
  expect((await next.ask("GET", "/api/trpc/chat.list?input=%7B%7D")).status).toBe(200);
  const accounts = await api.db.personAccount.findMany({ where: { personId, providerId: "oidc" } });
  const accountId = `${idp.provider.issuer} sub of ${email}`;
  expect(accounts).toMatchObject([{ accountId, accessToken: null, refreshToken: null, idToken: null }]);
  // Nobody else connects what somebody has connected.
  const { email: other } = await addPerson(api, { tenantId });
  const thief = new Browser(api);
  await thief.signIn(other);
  expect(await goThrough(thief, "connect")).toBe("/chats?refused=account_already_linked_to_different_user");
  // They disconnect it: it opens nothing any more, nor does what it has opened.
  const disconnect = (given: string) =>
    browser.ask("POST", "/api/auth/provider/disconnect", { password: given });
  expect((await disconnect("another password")).status).toBe(401);
  expect((await disconnect(password)).status).toBe(200);
  expect((await disconnect(password)).status).toBe(400);
  await expect.poll(async () => (await next.ask("GET", "/api/session")).status).toBe(401);
  expect((await browser.ask("GET", "/api/session")).status).toBe(200);
  idp.become(ada(email));
  expect(await goThrough(stranger)).toBe("/sign-in?refused=account_not_linked");
});

it("lets in who is invited by an address that it has proved, and makes them a member by the link alone", async () => {
  const email = "grace@example.com";
  const newcomer = new Browser(api);
  idp.become(ada(email));
  expect(await goThrough(newcomer)).toBe("/sign-in?refused=unable_to_create_user");
  const actor = { kind: "operator", id: "test" } as const;
  const scopes = roleScopes.owner;
  const { token } = await createInvitation(
    { db: api.db, tenantId, actor },
    { email, role: "viewer", scopes },
  );
  idp.become({ ...ada(email), email_verified: false });
  expect(await goThrough(newcomer, "sign-in", "/join")).toBe("/sign-in?refused=unable_to_create_user");
  idp.become(ada(email));
  expect(await goThrough(newcomer, "sign-in", "/join")).toBe("/join");
  expect((await newcomer.ask("GET", "/api/session")).body).toMatchObject({
    email,
    tenant: null,
    tenants: [],
  });
  expect((await newcomer.ask("POST", "/api/invitation/accept", { token })).status).toBe(201);
  expect((await newcomer.ask("GET", "/api/session")).body).toMatchObject({
    tenant: { id: tenantId, role: "viewer" },
  });
  expect((await newcomer.signIn(email, "")).status).toBe(400);
  expect((await newcomer.signIn(email, "anything that is long")).status).toBe(401);
});

it("believes only what it has asked itself, in the same browser, and signed by the provider", async () => {
  const { email } = await addPerson(api, { tenantId });
  const own = new Browser(api);
  await own.signIn(email);
  idp.become(ada(email));
  expect(await goThrough(own, "connect")).toBe("/chats");
  for (const lie of [{ nonce: "another" }, { forged: true }, { unsigned: true }, { denies: true }]) {
    idp.become(ada(email), lie);
    const browser = new Browser(api);
    expect(await goThrough(browser), JSON.stringify(lie)).toMatch(/^\/sign-in\?refused=/);
    expect((await browser.ask("GET", "/api/session")).status).toBe(401);
  }
  idp.become(ada(email));
  // Somebody else's way back, opened in a browser that has begun nothing.
  const { body } = await begin(new Browser(api), "sign-in");
  const victim = new Browser(api);
  expect(await comeBack(victim, await backFrom(String(body.url)))).toBe("/sign-in?refused=state_mismatch");
  expect(victim.cookies.has("lethe_session")).toBe(false);
  for (const next of ["https://elsewhere.example", "//elsewhere.example", "/api/session", 7])
    expect((await own.ask("POST", "/api/auth/provider/sign-in", { next }, atHome)).status).toBe(400);
  // A browser that knows Lethe by another address would come back as one that has begun nothing.
  expect(await own.ask("POST", "/api/auth/provider/sign-in", { next: "/chats" })).toMatchObject({
    status: 400,
    body: { message: expect.stringContaining(`Open Lethe at that address`) },
  });
  expect(
    (
      await own.ask(
        "POST",
        "/api/auth/provider/sign-in",
        { next: "/chats" },
        { Origin: "https://elsewhere.example" },
      )
    ).status,
  ).toBe(403);
});

it("keeps nobody from signing in by password while it is away", async () => {
  const away = await startTestApi(undefined, {
    provider: { ...idp.provider, issuer: "http://127.0.0.1:9" },
    trustProxy: 1,
  });
  const { email } = await addPerson(away);
  expect((await new Browser(away).signIn(email)).status).toBe(200);
  const browser = new Browser(away);
  expect(await begin(browser, "sign-in")).toMatchObject({
    status: 503,
    body: { message: expect.stringContaining("Acme ID does not answer") },
  });
  await away.stop();
});
