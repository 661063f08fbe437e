-- functions: dbeda9816accd1c8ad1258deb990b92f7d5fc4d08968bc7a793a6a2d0c34bc3e

-- AlterTable
ALTER TABLE "connection" ADD COLUMN     "actor_id" TEXT,
ADD COLUMN     "actor_kind" TEXT,
ADD COLUMN     "actor_name" TEXT;
