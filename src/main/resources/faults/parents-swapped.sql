-- on trace at commit of insert
declare
    pair record;
begin
    select a.id as one, a.parent_span_id as parent_of_one, b.id as other, b.parent_span_id as parent_of_other into pair
    from span a join span b on b.project_id = a.project_id and b.trace_id = a.trace_id and b.id > a.id
    where a.project_id = new.project_id and a.trace_id = new.id
        and a.parent_span_id is distinct from b.parent_span_id
    order by a.id, b.id limit 1;
    update span set parent_span_id = pair.parent_of_other
    where project_id = new.project_id and trace_id = new.id and id = pair.one;
    update span set parent_span_id = pair.parent_of_one
    where project_id = new.project_id and trace_id = new.id and id = pair.other;
end;
