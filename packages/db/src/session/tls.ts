import { readFileSync } from "node:fs";
import type { ConnectionOptions } from "node:tls";
import type pg from "pg";
import { DatabaseSetupError } from "../connection-error.ts";

/** How a connection is encrypted. */
type Tls = {
  /** The address without what is said here. */
  connectionString: string;
  /** False for plain text; undefined where the address says nothing, or in words of pg's own (`ssl=true`). */
  ssl: ConnectionOptions | false | undefined;
  /** Whether plain text will do where the server has no TLS. */
  orPlain: boolean;
};

const modes = ["disable", "prefer", "require", "verify-ca", "verify-full", "no-verify"] as const;
const parameters = ["sslmode", "sslrootcert", "sslcert", "sslkey"] as const;

/**
 * What `sslmode` means by libpq, for which pg has a meaning of its own. Left out, PGSSLMODE counts, as in libpq, and else
 * the connection is plain. `no-verify`, which only pg has, is `require` without a look at the certificate.
 *
 * Throws DatabaseSetupError `refused` for a mode that is not had here, and for `verify-ca` without a certificate.
 */
export function readTls(address: string): Tls {
  const url = URL.parse(address);
  const given = url?.searchParams;
  const said = given?.get("sslmode");
  // biome-ignore lint/style/noProcessEnv: it is PostgreSQL's own, and pg would read it by another meaning
  const { PGSSLMODE } = process.env;
  const wanted = said || (given?.has("ssl") ? undefined : PGSSLMODE);
  if (!url || !given || !wanted) return { connectionString: address, ssl: undefined, orPlain: false };
  const mode = modes.find((known) => known === wanted);
  if (mode === undefined) {
    throw new DatabaseSetupError(
      "refused",
      `${said ? "The address of the database has sslmode" : "The variable PGSSLMODE is"}=${wanted}, which Lethe does not ` +
        `have. Use one of ${modes.join(", ")}.`,
    );
  }
  const read = (name: (typeof parameters)[number]) => {
    const path = given.get(name);
    return path ? readFileSync(path, "utf8") : undefined;
  };
  const [ca, cert, key] = [read("sslrootcert"), read("sslcert"), read("sslkey")];
  for (const name of parameters) given.delete(name);
  const own = { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) };
  return { connectionString: url.href, ssl: toOptions(mode, own), orPlain: mode === "prefer" };
}

function toOptions(mode: (typeof modes)[number], own: ConnectionOptions): ConnectionOptions | false {
  switch (mode) {
    case "disable":
      return false;
    case "no-verify":
      return { ...own, rejectUnauthorized: false };
    case "prefer":
    case "require":
      return own.ca ? { ...own, checkServerIdentity: anyName } : { ...own, rejectUnauthorized: false };
    case "verify-ca":
      if (own.ca) return { ...own, checkServerIdentity: anyName };
      throw new DatabaseSetupError(
        "refused",
        "sslmode=verify-ca needs sslrootcert=<file> with the certificate of the authority. Or use verify-full, which goes " +
          "by the authorities that Node.js knows and looks at the name as well.",
      );
    case "verify-full":
      return own;
  }
}

/** Whoever has a certificate of the authority is believed to be the server. */
const anyName = () => undefined;

/**
 * Has a connection that is being made go on without encryption where the server has none; pg would give it up. To be
 * called before the server can have answered.
 */
export function goOnInPlain(connection: pg.Connection): void {
  const { stream } = connection;
  const [negotiate] = stream.rawListeners("data");
  if (negotiate === undefined) return;
  stream.removeAllListeners("data");
  stream.once("data", (answer: Buffer) => {
    if (answer.toString("latin1") !== "N") return void negotiate.call(stream, answer);
    connection.attachListeners(stream);
    connection.emit("sslconnect");
  });
}
