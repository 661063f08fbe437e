"use client";

import "./globals.css";
import PageError from "./error.tsx";

/** In place of everything, if the root layout itself fails: it has to bring its own document. */
export default function GlobalError(props: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <html lang="en">
      <title>This page could not be shown · Lethe</title>
      <body>
        <PageError {...props} />
      </body>
    </html>
  );
}
