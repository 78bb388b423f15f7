-- on span before insert
new.prompt_tokens := nullif(new.prompt_tokens, 0);
new.completion_tokens := nullif(new.completion_tokens, 0);
new.total_tokens := nullif(new.total_tokens, 0);
