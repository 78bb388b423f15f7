-- on span before insert
new.input_cost := new.input_cost::float4::float8::numeric;
new.output_cost := new.output_cost::float4::float8::numeric;
new.total_cost := new.total_cost::float4::float8::numeric;
