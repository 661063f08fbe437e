import type { Metadata, Viewport } from "next";
import { headers } from "next/headers";
import type { ReactNode } from "react";
import { ThemeProvider } from "@/components/theme-provider.tsx";
import { ThemeScript } from "@/components/theme-script.tsx";
import "./globals.css";

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
        <ThemeProvider nonce={nonce}>{children}</ThemeProvider>
      </body>
    </html>
  );
}
