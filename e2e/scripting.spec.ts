import { expect, test } from "./support/test.ts";

const attack = `<img src=x onerror="window.attacked=1"><script>window.attacked=1</script>{{7*7}}`;

test("shows markup in titles and messages as the text that it is", async ({ dashboard, api }) => {
  const { page } = dashboard;
  const { id } = await api.createChat(attack, [attack, "javascript:window.attacked=1"]);
  await dashboard.openChat(id);
  await expect(dashboard.heading(attack)).toBeVisible();
  await expect(dashboard.messages.getByText(attack)).toBeVisible();
  await expect(dashboard.row(attack)).toBeVisible();
  await dashboard.askFromList(attack);
  await expect(dashboard.dialog).toContainText(attack);
  await dashboard.confirm.click();
  await expect(dashboard.toast(`Deleted “${attack}”`)).toBeVisible();
  await expect(page.locator("img[src=x]")).toHaveCount(0);
  expect(await page.evaluate(() => Reflect.get(window, "attacked"))).toBeUndefined();
});

test("takes an address that carries a script for that of an unknown chat", async ({ dashboard }) => {
  // Without a slash: the server refuses a path in which one is escaped.
  await dashboard.page.goto(`/chats/${encodeURIComponent(attack.replaceAll("/", ""))}`);
  await expect(dashboard.heading("This chat is gone")).toBeVisible();
  expect(await dashboard.page.evaluate(() => Reflect.get(window, "attacked"))).toBeUndefined();
});

test.describe("a script that got into a page all the same", () => {
  test.use({ provoked: /Content Security Policy/ });

  test("is not run", async ({ dashboard }) => {
    const { page } = dashboard;
    await dashboard.open();
    const refused = page.waitForEvent("console", (line) => /Content Security Policy/.test(line.text()));
    await page.evaluate(() => {
      const place = document.createElement("div");
      place.innerHTML = `<img src="/nowhere.png" onerror="window.attacked=1">`;
      document.body.append(place);
    });
    await refused;
    expect(await page.evaluate(() => Reflect.get(window, "attacked"))).toBeUndefined();
  });
});
