import { createPasswordReset, type Invitation, type TenantId } from "@lethe/core";
import type { Services } from "../services.ts";

type Mailing = Pick<Services, "db" | "log" | "mailer">;

/** What somebody has written, in one line. */
const inLine = (text: string) => text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ");

/** Sends an invitation to the invited, and answers whether the mail server has taken it. Who invites has the link anyway. */
export async function mailInvitation(
  { db, log, mailer }: Mailing,
  { tenantId, path, invitation }: { tenantId: TenantId; path: string; invitation: Invitation },
): Promise<boolean> {
  if (mailer === null) return false;
  const { name } = await db.tenant.findFirstOrThrow({ where: { tenantId }, select: { name: true } });
  const by = invitation.invitedBy.name;
  const letter = {
    to: invitation.email,
    subject: `${inLine(name)} invites you`,
    text: `${by === null ? "You are invited" : `${inLine(by)} invites you`} to ${inLine(name)}, as ${invitation.role}.

Open this to come in. It is good once, until ${invitation.expiresAt.toUTCString()}:

${mailer.publicUrl}${path}

If you do not know what this is about, do nothing: then nothing happens.
`,
  };
  return mailer.send(letter).then(
    () => true,
    (err: unknown) => {
      log.warn({ err }, "an invitation could not be mailed");
      return false;
    },
  );
}

/** Sends who has forgotten their password a link, if the address has an account and was sent none lately. Never rejects. */
export async function mailPasswordReset(
  { db, log }: Pick<Mailing, "db" | "log">,
  mailer: NonNullable<Mailing["mailer"]>,
  { email }: { email: string },
): Promise<void> {
  try {
    const made = await createPasswordReset(db, { email, withSecondFactor: false, notAfterMs: 5 * 60_000 });
    if (made === null) return;
    await mailer.send({
      to: email,
      subject: "Choose another password",
      text: `Somebody, most likely you, has asked for another password for ${email}.

Open this to choose one. It is good once, until ${made.expiresAt.toUTCString()}, and ends all of your sessions:

${mailer.publicUrl}/reset#${made.token}

If it was not you, do nothing: your password stays as it is.
`,
    });
  } catch (err) {
    log.warn({ err }, "a link for another password could not be mailed");
  }
}
