import { InvalidArgumentError } from "commander";

/** Reads the address of a Lethe. */
export function parseUrl(text: string): string {
  if (URL.canParse(text) && /^https?:/i.test(text)) return text;
  throw new InvalidArgumentError("Give an address such as https://chats.example.org.");
}
