import { limits, roles, scopes } from "@lethe/core/limits";
import { z } from "zod";
import { strictInput } from "./strict-input.ts";
import { chatId, credentialSchema, instant, text, timeSchema } from "./text.ts";

const { emailLength, nameLength, passwordLength } = limits;

const roleSchema = z.enum(roles, `role must be one of ${roles.join(", ")}`).meta({
  description:
    "What they may do: a viewer reads; a member writes and uses the trash; an admin deletes for good, holds and runs " +
    "jobs; an owner decides on people, keys, settings and webhooks.",
});

/** An address of mail, as it is compared: in lower case. */
export const emailSchema = z
  .string({ error: ({ input }) => (input === undefined ? "email is required" : "email must be a string") })
  .trim()
  .max(emailLength, `email must be at most ${emailLength} characters long`)
  .toLowerCase()
  .pipe(z.email("email must be an address of mail, such as ada@example.com"))
  .meta({ example: "ada@example.com" });

const lengthOf = (password: string): number => [...password.normalize("NFKC")].length;

/** A password as somebody gives it who has one: it is compared, not judged. */
const givenPassword = z
  .string({
    error: ({ input }) => (input === undefined ? "password is required" : "password must be a string"),
  })
  .min(1, "password must not be empty")
  .refine((password) => lengthOf(password) <= passwordLength.most, "password is too long to be one");

/** A password as it may be chosen (OWASP ASVS 5.0, 6.2): long, of any characters, without rules of composition. */
const newPassword = (field: string) =>
  z
    .string({
      error: ({ input }) => (input === undefined ? `${field} is required` : `${field} must be a string`),
    })
    .refine(
      (password) => lengthOf(password) >= passwordLength.least,
      `${field} must have at least ${passwordLength.least} characters; several words are a good one`,
    )
    .refine(
      (password) => lengthOf(password) <= passwordLength.most,
      `${field} must have at most ${passwordLength.most} characters`,
    );

export const signInSchema = strictInput(
  { email: emailSchema, password: givenPassword },
  "Send a JSON object with email and password",
);
export const codeSchema = strictInput(
  { code: text("code", { min: 1, max: 40, trim: true }) },
  "Send a JSON object with a code",
);
export const confirmPasswordSchema = strictInput(
  { password: givenPassword },
  "Send a JSON object with your password",
);
export const changePasswordSchema = strictInput(
  { password: givenPassword, new_password: newPassword("new_password") },
  "Send a JSON object with password and new_password",
);

const personName = text("name", { min: 1, max: nameLength, trim: true });
const secretToken = text("token", { min: 1, max: 200, trim: true });

export const readInvitationSchema = strictInput({ token: secretToken }, "Send a JSON object with a token");
/** Without name and password: whoever is signed in accepts. */
export const acceptInvitationSchema = strictInput(
  { token: secretToken, name: personName.optional(), password: newPassword("password").optional() },
  "Send a JSON object with a token, and with name and password for a new account",
);
export const forgottenSchema = strictInput({ email: emailSchema }, "Send a JSON object with an email");
export const readPasswordResetSchema = strictInput({ token: secretToken }, "Send a JSON object with a token");
export const resetPasswordSchema = strictInput(
  { token: secretToken, password: newPassword("password") },
  "Send a JSON object with token and password",
);
export const setUpSchema = strictInput(
  {
    code: text("code", { min: 1, max: 200, trim: true }),
    tenant_name: text("tenant_name", { min: 1, max: nameLength, trim: true }),
    name: personName,
    email: emailSchema,
    password: newPassword("password"),
  },
  "Send a JSON object with code, tenant_name, name, email and password",
);
export const switchTenantSchema = strictInput(
  { tenant_id: chatId("tenant_id") },
  "Send a JSON object with a tenant_id",
);

/** A page to which signing in may lead, with what it shows there: of this server, and none that acts by being opened. */
export const ownPageSchema = z
  .string()
  .max(2_000)
  .regex(
    /^\/(?:join|chats|trash|deletions|receipts|settings)(?:\/[\w-]+){0,3}(?:\?[\w.+=&%@-]*)?$/,
    "next must be a page of the dashboard",
  );
export const beginProviderSchema = strictInput({ next: ownPageSchema }, "Send a JSON object with next");
export const connectProviderSchema = strictInput(
  { next: ownPageSchema, password: givenPassword },
  "Send a JSON object with next and password",
);

/** Where the provider is asked. */
export const providerBegunSchema = z.object({ url: z.url() });

/** What signing in by password answers: whether a code is to follow. */
export const signedInSchema = z.object({ second_factor: z.boolean() });
/** What an app for codes is told, and codes for who has lost it. */
export const newSecondFactorSchema = z.object({ totp_uri: z.string(), backup_codes: z.array(z.string()) });
export const backupCodesSchema = z.object({ backup_codes: z.array(z.string()) });
/** A browser in which the person is signed in. */
const ownSessionSchema = z.object({
  id: z.guid(),
  current: z.boolean(),
  created_at: timeSchema,
  last_used_at: timeSchema,
  expires_at: timeSchema,
  address: z.string().nullable(),
  user_agent: z.string().nullable(),
});
export type OwnSession = z.infer<typeof ownSessionSchema>;
export const ownSessionListSchema = z.object({ data: z.array(ownSessionSchema) });
/** What the holder of a link is told before they decide. */
export const openInvitationSchema = z.object({
  tenant_name: z.string(),
  email: z.string(),
  role: roleSchema,
  has_account: z.boolean(),
});
/** Whose password a link is to change. */
export const openPasswordResetSchema = z.object({ email: z.string(), name: z.string() });
export const joinedSchema = z.object({ tenant_id: z.guid() });

const personId = chatId("person_id");

/** A person who belongs to the tenant. */
export const memberSchema = z
  .object({
    person_id: z.guid(),
    name: z.string(),
    email: z.string(),
    role: roleSchema,
    second_factor: z
      .boolean()
      .nullable()
      .meta({ description: "Whether one is asked of them; null where the caller may not know." }),
    created_at: timeSchema,
  })
  .meta({ id: "Member" });
export type Member = z.infer<typeof memberSchema>;
export const memberListSchema = z.object({ data: z.array(memberSchema) }).meta({ id: "MemberList" });
export const memberPathSchema = strictInput({ person_id: personId });
export const changeRoleSchema = strictInput(
  { role: roleSchema, person_id: personId },
  "Send a JSON object with a role",
).meta({ id: "ChangeRole" });

/** Somebody who may become a member. */
export const invitationSchema = z
  .object({
    id: z.guid(),
    email: z.string(),
    role: roleSchema,
    invited_by: credentialSchema,
    created_at: timeSchema,
    expires_at: timeSchema,
  })
  .meta({ id: "Invitation" });
export type Invitation = z.infer<typeof invitationSchema>;
export const invitationListSchema = z
  .object({ data: z.array(invitationSchema) })
  .meta({ id: "InvitationList" });
/** The only answer that has what opens it. */
export const newInvitationSchema = invitationSchema
  .extend({
    token: z.string(),
    path: z.string().meta({ description: "Where the invited open it, on the address of the dashboard." }),
    mailed: z.boolean().meta({
      description:
        "Whether the mail server has taken it on its way to them. Else send them the path yourself.",
    }),
  })
  .meta({ id: "NewInvitation" });
export const createInvitationSchema = strictInput(
  { email: emailSchema, role: roleSchema },
  "Send a JSON object with email and role",
).meta({ id: "CreateInvitation" });
export const invitationPathSchema = strictInput({ invitation_id: chatId("invitation_id") });

const scopeSchema = z.enum(scopes, `scopes are ${scopes.join(", ")}`);

/** What may be known of a key after it was made: not the key. */
export const apiKeySchema = z
  .object({
    id: z.guid(),
    name: z.string(),
    prefix: z.string(),
    scopes: z.array(z.string()),
    created_at: timeSchema,
    created_by: credentialSchema.nullable(),
    expires_at: timeSchema.nullable(),
    expired: z.boolean(),
    revoked_at: timeSchema.nullable(),
    last_used_at: timeSchema.nullable(),
  })
  .meta({ id: "ApiKey" });
export type ApiKey = z.infer<typeof apiKeySchema>;
export const apiKeyListSchema = z.object({ data: z.array(apiKeySchema) }).meta({ id: "ApiKeyList" });
export const newApiKeySchema = z
  .object({
    id: z.guid(),
    name: z.string(),
    prefix: z.string(),
    scopes: z.array(z.string()),
    created_at: timeSchema,
    expires_at: timeSchema.nullable(),
    api_key: z.string().meta({ description: "The key: it is shown in this answer and never again." }),
  })
  .meta({ id: "NewApiKey" });
export const createApiKeySchema = strictInput(
  {
    name: text("name", { min: 1, max: nameLength, trim: true }),
    scopes: z.array(scopeSchema, "scopes must be a list of scopes").min(1, "scopes must name at least one"),
    expires_at: instant("expires_at").meta({ example: "2099-01-15T10:45:00Z" }).nullish(),
  },
  "Send a JSON object with name, scopes and perhaps expires_at",
).meta({ id: "CreateApiKey" });
export const apiKeyPathSchema = strictInput({ key_id: chatId("key_id") });
export const apiKeyRevokedSchema = z
  .object({ id: z.guid(), revoked_at: timeSchema })
  .meta({ id: "ApiKeyRevoked" });
/** Done, and nothing more is to be said. */
export const doneSchema = z.object({ success: z.literal(true) }).meta({ id: "Done" });
