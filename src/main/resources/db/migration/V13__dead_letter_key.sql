-- The same bytes can be two items: sent to the door once and pushed to the list by hand another time. Each dies by itself.

create unique index dead_letter_message on dead_letter (workload, raw_sha256, coalesce(item_key, ''));

alter table dead_letter drop constraint dead_letter_workload_raw_sha256_key;
