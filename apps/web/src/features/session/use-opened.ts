"use client";

import { useEffect, useState } from "react";
import type { z } from "zod";
import { ask, type Schemas, type SessionFailure } from "./session-request.ts";

type Opened<Data> = { token: string; data: Data | null; failure: SessionFailure | null };

/**
 * What the secret behind the # of the page's address opens, which no server and no log gets to see: `data` once the
 * server has said it.
 *
 * @param waiting under which name of this tab the secret waits, where its holder was elsewhere meanwhile
 */
export function useOpened<Schema extends z.ZodType>(
  path: `/api/${string}`,
  read: (schemas: Schemas) => Schema,
  waiting?: string,
): Opened<z.output<Schema>> {
  const [opened, setOpened] = useState<Opened<z.output<Schema>>>({ token: "", data: null, failure: null });
  // What opens it is looked at once, as the page comes
  useEffect(() => {
    const waited = waiting === undefined ? null : sessionStorage.getItem(waiting);
    const token = window.location.hash.slice(1) || (waited ?? "");
    ask(path, { method: "POST", body: { token } }, read).then(({ data = null, failure = null }) =>
      setOpened({ token, data, failure }),
    );
  }, []);
  return opened;
}
