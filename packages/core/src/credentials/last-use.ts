import type { Database } from "@lethe/db";
import { LRUCache } from "lru-cache";
import { atMost, exactly } from "../cache-options.ts";
import type { Principal } from "./principal.ts";

const minuteMs = 60_000;
const maxNoted = 10_000;

type UsedKey = { tenantId: string; apiKeyId: string };

/**
 * Writes down when keys and people's sessions were last used: in the background, all at once every `flushMs`; a key at most
 * once a minute and a session once in ten, however many processes see it used.
 */
export class LastUse {
  readonly #db: Database;
  readonly #onError: (error: unknown) => void;
  readonly #recent = new LRUCache<string, true>({ ...exactly, ...atMost(maxNoted), ttl: minuteMs });
  readonly #timer: NodeJS.Timeout;
  #used = new Map<string, UsedKey>();
  #usedSessions = new Set<string>();
  #writing: Promise<void> = Promise.resolve();

  constructor(db: Database, { flushMs, onError }: { flushMs: number; onError: (error: unknown) => void }) {
    this.#db = db;
    this.#onError = onError;
    this.#timer = setInterval(() => this.#flush(), flushMs);
    this.#timer.unref();
  }

  /** Notes that a key was used, in a session that was made with it too, or a person's session. */
  note({ tenantId, apiKeyId, sessionId }: Principal): void {
    const id = apiKeyId ?? sessionId;
    if (id === null || this.#recent.has(id) || this.#used.size + this.#usedSessions.size >= maxNoted) return;
    this.#recent.set(id, true);
    if (apiKeyId === null) this.#usedSessions.add(id);
    else this.#used.set(id, { tenantId, apiKeyId });
  }

  /** Writes what is still to be written. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#flush();
    await this.#writing;
  }

  #flush(): void {
    const [keys, sessions] = [[...this.#used.values()], [...this.#usedSessions]];
    this.#used = new Map();
    this.#usedSessions = new Set();
    const write = async () => {
      if (keys.length > 0) await this.#writeKeys(keys);
      if (sessions.length > 0) await this.#writeSessions(sessions);
    };
    this.#writing = this.#writing.then(write).catch(this.#onError);
  }

  async #writeKeys(used: UsedKey[]): Promise<void> {
    await this.#db.$executeRaw`
      UPDATE api_key
      SET last_used_at = clock_timestamp()
      FROM (
        SELECT free.tenant_id, free.id
        FROM unnest(
          ${used.map((key) => key.tenantId)}::uuid[], ${used.map((key) => key.apiKeyId)}::uuid[]
        ) AS noted(tenant_id, id)
        CROSS JOIN LATERAL (
          SELECT tenant_id, id FROM api_key
          WHERE api_key.tenant_id = noted.tenant_id AND api_key.id = noted.id
            AND (last_used_at IS NULL OR last_used_at < clock_timestamp() - interval '1 minute')
          FOR UPDATE SKIP LOCKED
        ) AS free
      ) AS used
      WHERE api_key.tenant_id = used.tenant_id AND api_key.id = used.id`;
  }
  async #writeSessions(ids: string[]): Promise<void> {
    await this.#db.$executeRaw`
      UPDATE person_session
      SET updated_at = clock_timestamp()
      FROM (
        SELECT free.id
        FROM unnest(${ids}::uuid[]) AS noted(id)
        CROSS JOIN LATERAL (
          SELECT id FROM person_session
          WHERE person_session.id = noted.id
            AND updated_at < clock_timestamp() - interval '10 minutes'
          FOR UPDATE SKIP LOCKED
        ) AS free
      ) AS used
      WHERE person_session.id = used.id`;
  }
}
