import { codeOf } from "@lethe/api/testing/authenticator-app";
import { startIdentityProvider } from "@lethe/api/testing/identity-provider";
import { freePort } from "@lethe/db/testing";
import { z } from "zod";
import { ask } from "./support/ask.ts";
import { Dashboard } from "./support/dashboard.ts";
import { findViolations } from "./support/find-violations.ts";
import { operate } from "./support/operate.ts";
import { type StartedLethe, startLethe } from "./support/start-lethe.ts";
import { type Browser, expect, type Page, plainTest as test } from "./support/test.ts";

// One Lethe, in which each goes on from where the one before has left it.
test.describe.configure({ mode: "serial" });

/** A Lethe of its own, where nobody has an account yet. */
let lethe: StartedLethe;
/** By which people may sign in there. */
let acme: Awaited<ReturnType<typeof startIdentityProvider>>;
test.beforeAll(async () => {
  const port = `${await freePort()}`;
  acme = await startIdentityProvider(`http://localhost:${port}`);
  const { name, issuer, clientId, clientSecret, publicUrl } = acme.provider;
  lethe = await startLethe({
    ...{ LETHE_DEMO: "off", PORT: port, LETHE_PUBLIC_URL: publicUrl, LETHE_OIDC_NAME: name },
    LETHE_OIDC_ISSUER: issuer,
    ...{ LETHE_OIDC_CLIENT_ID: clientId, LETHE_OIDC_CLIENT_SECRET: clientSecret },
  });
});
test.afterAll(async () => {
  await lethe.stop();
  await acme.stop();
});

const open = async (browser: Browser): Promise<Page> =>
  (await browser.newContext({ baseURL: lethe.url })).newPage();

const password = "correct horse battery staple";

const printed = z.object({ path: z.string().default(""), tenant_id: z.string().default("") });

/** What an operator of that Lethe does, and what is printed for them. */
const byOperator = async (...command: string[]) =>
  printed.parse(JSON.parse(await operate(lethe.dataDir, ...command, "--json")));

async function signIn(page: Page, email: string, given = password): Promise<void> {
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password").fill(given);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

test("44, 46, 50: from a fresh start a newcomer invites a colleague as viewer, who sees and cannot delete", async ({
  browser,
}) => {
  test.slow();
  const owner = await open(browser);
  const inOffice = new Dashboard(owner);
  await owner.goto("/");
  await owner.getByRole("link", { name: "Set up the first" }).click();
  const code = /"set_up_code":"([^"]+)"/.exec(lethe.log())?.[1] ?? "";
  await owner.getByLabel("Code").fill(code);
  await owner.getByLabel("Name of your tenant").fill("Acme");
  await owner.getByLabel("Your name").fill("Ada Lovelace");
  await owner.getByLabel("Email").fill("ada@example.com");
  await owner.getByLabel("Password").fill("too short");
  await owner.getByRole("button", { name: "Create your account" }).click();
  await expect(owner.getByRole("alert").filter({ hasText: "at least 12 characters" })).toBeVisible();
  await owner.getByLabel("Password").fill(password);
  await owner.getByRole("button", { name: "Create your account" }).click();
  await expect(owner).toHaveURL(/\/chats$/);

  await owner.getByRole("button", { name: "New chat" }).first().click();
  await owner.getByLabel("Title").fill("Plans");
  await owner.getByRole("button", { name: "Create chat" }).click();
  await inOffice.composer.fill("Only for us");
  await owner.getByRole("button", { name: "Send" }).click();
  await expect(inOffice.messages.getByText("Only for us")).toBeVisible();

  await owner.getByRole("button", { name: "Settings" }).click();
  await owner.getByRole("menuitem", { name: "Members" }).click();
  await expect(owner.getByRole("list", { name: "Members" })).toContainText("Owner since");
  await owner.getByRole("button", { name: "Invite" }).click();
  await owner.getByLabel("Email").fill("bob@example.com");
  await owner.getByRole("radio", { name: "Viewer" }).check();
  expect(await findViolations(owner)).toEqual([]);
  await owner.getByRole("button", { name: "Make a link" }).click();
  const shown = owner.getByRole("alertdialog");
  await owner.keyboard.press("Escape");
  const link = (await shown.locator("code").textContent()) ?? "";
  await shown.getByRole("button", { name: "I have copied it" }).click();
  await expect(owner.getByRole("list", { name: "Invitations" })).toContainText("bob@example.com");

  const colleague = await open(browser);
  const atHome = new Dashboard(colleague);
  await colleague.goto(link);
  await expect(colleague.getByText("Acme invites bob@example.com as viewer.")).toBeVisible();
  await colleague.getByLabel("Your name").fill("Bob");
  await colleague.getByLabel("Choose a password").fill(password);
  await colleague.getByRole("button", { name: "Create your account and join" }).click();
  await expect(colleague).toHaveURL(/\/chats$/);
  await atHome.row("Plans").click();
  await expect(atHome.messages.getByText("Only for us")).toBeVisible();
  await expect(colleague.getByText("As viewer you may not. Ask an owner of Acme.")).toBeVisible();
  await expect(atHome.composer).toHaveCount(0);
  for (const name of [/^Delete/, /^New chat/, /^Rename/, /^Select/])
    await expect(colleague.getByRole("button", { name })).toHaveCount(0);
  const beside = await owner.context().newPage();
  await beside.goto(colleague.url());
  await expect(beside.getByText("Bob is here", { exact: true })).toBeVisible();
  await expect(colleague.getByText("Ada Lovelace is here", { exact: true })).toBeVisible();
  await beside.close();
  await atHome.row("Plans").focus();
  for (const key of ["Delete", "Shift+Delete", "x"]) await colleague.keyboard.press(key);
  await expect(atHome.row("Plans")).toBeVisible();
  await expect(atHome.dialog).toHaveCount(0);
  await expect(atHome.selectionBar).toHaveCount(0);
  // Nor by what a page could ask beside its buttons.
  const chat_id = /[0-9a-f-]{36}$/.exec(colleague.url())?.[0] ?? "";
  for (const procedure of ["chat.trash", "chat.delete"])
    expect(await ask(colleague, `/api/trpc/${procedure}`, { chat_id })).toBe(403);
  await colleague.goto("/settings/members");
  await expect(colleague.getByRole("list", { name: "Members" })).toContainText("Ada Lovelace");
  await expect(colleague.getByText("Owners decide who belongs to the tenant.")).toBeVisible();
  for (const name of ["Invite", /^Change role/, /^Remove/])
    await expect(colleague.getByRole("button", { name })).toHaveCount(0);
  expect(await findViolations(colleague)).toEqual([]);
  await colleague.goto("/deletions/jobs");
  await expect(colleague.getByText("As viewer you may not. Ask an owner of Acme.")).toBeVisible();
  await colleague.goto("/deletions");
  await expect(colleague.getByRole("link", { name: /receipt|jobs/ })).toHaveText(["Check a receipt"]);

  // The link was good once, and the owner sees who has come, and takes them out again.
  const other = await open(browser);
  await other.goto(link);
  await expect(other.getByRole("alert").filter({ hasText: "Ask for another" })).toBeVisible();
  await owner.reload();
  await owner.getByRole("button", { name: "Remove Bob" }).click();
  await expect(inOffice.dialog).toContainText("signed out of this tenant within two seconds");
  await inOffice.dialog.getByRole("button", { name: "Remove" }).click();
  await expect(owner.getByRole("list", { name: "Members" })).not.toContainText("Bob");
  await expect(colleague).toHaveURL(/\/sign-in/);
});

test("40, 46: a key is made, shown once and revoked; sessions are listed and ended everywhere", async ({
  browser,
}) => {
  test.slow();
  const page = await open(browser);
  await page.goto("/settings/keys");
  await signIn(page, "ada@example.com");
  await expect(page).toHaveURL(/\/settings\/keys$/);
  await page.getByRole("button", { name: "New key" }).click();
  await page.getByLabel("What it is for").fill("Nightly export");
  await page.getByRole("checkbox", { name: /Use the Trash/ }).check();
  await page.getByRole("button", { name: "Make key" }).click();
  const shown = page.getByRole("alertdialog");
  await page.keyboard.press("Escape");
  const key = (await shown.locator("code").textContent()) ?? "";
  await shown.getByRole("button", { name: "I have copied it" }).click();
  const headers = { "X-API-Key": key };
  expect((await page.request.get("/api/v1/chats", { headers })).status()).toBe(200);
  const row = page
    .getByRole("list", { name: "API keys" })
    .getByRole("listitem")
    .filter({ hasText: "Nightly" });
  await expect(row).toContainText(`${key.slice(0, 14)}…`);
  await expect(row).toContainText("by Ada Lovelace (ada@example.com)");
  expect(await findViolations(page)).toEqual([]);
  await row.getByRole("button", { name: "Revoke" }).click();
  await expect(page.getByRole("alertdialog")).toContainText("refused within two seconds");
  await page.getByRole("button", { name: "Revoke key" }).click();
  await expect(page.getByRole("list", { name: "Revoked and expired API keys" })).toContainText("Nightly");
  await expect.poll(async () => (await page.request.get("/api/v1/chats", { headers })).status()).toBe(401);

  await page.goto("/settings/account");
  const sessions = page.getByRole("list", { name: "Your sessions" });
  await expect(sessions).toContainText("this browser");
  expect(await findViolations(page)).toEqual([]);
  await page.getByRole("button", { name: "Sign out everywhere" }).click();
  await expect(page).toHaveURL(/\/sign-in/);
});

test("by a provider of identities comes who has connected it, and whoever is invited", async ({
  browser,
}) => {
  test.slow();
  acme.become({ sub: "1", email: "ada@acme.example", email_verified: true, name: "Ada" });
  const page = await open(browser);
  await page.goto("/settings/account");
  // Nobody has invited that address, and no account is opened by an address.
  await page.getByRole("button", { name: "Sign in with Acme ID" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "Nobody has invited that address" })).toBeVisible();
  expect(await findViolations(page)).toEqual([]);
  await page.goto("/sign-in?next=/settings/account");
  await signIn(page, "ada@example.com");
  await page.getByRole("button", { name: "Connect…" }).click();
  await page.getByLabel("Your password").fill(password);
  expect(await findViolations(page)).toEqual([]);
  await page.getByRole("button", { name: "Go to Acme ID" }).click();
  await expect(page.getByText("It is connected.")).toBeVisible();
  await page.getByRole("button", { name: "Settings" }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.getByRole("button", { name: "Sign in with Acme ID" }).click();
  await expect(page).toHaveURL(/\/chats$/);
  await expect(new Dashboard(page).row("Plans")).toBeVisible();

  acme.become({ sub: "2", email: "grace@example.com", email_verified: true, name: "Grace Hopper" });
  await page.goto("/settings/members");
  await page.getByRole("button", { name: "Invite" }).click();
  await page.getByLabel("Email").fill("grace@example.com");
  await page.getByRole("radio", { name: "Member" }).check();
  await page.getByRole("button", { name: "Make a link" }).click();
  const link = (await page.getByRole("alertdialog").locator("code").textContent()) ?? "";
  await page.getByRole("button", { name: "I have copied it" }).click();
  const invited = await open(browser);
  await invited.goto(link);
  await expect(invited.getByText("Acme invites grace@example.com as member.")).toBeVisible();
  expect(await findViolations(invited)).toEqual([]);
  await invited.getByRole("button", { name: "Go on with Acme ID" }).click();
  await invited.getByRole("button", { name: "Join", exact: true }).click();
  await expect(invited).toHaveURL(/\/chats$/);
  await invited.goto("/settings/account");
  await expect(invited.getByText("It is connected, and your only way in.")).toBeVisible();
  await expect(invited.getByRole("heading", { name: "Password" })).toHaveCount(0);
  await page.reload();
  await expect(page.getByRole("list", { name: "Members" })).toContainText("Grace Hopper");

  await page.goto("/settings/account");
  await page.getByRole("button", { name: "Disconnect…" }).click();
  await page.getByLabel("Your password").fill(password);
  await page.getByRole("button", { name: "Disconnect", exact: true }).click();
  await expect(page.getByText("It is not connected.")).toBeVisible();
});

test("who has forgotten their password chooses another by what an operator prints", async ({ browser }) => {
  const page = await open(browser);
  await page.goto("/sign-in");
  await expect(page.getByText("Whoever runs this Lethe gives you a link.")).toBeVisible();
  const { path } = await byOperator("user", "reset", "--email", "ada@example.com");
  await page.goto(path);
  await expect(page.getByText("For Ada Lovelace, ada@example.com.")).toBeVisible();
  await page.getByLabel("New password").fill("Ada Lovelace 1815");
  await page.getByRole("button", { name: "Change the password" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "easy to guess" })).toBeVisible();
  expect(await findViolations(page)).toEqual([]);
  await page.getByLabel("New password").fill("four words without relation");
  await page.getByRole("button", { name: "Change the password" }).click();
  await expect(page).toHaveURL(/\/sign-in$/);
  await signIn(page, "ada@example.com", "four words without relation");
  await expect(page).toHaveURL(/\/chats$/);
});

test("with a second factor, in two tenants, of which one shows nothing of the other", async ({ browser }) => {
  test.slow();
  const page = await open(browser);
  const dashboard = new Dashboard(page);
  const chosen = "four words without relation";
  await page.goto("/settings");
  await signIn(page, "ada@example.com", chosen);
  // Whoever asks everybody for one is the first to be asked.
  await page.getByRole("button", { name: "Require a second factor" }).click();
  await expect(page.getByText("Acme asks for a second factor. Turn yours on to go in.")).toBeVisible();
  await page.getByRole("button", { name: "Turn on…" }).click();
  await page.getByLabel("Your password").fill(chosen);
  await page.getByRole("button", { name: "Go on" }).click();
  await expect(page.getByRole("img", { name: "QR code for an authenticator app" })).toBeVisible();
  const app = `otpauth://totp/Lethe?secret=${await page.getByRole("dialog").locator("code").textContent()}`;
  expect(await findViolations(page)).toEqual([]);
  await page.getByLabel("Code that the app shows").fill(codeOf(app));
  await page.getByRole("button", { name: "Turn on", exact: true }).click();
  await page.getByRole("button", { name: "I have copied it" }).click();
  await expect(page).toHaveURL(/\/chats$/);
  await page.goto("/settings/account");
  await expect(page.getByText("It is on.")).toBeVisible();
  await page.getByRole("button", { name: "Settings" }).click();
  await dashboard.item("Sign out").click();
  await signIn(page, "ada@example.com", chosen);
  await page.getByLabel("Code").fill("000000");
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page.getByRole("alert").filter({ hasText: "The code is wrong" })).toBeVisible();
  expect(await findViolations(page)).toEqual([]);
  await page.getByLabel("Code").fill(codeOf(app, 1));
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await dashboard.row("Plans").click();
  await expect(dashboard.messages.getByText("Only for us")).toBeVisible();
  const chat = page.url();

  const { tenant_id } = await byOperator("tenant", "create", "--name", "Borealis");
  const to = ["--tenant", tenant_id, "--email", "ada@example.com", "--role", "viewer"];
  await page.goto((await byOperator("user", "create", ...to)).path);
  await page.getByRole("button", { name: "Join", exact: true }).click();
  await expect(page.getByText("No chats yet")).toBeVisible();
  await page.goto(chat);
  await expect(dashboard.heading("This chat is gone")).toBeVisible();
  await expect(page.getByText("It was deleted, or there never was a chat at this address.")).toBeVisible();
  await page.getByRole("button", { name: "Settings" }).click();
  await page.getByRole("menuitemradio", { name: "Acme" }).click();
  await expect(dashboard.row("Plans")).toBeVisible();
  await page.goto(chat);
  await expect(dashboard.messages.getByText("Only for us")).toBeVisible();
});
