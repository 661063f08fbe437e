import { readClock } from "../clock.ts";
import type { Context } from "../context.ts";
import { exportLedger } from "../ledger/export-ledger.ts";
import { beginLedgerExport, type LedgerExport } from "../ledger/ledger-exports.ts";
import { endOfRange } from "./chosen-chats.ts";
import type { ExportFormat } from "./export-chat.ts";
import { type ChatArchive, exportChats, type OtherFile } from "./export-chats.ts";

/** Where an archive of a tenant begins: behind a chat, with those that were there at a moment. */
export type TenantPlace = { after: string; asOf: Date };

export type ExportTenant = {
  format: ExportFormat;
  /** Ends the reading of the database, at the next page at the latest. */
  signal?: AbortSignal | undefined;
  /** Where it begins; default: with the first chat, as of now. */
  place?: TenantPlace | undefined;
  /** Chats in it at most, from 1 to `limits.exportChats`: memory grows with them. Default: 100,000. */
  most?: number | undefined;
};

const mostByDefault = 100_000;

export type TenantArchive = ChatArchive & {
  /** Where the next one begins; null: this is the last, with all that is no chat. */
  next: TenantPlace | null;
  /** To be called with what was sent of the last one once somebody has kept it: the ledger may be pruned then. */
  complete: LedgerExport["complete"];
};

/**
 * Exports all that a tenant has, as `exportChats` does, in one archive or several, one after the other: every chat, in the trash or not, in
 * the order of their ids; and in the last beside them `tenant.json` (settings, people, invitations, what is known of API
 * keys, webhooks) and `ledger.ndjson`, as `exportLedger` has it. No secret is in it: no key, no secret of a webhook, no
 * password.
 *
 * Throws what `exportChats` throws, but for a tenant without chats.
 */
export async function exportTenant(
  ctx: Context,
  { format, signal, place, most = mostByDefault }: ExportTenant,
): Promise<TenantArchive> {
  const noting = beginLedgerExport(ctx.db);
  const asOf = place?.asOf ?? (await readClock(ctx.db))();
  const after = place?.after ?? null;
  const upTo = await endOfRange(ctx, { after, size: most });
  const others = [
    { name: "tenant.json", text: () => describeTenant(ctx) },
    { name: "ledger.ndjson", text: () => ledgerLines(ctx, noting) },
  ] satisfies OtherFile[];
  const archive = await exportChats(ctx, {
    ...{ chats: { range: { after, upTo, asOf } }, format, signal, mayBeEmpty: true },
    others: upTo === null ? others : [],
  });
  return { ...archive, next: upTo === null ? null : { after: upTo, asOf }, complete: noting.complete };
}

async function* ledgerLines({ db, tenantId }: Context, noting: LedgerExport): AsyncGenerator<string, void> {
  for await (const lines of exportLedger(db, { tenantId, noting }))
    yield lines.map((line) => `${JSON.stringify(line)}\n`).join("");
}

/** What a tenant is and who may do what in it, as JSON, a line for each. */
async function* describeTenant({ db, tenantId }: Context): AsyncGenerator<string, void> {
  const where = { tenantId };
  const tenant = await db.tenant.findFirstOrThrow({ where });
  const { name, createdAt, trashRetentionDays, retentionDays, requireSecondFactor, ledgerRetentionDays } =
    tenant;
  const facts = { id: tenantId, name, created_at: createdAt };
  const settings = {
    trash_retention_days: trashRetentionDays,
    retention_days: retentionDays,
    require_second_factor: requireSecondFactor,
    ledger_retention_days: ledgerRetentionDays,
  };
  yield `{"tenant":${JSON.stringify({ ...facts, ...settings })}`;

  const person = { select: { name: true, email: true } };
  const members = await db.member.findMany({ where, include: { person }, orderBy: { createdAt: "asc" } });
  yield list(
    "members",
    members.map(({ personId: person_id, role, createdAt: created_at, person }) => ({
      ...{ person_id, ...person, role, created_at },
    })),
  );

  const invitations = await db.invitation.findMany({ where, orderBy: { createdAt: "asc" } });
  yield list(
    "invitations",
    invitations.map((one) => ({
      ...{
        id: one.id,
        email: one.email,
        role: one.role,
        created_at: one.createdAt,
        expires_at: one.expiresAt,
      },
      ...{ accepted_at: one.acceptedAt, revoked_at: one.revokedAt },
    })),
  );

  const webhooks = await db.webhookEndpoint.findMany({ where: { ...where, deletedAt: null } });
  yield list(
    "webhooks",
    webhooks.map((one) => ({
      ...{ id: one.id, url: one.url, description: one.description, event_types: one.eventTypes },
      ...{ enabled: one.enabled, created_at: one.createdAt },
    })),
  );
  yield* apiKeys(db, tenantId);
  yield "}\n";
}

const list = (name: string, items: readonly object[]) =>
  `,\n"${name}":[${items.map((item) => `\n${JSON.stringify(item)}`).join(",")}]`;

const pageSize = 500;

/** Keys, which may be very many over the years, page by page. */
async function* apiKeys(db: Context["db"], tenantId: string): AsyncGenerator<string, void> {
  yield `,\n"api_keys":[`;
  let before = "";
  for (let last: string | undefined; ; ) {
    const keys: { id: string; text: string }[] = (
      await db.apiKey.findMany({
        where: { tenantId, ...(last !== undefined && { id: { gt: last } }) },
        orderBy: { id: "asc" },
        take: pageSize,
      })
    ).map((key) => ({
      id: key.id,
      text: JSON.stringify({
        ...{ id: key.id, name: key.name, prefix: key.prefix, scopes: key.scopes, created_at: key.createdAt },
        ...{ expires_at: key.expiresAt, revoked_at: key.revokedAt, last_used_at: key.lastUsedAt },
        created_by: key.createdByKind && {
          ...{ kind: key.createdByKind, id: key.createdById, name: key.createdByName },
        },
      }),
    }));
    last = keys.at(-1)?.id;
    if (last === undefined) break;
    yield `${before}${keys.map(({ text }) => `\n${text}`).join(",")}`;
    before = ",";
  }
  yield "]";
}
