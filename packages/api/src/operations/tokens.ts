import { createToken, LetheError } from "@lethe/core";
import { timeText } from "../present.ts";
import { createTokenSchema, newTokenSchema } from "../schemas/index.ts";
import { mutation } from "./operation.ts";

/** `token.*` over tRPC, `/tokens` over REST. */
export const tokens = {
  create: mutation({
    name: "token.create",
    scope: null,
    summary: "Make a token for a browser",
    description:
      "For less than the API key may do and for an hour at most, as `Authorization: Bearer`. Made with an API key in " +
      "`X-API-Key` alone. It ends with its key, everywhere within two seconds. With `chat_ids` it is for these chats: lists, " +
      "searches and events show them alone, and what is not about a chat is refused (`outside_token`).",
    input: createTokenSchema,
    output: newTokenSchema,
    rest: {
      method: "post",
      path: "/tokens",
      operationId: "createToken",
      tag: "Tokens",
      status: 201,
      answer: "The token",
      problems: {
        FORBIDDEN:
          "It has scopes that the key lacks (`beyond_own_rights`), or the caller has no API key (`api_key_required`)",
      },
    },
    run: async ({ core, principal, apiKey }, { scopes, expires_in: expiresIn, chat_ids: chatIds }) => {
      const { apiKeyId } = principal;
      if (apiKey === undefined || apiKeyId === null) throw keyRequired();
      const held = principal.scopes;
      const made = await createToken(core, { apiKey, apiKeyId, held, scopes, expiresIn, chatIds });
      return {
        token: made.token,
        expires_at: timeText(made.expiresAt),
        scopes: made.scopes,
        chat_ids: made.chatIds,
      };
    },
  }),
};

const keyRequired = () =>
  new LetheError(
    "FORBIDDEN",
    "api_key_required",
    "Tokens are made with an API key in X-API-Key: by your server, not by a browser that is signed in or has a token",
  );
