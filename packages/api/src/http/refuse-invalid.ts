import type { Hook } from "@hono/zod-openapi";
import { fromZodError } from "../errors/from-zod-error.ts";
import { problemResponse } from "../errors/problem.ts";
import type { ApiEnv } from "./env.ts";

/** Answers 400 to a path, query or body that its schema refuses. */
export const refuseInvalid: Hook<unknown, ApiEnv, string, Response | undefined> = (result, c) =>
  result.success ? undefined : problemResponse(fromZodError(result.error), c.get("requestId"));
