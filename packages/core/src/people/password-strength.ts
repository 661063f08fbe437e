import { LetheError } from "../errors.ts";

/** Names that everybody tries first at this product, beside those of the person and of the tenant. */
const words = ["lethe", "chat", "chats", "owner", "admin", "password"];

/** The estimate from which a password withstands guessing at a stored hash: 10^8 guesses (zxcvbn's 3 of 4). */
const leastScore = 3;

/** Why a password is easy to guess, in words for who chose it; zxcvbn's names for it on the left. */
const reasons: Record<string, string> = {
  common: "it is among those that others use",
  similarToCommon: "it is nearly one that others use",
  userInputs: "it is made of your name, your address or the tenant's name",
  simpleRepeat: "it repeats itself",
  extendedRepeat: "it repeats itself",
  sequences: "it goes on as everybody would",
  recentYears: "years are tried first",
  dates: "dates are tried first",
  straightRow: "its keys lie beside each other",
  keyPattern: "its keys lie beside each other",
  namesByThemselves: "names are tried first",
  commonNames: "names are tried first",
};

type Estimate = (password: string, about: string[]) => { score: number; warning: string | null };
let loading: Promise<Estimate> | undefined;

/** Half a megabyte of passwords that were found in breaches: loaded when somebody first chooses one. */
function loadEstimate(): Promise<Estimate> {
  loading ??= Promise.all([import("@zxcvbn-ts/core"), import("@zxcvbn-ts/language-common")]).then(
    ([{ ZxcvbnFactory }, { dictionary, adjacencyGraphs }]) => {
      const judge = new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs });
      return (password, about) => {
        const { score, feedback } = judge.check(password, about);
        return { score, warning: feedback.warning };
      };
    },
  );
  return loading;
}

/**
 * Refuses a password that is easy to guess (OWASP ASVS 5.0, 6.2.4, 6.2.11, 6.2.12): one of 49,000 that were found in
 * breaches, one that is put together of those, of keys or of repetitions, or of what is known about the person. Nothing
 * is asked of anybody else, and there are no rules of composition.
 *
 * @param about names and addresses that are no secret: the person's, the tenant's
 * @throws LetheError BAD_REQUEST (weak_password)
 */
export async function requireStrongPassword(password: string, about: readonly string[]): Promise<void> {
  const known = [...words, ...about, ...about.flatMap((text) => text.split(/[^\p{L}\p{N}]+/u))];
  const estimate = await loadEstimate();
  const { score, warning } = estimate(password.normalize("NFKC"), known.filter(Boolean));
  if (score >= leastScore) return;
  const reason = reasons[warning ?? ""] ?? "it would be found soon";
  throw new LetheError(
    "BAD_REQUEST",
    "weak_password",
    `This password is easy to guess: ${reason}. Choose another; four words that have nothing to do with each other are good`,
  );
}
