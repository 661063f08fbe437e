import { expireSessions } from "./support/expire-sessions.ts";
import { expect, test } from "./support/test.ts";

test("carries messages both ways between two browsers", async ({ dashboard, otherBrowser, api }) => {
  const { id } = await api.createChat("Two people", ["Before both"]);
  const other = await otherBrowser();
  await dashboard.openChat(id);
  await other.openChat(id);
  await expect(other.messages.getByText("Before both")).toBeVisible();

  await dashboard.composer.fill("Hello from here");
  await dashboard.composer.press("Enter");
  await expect(dashboard.composer).toHaveValue("");
  await expect(other.messages.getByText("Hello from here")).toBeVisible();
  await other.composer.fill("Hello from there");
  await other.page.getByRole("button", { name: "Send" }).click();
  await expect(dashboard.messages.getByText("Hello from there")).toBeVisible();

  const said = ["Before both", "Hello from here", "Hello from there"];
  for (const reader of [dashboard, other]) {
    await expect(reader.messages.getByRole("listitem")).toHaveCount(3);
    for (const [index, text] of said.entries())
      await expect(reader.messages.getByRole("listitem").nth(index)).toContainText(text);
    await expect(reader.openPage.getByText("3 messages")).toBeVisible();
  }
});

test("shows live what a program writes, in the open chat and in the list", async ({ dashboard, api }) => {
  const { id } = await api.createChat("Written by a program");
  await api.createChat("Newer");
  await dashboard.openChat(id);
  await expect(dashboard.rows().first()).toContainText("Newer");
  await expect(dashboard.page.getByText("Nothing has been said here yet.")).toBeVisible();
  await api.createMessage(id, "From a program", "Robot");
  await expect(dashboard.messages.getByText("From a program")).toBeVisible();
  await expect(dashboard.messages.getByText("Robot", { exact: true })).toBeVisible();
  await expect(dashboard.rows().first()).toContainText(/Written by a program.*1 message/);
});

test("renames live", async ({ dashboard, otherBrowser, api }) => {
  const { id } = await api.createChat("Old name");
  const other = await otherBrowser();
  await dashboard.openChat(id);
  await other.openChat(id);
  await dashboard.page.getByRole("button", { name: "Rename chat" }).click();
  const field = dashboard.page.getByRole("textbox", { name: "Chat title" });
  await expect(field).toBeFocused();
  await field.fill("New name");
  await field.press("Enter");
  for (const reader of [dashboard, other]) {
    await expect(reader.heading("New name")).toBeVisible();
    await expect(reader.row("New name")).toBeVisible();
    await expect(reader.row("Old name")).toHaveCount(0);
    await expect(reader.page).toHaveTitle(/^New name/);
  }
  await expect(dashboard.page.getByRole("button", { name: "Rename chat" })).toBeFocused();
});

test("leaves the name alone on Escape", async ({ dashboard, api }) => {
  const { id } = await api.createChat("Kept name");
  await dashboard.openChat(id);
  await dashboard.page.getByRole("button", { name: "Rename chat" }).click();
  await dashboard.page.getByRole("textbox", { name: "Chat title" }).fill("Unwanted");
  await dashboard.page.keyboard.press("Escape");
  await expect(dashboard.heading("Kept name")).toBeVisible();
  expect((await api.findChat("Kept name")).id).toBe(id);
});

test("counts the live connections of a chat", async ({ dashboard, otherBrowser, api }) => {
  const { id } = await api.createChat("Counted");
  const other = await otherBrowser();
  await dashboard.openChat(id);
  await other.openChat(id);
  for (const reader of [dashboard, other])
    await expect(reader.page.getByText("2 live connections")).toBeVisible();
  await other.page.close();
  await expect(dashboard.page.getByText("1 live connection", { exact: true })).toBeVisible();
});

test("keeps a message that could not be sent, and sends it on Retry", async ({ dashboard, api }) => {
  const { page } = dashboard;
  const { id } = await api.createChat("Bad line");
  await dashboard.openChat(id);
  await page.route("**/api/trpc/message.create", (route) => route.abort("connectionfailed"));
  await dashboard.composer.fill("Do not lose me");
  await dashboard.composer.press("Enter");
  const unsent = dashboard.messages.getByRole("listitem").filter({ hasText: "Do not lose me" });
  await expect(unsent).toContainText("Not sent.");
  await page.unroute("**/api/trpc/message.create");
  await unsent.getByRole("button", { name: "Retry" }).click();
  await expect(unsent.getByText("Not sent.")).toHaveCount(0);
  await expect(unsent).toHaveCount(1);
  await expect(unsent.getByText("Sending…")).toHaveCount(0);
  expect((await api.findChat("Bad line")).message_count).toBe(1);
});

test("53, 55: a message that could not be sent waits in the composer for who looks elsewhere, or signs in again", async ({
  dashboard,
  api,
  tenant,
}) => {
  const { page, composer, messages } = dashboard;
  const { id } = await api.createChat("Bad line");
  await api.createChat("Elsewhere");
  const signal = "**/api/trpc/message.create";
  const lookElsewhere = async () => {
    await dashboard.row("Elsewhere").click();
    await expect(dashboard.heading("Elsewhere")).toBeVisible();
  };
  await dashboard.openChat(id);
  await page.route(signal, (route) => route.abort("connectionfailed"));
  await composer.fill("Do not lose me");
  await composer.press("Enter");
  await expect(messages.getByText("Not sent.")).toBeVisible();
  await lookElsewhere();
  await dashboard.row("Bad line").click();
  await expect(composer).toHaveValue("Do not lose me");
  await expect(messages.getByText("Not sent.")).toHaveCount(0);

  // On its way when it is left, and lost afterwards.
  const gate = Promise.withResolvers<void>();
  await page.unroute(signal);
  await page.route(signal, async (route) => {
    await gate.promise;
    await route.abort("connectionfailed");
  });
  await composer.press("Enter");
  await lookElsewhere();
  await dashboard.row("Bad line").click();
  await expect(composer).toHaveValue("");
  gate.resolve();
  await expect(composer).toHaveValue("Do not lose me");

  await composer.press("Enter");
  await expect(messages.getByText("Not sent.")).toBeVisible();
  await expireSessions(tenant.tenantId);
  await page.reload();
  await page.unroute(signal);
  await expect(page).toHaveURL(/\/sign-in/);
  await page.getByLabel("API key").fill(tenant.apiKey);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(composer).toHaveValue("Do not lose me");
  await composer.press("Enter");
  await expect(messages.getByText("Do not lose me")).toBeVisible();
  await expect(messages.getByText("Sending…")).toHaveCount(0);
  expect((await api.findChat("Bad line")).message_count).toBe(1);
});

test("breaks the line on Shift+Enter, and writes under the name that one chose", async ({
  dashboard,
  api,
}) => {
  const { page } = dashboard;
  const { id } = await api.createChat("Poem");
  await dashboard.openChat(id);
  await page.getByRole("button", { name: "Change display name" }).click();
  await page.getByRole("textbox", { name: "Name" }).fill("Mnemosyne");
  await page.getByRole("button", { name: "Save" }).click();
  await dashboard.composer.fill("First line");
  await dashboard.composer.press("Shift+Enter");
  await dashboard.composer.pressSequentially("second line");
  await dashboard.composer.press("Enter");
  await expect(dashboard.messages.getByText("First line\nsecond line")).toBeVisible();
  await expect(dashboard.messages.getByText("Mnemosyne")).toBeVisible();
  await page.reload();
  await expect(page.getByText("Writing as Mnemosyne")).toBeVisible();
});

test("makes a chat and opens it", async ({ dashboard, api }) => {
  const { page } = dashboard;
  await dashboard.open();
  await dashboard.sidebar.getByRole("button", { name: "New chat" }).first().click();
  await page.getByRole("dialog").getByRole("textbox", { name: "Title" }).fill("Fresh start");
  await page.getByRole("button", { name: "Create chat" }).click();
  await expect(dashboard.heading("Fresh start")).toBeVisible();
  await expect(dashboard.row("Fresh start")).toBeVisible();
  await expect(page).toHaveURL(new RegExp((await api.findChat("Fresh start")).id));
});
