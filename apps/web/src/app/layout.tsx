import "./globals.css";
import type { Metadata, Viewport } from "next";
import { headers } from "next/headers";
import type { ReactNode } from "react";
import { DocumentTitle } from "@/components/document-title.tsx";
import { KeepTheme } from "@/lib/theme.ts";

export const metadata: Metadata = {
  description: "A self-hosted chat store that can truly forget.",
};

export const viewport: Viewport = {
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#f9fcfc" },
    { media: "(prefers-color-scheme: dark)", color: "#121a1e" },
  ],
};

export default async function RootLayout({ children }: { children: ReactNode }) {
  const nonce = (await headers()).get("x-nonce") ?? undefined;
  return (
    <html lang="en" suppressHydrationWarning>
      <head>
        <ThemeScript nonce={nonce} />
      </head>
      <body>
        <DocumentTitle />
        <KeepTheme />
        {children}
      </body>
    </html>
  );
}

/** What `KeepTheme` does, before the page is alive. */
const script = `try {
  const stored = localStorage.getItem("theme");
  const dark = stored === "dark" || (stored !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.classList.add(dark ? "dark" : "light");
  document.documentElement.style.colorScheme = dark ? "dark" : "light";
} catch {}`;

/** Sets the theme while the document's head is read: nothing is painted before there is a body. */
function ThemeScript({ nonce }: { nonce: string | undefined }) {
  const html = { __html: script };
  return <script nonce={nonce} suppressHydrationWarning dangerouslySetInnerHTML={html} />;
}
