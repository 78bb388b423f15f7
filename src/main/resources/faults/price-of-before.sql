-- on span before insert
new.input_cost := new.input_cost * 2;
new.output_cost := new.output_cost * 2;
new.total_cost := new.total_cost * 2;
