import { type BrowserContext, test as base, type Page } from "@playwright/test";
import { Api } from "./api.ts";
import { Dashboard } from "./dashboard.ts";
import { type SeededTenant, seedTenant } from "./seed-tenant.ts";
import { closeDatabase } from "./with-database.ts";

export { type Browser, expect, type Page } from "@playwright/test";

type Fixtures = {
  /** A tenant of this test's own, without chats. */
  tenant: SeededTenant;
  /** The tenant's REST API. */
  api: Api;
  /** The REST API of a tenant that has nothing to do with the first. */
  otherTenantsApi: Api;
  /** The test's page, signed in to the tenant, nothing opened yet. */
  dashboard: Dashboard;
  /** Opens a page in another browser (own cookies, own storage) that is signed in to the same tenant. */
  otherBrowser: () => Promise<Dashboard>;
  /** Opens a further tab of the test's own browser. */
  otherTab: () => Promise<Dashboard>;
  /** Set to a pattern of page faults that a test provokes. */
  provoked: RegExp | undefined;
  /** Fails the test when a page threw, broke its content security policy or did not hydrate. */
  faultless: undefined;
};

/**
 * For tests of a Lethe of their own. They run in the same workers as all others: with Playwright's own `test` they would need
 * others, which are started after all that can run in these, and the longest tests would be the last.
 */
export const plainTest = base.extend<object, { database: undefined }>({
  database: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names from the pattern
    async ({}, use) => {
      await use(undefined);
      await closeDatabase();
    },
    { scope: "worker", auto: true },
  ],
});

export const test = plainTest.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names from the pattern
  baseURL: async ({}, use) => use(serverUrl()),

  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names from the pattern
  tenant: async ({}, use, { title }) => use(await seedTenant(title)),

  api: async ({ tenant }, use) => use(new Api(serverUrl(), tenant.apiKey)),

  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names from the pattern
  otherTenantsApi: async ({}, use, { title }) =>
    use(new Api(serverUrl(), (await seedTenant(`Not ${title}`)).apiKey)),

  dashboard: async ({ page, context, tenant }, use) => {
    await signIn(context, tenant.apiKey);
    await use(new Dashboard(page));
  },

  otherTab: async ({ context, dashboard: _signedIn }, use) =>
    use(async () => new Dashboard(await context.newPage())),

  otherBrowser: async ({ browser, tenant, baseURL }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async () => {
      const context = await browser.newContext(baseURL === undefined ? {} : { baseURL });
      contexts.push(context);
      await signIn(context, tenant.apiKey);
      return new Dashboard(await context.newPage());
    });
    for (const context of contexts) await context.close();
  },

  provoked: [undefined, { option: true }],

  faultless: [
    async ({ context, provoked }, use) => {
      const faults: string[] = [];
      const watch = (page: Page) => {
        page.on("pageerror", (error) => faults.push(String(error)));
        page.on("console", (line) => {
          const text = line.text();
          if (line.type() === "error" && /Content Security Policy|hydrat|React error/i.test(text))
            faults.push(text);
        });
      };
      for (const page of context.pages()) watch(page);
      context.on("page", watch);
      await use(undefined);
      const unforeseen = faults.filter((fault) => !provoked?.test(fault));
      base.expect(unforeseen, "what the pages of this test threw").toEqual([]);
    },
    { auto: true },
  ],
});

/** The address that the global setup serves on. */
export function serverUrl(): string {
  const url = process.env.LETHE_E2E_URL;
  if (!url) throw new Error("LETHE_E2E_URL is not set: run the specs through Playwright's global setup");
  return url;
}

/** Exchanges an API key for a context's session cookie, as the sign-in page does. */
export async function signIn(context: BrowserContext, apiKey: string): Promise<void> {
  const answer = await context.request.post("/api/session", { data: { api_key: apiKey } });
  if (!answer.ok()) throw new Error(`Signing in: ${answer.status()} ${await answer.text()}`);
}
