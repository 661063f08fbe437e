import { createHash } from "node:crypto";
import { unzipSync } from "fflate";
import { expect, it } from "vitest";
import { z } from "zod";
import { addPerson } from "../../test/people.ts";
import { deletedChat, policy } from "../../test/webhooks.ts";
import { useWorld } from "../../test/world.ts";
import {
  type Context,
  createApiKey,
  createChat,
  createInvitation,
  createMessage,
  createWebhook,
  deleteChat,
  type ExportTenant,
  exportTenant,
  ledgerLineSchema,
  listWebhooks,
  roleScopes,
  trashChat,
  updateSettings,
} from "../index.ts";

const world = useWorld();

const manifestSchema = z.object({
  files: z.array(
    z.object({ file: z.string(), chat_id: z.string(), sha256: z.string(), last_export: z.string() }),
  ),
  others: z.array(z.object({ file: z.string(), sha256: z.string(), bytes: z.int() })).default([]),
  counts: z.object({ files: z.int(), skipped: z.int(), messages: z.int(), bytes: z.int() }),
});

const sha256 = (bytes: Uint8Array = new Uint8Array()) => createHash("sha256").update(bytes).digest("hex");

async function take(ctx: Context, options: Partial<ExportTenant> = {}) {
  const { chunks, next: following } = await exportTenant(ctx, { format: "json", ...options });
  const parts: Uint8Array[] = [];
  for (let next = await chunks.next(); ; next = await chunks.next()) {
    if (!next.done) {
      parts.push(next.value);
      continue;
    }
    const bytes = Buffer.concat(parts);
    expect(next.value).toMatchObject({ checksum: sha256(bytes), bytes: bytes.length });
    const files = unzipSync(bytes);
    const text = (name: string) => Buffer.from(files[name] ?? []).toString();
    const manifest = manifestSchema.parse(JSON.parse(text("manifest.json")));
    for (const { file, sha256: checksum } of [...manifest.files, ...manifest.others])
      expect(sha256(files[file])).toBe(checksum);
    expect(manifest.others.map(({ file }) => file)).toEqual(
      following ? [] : ["tenant.json", "ledger.ndjson"],
    );
    expect(Object.keys(files)).toHaveLength(manifest.files.length + manifest.others.length + 1);
    const tenant = following === null ? JSON.parse(text("tenant.json")) : null;
    return { bytes, text, manifest, tenant, following };
  }
}

it("has all that a tenant has, its trash, people and ledger too, and no secret", async () => {
  const ctx = await world.tenant();
  const { db, tenantId } = ctx;
  const { id: chatId } = await createChat(ctx, { title: "Plans" });
  await createMessage(ctx, { chatId, author: "Ada", body: "at dawn" });
  await trashChat(ctx, { chatId: (await createChat(ctx, { title: "Old" })).id });
  const gone = await deletedChat(ctx);
  await updateSettings(ctx, { name: "Acme", trashRetentionDays: 7, retentionDays: 90 });
  const { apiKey, prefix } = await createApiKey(db, { tenantId, name: "nightly" });
  const { email } = await addPerson(db, "Ada", tenantId, "owner");
  const { token } = await createInvitation(
    { db, tenantId, actor: ctx.actor },
    { email: "bob@example.com", role: "viewer", scopes: roleScopes.owner },
  );
  const { secret } = await createWebhook(ctx, {
    ...{ url: "https://example.com/hooks", eventTypes: ["tenant.deleted"], policy },
  });

  const { bytes, text, manifest, tenant } = await take(ctx);
  expect(manifest.files.map(({ file }) => file.replace(/\..*/, ""))).toEqual(
    expect.arrayContaining(["chats/Plans", "chats/Old"]),
  );
  expect(manifest.counts).toMatchObject({ files: 2, messages: 1 });
  expect(manifest.files.every((file) => file.last_export === "noted")).toBe(true);
  expect(tenant).toMatchObject({
    tenant: { id: tenantId, name: "Acme", trash_retention_days: 7, retention_days: 90 },
    members: [{ name: "Ada", email, role: "owner" }],
    invitations: [{ email: "bob@example.com", role: "viewer", accepted_at: null }],
    webhooks: [{ url: "https://example.com/hooks", event_types: ["tenant.deleted"], enabled: true }],
    api_keys: [{ name: "nightly", prefix, revoked_at: null }],
  });
  const lines = text("ledger.ndjson").trimEnd().split("\n");
  const ledger = lines.map((line) => ledgerLineSchema.parse(JSON.parse(line)));
  expect(ledger.filter(({ type }) => type === "deletion")).toMatchObject([{ id: gone.id }]);
  for (const hidden of [apiKey, apiKey.slice(prefix.length + 1), secret, token])
    expect(bytes.includes(hidden)).toBe(false);
  expect((await listWebhooks(ctx)).length).toBe(1);
});

it("is there of a tenant that has nothing, too", async () => {
  const { manifest, tenant } = await take(await world.tenant());
  expect(manifest.counts).toMatchObject({ files: 0, skipped: 0, messages: 0 });
  expect(tenant).toMatchObject({ members: [], invitations: [], webhooks: [], api_keys: [] });
});

it("goes into several archives, one after the other, with what was there when the first began", async () => {
  const ctx = await world.tenant();
  const ids: string[] = [];
  for (let n = 0; n < 6; n += 1) ids.push((await createChat(ctx, { title: `Chat ${n}` })).id);
  ids.sort();
  const found: string[][] = [];
  for (let place: ExportTenant["place"], isLast = false; !isLast; ) {
    const { manifest, following } = await take(ctx, { most: 2, place });
    found.push(manifest.files.map(({ chat_id }) => chat_id));
    if (found.length === 1) {
      await createChat(ctx, { title: "too late" });
      await deleteChat(ctx, { chatId: ids.pop() ?? "", force: false });
    }
    isLast = following === null;
    place = following ?? undefined;
  }
  expect(found.flat()).toEqual(ids);
  expect(found[0]).toEqual(ids.slice(0, 2));
  expect(Math.max(...found.map(({ length }) => length))).toBe(2);
});
