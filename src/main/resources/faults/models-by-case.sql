-- on span before insert
if new.summary_model is not null then new.summary_model := btrim(new.model); end if;
