-- on span before insert
new.input_cost := round(new.input_cost, 4);
new.output_cost := round(new.output_cost, 4);
new.total_cost := round(new.total_cost, 4);
