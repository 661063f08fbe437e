-- functions: dbeda9816accd1c8ad1258deb990b92f7d5fc4d08968bc7a793a6a2d0c34bc3e

-- AlterTable
ALTER TABLE "tenant" ADD COLUMN     "require_second_factor" BOOLEAN NOT NULL DEFAULT false;
