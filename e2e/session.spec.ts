import type { Page } from "@playwright/test";
import { expireSessions } from "./support/expire-sessions.ts";
import { holdScripts } from "./support/held-calls.ts";
import { revokeKeys } from "./support/operate.ts";
import { expect, test } from "./support/test.ts";

test("a wrong key is refused, and the right one leads to where one wanted to go", async ({
  page,
  tenant,
  api,
}) => {
  const { id } = await api.createChat("Wanted");
  await page.goto(`/chats/${id}`);
  await expect(page).toHaveURL(new RegExp(`/sign-in\\?next=.*${id}`));
  const field = page.getByLabel("API key");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByText("Paste your API key first.")).toBeVisible();
  await enter(page, `${tenant.apiKey}x`);
  await expect(page.getByText("That key is not valid.")).toBeVisible();
  await expect(field).toBeFocused();
  await expect(field).toHaveAttribute("aria-invalid", "true");
  await expect(field).toHaveAttribute("type", "password");
  await enter(page, tenant.apiKey);
  await expect(page).toHaveURL(new RegExp(`/chats/${id}$`));
  await expect(page.getByRole("heading", { level: 1, name: "Wanted" })).toBeVisible();
});

test("a key that was filled in before the page listens counts, and cannot be sent before", async ({
  page,
  tenant,
}) => {
  const goOn = await holdScripts(page);
  await page.goto("/sign-in", { waitUntil: "domcontentloaded" });
  await page.getByLabel("API key").fill(tenant.apiKey);
  for (const button of ["Sign in", "Try the demo"].map((name) => page.getByRole("button", { name }))) {
    await expect(button).toBeDisabled();
    // It looks as it will.
    await expect(button).not.toHaveAttribute("data-disabled");
  }
  await page.getByLabel("API key").press("Enter");
  goOn();
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page).toHaveURL(/\/chats$/);
});

test("the session is a cookie that no script reads and no other site's request carries", async ({
  page,
  context,
  tenant,
}) => {
  await page.goto("/sign-in");
  await enter(page, tenant.apiKey);
  await expect(page).toHaveURL(/\/chats$/);
  const cookie = (await context.cookies()).find(({ name }) => name === "lethe_session");
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: "Lax", path: "/" });
  expect(cookie?.expires).toBeGreaterThan(Date.now() / 1_000);
  expect(cookie?.value).not.toContain(tenant.apiKey);
  const readable = () =>
    page.evaluate(() => JSON.stringify([document.cookie, { ...localStorage }, { ...sessionStorage }]));
  expect(await readable()).not.toContain(tenant.apiKey);
  expect(await readable()).not.toContain("lethe_session");
});

test("signing out ends the session in every tab and for whoever kept the cookie", async ({
  dashboard,
  otherTab,
  api,
  context,
}) => {
  const { page } = dashboard;
  await api.createChat("Private");
  const other = await otherTab();
  await dashboard.open();
  await other.open();
  const kept = await context.cookies();
  await page.getByRole("button", { name: "Settings" }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  for (const tab of [dashboard, other]) {
    await expect(tab.page).toHaveURL(/\/sign-in/);
    await expect(tab.page.getByText("Private")).toHaveCount(0);
  }
  await page.goBack();
  await expect(page.getByRole("button", { name: "Sign in" })).toBeVisible();
  await expect(page.getByText("Private")).toHaveCount(0);
  await context.addCookies(kept);
  await page.goto("/chats");
  await expect(page).toHaveURL(/\/sign-in/);
});

test("an expired session leads to the sign-in page, and from there back", async ({
  dashboard,
  api,
  tenant,
}) => {
  const { page } = dashboard;
  const { id } = await api.createChat("Left open");
  await dashboard.openChat(id);
  // With what the address says besides: what is looked for, and the place in the chat.
  await page.goto(`/chats/${id}?q=left+%C3%B6pen&at=1`);
  await expect(dashboard.heading("Left open")).toBeVisible();
  await expireSessions(tenant.tenantId);
  await expect(page).toHaveURL(new RegExp(`/sign-in\\?next=.*${id}`));
  // As one who comes anew is led there, too.
  await page.goto(`/chats/${id}?q=left+%C3%B6pen&at=1`);
  await expect(page).toHaveURL(new RegExp(`/sign-in\\?next=.*${id}.*q%3Dleft`));
  await enter(page, tenant.apiKey);
  await expect(page).toHaveURL(new RegExp(`/chats/${id}\\?q=left\\+%C3%B6pen`));
  await expect(dashboard.heading("Left open")).toBeVisible();
});

test("a revoked key ends its sessions, and deletes nothing any more", async ({ dashboard, api, tenant }) => {
  const { page } = dashboard;
  await api.createChat("Not yours any more");
  await dashboard.open();
  await dashboard.askFromList("Not yours any more");
  await revokeKeys(tenant.tenantId);
  // Servers may know a key for up to five seconds longer.
  await expect
    .poll(async () => (await page.request.get("/api/trpc/chat.list?input=%7B%22limit%22%3A1%7D")).status())
    .toBe(401);
  // The page may find out by itself between the look and the click, which then has nothing to wait for.
  if (await dashboard.confirm.isVisible()) {
    await dashboard.confirm.click({ timeout: 1_000 }).catch(() => undefined);
  }
  await expect(page).toHaveURL(/\/sign-in/);
  await enter(page, tenant.apiKey);
  await expect(page.getByText("That key is not valid.")).toBeVisible();
});

test("signing in leads nowhere but into the dashboard", async ({ page, tenant }) => {
  for (const next of [
    "//evil.example",
    "https://evil.example/",
    "/chats/../../evil",
    "javascript:alert(1)",
  ]) {
    await page.goto("about:blank");
    await page.context().clearCookies();
    await page.goto(`/sign-in?next=${encodeURIComponent(next)}`);
    await enter(page, tenant.apiKey);
    await expect(page).toHaveURL(/^http:\/\/localhost:\d+\/chats$/);
  }
});

async function enter(page: Page, apiKey: string): Promise<void> {
  await page.getByLabel("API key").fill(apiKey);
  await page.getByRole("button", { name: "Sign in" }).click();
}
