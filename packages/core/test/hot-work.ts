import { randomUUID } from "node:crypto";
import type { Database } from "@lethe/db";
import { findDueTenants } from "../src/background/find-due-tenants.ts";
import { fillTitles, foldTitles, titleTasks } from "../src/chats/folded-titles.ts";
import { LastUse } from "../src/credentials/last-use.ts";
import { deletionJobTasks, removeOldJobs } from "../src/deletion-jobs/deletion-job-tasks.ts";
import { readJobBacklog } from "../src/deletion-jobs/read-job-backlog.ts";
import { runStep } from "../src/deletion-jobs/run-step.ts";
import { erasureTasks } from "../src/erasure/erase-transcripts.ts";
import { readErasureBacklog } from "../src/erasure/read-erasure-backlog.ts";
import { loadContent } from "../src/feed/events.ts";
import { positionAt } from "../src/feed/position.ts";
import { pruneEvents } from "../src/feed/prune-events.ts";
import { readHead, readMissed, readUnread } from "../src/feed/read-events.ts";
import { pruneKeys } from "../src/idempotency/prune-keys.ts";
import {
  authenticateApiKey,
  authenticateSession,
  bulkTrash,
  createApiKey,
  createAuthenticator,
  createChat,
  createDeletionJob,
  createMessage,
  createToken,
  deleteChats,
  lapseGateways,
  type Principal,
  registerGateway,
  removeLapsedGateways,
  renewGateway,
  scopes,
  undoDeletionJob,
} from "../src/index.ts";
import { leavingTasks } from "../src/leaving/leaving-tasks.ts";
import { ledgerTasks } from "../src/ledger/prune-ledger.ts";
import { indexMessages, messageTasks } from "../src/messages/index-messages.ts";
import { addToSlice } from "../src/messages/message-slices.ts";
import { startDueRetention } from "../src/retention/retention.ts";
import { recomputePurges } from "../src/trash/apply-trash-settings.ts";
import { purgeBatch } from "../src/trash/purge-batch.ts";
import { trashTasks } from "../src/trash/trash-tasks.ts";
import { claimEndpoints, releaseEndpoints, renewEndpoints } from "../src/webhooks/endpoint-leases.ts";
import { fanOut } from "../src/webhooks/fan-out.ts";
import { pruneDeliveries } from "../src/webhooks/prune-log.ts";
import { readAhead } from "../src/webhooks/read-due.ts";
import { readWebhookBacklog } from "../src/webhooks/read-webhook-backlog.ts";
import { recordAttempts } from "../src/webhooks/record-attempts.ts";
import { actor, another, contextOf, store, tenantId } from "./grown-store.ts";
import type { HotVerb } from "./hot-verbs.ts";
import { silentLog } from "./long-chat.ts";
import { manyChats } from "./many-chats.ts";
import { addPerson, signIn } from "./people.ts";
import { policy } from "./webhooks.ts";

/** People enough that nobody reads all of them by the way. */
async function addCrowd(db: Database): Promise<void> {
  if ((await db.member.count({ where: { tenantId } })) > 900) return;
  await db.$executeRaw`
    WITH people AS (
      INSERT INTO person (name, email)
      SELECT 'Somebody', gen_random_uuid() || '@example.com' FROM generate_series(1, 1000)
      RETURNING id
    ), members AS (
      INSERT INTO member (tenant_id, person_id, role) SELECT ${tenantId}::uuid, id, 'viewer' FROM people
    )
    INSERT INTO person_session (person_id, hash, expires_at)
    SELECT id, gen_random_uuid()::text, clock_timestamp() + interval '1 day' FROM people`;
}

/** Writes down that a credential was used, as an authenticator does now and then. */
async function noteUse(db: Database, principal: Principal): Promise<void> {
  const use = new LastUse(db, {
    flushMs: 60_000,
    onError: (error) => {
      throw error;
    },
  });
  use.note(principal);
  await use.close();
}

/** What a server does all the time by itself. */
export const hotWork: readonly HotVerb[] = [
  {
    name: "authenticate",
    rows: 10,
    async prepare(db, behind) {
      const { apiKey } = await createApiKey(behind, { tenantId, name: "x" });
      return async () => noteUse(db, await authenticateApiKey(db, apiKey));
    },
  },
  {
    name: "authenticate by a token",
    rows: 12,
    async prepare(db, behind) {
      const { id: apiKeyId, apiKey } = await createApiKey(behind, { tenantId, name: "x" });
      const made = { apiKey, apiKeyId, held: scopes, scopes: ["chats:read"] as const, expiresIn: 60 };
      const { token } = await createToken(contextOf(behind), made);
      return async () => {
        const authenticator = createAuthenticator({ db });
        await authenticator.token(token);
        await authenticator.close();
      };
    },
  },
  {
    name: "authenticate a person",
    rows: 35,
    async prepare(db, behind) {
      await addCrowd(behind);
      const token = await signIn(behind, (await addPerson(behind, "Ada", tenantId)).personId);
      return async () => noteUse(db, await authenticateSession(db, token));
    },
  },
  {
    name: "lease",
    rows: 20,
    async prepare(db, behind) {
      const { id } = await registerGateway({ db: behind, host: "x" });
      const { others } = await renewGateway({ db: behind, id: store.gatewayId });
      return async () => {
        await lapseGateways({ db, silent: others.filter((one) => one.id === id) });
        await removeLapsedGateways({ db });
      };
    },
  },
  {
    name: "tail",
    rows: 20,
    async prepare(db, behind) {
      const { seen } = await readHead(behind);
      const { id: chatId } = await createChat(contextOf(behind), { title: "told" });
      await createMessage(contextOf(behind), { chatId, author: "Ada", body: "hello" });
      return async () => {
        const { rows, now } = await readUnread(db, seen, 500);
        await loadContent(db, rows);
        await readMissed(db, tenantId, { position: positionAt(seen), reader: now, most: 100 });
      };
    },
  },
  {
    name: "webhooks",
    // It may look through a thousand messages for a webhook, and where there are not many more read them all.
    rows: 4_000,
    async prepare(db, behind) {
      // As after a while in which nothing has happened.
      await behind.$executeRaw`UPDATE webhook_position SET seen = pg_current_snapshot(), moved_at = 'epoch'`;
      const { id } = await createChat(contextOf(behind), { title: "told" });
      await deleteChats(behind, [{ tenantId, chatId: id, force: false, actor }]);
      const owner = randomUUID();
      return async () => {
        await fanOut(db);
        const [endpoint] = await claimEndpoints(db, { owner, leaseMs: 60_000, limit: 5, except: [] });
        if (endpoint === undefined) throw new Error("none due");
        await renewEndpoints(db, { owner, leaseMs: 60_000 }, [endpoint]);
        const [open] = await readAhead(db, owner, [{ ...endpoint, want: 5, known: [] }]);
        const [due] = open?.due ?? [];
        if (due === undefined) throw new Error("nothing due");
        await recordAttempts(
          db,
          [{ ...endpoint, id: due.id, step: due.step, outcome: { result: "delivered", status: 200 } }],
          [1],
        );
        await releaseEndpoints(db, owner, [endpoint]);
      };
    },
  },
  {
    name: "purge",
    rows: 85,
    sessions: 2,
    async prepare(db, behind) {
      const ctx = await another(behind);
      await manyChats(ctx, 5, { messages: 2 });
      await behind.$executeRaw`UPDATE chat SET trashed_at = now() - interval '40 days', purge_at = now() - interval '1 day' WHERE tenant_id = ${ctx.tenantId}::uuid`;
      await behind.$executeRaw`UPDATE chat SET held_at = now() WHERE (tenant_id, id) IN (SELECT tenant_id, id FROM chat WHERE tenant_id = ${ctx.tenantId}::uuid LIMIT 2)`;
      return () => purgeBatch(db, ctx.tenantId, 100);
    },
  },
  {
    name: "job",
    rows: 85,
    async prepare(db, behind) {
      const ctx = await another(behind);
      await manyChats(ctx, 5, { messages: 2 });
      const { id: jobId } = await createDeletionJob(ctx, { filter: { state: "any" }, force: false });
      return async () => {
        for (;;)
          if ((await runStep(db, { tenantId: ctx.tenantId, jobId }, { size: 50 })).state === "ended") return;
      };
    },
  },
  {
    name: "jobs that move",
    rows: 150,
    async prepare(db, behind) {
      const ctx = await another(behind);
      await manyChats(ctx, 5, { messages: 2 });
      const filter = { state: "active" as const, createdAfter: new Date(0) };
      const { id: jobId } = await createDeletionJob(ctx, { kind: "trash", filter, force: false });
      const finish = async (id: string) => {
        for (;;)
          if ((await runStep(db, { tenantId: ctx.tenantId, jobId: id }, { size: 50 })).state === "ended")
            return;
      };
      return async () => {
        await finish(jobId);
        await finish((await undoDeletionJob({ ...ctx, db }, { jobId })).id);
      };
    },
  },
  {
    name: "due work",
    rows: 330,
    async prepare(db) {
      const unheard = () => {};
      const work = {
        ...{ db, log: silentLog, signal: new AbortController().signal, retryMs: 1 },
        ...{ onErased: unheard, onBacklog: unheard, onDeleted: unheard, onJobFailed: unheard },
        ...{ onJobBacklog: unheard, onWebhookBacklog: unheard, onAttempt: unheard },
        webhooks: { ...policy, timeoutMs: 1, pauses: [], leaseMs: 1, disableAfterMs: 1, keepMs: 1 },
      };
      return async () => {
        for (const { tasks } of [
          erasureTasks(work),
          deletionJobTasks(work),
          trashTasks(work),
          titleTasks(work),
          messageTasks(work),
          leavingTasks(work),
          ledgerTasks(work),
        ])
          for (const task of tasks) await findDueTenants(db, task);
      };
    },
  },
  {
    name: "sweeps",
    rows: 60,
    async prepare(db, behind) {
      const { seen } = await readHead(behind);
      return async () => {
        await pruneEvents(db, seen);
        await pruneKeys(db);
        await pruneDeliveries(db, 30 * 86_400_000);
        await removeOldJobs(db);
        await startDueRetention(db);
        await readErasureBacklog(db);
        await readJobBacklog(db);
        await readWebhookBacklog(db);
      };
    },
  },
  {
    name: "fold",
    rows: 18,
    async prepare(db, behind) {
      const { id } = await createChat(contextOf(behind), { title: "Fold" });
      await behind.$executeRaw`UPDATE chat SET title_folded = NULL WHERE tenant_id = ${tenantId}::uuid AND id = ${id}::uuid`;
      return () => foldTitles(db, tenantId, null);
    },
  },
  {
    name: "fill titles",
    rows: 24,
    async prepare(db, behind) {
      const { id: chatId } = await createChat(contextOf(behind), { title: "x" });
      await behind.titleIndex.updateMany({ where: { tenantId, chatId }, data: { folded: null } });
      return () => fillTitles(db, tenantId, null, 100);
    },
  },
  {
    name: "apply trash settings",
    rows: 40,
    async prepare(db, behind) {
      const ctx = contextOf(behind);
      const chatIds: string[] = [];
      for (let n = 0; n < 2; n += 1) chatIds.push((await createChat(ctx, { title: "x" })).id);
      const [first] = await bulkTrash(ctx, { chatIds });
      if (first?.outcome !== "trashed" || first.chat.trashedAt === null) throw new Error("not in the trash");
      await behind.chat.updateMany({ where: { tenantId, id: { in: chatIds } }, data: { purgeAt: null } });
      const after = { trashedAt: new Date(first.chat.trashedAt.getTime() - 1), id: first.chatId };
      return () => recomputePurges(db, tenantId, after);
    },
  },
  {
    name: "index messages",
    rows: 24,
    async prepare(db, behind) {
      const { id: chatId } = await createChat(contextOf(behind), { title: "x" });
      await createMessage(contextOf(behind), { chatId, author: "Ada", body: "hello" });
      await behind.$executeRaw`UPDATE message SET terms = NULL WHERE tenant_id = ${tenantId}::uuid AND chat_id = ${chatId}::uuid`;
      return async () => {
        await indexMessages(db, tenantId, null, 100);
        await addToSlice(db, tenantId, 1);
      };
    },
  },
];
