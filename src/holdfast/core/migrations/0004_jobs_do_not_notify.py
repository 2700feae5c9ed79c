"""Deferring a job no longer notifies: NOTIFY takes a lock of the whole database at commit (Law 5; ADR 4).

Workers poll instead; a booking's commit waits for nobody.
"""

from django.db import migrations

DROP = "DROP TRIGGER procrastinate_jobs_notify_queue_job_inserted_v1 ON procrastinate_jobs;"
RESTORE = """
CREATE TRIGGER procrastinate_jobs_notify_queue_job_inserted_v1 AFTER INSERT ON procrastinate_jobs
    FOR EACH ROW WHEN (new.status = 'todo'::procrastinate_job_status)
    EXECUTE FUNCTION procrastinate_notify_queue_job_inserted_v1();
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0003_row_security"), ("procrastinate", "0041_post_retry_failed_job")]
    operations = [migrations.RunSQL(DROP, RESTORE)]
