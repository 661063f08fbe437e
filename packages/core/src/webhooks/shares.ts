/**
 * Sends of one process at the same time, which hold a socket each, and neither a worker nor a connection to the
 * database. `usual` is what tenants share; beyond it each may have `own`, up to `most` in all.
 */
const sends = { usual: 1_000, own: 2, most: 2_000 };
/** A tenant may have this part of what is free. */
const partOfFree = 1 / 4;

/**
 * Who may have how many sends under way. A tenant's bound follows what is free (dynamic thresholds, as switches
 * share their buffers): alone it may have 200 at once, and beside ten that wait for silent receivers each has
 * fewer, so that the next finds room.
 */
export class Sends {
  #total = 0;
  readonly #byTenant = new Map<string, number>();

  get total(): number {
    return this.#total;
  }

  /** What a tenant may have that comes new; so many webhooks may be taken on now. */
  roomForNew(): number {
    if (this.#total >= sends.most) return 0;
    return Math.max(sends.own, Math.floor((sends.usual - this.#total) * partOfFree));
  }

  /** How many more a tenant may begin now. */
  roomOf(tenantId: string): number {
    return Math.max(0, this.roomForNew() - (this.#byTenant.get(tenantId) ?? 0));
  }

  /** Tenants that may begin none now. */
  full(): string[] {
    return [...this.#byTenant.keys()].filter((tenantId) => this.roomOf(tenantId) === 0);
  }

  begin(tenantId: string): void {
    this.#total += 1;
    this.#byTenant.set(tenantId, (this.#byTenant.get(tenantId) ?? 0) + 1);
  }

  end(tenantId: string): void {
    this.#total -= 1;
    const left = (this.#byTenant.get(tenantId) ?? 0) - 1;
    if (left > 0) this.#byTenant.set(tenantId, left);
    else this.#byTenant.delete(tenantId);
  }
}

const atOnce = { first: 8, most: 64 };

/**
 * How many sends a webhook has under way at most: more with every success, half as many after every failure.
 * One that has failed before begins with one.
 */
export class Share {
  current: number;

  constructor({ failing }: { failing: boolean }) {
    this.current = failing ? 1 : atOnce.first;
  }

  learn({ delivered }: { delivered: boolean }): void {
    this.current = delivered
      ? Math.min(atOnce.most, this.current + 1)
      : Math.max(1, Math.floor(this.current / 2));
  }
}
