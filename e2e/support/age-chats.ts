import { withDatabase } from "./with-database.ts";

const dayMs = 24 * 3_600_000;
const daysAgo = (days: number) => new Date(Date.now() - days * dayMs);

/** Lets chats of a tenant be as if nobody had touched them for so many days; without ids all of them. */
export const ageChats = (tenantId: string, chatIds: string[] | undefined, days: number): Promise<unknown> =>
  withDatabase((db) =>
    db.chat.updateMany({
      where: { tenantId, ...(chatIds && { id: { in: chatIds } }) },
      data: { updatedAt: daysAgo(days) },
    }),
  );

/** Puts all chats of a tenant into the Trash, as if an operator had done so that many days ago, to stay for 30. */
export const trashAll = (tenantId: string, days: number): Promise<unknown> =>
  withDatabase((db) =>
    db.chat.updateMany({
      where: { tenantId },
      data: {
        trashedAt: daysAgo(days),
        trashedByKind: "operator",
        trashedById: "test",
        purgeAt: daysAgo(days - 30),
      },
    }),
  );
