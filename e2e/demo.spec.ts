import { Api } from "./support/api.ts";
import { Dashboard } from "./support/dashboard.ts";
import { findViolations } from "./support/find-violations.ts";
import { holdReads } from "./support/held-calls.ts";
import { expect, serverUrl, test } from "./support/test.ts";

const demoKey = "your-tenant-api-key";
const demoChatId = "a1b2c3d4-e5f6-4a7b-8c9d-0e1f2a3b4c5d";
const demoApi = () => new Api(serverUrl(), demoKey);

// They share the one demo, and delete from it.
test.describe.configure({ mode: "serial" });

test("one click leads to a first page that invites to delete: into the Trash and back, and for good", async ({
  page,
}) => {
  const demo = new Dashboard(page);
  await page.goto("/");
  await expect(page).toHaveURL(/\/sign-in/);
  await page.getByRole("button", { name: "Try the demo" }).click();
  await expect(demo.heading("Delete something")).toBeVisible();
  await expect(demo.rows().nth(5)).toBeVisible();

  // What the page shows to copy is what the documentation shows, and it names the chat that it is about.
  const command = page.locator("code").filter({ hasText: "curl" });
  await expect(command).toContainText(`-X DELETE "${serverUrl()}/api/v1/chats/${demoChatId}"`);
  await expect(command).toContainText(`-H "X-API-Key: ${demoKey}"`);

  await page.getByRole("button", { name: "Move it to the Trash" }).click();
  const trashed = demo.toast("Moved “", "to the Trash");
  await expect(trashed).toBeVisible();
  await expect(command).not.toContainText(demoChatId);
  await trashed.getByRole("button", { name: "Undo" }).click();
  await expect(demo.toast("Restored “")).toBeVisible();
  await expect(command).toContainText(demoChatId);

  await page.getByRole("button", { name: "Delete it permanently", exact: true }).click();
  await demo.confirm.click();
  await expect(demo.toast("Deleted “", "erased.")).toBeVisible();
  expect(await demoApi().statusOf(demoChatId)).toBe(404);
  await expect(command).not.toContainText(demoChatId);
  await expect(page.getByRole("button", { name: "Move it to the Trash" })).toBeVisible();
});

test("the first page leads to a refusal, and to the way through it", async ({ page, context }) => {
  const demo = new Dashboard(page);
  await page.goto("/sign-in");
  await page.getByRole("button", { name: "Try the demo" }).click();
  await expect(page.getByText("409", { exact: true })).toBeVisible();
  const secondTab = context.waitForEvent("page");
  await page.getByRole("link", { name: "Open in a second tab" }).click();
  const reader = new Dashboard(await secondTab);
  await expect(reader.page.getByText("1 live connection", { exact: true })).toBeVisible();
  await page.bringToFront();
  await page.getByRole("button", { name: "Then delete it permanently" }).click();
  await expect(demo.dialog).toContainText("1 other live connection");
  await demo.confirm.click();
  const refusal = demo.toast("was not deleted", "1 live connection is open");
  await expect(refusal).toBeVisible();
  await refusal.getByRole("button", { name: "Disconnect and delete" }).click();
  await expect(demo.toast("Deleted “")).toBeVisible();
  await expect(reader.heading("This chat was deleted")).toBeVisible();
});

test("the command of the first page deletes before one's eyes", async ({ page }) => {
  const demo = new Dashboard(page);
  await page.goto("/sign-in");
  await page.getByRole("button", { name: "Try the demo" }).click();
  const command = page.locator("code").filter({ hasText: "curl" });
  await expect(command).toBeVisible();
  await demo.untilTold(demoApi());
  const [, url, key] =
    /DELETE "(.+?)"[\s\S]*X-API-Key: (.+?)"/.exec((await command.textContent()) ?? "") ?? [];
  const chatId = String(url).split("/").at(-1);
  const row = demo.list.locator(`a[href$="${chatId}"]`);
  await expect(row).toBeVisible();
  const goOn = await holdReads(page);
  const answer = await fetch(String(url), { method: "DELETE", headers: { "X-API-Key": String(key) } });
  expect(answer.status).toBe(200);
  await expect(row).toHaveCount(0);
  await goOn();
  await expect(command).not.toContainText(String(chatId));
});

test("the long chat leads back to its first message", async ({ page }) => {
  const demo = new Dashboard(page);
  await page.goto("/sign-in");
  await page.getByRole("button", { name: "Try the demo" }).click();
  await demo
    .rows()
    .filter({ hasText: /\d,?\d{3} messages/ })
    .click();
  await expect(demo.messages.getByRole("listitem").first()).toBeVisible();
  const places = demo.messages.locator("[aria-posinset]");
  const first = () =>
    places.evaluateAll((items) =>
      Math.min(...items.map((item) => Number(item.getAttribute("aria-posinset")))),
    );
  const before = await first();
  await demo.messages.hover();
  await expect(async () => {
    await page.mouse.wheel(0, -5_000);
    expect(await first()).toBeLessThan(before - 100);
  }).toPass();
  await demo.messages.focus();
  await page.keyboard.press("Home");
  await expect(places.first()).toHaveAttribute("aria-posinset", "1");
});

test("on a phone the invitation is a page of its own", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto("/sign-in");
  await page.getByRole("button", { name: "Try the demo" }).click();
  await page.getByRole("link", { name: "Try a deletion" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Delete something" })).toBeVisible();
});

test("another tenant of the same server is not told that its chats are samples", async ({
  dashboard,
  api,
}) => {
  const { page } = dashboard;
  await api.createChat("Serious business");
  await dashboard.open();
  await expect(dashboard.row("Serious business")).toBeVisible();
  await expect(dashboard.heading("No chat is open")).toBeVisible();
  await expect(page.getByText("samples")).toHaveCount(0);
  await page.goto("/chats/try");
  await expect(page).toHaveURL(/\/chats$/);
});

test("44: shows what each role is offered, and whom the others ask", async ({ page }) => {
  test.slow();
  const demo = new Dashboard(page);
  const api = demoApi();
  const { id } = await api.createChat("For every role");
  await api.trashChat((await api.createChat("In the Trash of every role")).id);
  await page.goto("/sign-in");
  await page.getByRole("button", { name: "Try the demo" }).click();
  await expect(demo.heading("Delete something")).toBeVisible();

  const button = (name: string) => demo.openPage.getByRole("button", { name, exact: true });
  const onPage = (name: string) => page.getByRole("region", { name: "Page" }).getByRole("button", { name });
  const inSettings = (name: string) =>
    page.getByRole("navigation", { name: "Settings" }).getByRole("link", { name });
  /** What there is to press on each page, how one comes to it, and the role from which on it is offered. */
  const pages = [
    {
      async open() {
        await demo.row("For every role").click();
        await expect(page).toHaveURL(new RegExp(id));
        await demo.openChatMenu();
      },
      offers: [
        ["Member", demo.sidebar.getByRole("button", { name: "New chat" })],
        ["Member", demo.list.getByRole("button", { name: "Delete For every role" })],
        ["Member", demo.box("For every role")],
        ["Member", button("Rename chat")],
        ["Member", button("Delete")],
        ["Member", demo.composer],
        ["Admin", demo.item("Put on hold…")],
        ["Admin", demo.item("Delete permanently…")],
      ],
      leave: () => page.keyboard.press("Escape"),
    },
    {
      async open() {
        await demo.sidebar.getByRole("link", { name: "Trash" }).click();
        await expect(demo.trashed("In the Trash of every role")).toBeVisible();
      },
      offers: [
        ["Member", onPage("Restore In the Trash of every role")],
        ["Admin", onPage("Delete permanently: In the Trash of every role")],
        ["Admin", onPage("Empty Trash…")],
      ],
    },
    {
      async open() {
        await page.getByRole("button", { name: "Settings" }).click();
        await demo.item("Retention and webhooks").click();
        await expect(onPage("Save name").or(page.getByText("Owners decide on these"))).toBeVisible();
      },
      offers: [
        ["Owner", onPage("Save name")],
        ["Owner", onPage("Save trash setting")],
        ["Owner", onPage("See what it would delete…")],
        ["Owner", onPage("Add webhook")],
      ],
    },
    {
      async open() {
        await inSettings("Members").click();
        await expect(page.getByText("Owners decide who belongs to the tenant.")).toBeVisible();
      },
      offers: [["Nobody", onPage("Invite")]],
    },
    {
      async open() {
        await inSettings("API keys").click();
        await expect(page.getByText("The demo has no people")).toBeVisible();
      },
      offers: [["Nobody", onPage("New key")]],
    },
  ] as const;
  const roles = ["Viewer", "Member", "Admin", "Owner"];
  // The demo opens as its owner.
  for (const role of roles.toReversed()) {
    if (role !== "Owner") {
      await page.getByRole("button", { name: "Settings" }).click();
      const changed = page.waitForEvent("load");
      await page.getByRole("menuitemradio", { name: role }).click();
      await changed;
    }
    for (const { open, offers, ...rest } of pages) {
      if (offers[0][0] === "Nobody" && role !== "Owner") continue;
      await open();
      for (const [from, control] of offers) {
        const isOffered = from !== "Nobody" && roles.indexOf(role) >= roles.indexOf(from);
        await expect(control, `${role}: ${control}`).toHaveCount(isOffered ? 1 : 0);
      }
      if ("leave" in rest) await rest.leave();
    }
  }
  expect(await findViolations(page)).toEqual([]);
});
