import type { Database } from "@lethe/db";
import { LRUCache } from "lru-cache";
import type { Principal } from "./principal.ts";

const minuteMs = 60_000;
const maxKeys = 10_000;

type UsedKey = { tenantId: string; apiKeyId: string };

/**
 * Writes down when keys were last used: in the background, all at once every `flushMs`, and one key at most
 * once a minute, however many processes see it used.
 */
export class LastUse {
  readonly #db: Database;
  readonly #onError: (error: unknown) => void;
  readonly #recent = new LRUCache<string, true>({ max: maxKeys, ttl: minuteMs });
  readonly #timer: NodeJS.Timeout;
  #used = new Map<string, UsedKey>();
  #writing: Promise<void> = Promise.resolve();

  constructor(db: Database, { flushMs, onError }: { flushMs: number; onError: (error: unknown) => void }) {
    this.#db = db;
    this.#onError = onError;
    this.#timer = setInterval(() => this.#flush(), flushMs);
    this.#timer.unref();
  }

  /** Notes whose key was used; a person has none. */
  note({ tenantId, apiKeyId }: Principal): void {
    if (apiKeyId === null || this.#recent.has(apiKeyId) || this.#used.size >= maxKeys) return;
    this.#recent.set(apiKeyId, true);
    this.#used.set(apiKeyId, { tenantId, apiKeyId });
  }

  /** Writes what is still to be written. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#flush();
    await this.#writing;
  }

  #flush(): void {
    if (this.#used.size === 0) return;
    const used = [...this.#used.values()];
    this.#used = new Map();
    this.#writing = this.#writing.then(() => this.#write(used)).catch(this.#onError);
  }

  async #write(used: UsedKey[]): Promise<void> {
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
}
