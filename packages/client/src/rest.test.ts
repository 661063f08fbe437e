import { createWorld, startTestApi, type TestApi, type World } from "@lethe/api/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createLetheRest } from "./rest.ts";
import { serve } from "./testing/serve.ts";

describe("the REST client", () => {
  let api: TestApi;
  let world: World;
  beforeAll(async () => {
    api = await startTestApi();
    world = await createWorld(api.db);
  });
  afterAll(() => api.stop());

  it("calls with the types of the document, and answers problems as such", async () => {
    const rest = createLetheRest({ url: `${api.baseUrl}/`, apiKey: world.keys.all });
    const made = await rest.POST("/api/v1/chats", { body: { title: "An invoice" } });
    expect(made.data?.title).toBe("An invoice");
    const path = { chat_id: made.data?.id ?? "" };
    const read = await rest.GET("/api/v1/chats/{chat_id}", { params: { path } });
    const header = { "If-Match": read.response.headers.get("etag") ?? "" };
    const gone = await rest.DELETE("/api/v1/chats/{chat_id}", { params: { path, header } });
    expect(gone.data?.message).toBe("Chat deleted successfully");
    const again = await rest.DELETE("/api/v1/chats/{chat_id}", { params: { path } });
    expect([again.response.status, again.error?.code]).toEqual([404, "chat_not_found"]);
  });

  it("gives up a call without an answer", async () => {
    const url = await serve(() => undefined);
    const rest = createLetheRest({ url, timeout: 50 });
    await expect(rest.GET("/api/v1/chats")).rejects.toMatchObject({ name: "TimeoutError" });
  });
});
