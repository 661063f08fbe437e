import { afterAll } from "vitest";
import { startTestApi, type TestApi } from "./start-test-api.ts";
import { createWorld, type World } from "./world.ts";

/** A whole API and two tenants in it, for all tests of the file that asks for them at its top; it ends after them. */
export async function startWorld(): Promise<{ api: TestApi; world: World }> {
  const api = await startTestApi();
  afterAll(() => api.stop());
  return { api, world: await createWorld(api.db) };
}
