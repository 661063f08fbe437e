import { createServer, type RequestListener } from "node:http";
import { createWorld, startTestApi, type TestApi, type World } from "@lethe/api/testing";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { createLetheRest } from "./rest.ts";

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

/** A server of this test; answers its address. */
async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
}
