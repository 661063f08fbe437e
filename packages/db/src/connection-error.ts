import { errorCode, errorMessage } from "./error-code.ts";
import { DatabaseSetupError } from "./setup-error.ts";

/** Says why no connection came about, and what to do, without the password. */
export const connectionError = (url: string, error: unknown): DatabaseSetupError => {
  const { where, user, database } = describe(url);
  const cause = { cause: error };
  switch (errorCode(error)) {
    case "ECONNREFUSED":
    case "EHOSTUNREACH":
    case "ENETUNREACH":
    case "ETIMEDOUT":
      return new DatabaseSetupError(
        "unreachable",
        `No PostgreSQL answers at ${where}. Start it, or put the right host and port into DATABASE_URL.`,
        cause,
      );
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return new DatabaseSetupError(
        "unreachable",
        `The host of ${where} is unknown. Put the right host into DATABASE_URL.`,
        cause,
      );
    case "28P01":
    case "28000":
      return new DatabaseSetupError(
        "refused",
        `PostgreSQL at ${where} refuses the user ${user}: ${errorMessage(error)}. ` +
          "Put the right user and password into DATABASE_URL.",
        cause,
      );
    case "3D000":
      return new DatabaseSetupError(
        "refused",
        `PostgreSQL at ${where} has no database ${database}. Create it (createdb ${database}), or put ` +
          "another name into DATABASE_URL.",
        cause,
      );
    case "53300":
      return new DatabaseSetupError(
        "refused",
        `PostgreSQL at ${where} has no connection left (max_connections). Close some, or raise the limit.`,
        cause,
      );
    case "57P03":
      return new DatabaseSetupError(
        "unreachable",
        `PostgreSQL at ${where} is starting or stopping. Try again when it is ready.`,
        cause,
      );
    default:
      return new DatabaseSetupError(
        "unreachable",
        `Cannot connect to PostgreSQL at ${where}: ${errorMessage(error)}. Check DATABASE_URL.`,
        cause,
      );
  }
};

const describe = (url: string) => {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  return {
    where: parsed === undefined ? "the address in DATABASE_URL" : parsed.host || "the local socket",
    user: parsed?.username || "(none given)",
    database: parsed?.pathname.slice(1) || "(none given)",
  };
};
