import {
  type Context,
  createAuthenticator,
  createChat,
  demoApiKey,
  demoChatId,
  listChats,
  seedDemo,
} from "@lethe/core";
import { expect } from "vitest";
import { z } from "zod";
import { deletionSchema } from "../schemas/index.ts";
import { openSockets } from "./world.ts";

/** The page's answers, as a caller of the plain contract reads them. */
const answerSchema = z.looseObject({ success: z.boolean(), message: z.string() });

/** A server with the demo's data, as the contract page has it. */
export type ContractPage = {
  /** Of the chats. */
  url: string;
  context: Context;
};

/** Gives the database the demo's data. */
export async function openContractPage(baseUrl: string, db: Context["db"]): Promise<ContractPage> {
  await seedDemo(db);
  const authenticator = createAuthenticator({ db });
  const { tenantId, kind, id } = await authenticator.apiKey(demoApiKey);
  await authenticator.close();
  return { url: `${baseUrl}/api/v1/chats`, context: { tenantId, actor: { kind, id, via: "rest" }, db } };
}

const headers = { "X-API-Key": demoApiKey };
const remove = ({ url }: ContractPage, id: string) => fetch(`${url}/${id}`, { method: "DELETE", headers });
export const exampleChat = async ({ context }: ContractPage) =>
  (await createChat(context, { title: "An example" })).id;

/** What the contract of DELETE says, with any database. They run in this order, once. */
export const contractCases: { name: string; run: (page: ContractPage) => Promise<void> }[] = [
  {
    name: "delete the demo's chat once, and find nothing after",
    run: async (page) => {
      const first = await remove(page, demoChatId);
      const answer = await first.json();
      expect(first.status).toBe(200);
      expect(first.headers.get("content-type")).toContain("application/json");
      expect(answer).toMatchObject({ success: true, message: "Chat deleted successfully" });
      const { message_count, deleted_at } = deletionSchema.parse(answer);
      expect(message_count).toBeGreaterThan(0);
      // Minutes would be a wrong zone.
      expect(Math.abs(Date.now() - Date.parse(deleted_at))).toBeLessThan(60_000);
      expect((await remove(page, demoChatId)).status).toBe(404);
    },
  },
  {
    name: "tell success from failure in the body alone (bulk delete)",
    run: async (page) => {
      const { items } = await listChats(page.context, { limit: 5, state: "active" });
      const wanted = [...items.map(({ id }) => id), demoChatId];
      const results = await Promise.all(
        wanted.map(async (id) => {
          const data = answerSchema.parse(await (await remove(page, id)).json());
          return { id, success: data.success, error: data.message };
        }),
      );
      expect(results.filter(({ success }) => success)).toHaveLength(5);
      expect(results.filter(({ success }) => !success)).toEqual([
        { id: demoChatId, success: false, error: "Chat not found" },
      ]);
    },
  },
  {
    name: "check that the chat is there, then delete it (error handling)",
    run: async (page) => {
      const id = await exampleChat(page);
      const check = await fetch(`${page.url}/${id}`, { headers });
      expect(check.ok).toBe(true);
      expect(await check.json()).toMatchObject({ id, title: "An example" });
      await openSockets(page.context, id, 1);
      expect((await remove(page, id)).status).toBe(409);
    },
  },
  {
    name: "answer 401 without a key and with a wrong one",
    run: async (page) => {
      const id = await exampleChat(page);
      for (const wrong of [{}, { "X-API-Key": "wrong" }]) {
        const response = await fetch(`${page.url}/${id}`, { method: "DELETE", headers: wrong });
        expect(response.status).toBe(401);
        expect(await response.json()).toMatchObject({ success: false });
      }
    },
  },
  {
    name: "delete one chat once, whoever asks at the same time",
    run: async (page) => {
      const id = await exampleChat(page);
      const answers = await Promise.all(Array.from({ length: 20 }, () => remove(page, id)));
      expect(answers.map(({ status }) => status).sort()).toEqual([
        200,
        ...Array.from({ length: 19 }, () => 404),
      ]);
    },
  },
];
