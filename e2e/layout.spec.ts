import { Dashboard } from "./support/dashboard.ts";
import { expectNothingCutOff } from "./support/nothing-cut-off.ts";
import { expect, signIn, test } from "./support/test.ts";

const longTitle =
  "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft, part two";
const longWord = "supercalifragilisticexpialidocious".repeat(8);

const sizes = [
  { name: "320 px wide", viewport: { width: 320, height: 640 }, text: "100%" },
  { name: "text of 200 %", viewport: { width: 1280, height: 800 }, text: "200%" },
  { name: "text of 200 % on a phone", viewport: { width: 390, height: 844 }, text: "200%" },
];

for (const { name, viewport, text } of sizes) {
  test.describe(name, () => {
    test.use({ viewport });

    test("34: chats are found, read, answered and deleted without scrolling sideways", async ({
      dashboard,
      api,
    }) => {
      const { page } = dashboard;
      await page.addInitScript((size) => {
        document.addEventListener("DOMContentLoaded", () => {
          document.documentElement.style.fontSize = size;
        });
      }, text);
      const { id } = await api.createChat(longTitle, ["Short", longWord]);
      await api.createMessage(id, "By somebody with a name", longWord.slice(0, 100));
      await api.createChat("Other");

      await dashboard.open();
      await expectNothingCutOff(page);
      await dashboard.search.fill("donau");
      await expect(dashboard.rows()).toHaveCount(1);
      await dashboard.row(longTitle).click();
      await expect(dashboard.messages.getByText(longWord)).toBeVisible();
      await expectNothingCutOff(page);
      await dashboard.composer.fill("Hello");
      await page.getByRole("button", { name: "Send" }).click();
      await expect(dashboard.messages.getByText("Hello", { exact: true })).toBeVisible();

      await dashboard.askAboutOpenChat();
      await expectNothingCutOff(page);
      await dashboard.cancel.click();
      await expect(dashboard.dialog).toBeHidden();
      await page.route("**/api/trpc/chat.delete", (route) => route.abort("connectionfailed"));
      await dashboard.deleteOpenChat();
      const failure = dashboard.toast("was not deleted");
      await expect(failure).toBeVisible();
      await expectNothingCutOff(page);
      await page.unroute("**/api/trpc/chat.delete");
      await expect(page.getByText("1 live connection", { exact: true })).toBeVisible();
      await failure.getByRole("button", { name: "Retry" }).click();
      await expect(dashboard.toast("Deleted “")).toBeVisible();
      await expect(page).toHaveURL(/\/chats\?q=donau$/);
      await expectNothingCutOff(page);
    });

    test("the sign-in page and the menus fit", async ({ page, dashboard, browser, baseURL }) => {
      await dashboard.open();
      await page.evaluate((size) => {
        document.documentElement.style.fontSize = size;
      }, text);
      await page.getByRole("button", { name: "Settings" }).click();
      await expect(page.getByRole("menu")).toBeVisible();
      await expectNothingCutOff(page);
      await page.getByRole("menuitem", { name: "Keyboard shortcuts" }).click();
      await expect(page.getByRole("dialog")).toBeVisible();
      await expectNothingCutOff(page);

      const stranger = await browser.newPage({ viewport, ...(baseURL === undefined ? {} : { baseURL }) });
      await stranger.goto("/sign-in");
      await stranger.evaluate((size) => {
        document.documentElement.style.fontSize = size;
      }, text);
      await expectNothingCutOff(stranger);
      await stranger.close();
    });
  });
}

test("on a phone a chat leads back to the list, and a row is deleted without hovering", async ({
  browser,
  tenant,
  api,
  baseURL,
}) => {
  await api.createChat("Touched");
  await api.createChat("Second");
  const context = await browser.newContext({
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
    ...(baseURL === undefined ? {} : { baseURL }),
  });
  await signIn(context, tenant.apiKey);
  const phone = new Dashboard(await context.newPage());
  await phone.open();
  await phone.row("Touched").tap();
  await expect(phone.heading("Touched")).toBeVisible();
  await expect(phone.list).toBeHidden();
  await phone.page.getByRole("link", { name: "Back to all chats" }).tap();
  const button = phone.list.getByRole("button", { name: "Delete Touched" });
  await expect(button.locator("..")).toHaveCSS("opacity", "1");
  await button.tap();
  await expect(phone.toast("Moved “Touched” to the Trash")).toBeVisible();
  await phone.page.getByRole("link", { name: /^Trash/ }).tap();
  await phone.trashed("Touched").getByRole("button", { name: "Delete permanently: Touched" }).tap();
  await phone.confirm.tap();
  await expect(phone.toast("Deleted “Touched”")).toBeVisible();
  await context.close();
});

test("32: what one clicks is at least 24 px high and wide", async ({ dashboard, api }) => {
  const { id } = await api.createChat("Targets", ["Hello"]);
  await dashboard.openChat(id);
  await dashboard.row("Targets").hover();
  const small = await dashboard.page.locator("a, button, input, textarea, [role=switch]").evaluateAll((all) =>
    all
      .filter((target) => target.checkVisibility())
      .map((target) => ({ text: target.outerHTML.slice(0, 120), box: target.getBoundingClientRect() }))
      .filter(({ box }) => box.width > 1 && (box.width < 24 || box.height < 24))
      .map(({ text, box }) => `${Math.round(box.width)}x${Math.round(box.height)} ${text}`),
  );
  expect(small).toEqual([]);
});
