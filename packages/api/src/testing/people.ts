import { createHash, randomBytes, randomUUID, scryptSync } from "node:crypto";
import { createTenant, createTenantKey, firstTenant, type Role, roleScopes } from "@lethe/core";
import { z } from "zod";
import type { TestApi } from "./start-test-api.ts";

/** What every person of these tests signs in with. */
export const password = "correct horse battery staple";
/** It is kept as one that costs little to compare: how much is said by what is stored. */
const salt = randomBytes(16);
const text = (bytes: Buffer) => bytes.toString("base64").replaceAll("=", "");
const hashed = `$scrypt$ln=4,r=8,p=1$${text(salt)}$${text(scryptSync(password, salt, 32, { N: 2 ** 4, r: 8, p: 1 }))}`;

/** A person with an account, and a member of a tenant where one is named. */
export async function addPerson(
  { db }: Pick<TestApi, "db">,
  { name = "Ada", tenantId, role = "owner" }: { name?: string; tenantId?: string; role?: Role } = {},
) {
  const email = `${randomUUID()}@example.com`;
  const { id: personId } = await db.person.create({ data: { name, email } });
  await db.personAccount.create({
    data: { personId, providerId: "credential", accountId: personId, password: hashed },
  });
  if (tenantId !== undefined) await db.member.create({ data: { tenantId, personId, role } });
  return { personId, email };
}

const answer = z.record(z.string(), z.unknown());

/** Asks as a page of the server does: with its origin, and the cookies that it was given. */
export class Browser {
  readonly #api: Pick<TestApi, "baseUrl">;
  readonly cookies = new Map<string, string>();

  constructor(api: Pick<TestApi, "baseUrl">) {
    this.#api = api;
  }

  get cookie(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  }

  async ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    const response = await fetch(`${this.#api.baseUrl}${path}`, {
      method,
      headers: {
        Origin: this.#api.baseUrl,
        ...(body !== undefined && { "Content-Type": "application/json" }),
        ...(this.cookies.size > 0 && { Cookie: this.cookie }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const set = this.take(response);
    const text = await response.text();
    return { status: response.status, set, text, body: text === "" ? {} : answer.parse(JSON.parse(text)) };
  }

  /** Keeps the cookies of an answer. */
  take(response: Response): string[] {
    const set = response.headers.getSetCookie();
    for (const one of set) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(one) ?? [];
      if (value === "" || /Max-Age=0/i.test(one)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return set;
  }

  signIn(email: string, given = password) {
    return this.ask("POST", "/api/auth/sign-in/email", { email, password: given });
  }
}

const dayMs = 24 * 3_600_000;

/**
 * A browser with a session of the person that better-auth would have made, without the time that a password takes. It has
 * no signature, which better-auth's own paths want.
 */
export async function signedIn(
  api: Pick<TestApi, "baseUrl" | "db">,
  { personId }: { personId: string },
): Promise<Browser> {
  const token = randomBytes(24).toString("base64url");
  const hash = createHash("sha256").update(token).digest("hex");
  const tenantId = await firstTenant(api.db, { personId });
  const expiresAt = new Date(Date.now() + dayMs);
  await api.db.personSession.create({
    data: { personId, hash, tenantId, ipAddress: "192.0.2.1", expiresAt },
  });
  const browser = new Browser(api);
  browser.cookies.set("lethe_session", token);
  return browser;
}

/** A tenant with somebody of each role, and a key of each. */
export async function addTenant(api: Pick<TestApi, "baseUrl" | "db">, name: string) {
  const { tenantId } = await createTenant(api.db, { name });
  const actor = { kind: "operator", id: "test", via: "cli" } as const;
  const context = { tenantId, db: api.db, actor };
  const of = async (role: Role) => {
    const person = await addPerson(api, { name: role, tenantId, role });
    const scopes = roleScopes[role];
    const { apiKey } = await createTenantKey(context, { name: role, scopes, expiresAt: null, held: scopes });
    return { ...person, browser: await signedIn(api, person), apiKey };
  };
  const [viewer, member, admin, owner] = [
    await of("viewer"),
    await of("member"),
    await of("admin"),
    await of("owner"),
  ];
  return { context, viewer, member, admin, owner };
}
