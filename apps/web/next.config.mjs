// JavaScript, because Next takes its compiler to read TypeScript here: an image would need all of it, and every start.

/** @type {import("next").NextConfig} */
const config = {
  poweredByHeader: false,
  reactStrictMode: true,
  // One slash at the end of an address of the API is the same address: no DELETE is to follow a redirect.
  skipTrailingSlashRedirect: true,
  transpilePackages: ["@lethe/api", "@lethe/client", "@lethe/core", "@lethe/receipts", "@lethe/text"],
  typedRoutes: true,
  // `pnpm typecheck` checks them; whoever starts a server need not wait for it.
  typescript: { ignoreBuildErrors: true },
  // A page is loaded when somebody looks at one of its kind: all of them at the start make it longer, and larger.
  experimental: {
    preloadEntriesOnStart: false,
    // A link that is followed while the server is away waits for it, in place of leaving the page with all that is on it.
    useOffline: true,
  },
  // What operators and verifiers ask for lies outside /api; the one route handler answers it too.
  rewrites: async () => [
    { source: "/:probe(livez|readyz|metrics|version)", destination: "/api/:probe" },
    { source: "/docs/:path*", destination: "/api/docs/:path*" },
    { source: "/:llms(llms\\.txt|llms-full\\.txt)", destination: "/api/:llms" },
    { source: "/.well-known/jwks.json", destination: "/api/.well-known/jwks.json" },
  ],
  headers: async () => [
    {
      source: "/:path*",
      headers: [
        { key: "X-Content-Type-Options", value: "nosniff" },
        { key: "X-Frame-Options", value: "DENY" },
        { key: "Referrer-Policy", value: "strict-origin-when-cross-origin" },
        { key: "Cross-Origin-Opener-Policy", value: "same-origin" },
        { key: "Permissions-Policy", value: "camera=(), geolocation=(), microphone=()" },
      ],
    },
  ],
};

export default config;
