import {
  type Context,
  createChat,
  createDeletionJob,
  createInvitation,
  createMessage,
  createTenantKey,
  createWebhook,
  deleteChat,
  roleScopes,
  testWebhook,
} from "@lethe/core";
import { addPerson } from "./people.ts";

const policy = { allowPrivate: true };

/** One of each thing of a tenant that an operation can be asked for, under the name that its id has in a path. */
export async function addThings(context: Context, chatId?: string): Promise<Record<string, string>> {
  const { db, tenantId } = context;
  const chat = await createChat(context, { title: "Stays", ...(chatId !== undefined && { id: chatId }) });
  await createMessage(context, { chatId: chat.id, author: "Ada", body: "hi" });
  const gone = await createChat(context, { title: "Gone" });
  const deletion = await deleteChat(context, { chatId: gone.id, force: false });
  const job = await createDeletionJob(context, { filter: { state: "trashed" }, force: false });
  const webhook = await createWebhook(context, {
    url: "http://127.0.0.1:9/",
    eventTypes: ["chat.deleted"],
    policy,
  });
  const delivery = await testWebhook(context, { webhookId: webhook.id, policy });
  const scopes = roleScopes.owner;
  const invitation = await createInvitation(context, { email: "t@example.com", role: "viewer", scopes });
  const key = await createTenantKey(context, { name: "of things", scopes, expiresAt: null, held: scopes });
  return {
    chat_id: chat.id,
    seq: "1",
    deletion_id: deletion.id,
    job_id: job.id,
    webhook_id: webhook.id,
    delivery_id: delivery.id,
    person_id: (await addPerson({ db }, { tenantId, role: "viewer" })).personId,
    invitation_id: invitation.id,
    key_id: key.id,
  };
}
