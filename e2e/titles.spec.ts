import { globSync } from "node:fs";
import { expect, test } from "./support/test.ts";
import { watchTitles } from "./support/watch-titles.ts";

/** The addresses of the app, as its folders name them: `/chats/[id]`. */
const addresses = globSync("**/page.tsx", { cwd: new URL("../apps/web/src/app", import.meta.url) }).map(
  (file) => `/${file.replace(/\(\w+\)\/|\/?page\.tsx$/g, "")}`,
);

/** What no link of this test's tenant leads to: entrances, the page of the demo, and that of people with an account. */
const unlinked = ["/", "/join", "/left", "/reset", "/set-up", "/chats/try", "/settings/account"];

test("43: a page that a link leads to comes with its title, never without one or under another's", async ({
  dashboard,
  api,
  context,
  tenant,
}) => {
  const { page } = dashboard;
  for (const title of ["Apples", "Pears"]) await api.createChat(title);
  const gone = await api.createChat("Plums");
  await api.deleteChat(gone.id);
  const create = async (what: string, data: object) => {
    const answer = await context.request.post(`/api/v1/${what}`, {
      headers: { "X-API-Key": tenant.apiKey },
      data,
    });
    expect(answer.status()).toBeLessThan(300);
  };
  await create("webhooks", { url: "https://example.com/hooks", event_types: ["chat.deleted"] });
  await create("deletion-jobs", { filter: { state: "trashed" } });

  await test.step("nor does one that is loaded have to wait for its body", async () => {
    for (const address of addresses) {
      const html = await (await context.request.get(address.replace("[id]", gone.id))).text();
      const titles = html.split("<body")[0]?.match(/<title>.*?<\/title>/g);
      expect.soft(titles, address).toEqual([expect.stringMatching(/>(?!No such page).+ · Lethe</)]);
    }
    const nowhere = await (await context.request.get("/nowhere")).text();
    expect.soft(nowhere).toMatch(/<title>No such page · Lethe<.*<body/s);
  });

  const seen = await watchTitles(page);
  await dashboard.open();
  const own = new Map([["/chats", ["Chats"]]]);
  const follow = async (name: string, ...titles: string[]) => {
    const from = page.url();
    await page.getByRole("link", { name }).first().click();
    await expect(page).not.toHaveURL(from);
    await expect(page).toHaveTitle(`${titles.at(-1)} · Lethe`);
    own.set(new URL(page.url()).pathname, titles);
  };
  await follow("Apples", "Chat", "Apples");
  await follow("Pears", "Chat", "Pears");
  await follow("Deletions", "Deletions");
  await follow(gone.id, "Deletion");
  await follow("Back to all deletions", "Deletions");
  await follow("Deletion jobs", "Deletion jobs");
  await follow("What lay in the Trash", "Deletion job", "What lay in the Trash");
  await follow("Deletions", "Deletions");
  await follow("Check a receipt", "Check a receipt");
  await follow("Trash", "Trash");
  await follow("Change how long", "Settings");
  await follow("https://example.com/hooks", "Webhook");
  await page.goBack();
  await expect(page).toHaveTitle("Settings · Lethe");
  await follow("Members", "Members");
  await follow("API keys", "API keys");
  await page.goBack();
  await expect(page).toHaveTitle("Members · Lethe");
  await page.goForward();
  await expect(page).toHaveTitle("API keys · Lethe");
  await follow("Apples", "Chat", "Apples");
  await follow("Lethe", "Chats");
  await context.clearCookies();
  await page.getByRole("link", { name: "Deletions" }).click();
  await expect(page).toHaveTitle("Sign in · Lethe");
  own.set(new URL(page.url()).pathname, ["Sign in"]);

  const wrong = seen.filter(
    ([path, titles]) => !own.get(path)?.some((title) => titles === `${title} · Lethe`),
  );
  expect(wrong).toEqual([]);
  const followed = [...own.keys()].map((path) => path.replace(/[0-9a-f-]{36}/, "[id]"));
  expect([...new Set([...followed, ...unlinked])].sort()).toEqual([...addresses].sort());
});
