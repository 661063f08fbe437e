const refusals: Record<string, string> = {
  account_not_linked:
    "There is an account for that address. Sign in with its password, and connect the provider in your account.",
  unable_to_create_user: "Nobody has invited that address, or the provider has not proved it.",
  account_already_linked_to_different_user: "Somebody else has connected that account of the provider.",
  access_denied: "The provider was told not to go on.",
};

/** Why a provider's answer was not taken, in words; null: it was, or there was none. */
export const explainRefusal = (code: string | null): string | null =>
  code === null ? null : (refusals[code] ?? "The provider's answer could not be taken. Try again.");
