import { errorTable } from "../errors/error-table.ts";
import { problemResponse } from "../errors/problem.ts";
import { toFailure } from "../errors/to-failure.ts";
import type { Services } from "../services.ts";
import type { ApiApp } from "./env.ts";

/** Answers everything that is thrown with a problem document; what the caller is not told goes to the log. */
export function answerErrors(app: ApiApp, { log, readiness }: Services): void {
  app.onError((error, c) => {
    const failure = toFailure(error);
    const requestId = c.get("requestId");
    if (errorTable[failure.code].status >= 500) {
      readiness.note(error);
      log.error(
        { request_id: requestId, method: c.req.method, path: c.req.path, err: error },
        "request failed",
      );
    }
    return problemResponse(failure, requestId);
  });
}
