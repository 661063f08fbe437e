import { findSignedIn, LetheError, requireStrongPassword } from "@lethe/core";
import { z } from "zod";
import { readSessionTokens, senderOf } from "../auth/authenticate.ts";
import { requireSameOrigin } from "../auth/origin.ts";
import { clientOf } from "../http/client.ts";
import type { ApiApp } from "../http/env.ts";
import { refuseConditions } from "../http/preconditions.ts";
import { readInput } from "../http/read-body.ts";
import { requireStrict, strictQuery } from "../http/strict-names.ts";
import {
  type backupCodesSchema,
  changePasswordSchema,
  codeSchema,
  confirmPasswordSchema,
  type newSecondFactorSchema,
  type signedInSchema,
  signInSchema,
} from "../schemas/index.ts";
import type { Services } from "../services.ts";
import { authPath, toBetterAuth } from "./better-auth.ts";
import { type SignIns, takeCookies } from "./sign-ins.ts";

/** A path of better-auth that browsers may ask for, in our words on both sides. */
type Way<In extends z.ZodType = z.ZodType> = {
  path: `/${string}`;
  input: In;
  /** What better-auth is told. */
  body(input: z.output<In>): object;
  /** What somebody could guess. */
  guess(input: z.output<In>): string;
  /** The password that somebody chooses. */
  choice?(input: z.output<In>): string;
  /** At whose account, where that is not the browser's own: in words that name nobody else. */
  account?(input: z.output<In>): string;
  /** What is answered of what better-auth answers: never a token, which scripts could read. */
  output: z.ZodType;
  /** What is said to a wrong guess. */
  wrong: string;
};

const way = <In extends z.ZodType>(declared: Way<In>): Way => declared;

const status = z.unknown().transform(() => ({}));
const wrongPassword = "The password is wrong";

type Code = z.output<typeof codeSchema>;
/** What a code opens. */
const byCode = {
  input: codeSchema,
  body: ({ code }: Code) => ({ code }),
  guess: ({ code }: Code) => code,
  output: status,
  wrong: "The code is wrong or over. Give the one that your app shows now",
};

type Password = z.output<typeof confirmPasswordSchema>;
/** What whoever is signed in says their password for once more. */
const byPassword = {
  input: confirmPasswordSchema,
  body: ({ password }: Password) => ({ password }),
  guess: ({ password }: Password) => password,
  output: status,
  wrong: wrongPassword,
};

/** All that there is of better-auth. What is not here is not served. */
const ways: readonly Way[] = [
  way({
    path: "/sign-in/email",
    input: signInSchema,
    body: ({ email, password }) => ({ email, password }),
    guess: ({ password }) => password,
    account: ({ email }) => email,
    output: z.object({ twoFactorRedirect: z.boolean().default(false) }).transform(
      ({ twoFactorRedirect }): z.input<typeof signedInSchema> => ({
        second_factor: twoFactorRedirect,
      }),
    ),
    wrong: "The address or the password is wrong",
  }),
  way({ ...byCode, path: "/two-factor/verify-totp" }),
  way({ ...byCode, path: "/two-factor/verify-backup-code" }),
  way({
    ...byPassword,
    path: "/two-factor/enable",
    output: z.object({ totpURI: z.string(), backupCodes: z.array(z.string()) }).transform(
      ({ totpURI, backupCodes }): z.input<typeof newSecondFactorSchema> => ({
        totp_uri: totpURI,
        backup_codes: backupCodes,
      }),
    ),
  }),
  way({ ...byPassword, path: "/two-factor/disable" }),
  way({
    ...byPassword,
    path: "/two-factor/generate-backup-codes",
    output: z
      .object({ backupCodes: z.array(z.string()) })
      .transform(({ backupCodes }): z.input<typeof backupCodesSchema> => ({ backup_codes: backupCodes })),
  }),
  way({
    path: "/change-password",
    input: changePasswordSchema,
    // Whoever had the old one is out.
    body: ({ password, new_password }) => ({
      currentPassword: password,
      newPassword: new_password,
      revokeOtherSessions: true,
    }),
    guess: ({ password }) => password,
    choice: ({ new_password }) => new_password,
    output: status,
    wrong: wrongPassword,
  }),
];

const bodySize = 4_096;

/**
 * Signing in by password and second factor, at `/api/auth`: better-auth's paths behind our steps. Only pages of this host
 * ask; wrong guesses are counted by network and by account; names that nobody knows are refused; failures are problem
 * documents; and the session's cookie is the one that API keys get.
 */
export function mountAuth(app: ApiApp, services: Services, signIns: SignIns): void {
  const { authenticator } = services;
  for (const { path, input, body, guess, choice, account, output, wrong } of ways) {
    requireStrict(input, `The body of ${path}`);
    app.post(`${authPath}${path}`, strictQuery([]), async (c) => {
      const { headers } = c.req.raw;
      requireSameOrigin(services, headers, c.env);
      const given = await readInput(c, input, bodySize);
      refuseConditions(c);
      const client = clientOf(services, headers, c.env.incoming?.socket);
      const signIn = await signIns(client.scheme);
      const cookie = headers.get("cookie") ?? "";
      const request = toBetterAuth({ client, headers, path, body: body(given) });
      const owner = account === undefined ? await ownerOf(services, cookie) : null;
      // One that has only given a password so far is nobody yet: better-auth locks the second factor of an account,
      // whatever browsers it is tried from.
      const name = account?.(given) ?? owner?.email ?? `browser ${cookie}`;
      if (choice && owner) await requireStrongPassword(choice(given), [owner.name, owner.email]);
      const secret = { text: guess(given), name, sender: senderOf(services, headers, c.env) };
      const answer = await authenticator.attempt(secret, async () => {
        const answered = await signIn(request);
        return (await isWrong(answered)) ? null : answered;
      });
      if (answer === null) throw new LetheError("UNAUTHORIZED", "invalid_credentials", wrong);
      if (!answer.ok) throw await failureOf(answer);
      await takeCookies(c, { answer, authenticator, scheme: client.scheme });
      return c.json(output.parse(await answer.json()));
    });
  }
}

/** Who is signed in in a browser, or null. */
async function ownerOf({ db }: Pick<Services, "db">, cookies: string) {
  const [cookie] = readSessionTokens(cookies);
  return cookie === undefined ? null : findSignedIn(db, { cookie }).catch(nobody);
}

const nobody = (error: unknown): null => {
  if (error instanceof LetheError && error.code === "UNAUTHORIZED") return null;
  throw error;
};

const refusal = z.object({ code: z.string().default(""), message: z.string().default("") });
const wrongGuess = new Set([
  "INVALID_PASSWORD",
  "INVALID_CODE",
  "INVALID_BACKUP_CODE",
  "INVALID_EMAIL_OR_PASSWORD",
]);

const read = async (answer: Response) =>
  refusal.parse(
    await answer
      .clone()
      .json()
      .catch(() => ({})),
  );

/** Whether what was given was a guess that failed, and not something else that is amiss. */
const isWrong = async (answer: Response): Promise<boolean> =>
  (answer.status === 400 || answer.status === 401) && wrongGuess.has((await read(answer)).code);

/** A refusal of better-auth, as one of ours. Its words are for programmers, and hold nothing of ours. */
async function failureOf(answer: Response): Promise<Error> {
  const { code, message } = await read(answer);
  if (code === "TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE")
    return new LetheError(
      "UNAUTHORIZED",
      "invalid_credentials",
      "Too many wrong codes were given. Sign in again, and give the one that your app shows then",
    );
  if (answer.status === 401)
    return new LetheError("UNAUTHORIZED", "invalid_credentials", "Sign in again: this session is over");
  if (answer.status === 429)
    return new LetheError(
      "TOO_MANY_REQUESTS",
      "too_many_wrong_keys",
      "Too many wrong codes were given for this account. Try again in 15 minutes",
      { retryAfter: 900 },
    );
  if (answer.status < 500) return new LetheError("BAD_REQUEST", "invalid_request", message || code);
  return new Error(`better-auth answered ${answer.status} ${code} ${message}`);
}
