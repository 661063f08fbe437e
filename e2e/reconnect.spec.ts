import { Dashboard } from "./support/dashboard.ts";
import { Line } from "./support/line.ts";
import { test as base, expect, serverUrl, signIn } from "./support/test.ts";

/** The page reaches the server over a line that can be cut. */
const test = base.extend<{ line: Line; away: Dashboard }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names from the pattern
  line: async ({}, use) => {
    const line = await Line.to(serverUrl());
    await use(line);
    line.close();
  },
  baseURL: async ({ line }, use) => use(line.url),
  away: async ({ page, context, tenant }, use) => {
    await signIn(context, tenant.apiKey);
    await use(new Dashboard(page));
  },
});

test("the list says that it is not live, and catches up once it is", async ({ away, line, api }) => {
  const { id } = await api.createChat("Goes");
  await api.createChat("Stays");
  await away.open();
  await expect(away.rows()).toHaveCount(2);
  // What says so is loaded after the list.
  await away.untilTold(api);
  line.cut();
  await expect(away.page.getByText("No connection.")).toBeVisible();
  expect(await api.deleteChat(id)).toBe(200);
  await api.createChat("Made meanwhile");
  line.mend();
  await expect(away.row("Made meanwhile")).toBeVisible();
  await expect(away.row("Goes")).toHaveCount(0);
  await expect(away.page.getByText("No connection.")).toHaveCount(0);
});

test("an open chat says that it is not live, and catches up once it is", async ({ away, line, api }) => {
  const { id } = await api.createChat("Bad line", ["Before"]);
  await away.openChat(id);
  await expect(away.messages.getByText("Before")).toBeVisible();
  line.cut();
  await expect(away.page.getByText("Reconnecting…")).toBeVisible();
  await api.createMessage(id, "Said meanwhile");
  line.mend();
  await expect(away.messages.getByText("Said meanwhile")).toBeVisible();
  await expect(away.page.getByText("1 live connection", { exact: true })).toBeVisible();
  await expect(away.messages.getByRole("listitem")).toHaveCount(2);
});

test("an open chat that was deleted meanwhile says so", async ({ away, line, api }) => {
  const { id } = await api.createChat("Deleted meanwhile", ["Soon gone"]);
  await away.openChat(id);
  line.cut();
  await expect(away.page.getByText("Reconnecting…")).toBeVisible();
  // The server may notice later than the page that the line was cut.
  await expect.poll(() => api.deleteChat(id)).toBe(200);
  line.mend();
  await expect(away.heading(/^This chat (was deleted|is gone)$/)).toBeVisible();
  await expect(away.page.getByText("Soon gone")).toHaveCount(0);
});

test("a deletion that the line swallowed brings its row back", async ({ away, line, api }) => {
  const { id } = await api.createChat("Not reached");
  await away.open();
  await away.askFromList("Not reached");
  line.cut();
  await away.confirm.click();
  const failure = away.toast("“Not reached” was not deleted", "The server could not be reached");
  await expect(failure).toBeVisible();
  await expect(away.row("Not reached")).toBeVisible();
  line.mend();
  await failure.getByRole("button", { name: "Retry" }).click();
  await expect(away.toast("Deleted “Not reached”")).toBeVisible();
  expect(await api.statusOf(id)).toBe(404);
});

test("55: a link that is followed while the server is away keeps page, toast and draft, says so, and opens once it is back", async ({
  away,
  line,
  api,
}) => {
  const { page } = away;
  const { id } = await api.createChat("Being written", ["Hello"]);
  await api.createChat("Not reached");
  await page.setViewportSize({ width: 1280, height: 800 });
  await away.openChat(id);
  await away.composer.fill("half a thought");
  await away.untilTold(api);
  line.cut();
  await away.trashFromList("Not reached");
  const failure = away.toast("“Not reached” was not deleted");
  await expect(failure).toBeVisible();
  await away.sidebar.getByRole("link", { name: /^Trash/ }).click();
  await expect(page.getByText("The page that you asked for opens once the server is back.")).toBeVisible();
  await expect(failure).toBeVisible();
  await expect(away.composer).toHaveValue("half a thought");
  line.mend();
  await expect(away.heading("Trash")).toBeVisible();
  await expect(failure).toBeVisible();
  await page.goBack();
  await expect(away.composer).toHaveValue("half a thought");

  await test.step("behind a proxy that answers in the server's place, too", async () => {
    line.cut({ byProxy: true });
    await away.sidebar.getByRole("link", { name: "Deletions" }).click();
    await expect(page.getByText("The page that you asked for opens once the server is back.")).toBeVisible();
    await expect(away.composer).toHaveValue("half a thought");
    line.mend();
    await expect(away.heading("Deletions")).toBeVisible();
    await expect(failure).toBeVisible();
  });
});
