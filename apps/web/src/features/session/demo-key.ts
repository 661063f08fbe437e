/** The key of the demo tenant. It is no secret: it exists in databases that were seeded with the demo only. */
export const demoKey = "your-tenant-api-key";
