import { withDatabase } from "./with-database.ts";

const dayMs = 24 * 3_600_000;

/** Lets chats of a tenant be as if nobody had touched them for so many days. */
export const ageChats = (tenantId: string, chatIds: string[], days: number): Promise<unknown> =>
  withDatabase((db) =>
    db.chat.updateMany({
      where: { tenantId, id: { in: chatIds } },
      data: { updatedAt: new Date(Date.now() - days * dayMs) },
    }),
  );
