import type { World } from "@lethe/api/testing";
import { z } from "zod";
import { createCaller } from "../caller.ts";
import type { Pool } from "./values.ts";

const sizes = { chats: 12, trashed: 4, jobs: 3, deletions: 3, webhooks: 4, deliveries: 3, people: 2 };
const nobody = "00000000-0000-4000-8000-000000000000";

const pageSchema = z.object({
  data: z.array(z.looseObject({ id: z.string(), version: z.int().optional() })),
  next_cursor: z.string().nullish(),
});
const made = z.object({ id: z.string() });
const token = z.object({ token: z.string() });
type Page = z.infer<typeof pageSchema>;

/**
 * Finds something of everything that the tenant has, and makes chats and webhooks where there are too few. However much
 * there is, it answers the same number of each, so that a choice of one is the same choice in another run.
 *
 * @param foreignChat a chat of another tenant
 */
export async function fillPool(url: string, { keys }: World, foreignChat: string): Promise<Pool> {
  const { send } = createCaller(url, keys.all);
  const ask = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const answer = await send(method, path, body);
    // A deletion job of the batch before may still be under way.
    if (answer.status === 404) return undefined;
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
  const list = async (path: string): Promise<Page> =>
    pageSchema.parse((await ask("GET", path)) ?? { data: [] });

  await topUp();
  const chats = await list(`/chats?limit=${sizes.chats}`);
  const trashed = await list(`/chats?limit=${sizes.trashed}&state=trashed`);
  const jobs = await list(`/deletion-jobs?limit=${sizes.jobs}`);
  const deletions = await list(`/deletions?limit=${sizes.deletions}`);
  const webhooks = await list("/webhooks");
  const [[chat = nobody], [webhook = nobody]] = [ids(chats), ids(webhooks)];
  const deliveries = await list(`/webhooks/${webhook}/deliveries?limit=${sizes.deliveries}`);
  const invitations: string[] = [];
  const apiKeys: string[] = [];
  for (let n = 0; n < sizes.people; n += 1) {
    const invited = await ask("POST", "/invitations", { email: `n${n}@example.com`, role: "viewer" });
    invitations.push(made.parse(invited).id);
    // None that the requests come with: they revoke these.
    apiKeys.push(made.parse(await ask("POST", "/keys", { name: `Key ${n}`, scopes: ["chats:read"] })).id);
  }
  const scopes = ["chats:read", "chats:write", "chats:delete"];
  const tokens: string[] = [];
  for (const only of [{}, { chat_ids: [chat] }])
    tokens.push(token.parse(await ask("POST", "/tokens", { scopes, expires_in: 3_600, ...only })).token);
  const cursors: [string, string][] = [];
  for (const template of ["/chats", "/chats/{chat_id}/messages", "/deletions", "/deletion-jobs"]) {
    const { next_cursor: cursor } = await list(`${template.replace("{chat_id}", chat)}?limit=1`);
    if (typeof cursor === "string") cursors.push([`/api/v1${template}`, cursor]);
  }
  return {
    keys: [keys.all, keys.reading, keys.deleting, keys.revoked, keys.expired, keys.strangers, ""],
    tokens,
    ids: {
      chat_id: [...atLength(sizes.chats, ids(chats)), ...atLength(sizes.trashed, ids(trashed)), foreignChat],
      job_id: atLength(sizes.jobs, ids(jobs)),
      deletion_id: atLength(sizes.deletions, ids(deletions)),
      webhook_id: atLength(sizes.webhooks, ids(webhooks)),
      delivery_id: atLength(sizes.deliveries, ids(deliveries)),
      person_id: atLength(sizes.people, []),
      invitation_id: atLength(sizes.people, invitations),
      key_id: atLength(sizes.people, apiKeys),
      seq: ["1", "2", "0", "-1", "1.5", "2147483648", "99999999999999999999"],
    },
    cursors: Object.fromEntries(cursors),
    etags: atLength(
      sizes.chats,
      chats.data.map(({ version = 0 }) => `"${version}"`),
    ),
  };

  async function topUp() {
    const missing = sizes.chats - (await list(`/chats?limit=${sizes.chats}`)).data.length;
    for (let n = 0; n < missing; n += 1) {
      const { id } = made.parse(await ask("POST", "/chats", { title: `Chat ${n}` }));
      for (const body of ["Hello", "I remember"])
        await ask("POST", `/chats/${id}/messages`, { author: "Ada", body });
    }
    const { data: webhooks } = await list("/webhooks");
    const surplus = webhooks.slice(sizes.webhooks);
    for (const { id } of surplus) await ask("DELETE", `/webhooks/${id}`);
    for (let n = webhooks.length; n < sizes.webhooks; n += 1)
      await ask("POST", "/webhooks", { url: "http://127.0.0.1:9/hook", event_types: ["chat.deleted"] });
  }
}

const ids = ({ data }: Page) => data.map(({ id }) => id);

/** A list of so many entries, one of them nobody's, some of them more than once if there are too few. */
const atLength = (length: number, list: string[]): string[] => [
  ...Array.from({ length }, (_, n) => list[n % list.length] ?? nobody),
  nobody,
];
