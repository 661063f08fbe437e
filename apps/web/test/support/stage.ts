import { createApiKey, createTenant, revokeApiKey, type Scope } from "@lethe/core";
import { createTestDatabase, type TestDatabase } from "@lethe/db/testing";
import { afterAll, beforeAll } from "vitest";
import { type Caller, createCaller } from "./caller.ts";
import { startServer, type TestProcess } from "./start-server.ts";

export type Stage = {
  database: () => TestDatabase;
  server: (index?: number) => TestProcess;
  /** A key of the stage's own tenant that may do everything. */
  apiKey: () => string;
  /** A caller of the stage's own tenant with that key. */
  caller: (index?: number) => Caller;
  /** Another tenant, and a caller of it. */
  createTenant: () => Promise<Caller>;
  /** Another key of the stage's own tenant. */
  createKey: (scopes: Scope[]) => Promise<string>;
  /** Revokes a key of the stage's own tenant. */
  revoke: (apiKey: string) => Promise<void>;
  /** Signs a browser in with a key (default: the caller's); answers its cookie. */
  signIn: (apiKey?: string) => Promise<string>;
};

type StageOptions = { servers?: number; environment?: Record<string, string> };

/** For the tests of a file: a database of its own, server processes over it, and a tenant. */
export function useStage({ servers = 1, environment = {} }: StageOptions = {}): Stage {
  let database: TestDatabase | undefined;
  let tenantId = "";
  let apiKey = "";
  const running: TestProcess[] = [];
  const keyIds = new Map<string, string>();

  beforeAll(async () => {
    database = await createTestDatabase();
    const { url, db } = database;
    ({ tenantId } = await createTenant(db, { name: "Tests" }));
    ({ apiKey } = await createApiKey(db, { tenantId, name: "All" }));
    const starting = Array.from({ length: servers }, () =>
      startServer({ DATABASE_URL: url, ...environment }),
    );
    running.push(...(await Promise.all(starting)));
  });

  afterAll(async () => {
    await Promise.all(running.map((server) => server.end("SIGTERM")));
    await database?.drop();
  });

  const ready = () => {
    if (!database) throw new Error("The stage is ready only within tests");
    return database;
  };
  const server = (index = 0) => {
    const found = running[index];
    if (!found) throw new Error(`There is no server ${index}`);
    return found;
  };

  return {
    database: ready,
    server,
    apiKey: () => apiKey,
    caller: (index) => createCaller(server(index).url, apiKey),
    createTenant: async () => {
      const other = await createTenant(ready().db, { name: "Others" });
      const key = await createApiKey(ready().db, { tenantId: other.tenantId, name: "All" });
      return createCaller(server().url, key.apiKey);
    },
    createKey: async (scopes) => {
      const key = await createApiKey(ready().db, { tenantId, name: scopes.join(), scopes });
      keyIds.set(key.apiKey, key.id);
      return key.apiKey;
    },
    revoke: async (key) => {
      await revokeApiKey(ready().db, { tenantId, id: keyIds.get(key) ?? "" });
    },
    signIn: async (key = apiKey) => {
      const answer = await fetch(`${server().url}/api/session`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ api_key: key }),
      });
      const cookie = answer.headers.getSetCookie()[0]?.split(";")[0];
      if (!answer.ok || !cookie) throw new Error(`Signing in was answered with ${answer.status}`);
      return cookie;
    },
  };
}
