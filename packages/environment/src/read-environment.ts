import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { z } from "zod";
import { collectValues, EnvironmentError, type Given, type Problem, type Source } from "./collect-values.ts";
import {
  defaults,
  defaultWorkers,
  isLoopback,
  remedies,
  secretVariables,
  type Variable,
  variableNames,
  variablesSchema,
} from "./variables.ts";
/** How Lethe is configured. */
export type Environment = {
  /** The TCP port to listen on; 0 takes any free one. */
  port: number;
  /** The address or host name to listen on. */
  host: string;
  /** The connection string of a PostgreSQL server; undefined means the embedded one. A secret: never print it. */
  databaseUrl: string | undefined;
  /** An address of the same database for what needs a session of its own. A secret: never print it. */
  databaseDirectUrl: string | undefined;
  /** Connections to the database that all processes of the server together may keep; undefined: by their number. */
  databaseConnections: number | undefined;
  /** The embedded database's folder, absolute. */
  dataDir: string;
  /** Whether an empty database is given the demo tenant. */
  demo: boolean;
  /** Web processes that share the port. */
  workers: number;
  /** Proxies in front of the server whose X-Forwarded headers are believed. */
  trustProxy: number;
  /** Whose pages may call the API besides those of Lethe, as `URL.origin` writes them. */
  allowedOrigins: string[];
  /** Whether webhooks may go to private addresses and over plain http. */
  webhookPrivate: boolean;
  /** How people sign in. */
  signIn: {
    /** What cookies are signed and second factors are sealed with; undefined: something of the database. Never print it. */
    secret?: string | undefined;
    /** Whether API keys sign browsers in; `until_people`: as long as nobody has an account. */
    byKey: "on" | "off" | "until_people";
    /** What invitations and links for new passwords are sent with; undefined: people send them themselves. */
    mail?: { url: string; from: string; publicUrl: string } | undefined;
    /** A provider of identities (OpenID Connect) by which people may sign in; undefined: none. It has a secret. */
    provider?:
      | { name: string; issuer: string; clientId: string; clientSecret: string; publicUrl: string }
      | undefined;
  };
  /** Requests a minute for one API key; 0: no limit. */
  rateLimit: number;
  /** Wrong keys a minute from one address; 0: no limit. */
  wrongKeys: number;
  /** What one tenant may have under way in one process at a time. */
  bounds: {
    /** Open WebSockets. */
    sockets: number;
    /** Open event streams. */
    streams: number;
    exports: number;
    /** Searches in titles. */
    searches: number;
  };
  /** The address of a Redis in which servers share the counts of the rate limit. A secret: never print it. */
  redisUrl: string | undefined;
  /** The TCP port on which alone `/metrics` is answered; undefined: on `port`. */
  metricsPort: number | undefined;
  /** The address on which that port listens. */
  metricsHost: string;
  /** What `/metrics` is answered to; undefined: anybody. A secret: never print it. */
  metricsToken: string | undefined;
  /** The address of a collector of traces (OTLP over HTTP); undefined: none. */
  traceEndpoint: string | undefined;
  /** How long the process goes on after a SIGTERM while `/readyz` says no; milliseconds. */
  drainMs: number;
  logLevel: "fatal" | "error" | "warn" | "info" | "debug" | "trace" | "silent";
};

type Together = { what: string; any: readonly Variable[]; all: readonly Variable[] };

/** Variables of which none does anything without the others. */
const together: readonly Together[] = [
  {
    what: "an address for the metrics",
    any: ["LETHE_METRICS_HOST"],
    all: ["LETHE_METRICS_HOST", "LETHE_METRICS_PORT"],
  },
  {
    what: "mail",
    any: ["LETHE_MAIL_URL", "LETHE_MAIL_FROM"],
    all: ["LETHE_MAIL_URL", "LETHE_MAIL_FROM", "LETHE_PUBLIC_URL"],
  },
  {
    what: "signing in by OpenID Connect",
    any: ["LETHE_OIDC_ISSUER", "LETHE_OIDC_CLIENT_ID", "LETHE_OIDC_CLIENT_SECRET", "LETHE_OIDC_NAME"],
    all: ["LETHE_OIDC_ISSUER", "LETHE_OIDC_CLIENT_ID", "LETHE_OIDC_CLIENT_SECRET", "LETHE_PUBLIC_URL"],
  },
];

/** The folder that holds package.json. A relative LETHE_DATA_DIR starts here, so that every command means the same folder. */
export const projectRoot: string = fileURLToPath(new URL("../../../", import.meta.url));

/**
 * Reads and checks the environment.
 * @param source what to read; every value is a string, empty means unset
 * @throws EnvironmentError naming every problem at once; it shows no secret
 */
export function readEnvironment(source: Source = process.env): Environment {
  const { given, problems } = collectValues(source);
  const raw = Object.fromEntries([...given].map(([variable, { value }]) => [variable, value]));
  const parsed = variablesSchema.safeParse(raw);
  if (!parsed.success) {
    const wrong = new Set(parsed.error.issues.map((issue) => issue.path[0]));
    problems.push(
      ...variableNames.filter((name) => wrong.has(name)).map((name) => describe(name, given.get(name))),
    );
  }
  if (given.has("DATABASE_DIRECT_URL") && !given.has("DATABASE_URL")) {
    problems.push({
      variable: "DATABASE_DIRECT_URL",
      problem: "is set without DATABASE_URL.",
      remedy: "Set DATABASE_URL too; if there is one address, that is the variable for it.",
    });
  }
  if (parsed.success) {
    const { LETHE_METRICS_PORT: own, PORT: port = defaults.PORT } = parsed.data;
    if (own === port)
      problems.push({
        variable: "LETHE_METRICS_PORT",
        problem: `is ${own}, and so is PORT.`,
        remedy: remedies.LETHE_METRICS_PORT,
      });
    for (const { what, any, all } of together)
      if (any.some((variable) => given.has(variable)))
        problems.push(
          ...all
            .filter((variable) => !given.has(variable))
            .map((variable) => ({
              variable,
              problem: `is missing, and ${what} needs it.`,
              remedy: remedies[variable],
            })),
        );
  }
  if (!parsed.success || problems.length > 0) throw new EnvironmentError(problems);
  const values = parsed.data;
  const host = values.HOST ?? defaults.HOST;
  const databaseUrl = values.DATABASE_URL;
  return {
    port: values.PORT ?? defaults.PORT,
    host,
    databaseUrl,
    databaseDirectUrl: values.DATABASE_DIRECT_URL,
    databaseConnections: values.LETHE_DATABASE_CONNECTIONS,
    dataDir: resolve(projectRoot, values.LETHE_DATA_DIR ?? defaults.LETHE_DATA_DIR),
    demo: values.LETHE_DEMO ?? (databaseUrl === undefined && isLoopback(host)),
    workers: values.LETHE_WORKERS ?? defaultWorkers(availableParallelism()),
    trustProxy: values.LETHE_TRUST_PROXY ?? defaults.LETHE_TRUST_PROXY,
    allowedOrigins: values.LETHE_ALLOWED_ORIGINS ?? [],
    webhookPrivate: values.LETHE_WEBHOOK_PRIVATE ?? false,
    signIn: {
      secret: values.LETHE_SECRET,
      byKey: keySignInOf(values.LETHE_KEY_SIGN_IN),
      mail: mailOf(values),
      provider: providerOf(values),
    },
    rateLimit: values.LETHE_RATE_LIMIT ?? defaults.LETHE_RATE_LIMIT,
    wrongKeys: values.LETHE_MAX_WRONG_KEYS ?? defaults.LETHE_MAX_WRONG_KEYS,
    bounds: {
      sockets: values.LETHE_MAX_SOCKETS ?? defaults.LETHE_MAX_SOCKETS,
      streams: values.LETHE_MAX_STREAMS ?? defaults.LETHE_MAX_STREAMS,
      exports: values.LETHE_MAX_EXPORTS ?? defaults.LETHE_MAX_EXPORTS,
      searches: values.LETHE_MAX_SEARCHES ?? defaults.LETHE_MAX_SEARCHES,
    },
    redisUrl: values.REDIS_URL,
    metricsPort: values.LETHE_METRICS_PORT,
    metricsHost: values.LETHE_METRICS_HOST ?? host,
    metricsToken: values.LETHE_METRICS_TOKEN,
    traceEndpoint: values.OTEL_EXPORTER_OTLP_ENDPOINT,
    drainMs: 1_000 * (values.LETHE_DRAIN_SECONDS ?? (onTerminal() ? 0 : drainSeconds)),
    logLevel: values.LETHE_LOG_LEVEL ?? defaults.LETHE_LOG_LEVEL,
  };
}

const keySignInOf = (allowed: boolean | undefined): Environment["signIn"]["byKey"] => {
  if (allowed === undefined) return "until_people";
  return allowed ? "on" : "off";
};

const mailOf = ({
  LETHE_MAIL_URL: url,
  LETHE_MAIL_FROM: from,
  LETHE_PUBLIC_URL: publicUrl,
}: z.output<typeof variablesSchema>): Environment["signIn"]["mail"] =>
  url && from && publicUrl ? { url, from, publicUrl } : undefined;

const providerOf = ({
  LETHE_OIDC_ISSUER: issuer,
  LETHE_OIDC_CLIENT_ID: clientId,
  LETHE_OIDC_CLIENT_SECRET: clientSecret,
  LETHE_OIDC_NAME: name = "your provider",
  LETHE_PUBLIC_URL: publicUrl,
}: z.output<typeof variablesSchema>): Environment["signIn"]["provider"] =>
  issuer && clientId && clientSecret && publicUrl
    ? { name, issuer, clientId, clientSecret, publicUrl }
    : undefined;

/** Somebody sits there and waits, and no balancer is in between. */
const onTerminal = (): boolean => process.stderr.isTTY === true;
/** What a balancer that asks every second or two needs to notice. */
const drainSeconds = 5;

/** What is said of a secret in the place of its value. */
const unshown: Partial<Record<Variable, string>> = {
  REDIS_URL: "is not a Redis address.",
  LETHE_MAIL_URL: "is not an address of a mail server.",
  LETHE_METRICS_TOKEN: "is too short, too long, or has characters that a header cannot carry.",
  LETHE_OIDC_CLIENT_SECRET: "is empty, or too long.",
  LETHE_SECRET: "is too short, or too long.",
};

function describe(variable: Variable, given: Given | undefined): Problem {
  const value = JSON.stringify(given?.value.slice(0, 100));
  const problem = secretVariables.includes(variable)
    ? (unshown[variable] ?? "is not a PostgreSQL address.")
    : `is ${value}.`;
  return { variable: given?.file ? `${variable}_FILE` : variable, problem, remedy: remedies[variable] };
}
