"use client";

import { useEffect, useState } from "react";
import type { z } from "zod";
import { ask, type Schemas, type SessionFailure } from "./session-request.ts";

type Opened<Data> = { token: string; data: Data | null; failure: SessionFailure | null };

/**
 * What the secret behind the # of the page's address opens, which no server and no log gets to see: `data` once the
 * server has said it.
 */
export function useOpened<Schema extends z.ZodType>(
  path: `/api/${string}`,
  read: (schemas: Schemas) => Schema,
): Opened<z.output<Schema>> {
  const [opened, setOpened] = useState<Opened<z.output<Schema>>>({ token: "", data: null, failure: null });
  // What opens it is looked at once, as the page comes
  useEffect(() => {
    const token = window.location.hash.slice(1);
    ask(path, { method: "POST", body: { token } }, read).then(({ data = null, failure = null }) =>
      setOpened({ token, data, failure }),
    );
  }, []);
  return opened;
}
