import type { Binaries } from "./binaries.ts";
import type { DataFolder } from "./data-folder.ts";
import type { Identity } from "./identity.ts";

/** Everything that the steps of running one embedded server need to know. */
export type Server = {
  folder: DataFolder;
  binaries: Binaries;
  /** The major version of `binaries`. */
  major: number;
  identity: Identity;
  password: string;
  /** PostgreSQL settings on top of the defaults, by name. */
  settings: Record<string, string>;
  log: (message: string) => void;
};

/**
 * The URL of the server's database. It holds the password: not for logs. It leaves nothing out, because PGSSLMODE
 * and the like, which are meant for another server, would fill it in.
 */
export const serverUrl = ({ password }: Server, port: number): string =>
  `postgresql://lethe:${password}@127.0.0.1:${port}/postgres?sslmode=disable`;
