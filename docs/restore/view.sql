-- After a backup of view-verticle's database has been restored, before view-verticle starts: every
-- board begins with a fresh snapshot, for numbers given since the backup are given again, to other
-- changes. See ../operations.md.
BEGIN;
DELETE FROM view.feed_log;
DELETE FROM view.feed;
COMMIT;
