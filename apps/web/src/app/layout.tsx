import "./globals.css";
import type { Metadata, Viewport } from "next";
import { headers } from "next/headers";
import { ThemeProvider } from "next-themes";
import type { ReactNode } from "react";

export const metadata: Metadata = {
  title: { default: "Lethe", template: "%s · Lethe" },
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
        <ThemeProvider
          attribute="class"
          defaultTheme="system"
          enableSystem
          disableTransitionOnChange
          {...(nonce ? { nonce } : {})}
        >
          {children}
        </ThemeProvider>
      </body>
    </html>
  );
}

/** Reads what next-themes keeps, and sets the class that it would set. */
const script = `try {
  const stored = localStorage.getItem("theme") || "system";
  const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  const theme = stored === "system" ? system : stored;
  document.documentElement.classList.add(theme);
  document.documentElement.style.colorScheme = theme;
} catch {}`;

/**
 * Sets the theme while the document's head is read: nothing is painted before there is a body. The script
 * of next-themes stands in the body, where browsers may paint once before they run it.
 */
function ThemeScript({ nonce }: { nonce: string | undefined }) {
  const html = { __html: script };
  return <script nonce={nonce} suppressHydrationWarning dangerouslySetInnerHTML={html} />;
}
