-- on span before insert
new.parent_span_id := nullif(new.parent_span_id, '');
new.model := nullif(new.model, '');
new.status_message := nullif(new.status_message, '');
