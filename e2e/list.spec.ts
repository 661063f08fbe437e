import { internalError } from "./support/held-calls.ts";
import { expect, test } from "./support/test.ts";

test("36: invites to a first chat when there are none, and shows one that a program makes", async ({
  dashboard,
  api,
}) => {
  await dashboard.open();
  const empty = dashboard.page.getByText("No chats yet");
  await expect(empty).toBeVisible();
  await expect(dashboard.sidebar.getByText("New chat", { exact: true })).toBeVisible();
  await api.createChat("First of all");
  await expect(dashboard.row("First of all")).toBeVisible();
  await expect(empty).toHaveCount(0);
});

test("reads the list once, and is told the rest", async ({ dashboard, api }) => {
  await api.createChat("There before");
  const asked: string[] = [];
  dashboard.page.on("request", (request) => {
    if (request.url().includes("chat.list")) asked.push(request.url());
  });
  await dashboard.open();
  await expect(dashboard.row("There before")).toBeVisible();
  await api.createChat("Told of");
  await expect(dashboard.row("Told of")).toBeVisible();
  expect(asked).toHaveLength(1);
});

test("36: finds chats by their titles, says when there is no match, and clears", async ({
  dashboard,
  api,
}) => {
  const { page } = dashboard;
  for (const title of ["Garden party", "GARDEN tools", "Kitchen"]) await api.createChat(title);
  await dashboard.open();
  await dashboard.search.fill("garden");
  await expect(dashboard.rows()).toHaveCount(2);
  await expect(dashboard.row("Kitchen")).toHaveCount(0);

  await dashboard.search.fill("100%_\\");
  await expect(page.getByText("No match")).toBeVisible();
  await expect(page.getByText("No title has “100%_\\”, and no message has its words.")).toBeVisible();
  await page.getByRole("button", { name: "Clear search" }).last().click();
  await expect(dashboard.rows()).toHaveCount(3);
  await expect(dashboard.search).toHaveValue("");

  await dashboard.search.fill("kitchen");
  await expect(dashboard.rows()).toHaveCount(1);
  await dashboard.search.press("Escape");
  await expect(dashboard.rows()).toHaveCount(3);
  await expect(dashboard.search).toBeFocused();
});

test("keeps a search true while chats come, go and are renamed", async ({ dashboard, api }) => {
  const { id } = await api.createChat("Apple pie");
  await dashboard.open();
  await dashboard.search.fill("apple");
  await expect(dashboard.rows()).toHaveCount(1);
  await api.createChat("Banana bread");
  await api.createChat("Apple crumble");
  await expect(dashboard.row("Apple crumble")).toBeVisible();
  await expect(dashboard.row("Banana bread")).toHaveCount(0);
  await api.renameChat(id, "Pear pie");
  await expect(dashboard.row("Pear pie")).toHaveCount(0);
  await expect(dashboard.rows()).toHaveCount(1);
});

test("leads through 150 chats as one scrolls, each of them once", async ({ dashboard, api }) => {
  const titles = Array.from({ length: 150 }, (_, index) => `Chat ${String(index + 1).padStart(3, "0")}`);
  for (const title of titles) await api.createChat(title);
  await dashboard.open();
  await expect(dashboard.rows().first()).toContainText("Chat 150");
  await expect(dashboard.row("Chat 001")).toHaveCount(0);
  const seen = new Map<string, number>();
  const items = dashboard.list.getByRole("row");
  await expect(async () => {
    const shown = await items.evaluateAll((rows) =>
      rows.map((row) => ({ text: row.textContent, place: Number(row.getAttribute("aria-rowindex")) })),
    );
    for (const { text, place } of shown) seen.set(text.slice(0, 8), place);
    // No further than to what is drawn: of a wheel that turns faster than the page draws, rows would never be seen.
    await items.last().scrollIntoViewIfNeeded();
    expect(seen.size).toBe(150);
  }).toPass({ intervals: [50] });
  expect([...seen].sort((a, b) => a[1] - b[1]).map(([title]) => title)).toEqual(titles.toReversed());
  await expect(dashboard.row("Chat 001")).toBeVisible();
  await expect(dashboard.list).toHaveAttribute("aria-rowcount", "150");
});

test("38: says what is wrong when the chats cannot be read, with a request id to copy and a Retry", async ({
  dashboard,
  api,
  context,
}) => {
  const { page } = dashboard;
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await api.createChat("Behind the failure");
  // The list fails until Retry is pressed: before, the page might read it by itself and be well.
  await page.addInitScript(() => {
    const onClick = ({ target }: MouseEvent) => {
      if (target instanceof Element && target.textContent === "Retry")
        document.documentElement.dataset.retried = "";
    };
    document.addEventListener("click", onClick, { capture: true });
  });
  await page.route(
    (url) => url.pathname.includes("chat.list"),
    async (route) => {
      if (await page.evaluate(() => "retried" in document.documentElement.dataset)) await route.continue();
      else await route.fulfill(internalError("req-e2e-list", route.request()));
    },
  );
  await page.goto("/chats");
  const failure = page.getByRole("region", { name: "The chats could not be read" });
  await expect(failure).toContainText("req-e2e-list");
  await expect(page.getByText("No chats yet")).toHaveCount(0);
  await failure.getByRole("button", { name: "Copy request id" }).click();
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe("req-e2e-list");
  await failure.getByRole("button", { name: "Retry" }).click();
  await expect(dashboard.row("Behind the failure")).toBeVisible();
  await expect(failure).toHaveCount(0);
});

test("says where no such page is", async ({ dashboard }) => {
  const answer = await dashboard.page.goto("/nowhere");
  expect(answer?.status()).toBe(404);
  await expect(dashboard.heading("There is no such page")).toBeVisible();
  await dashboard.page.getByRole("link", { name: "All chats" }).click();
  await expect(dashboard.page).toHaveURL(/\/chats$/);
});
