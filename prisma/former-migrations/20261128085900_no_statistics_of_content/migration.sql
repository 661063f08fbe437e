-- Statistics are samples of what a column holds, and outlive it. Nothing is planned by those of content: there are
-- none from now on, and the change of type, which changes nothing else, drops those that there were.
ALTER TABLE "chat"
  ALTER COLUMN "title" TYPE TEXT, ALTER COLUMN "title" SET STATISTICS 0,
  ALTER COLUMN "hold_reason" TYPE TEXT, ALTER COLUMN "hold_reason" SET STATISTICS 0;
ALTER TABLE "message"
  ALTER COLUMN "author" TYPE TEXT, ALTER COLUMN "author" SET STATISTICS 0,
  ALTER COLUMN "body" TYPE TEXT, ALTER COLUMN "body" SET STATISTICS 0;
ALTER TABLE "deletion_job" ALTER COLUMN "search" TYPE TEXT, ALTER COLUMN "search" SET STATISTICS 0;
