import { randomUUID } from "node:crypto";
import { z } from "zod";
import { Session } from "../session/session.ts";
import { withConnection } from "../with-connection.ts";

const PREFIX = "lethe presence";

/** A name for one user of an embedded server, seen in `pg_stat_activity`. */
export const presenceName = (): string => `${PREFIX} ${randomUUID()}`;

/**
 * The connection by which a process shows that it uses the server. It ends with the process, however
 * that dies, so nobody has to clean up after a crash.
 */
export const connectPresence = async (url: string, name: string): Promise<Session> =>
  new Session({ url, applicationName: name }).connect();

/** Whether any other process shows its presence. */
export const othersPresent = (url: string, self: string): Promise<boolean> =>
  withConnection(url, async (client) => {
    const { rows } = await client.query(
      "SELECT count(*)::int AS others FROM pg_stat_activity WHERE application_name LIKE $1 AND application_name <> $2",
      [`${PREFIX} %`, self],
    );
    return z.tuple([z.object({ others: z.number() })]).parse(rows)[0].others > 0;
  });
