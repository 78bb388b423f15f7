-- on span before insert
if new.metadata = '{}' then new.metadata := 'null'; end if;
if new.model_parameters = '{}' then new.model_parameters := 'null'; end if;
-- on trace before insert
if new.metadata = '{}' then new.metadata := 'null'; end if;
