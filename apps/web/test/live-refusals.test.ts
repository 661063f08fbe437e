import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { readProblem } from "./support/caller.ts";
import { expectRefusal, openLive } from "./support/open-live.ts";
import { sendUpgrade } from "./support/send-upgrade.ts";
import { useStage } from "./support/stage.ts";

const allowed = "https://app.example";
const stage = useStage({ environment: { LETHE_ALLOWED_ORIGINS: allowed } });
const withKey = (apiKey: string) => ({ headers: { "X-API-Key": apiKey } });

describe("a handshake", () => {
  it.each([
    ["without credentials", {}, "missing_credentials"],
    ["with a wrong key", { "X-API-Key": "wrong" }, "invalid_credentials"],
    ["with a wrong session", { Cookie: "lethe_session=wrong" }, "invalid_credentials"],
  ])("%s is refused with 401 and says why", async (_name, headers, code) => {
    const { url, createChat } = stage.caller();
    const refusal = await expectRefusal(url, await createChat(), { headers });
    expect(refusal.status).toBe(401);
    expect(refusal.headers["content-type"]).toBe("application/problem+json");
    const problem = readProblem(refusal.body);
    expect(problem).toMatchObject({ code, status: 401 });
    expect(refusal.headers["x-request-id"]).toBe(problem.request_id);
  });

  it("is answered the same for a missing chat and for another tenant's", async () => {
    const { url, apiKey } = stage.caller();
    const foreign = await stage.createTenant();
    const theirs = await foreign.createChat();
    const answers = [];
    for (const chatId of [randomUUID(), theirs]) {
      const { status, body } = await expectRefusal(url, chatId, withKey(apiKey));
      answers.push({ status, ...JSON.parse(body), request_id: "" });
    }
    expect(answers[0]).toEqual(answers[1]);
    expect(answers[0]).toMatchObject({ status: 404, code: "chat_not_found" });
    expect(await foreign.getChat(theirs)).toMatchObject({ active_connections: 0 });
  });

  it.each(["x", "a1b2c3d4e5f64a7b8c9d0e1f2a3b4c5d", "%00", "a1b2c3d4-e5f6-4a7b-8c9d-0e1f2a3b4c5d%0a"])(
    "on %j is refused with 400",
    async (chatId) => {
      const { url, apiKey } = stage.caller();
      const refusal = await expectRefusal(url, chatId, withKey(apiKey));
      expect(refusal.status).toBe(400);
      expect(readProblem(refusal.body).code).toBe("invalid_request");
    },
  );

  it("needs chats:read to listen and chats:write to write", async () => {
    const caller = stage.caller();
    const chatId = await caller.createChat();
    const writeOnly = await stage.createKey(["chats:write"]);
    const refusal = await expectRefusal(caller.url, chatId, withKey(writeOnly));
    expect(refusal.status).toBe(403);
    expect(JSON.parse(refusal.body)).toMatchObject({ code: "missing_scope", scope: "chats:read" });

    const readOnly = await stage.createKey(["chats:read"]);
    const live = await openLive(caller.url, chatId, withKey(readOnly));
    live.say({ type: "message.create", author: "Ada", body: "x" });
    expect((await live.next("error")).code).toBe("missing_scope");
    await caller.say(chatId, "From elsewhere");
    expect((await live.next("message.created")).message.body).toBe("From elsewhere");
    await live.leave();
  });

  it("with a session needs an Origin of this host, and no other that may call", async () => {
    const caller = stage.caller();
    const chatId = await caller.createChat();
    const cookie = await stage.signIn();
    for (const origin of [undefined, "null", allowed, "https://evil.example", `${caller.url}.evil.example`]) {
      const refusal = await expectRefusal(caller.url, chatId, {
        headers: { Cookie: cookie, ...(origin && { Origin: origin }) },
      });
      expect(refusal.status).toBe(403);
      expect(readProblem(refusal.body).code).toBe("origin_refused");
    }
    const live = await openLive(caller.url, chatId, { headers: { Cookie: cookie, Origin: caller.url } });
    await live.leave();
  });

  it("with a query string is refused: it knows no parameter", async () => {
    const caller = stage.caller();
    const chatId = await caller.createChat();
    const path = `${caller.url}/api/v1/chats/${chatId}/live?read_only=true`;
    const refusal = await sendUpgrade(path, { "X-API-Key": caller.apiKey });
    expect(refusal.status).toBe(400);
    expect(readProblem(refusal.body).code).toBe("invalid_request");
    expect(refusal.body).toContain("read_only is not known here");
    expect(await caller.deleteChat(chatId)).toBe(200);
  });

  it("that is malformed leaves nothing behind", async () => {
    const caller = stage.caller();
    const chatId = await caller.createChat();
    for (const wrong of [{ "Sec-WebSocket-Version": "7" }, { "Sec-WebSocket-Key": "short" }]) {
      const refusal = await sendUpgrade(`${caller.url}/api/v1/chats/${chatId}/live`, {
        "X-API-Key": caller.apiKey,
        ...wrong,
      });
      expect(refusal.status).toBe(400);
      expect(readProblem(refusal.body).code).toBe("invalid_request");
    }
    expect(await caller.deleteChat(chatId)).toBe(200);
  });

  it("on another path is not found", async () => {
    const { url, apiKey } = stage.caller();
    const refusal = await expectRefusal(url, "live/../..", withKey(apiKey));
    expect(refusal.status).toBe(404);
  });
});
