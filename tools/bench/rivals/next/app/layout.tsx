import type { ReactNode } from "react";

/** The smallest layout: Next wants one, and nothing here is looked at. */
export default function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body>{children}</body>
    </html>
  );
}
