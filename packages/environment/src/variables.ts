import { BlockList, isIP } from "node:net";
import { z } from "zod";

const switchWords = ["on", "off", "true", "false", "1", "0"] as const;
const logLevels = ["fatal", "error", "warn", "info", "debug", "trace", "silent"] as const;
const mostWorkers = 64;
const mostDrainSeconds = 600;
const hostName = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/i;

function isPostgresUrl(value: string): boolean {
  const url = URL.parse(value);
  return url !== null && ["postgres:", "postgresql:"].includes(url.protocol);
}

const switchSchema = z
  .string()
  .toLowerCase()
  .pipe(z.enum(switchWords))
  .transform((value) => ["on", "true", "1"].includes(value));

function isRedisUrl(value: string): boolean {
  const url = URL.parse(value);
  return url !== null && ["redis:", "rediss:"].includes(url.protocol) && url.hostname !== "";
}

function isMailUrl(value: string): boolean {
  const url = URL.parse(value);
  return url !== null && ["smtp:", "smtps:"].includes(url.protocol) && url.hostname !== "";
}

/** `lethe@example.com` or `Lethe <lethe@example.com>`, in one line. */
function isMailbox(value: string): boolean {
  const [, named, bare] = /^[^<>\p{Cc}]{1,100}<([^<>]+)>$|^([^<>]+)$/u.exec(value.trim()) ?? [];
  return z.email().safeParse(named ?? bare).success;
}

/** An address of https, or one of this machine (OpenID Connect Discovery 1.0, section 3). */
function isIssuer(value: string): boolean {
  const url = URL.parse(value);
  if (url === null || url.search + url.hash + url.username !== "") return false;
  return url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url.hostname));
}

function isOrigin(value: string): boolean {
  const url = URL.parse(value);
  const isWeb = url !== null && ["http:", "https:"].includes(url.protocol);
  return isWeb && url.pathname === "/" && url.search + url.hash + url.username === "";
}

/** More than anybody writes into a variable. */
const mostOrigins = 100;

/** One that a browser may send: no pattern, which browsers and people would read in different ways. */
const isNamedOrigin = (value: string) =>
  isOrigin(value) && /^[a-z0-9.:[\]-]+$/.test(new URL(value).host) && !value.endsWith("/");

const hostSchema = z.string().refine((value) => isIP(value) !== 0 || hostName.test(value));

const boundSchema = z
  .string()
  .regex(/^\d{1,6}$/)
  .transform(Number)
  .pipe(z.number().min(1));

/** What each variable may hold. A variable that is unset or empty is absent. */
export const variablesSchema = z.object({
  PORT: z
    .string()
    .regex(/^\d{1,5}$/)
    .transform(Number)
    .pipe(z.number().max(65_535))
    .optional(),
  HOST: hostSchema.optional(),
  DATABASE_URL: z.string().refine(isPostgresUrl).optional(),
  DATABASE_DIRECT_URL: z.string().refine(isPostgresUrl).optional(),
  LETHE_DATABASE_CONNECTIONS: z
    .string()
    .regex(/^\d{1,4}$/)
    .transform(Number)
    .optional(),
  LETHE_DATA_DIR: z
    .string()
    .refine((value) => !value.includes("\0"))
    .optional(),
  LETHE_DEMO: switchSchema.optional(),
  LETHE_WORKERS: z
    .string()
    .regex(/^\d{1,2}$/)
    .transform(Number)
    .pipe(z.number().min(1).max(mostWorkers))
    .optional(),
  LETHE_TRUST_PROXY: z
    .string()
    .regex(/^\d{1,2}$/)
    .transform(Number)
    .optional(),
  LETHE_ALLOWED_ORIGINS: z
    .string()
    .transform((value) => value.split(/[\s,]+/).filter(Boolean))
    .pipe(z.array(z.string().refine(isNamedOrigin)).max(mostOrigins))
    .transform((origins) => origins.map((origin) => new URL(origin).origin))
    .optional(),
  LETHE_WEBHOOK_PRIVATE: switchSchema.optional(),
  LETHE_KEY_SIGN_IN: switchSchema.optional(),
  LETHE_SECRET: z.string().min(32).max(1_000).optional(),
  LETHE_MAIL_URL: z.string().refine(isMailUrl).optional(),
  LETHE_MAIL_FROM: z.string().refine(isMailbox).optional(),
  LETHE_PUBLIC_URL: z
    .string()
    .refine(isOrigin)
    .transform((value) => new URL(value).origin)
    .optional(),
  LETHE_OIDC_ISSUER: z
    .string()
    .refine(isIssuer)
    .transform((value) => value.replace(/\/+$/, ""))
    .optional(),
  LETHE_OIDC_CLIENT_ID: z.string().min(1).max(500).optional(),
  LETHE_OIDC_CLIENT_SECRET: z.string().min(1).max(1_000).optional(),
  LETHE_OIDC_NAME: z
    .string()
    .regex(/^[^\p{Cc}]{1,40}$/u)
    .optional(),
  LETHE_RATE_LIMIT: z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number)
    .optional(),
  LETHE_MAX_WRONG_KEYS: z
    .string()
    .regex(/^\d{1,6}$/)
    .transform(Number)
    .optional(),
  LETHE_MAX_SOCKETS: boundSchema.optional(),
  LETHE_MAX_STREAMS: boundSchema.optional(),
  LETHE_MAX_EXPORTS: boundSchema.optional(),
  LETHE_MAX_SEARCHES: boundSchema.optional(),
  REDIS_URL: z.string().refine(isRedisUrl).optional(),
  LETHE_METRICS_PORT: z
    .string()
    .regex(/^\d{1,5}$/)
    .transform(Number)
    .pipe(z.number().min(1).max(65_535))
    .optional(),
  LETHE_METRICS_HOST: hostSchema.optional(),
  // What a header can carry (RFC 6750): no space, and nothing beyond ASCII.
  LETHE_METRICS_TOKEN: z
    .string()
    .regex(/^[\x21-\x7E]{16,1000}$/)
    .optional(),
  LETHE_DRAIN_SECONDS: z
    .string()
    .regex(/^\d{1,3}$/)
    .transform(Number)
    .pipe(z.number().max(mostDrainSeconds))
    .optional(),
  LETHE_LOG_LEVEL: z.enum(logLevels).optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
});

/** The name of a variable that this version reads. */
export type Variable = keyof z.infer<typeof variablesSchema>;

/** Every variable that this version reads, in the order of the documentation. */
export const variableNames = variablesSchema.keyof().options;

/** What holds where a variable is unset. The URLs, LETHE_DATABASE_CONNECTIONS, LETHE_DEMO, LETHE_WORKERS, LETHE_ALLOWED_ORIGINS, LETHE_KEY_SIGN_IN, LETHE_SECRET, LETHE_METRICS_HOST, LETHE_METRICS_TOKEN, those of mail and of OpenID Connect, and LETHE_DRAIN_SECONDS have no fixed default. */
export const defaults = {
  PORT: 8000,
  HOST: "127.0.0.1",
  LETHE_DATA_DIR: ".data",
  LETHE_TRUST_PROXY: 0,
  LETHE_WEBHOOK_PRIVATE: "off",
  LETHE_RATE_LIMIT: 6000,
  LETHE_MAX_WRONG_KEYS: 60,
  LETHE_MAX_SOCKETS: 5000,
  LETHE_MAX_STREAMS: 500,
  LETHE_MAX_EXPORTS: 20,
  LETHE_MAX_SEARCHES: 2,
  LETHE_LOG_LEVEL: "info",
} as const;

/** The variables whose values are never shown. Each can also be given as a file, `<name>_FILE`. */
export const secretVariables: readonly Variable[] = [
  "DATABASE_URL",
  "DATABASE_DIRECT_URL",
  "LETHE_MAIL_URL",
  "LETHE_METRICS_TOKEN",
  "LETHE_OIDC_CLIENT_SECRET",
  "LETHE_SECRET",
  "REDIS_URL",
];

const howMany = (things: string) =>
  `Give how many ${things} of one tenant a process may have under way at a time, from 1 to 999999, for example `;

/** How to put a wrong value right, in words for the person who set it. */
export const remedies: Record<Variable, string> = {
  PORT: "Give a whole number from 0 to 65535 (0 takes any free port), for example PORT=8000.",
  HOST: "Give an address or a host name without scheme, port or brackets, for example HOST=127.0.0.1.",
  DATABASE_URL:
    "Give postgresql://user:password@host:5432/database; in the password, characters such as @ : / # % must be percent-encoded.",
  DATABASE_DIRECT_URL:
    "Give postgresql://user:password@host:5432/database, an address of the database of DATABASE_URL that no pooler shares out by transaction.",
  LETHE_DATABASE_CONNECTIONS:
    "Give how many connections to PostgreSQL this server may keep, for example LETHE_DATABASE_CONNECTIONS=20.",
  LETHE_DATA_DIR: "Give the path of a folder, for example LETHE_DATA_DIR=/var/lib/lethe.",
  LETHE_DEMO: `Give one of ${switchWords.join(", ")}.`,
  LETHE_WORKERS: `Give a whole number from 1 to ${mostWorkers}, or leave it unset to have it chosen from the cores.`,
  LETHE_TRUST_PROXY:
    "Give the number of proxies that every request passes before it comes here, from 0 to 99, for example LETHE_TRUST_PROXY=1.",
  LETHE_ALLOWED_ORIGINS:
    "Give the origins of the pages that may call, scheme, host and port as browsers send them, without a path, a slash at the end or *, for example LETHE_ALLOWED_ORIGINS='https://app.example.com, http://localhost:5173'.",
  LETHE_WEBHOOK_PRIVATE: `Give one of ${switchWords.join(", ")}; on lets webhooks go to private addresses.`,
  LETHE_KEY_SIGN_IN: `Give one of ${switchWords.join(", ")}; on lets API keys sign browsers in. Unset, they do until somebody has an account.`,
  LETHE_SECRET:
    "Give 32 to 1000 random characters, the same to every server of the database, for example what openssl rand -base64 32 prints.",
  LETHE_MAIL_URL:
    "Give smtp://user:password@host:587, or smtps://…:465 for TLS from the start; in the password, characters such as @ : / # % must be percent-encoded.",
  LETHE_MAIL_FROM: "Give an address of mail, for example LETHE_MAIL_FROM='Lethe <lethe@example.com>'.",
  LETHE_PUBLIC_URL:
    "Give the address at which people open the dashboard, without a path, for example LETHE_PUBLIC_URL=https://chats.example.com.",
  LETHE_OIDC_ISSUER:
    "Give the issuer of your provider of identities, an https address below which it has /.well-known/openid-configuration, for example LETHE_OIDC_ISSUER=https://id.example.com.",
  LETHE_OIDC_CLIENT_ID: "Give the id under which the provider knows this Lethe.",
  LETHE_OIDC_CLIENT_SECRET: "Give the secret that the provider has given this Lethe.",
  LETHE_OIDC_NAME:
    "Give what people call the provider, up to 40 characters, for example LETHE_OIDC_NAME=Acme.",
  LETHE_RATE_LIMIT:
    "Give a whole number of requests a minute for one API key, for example LETHE_RATE_LIMIT=6000; 0 turns the limit off.",
  LETHE_MAX_WRONG_KEYS:
    "Give how many wrong keys may come from one address in a minute, for example LETHE_MAX_WRONG_KEYS=60; 0 turns the limit off.",
  LETHE_MAX_SOCKETS: `${howMany("WebSockets")}LETHE_MAX_SOCKETS=5000.`,
  LETHE_MAX_STREAMS: `${howMany("event streams")}LETHE_MAX_STREAMS=500.`,
  LETHE_MAX_EXPORTS: `${howMany("exports")}LETHE_MAX_EXPORTS=20.`,
  LETHE_MAX_SEARCHES: `${howMany("searches")}LETHE_MAX_SEARCHES=2.`,
  REDIS_URL:
    "Give redis://user:password@host:6379 (rediss:// for TLS); in the password, characters such as @ : / # % must be percent-encoded.",
  LETHE_METRICS_PORT:
    "Give a whole number from 1 to 65535 that is not PORT, for example LETHE_METRICS_PORT=9464; unset, /metrics is on PORT.",
  LETHE_METRICS_HOST:
    "Give an address or a host name without scheme, port or brackets, for example LETHE_METRICS_HOST=10.0.0.5; unset, it is that of HOST.",
  LETHE_METRICS_TOKEN:
    "Give 16 to 1000 characters without spaces, which scrapers show as Authorization: Bearer, for example what openssl rand -hex 32 prints; unset, /metrics asks for nothing.",
  LETHE_DRAIN_SECONDS: `Give a whole number of seconds from 0 to ${mostDrainSeconds}, for example LETHE_DRAIN_SECONDS=5.`,
  OTEL_EXPORTER_OTLP_ENDPOINT:
    "Give the address of a collector that takes OTLP over HTTP, for example OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4318.",
  LETHE_LOG_LEVEL: `Give one of ${logLevels.join(", ")}.`,
};

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");

/** Whether a server that listens on `host` can be reached from this machine alone. */
export function isLoopback(host: string): boolean {
  const family = isIP(host);
  if (family === 0) return host.toLowerCase() === "localhost";
  return loopback.check(host, family === 4 ? "ipv4" : "ipv6");
}

/** Cores for each web process: one for itself, the rest for PostgreSQL, which works more for a request. */
const coresPerWorker = 4;
const most = 16;

/** How many web processes serve best on a machine with this many cores, the database on it included. */
export function defaultWorkers(cores: number): number {
  return Math.min(most, Math.max(1, Math.floor(cores / coresPerWorker)));
}
