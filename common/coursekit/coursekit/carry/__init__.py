"""Take what a student wrote from earlier homeworks into the current one."""
