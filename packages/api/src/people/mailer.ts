import { within } from "@lethe/core";
import type { Transporter } from "nodemailer";

/** A letter in plain text. */
export type Letter = { to: string; subject: string; text: string };

/** Where letters go, and where the links in them lead. */
export type Mailer = {
  /** The address at which people open the dashboard: never what a request says, which anybody can write. */
  publicUrl: string;
  /** Resolves when the mail server has taken it; rejects when it has not, after 20 seconds at most. */
  send(letter: Letter): Promise<void>;
};

/** How long a mail server may take to be reached, to greet, to answer once, and for all of it. */
const patience = { connectionTimeout: 5_000, greetingTimeout: 5_000, socketTimeout: 10_000 };
const wholeMs = 20_000;

/**
 * Letters by SMTP (RFC 5321). The library is loaded with the first. A password goes over TLS or not at all, except to this
 * machine.
 *
 * @param url `smtp://user:password@host:587`, or `smtps://` for TLS from the start. A secret
 */
export function createMailer({
  url,
  from,
  publicUrl,
}: {
  url: string;
  from: string;
  publicUrl: string;
}): Mailer {
  const { username, hostname } = new URL(url);
  const isHere = hostname === "localhost" || hostname === "[::1]" || hostname.startsWith("127.");
  let made: Promise<Transporter> | undefined;
  const transport = () => {
    made ??= import("nodemailer").then(({ createTransport }) =>
      createTransport({
        url,
        requireTLS: username !== "" && !isHere,
        disableFileAccess: true,
        disableUrlAccess: true,
        ...patience,
      }),
    );
    return made;
  };
  return {
    publicUrl,
    send: async (letter) => {
      const headers = { "Auto-Submitted": "auto-generated" };
      await within(wholeMs, (await transport()).sendMail({ from, ...letter, headers }));
    },
  };
}
