import { LetheError } from "@lethe/core";
import { createTestDatabase, type TestDatabase } from "@lethe/db/testing";
import { TRPCError } from "@trpc/server";
import { HTTPException } from "hono/http-exception";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { errorTable, isFailureCode } from "./failure.ts";
import { failureHeaders, toProblem } from "./problem.ts";
import { toFailure } from "./to-failure.ts";

const secret = "password=hunter2";

describe("the error table", () => {
  it("gives every code a status of its own", () => {
    const statuses = Object.values(errorTable).map(({ status }) => status);
    expect(new Set(statuses).size).toBe(statuses.length);
    expect(isFailureCode("CONFLICT")).toBe(true);
    expect(isFailureCode("toString")).toBe(false);
  });

  it("becomes a problem document with the facts of the failure as members", () => {
    const error = new LetheError("CONFLICT", "active_connections", "Chat has 2 connections", {
      activeConnections: 2,
    });
    const failure = toFailure(error);
    expect(toProblem(failure, "r-1")).toEqual({
      type: "urn:lethe:problem:active_connections",
      title: "Conflict",
      status: 409,
      detail: "Chat has 2 connections",
      code: "active_connections",
      request_id: "r-1",
      success: false,
      message: "Chat has 2 connections",
      active_connections: 2,
      retry_after: 5,
    });
    expect(failureHeaders(failure)).toEqual({ "Retry-After": "5" });
  });

  it("prefers the wait that the failure itself names", () => {
    const failure = toFailure(
      new LetheError("TOO_MANY_REQUESTS", "rate_limited", "Slow down", { retryAfter: 17 }),
    );
    expect(failureHeaders(failure)).toEqual({ "Retry-After": "17" });
  });

  it("names the way to authenticate", () => {
    const failure = toFailure(new LetheError("UNAUTHORIZED", "missing_credentials", "Who?"));
    expect(failureHeaders(failure)).toHaveProperty("WWW-Authenticate");
  });
});

describe("what nobody foresaw", () => {
  const faults = z.object({ secret: z.literal(1) }).safeParse({ secret });
  it.each([
    ["an error", new Error(secret)],
    ["a string", secret],
    ["null", null],
    ["undefined", undefined],
    ["a verb's own refusal to parse a row", faults.error],
    [
      "an error that calls itself ours",
      Object.assign(new Error(secret), { name: "LetheError", code: "NO_SUCH_CODE" }),
    ],
    ["an internal error of core", new LetheError("INTERNAL_SERVER_ERROR", "internal_error", secret)],
    [
      "an error in a procedure",
      new TRPCError({ code: "INTERNAL_SERVER_ERROR", message: secret, cause: new Error(secret) }),
    ],
    [
      "an output that its schema refuses",
      new TRPCError({ code: "INTERNAL_SERVER_ERROR", message: secret, cause: faults.error }),
    ],
    ["an HTTP exception that is our fault", new HTTPException(500, { message: secret })],
    ["an HTTP exception of no known status", new HTTPException(418, { message: secret })],
  ])("is a 500 that says nothing of the inside: %s", (_, error) => {
    const failure = toFailure(error);
    expect(failure).toMatchObject({ code: "INTERNAL_SERVER_ERROR", reason: "internal_error" });
    expect(JSON.stringify(toProblem(failure, "r-1"))).not.toContain("hunter2");
  });
});

it("knows an error of core by its code, whichever copy of core threw it", () => {
  const foreign = Object.assign(new Error("Chat not found"), {
    name: "LetheError",
    code: "NOT_FOUND",
    reason: "chat_not_found",
    details: {},
  });
  expect(foreign).not.toBeInstanceOf(LetheError);
  expect(toFailure(foreign)).toMatchObject({ code: "NOT_FOUND", reason: "chat_not_found" });
  expect(toFailure(new TRPCError({ code: "NOT_FOUND", cause: foreign }))).toMatchObject({
    reason: "chat_not_found",
  });
});

describe("a database in trouble", () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  const troubles: [string, (db: TestDatabase["db"]) => Promise<unknown>][] = [
    [
      "statement timeout",
      (db) =>
        db.$transaction([
          db.$executeRaw`SET LOCAL statement_timeout = 20`,
          db.$queryRaw`SELECT 1 FROM pg_sleep(5)`,
        ]),
    ],
    [
      "lock timeout",
      async (db) => {
        await db.$transaction(async (holder) => {
          await holder.$executeRaw`LOCK TABLE chat IN ACCESS EXCLUSIVE MODE`;
          await db.$transaction([db.$executeRaw`SET LOCAL lock_timeout = 20`, db.chat.findMany()]);
        });
      },
    ],
    [
      "connection cut by an administrator",
      (db) => db.$queryRaw`SELECT pg_terminate_backend(pg_backend_pid())`,
    ],
    [
      "no connection free in time",
      async () => {
        const { db, drop } = await createTestDatabase(undefined, { connectTimeoutMs: 5_000 });
        const { promise: asked, resolve: end } = Promise.withResolvers<void>();
        const begun = Array.from({ length: 10 }, () => Promise.withResolvers<void>());
        const holders = begun.map(({ resolve }) =>
          db.$transaction(async (tx) => {
            await tx.$queryRaw`SELECT 1 AS one`;
            resolve();
            await asked;
          }),
        );
        await Promise.all(begun.map(({ promise }) => promise));
        try {
          await db.$queryRaw`SELECT 1 AS one`;
        } finally {
          end();
          await Promise.all(holders);
          await drop();
        }
      },
    ],
  ];
  it.each(troubles)("is a 503 that may be tried again: %s", async (_, trouble) => {
    const error = await trouble(database.db).then(
      () => expect.unreachable("the trouble did not come"),
      (reason: unknown) => reason,
    );
    expect(toFailure(error)).toMatchObject({ code: "SERVICE_UNAVAILABLE", reason: "unavailable" });
    expect(failureHeaders(toFailure(error))).toHaveProperty("Retry-After");
  });

  /** Fails with a SQLSTATE, from within PostgreSQL. */
  const failWith = (state: string) =>
    database.db
      .$executeRawUnsafe(`DO $$ BEGIN RAISE EXCEPTION 'secret' USING ERRCODE = '${state}'; END $$`)
      .then(
        () => expect.unreachable(state),
        (error: unknown) => toFailure(error),
      );

  it("is a 503 by the class of its SQLSTATE, which says what to think of the request", async () => {
    const undone =
      "08001 25006 25P03 40001 40P01 53100 53200 53300 55P03 57014 57P03 58030 28P01 3D000 3F000 42P01 42883 42501";
    const inDoubt = "08006 08000 08P01 40003 57P01 57P02 57P05";
    for (const [states, words] of [
      [undone, /Nothing was done/],
      [inDoubt, /may have been changed/],
    ] as const) {
      for (const state of states.split(" "))
        expect(await failWith(state), state).toMatchObject({
          code: "SERVICE_UNAVAILABLE",
          reason: "unavailable",
          message: expect.stringMatching(words),
        });
    }
  });

  it("is a 500 when it is our own fault", async () => {
    for (const state of "22012 23514 25P02 42601 42703 P0001 XX000".split(" "))
      expect(await failWith(state), state).toMatchObject({ code: "INTERNAL_SERVER_ERROR" });
    const { db } = database;
    const mistake = db.$queryRawUnsafe("SELECT $1::integer", Symbol("x")).catch((error: unknown) => error);
    expect(toFailure(await mistake)).toMatchObject({ code: "INTERNAL_SERVER_ERROR" });
  });
});
